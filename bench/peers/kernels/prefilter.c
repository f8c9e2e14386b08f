// The prefilter: weighting, correlations, filtered patterns.

#include "blur.h"

void weighted_u16(const uint16_t *source, float *destination, int from, int to, int height, int width,
                  const float *taps, int radius, const float *weights, double weight_sum, float *scratch) {
  const int pixels = height * width;
  for (int p = from; p < to; p++) {
    float *out = destination + (size_t)p * pixels;
    blur(source + (size_t)p * pixels, out, height, width, taps, radius, scratch);
    Doubles a = {0}, b = {0};
    for (int i = 0; i < pixels; i += 4) {
      const Floats x = load(out + i), w = load(weights + i);
      a += low(x) * low(w), b += high(x) * high(w);
    }
    const double mean = sum_doubles(a + b) / weight_sum;
    Doubles reference = {0}, squares = {0};
    for (int i = 0; i < pixels; i += 4) {
      const Floats x = load(out + i), w = load(weights + i), xw = x * w;
      reference += low(xw) * low(xw), reference += high(xw) * high(xw);
      const Floats centered = narrow((low(x) - mean) * low(w), (high(x) - mean) * high(w));
      squares += low(centered) * low(centered), squares += high(centered) * high(centered);
      store(out + i, centered);
    }
    const double norm = sum_doubles(squares);
    const float factor = norm > 1e-10 * sum_doubles(reference) ? (float)(1 / sqrt(norm)) : 0;
    for (int i = 0; i < pixels; i++) out[i] *= factor;
  }
}

// Two probes against five partners at a time; sums of 256 samples in float32, of those in float64.
void correlate_f32(const float *row, const float *other, int columns, int from, int to, int pixels, int first_offset,
                   int last_offset, float *out, int out_stride) {
  const int last = columns - 1;
  for (int column = from; column < to; column += 2) {
    const float *a = row + (size_t)column * pixels, *b = row + (size_t)clamp(column + 1, last) * pixels;
    for (int first = column + first_offset; first <= column + 1 + last_offset; first += 5) {
      const float *partner[5];
      for (int k = 0; k < 5; k++) partner[k] = other + (size_t)clamp(first + k, last) * pixels;
      const float *p = partner[0], *q = partner[1], *r = partner[2], *s = partner[3], *t = partner[4];
      double sums[2][5] = {{0}};
      for (int start = 0; start < pixels; start += 256) {
        const int stop = start + 256 < pixels ? start + 256 : pixels;
        Floats ap = {0}, aq = ap, ar = ap, as = ap, at = ap, bp = ap, bq = ap, br = ap, bs = ap, bt = ap;
        for (int i = start; i < stop; i += 4) {
          const Floats x = load(a + i), y = load(b + i);
          Floats z = load(p + i);
          ap += x * z, bp += y * z;
          z = load(q + i), aq += x * z, bq += y * z;
          z = load(r + i), ar += x * z, br += y * z;
          z = load(s + i), as += x * z, bs += y * z;
          z = load(t + i), at += x * z, bt += y * z;
        }
        const Floats block[2][5] = {{ap, aq, ar, as, at}, {bp, bq, br, bs, bt}};
        for (int k = 0; k < 10; k++) sums[k / 5][k % 5] += sum_floats(block[k / 5][k % 5]);
      }
      for (int k = 0; k < 10; k++) {
        const int probe = column + k / 5, at = first + k % 5, offset = at - probe;
        if (probe >= to || at < 0 || at > last || offset < first_offset || offset > last_offset) continue;
        out[(size_t)probe * out_stride + offset - first_offset] = (float)sums[k / 5][k % 5];
      }
    }
  }
}

// A pattern's part in a filtered one; patterns are named by their distance in bytes from `memory`.
struct FilterTerm {
  uint32_t pattern;
  float weight;
};

void filter_u16(const uint8_t *memory, const struct FilterTerm *terms, const int32_t *starts, int from, int to,
                int pixels, float *destination) {
  const int tile = 512;
  for (int first = 0; first < pixels; first += tile) {
    const int stop = first + tile < pixels ? first + tile : pixels;
    for (int p = from; p < to; p++) {
      for (int i = first; i < stop; i += 16) {
        Floats s0 = {0}, s1 = s0, s2 = s0, s3 = s0;
        for (int term = starts[p]; term < starts[p + 1]; term++) {
          const uint16_t *at = (const uint16_t *)(memory + terms[term].pattern) + i;
          const float weight = terms[term].weight;
          s0 += weight * load_counts(at), s1 += weight * load_counts(at + 4);
          s2 += weight * load_counts(at + 8), s3 += weight * load_counts(at + 12);
        }
        float *out = destination + (size_t)p * pixels + i;
        store(out, s0), store(out + 4, s1), store(out + 8, s2), store(out + 12, s3);
      }
    }
  }
}
