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

// Two probes against five partners at a time: `products(rows, pixels, sums)` gives <a,p> <a,q> <a,r> <a,s> <a,t> and
// the same of b, for rows a b p q r s t.
#define CORRELATE(name, Sample, products)                                                                              \
  void name(const Sample *row, const Sample *other, int columns, int from, int to, int pixels, int first_offset,       \
            int last_offset, float *out, int out_stride) {                                                             \
    const int last = columns - 1;                                                                                      \
    for (int column = from; column < to; column += 2) {                                                                \
      const Sample *rows[7] = {row + (size_t)column * pixels, row + (size_t)clamp(column + 1, last) * pixels};         \
      for (int first = column + first_offset; first <= column + 1 + last_offset; first += 5) {                         \
        for (int k = 0; k < 5; k++) rows[2 + k] = other + (size_t)clamp(first + k, last) * pixels;                     \
        double sums[10] = {0};                                                                                         \
        products(rows, pixels, sums);                                                                                  \
        for (int k = 0; k < 10; k++) {                                                                                 \
          const int probe = column + k / 5, at = first + k % 5, offset = at - probe;                                   \
          if (probe >= to || at < 0 || at > last || offset < first_offset || offset > last_offset) continue;           \
          out[(size_t)probe * out_stride + offset - first_offset] = (float)sums[k];                                    \
        }                                                                                                              \
      }                                                                                                                \
    }                                                                                                                  \
  }

// Sums of 256 samples in float32, of those in float64.
static inline void products_f32(const float *const rows[7], int pixels, double sums[10]) {
  const float *a = rows[0], *b = rows[1], *p = rows[2], *q = rows[3], *r = rows[4], *s = rows[5], *t = rows[6];
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
    const Floats block[10] = {ap, aq, ar, as, at, bp, bq, br, bs, bt};
    for (int k = 0; k < 10; k++) sums[k] += sum_floats(block[k]);
  }
}

// Norms are 46000, which stands for 1, so that no sum leaves 32 bits.
static inline void products_i16(const int16_t *const rows[7], int pixels, double sums[10]) {
  const int16_t *a = rows[0], *b = rows[1], *p = rows[2], *q = rows[3], *r = rows[4], *s = rows[5], *t = rows[6];
  int ap = 0, aq = 0, ar = 0, as = 0, at = 0, bp = 0, bq = 0, br = 0, bs = 0, bt = 0;
  for (int i = 0; i < pixels; i++) {
    const int x = a[i], y = b[i];
    ap += x * p[i], aq += x * q[i], ar += x * r[i], as += x * s[i], at += x * t[i];
    bp += y * p[i], bq += y * q[i], br += y * r[i], bs += y * s[i], bt += y * t[i];
  }
  const int block[10] = {ap, aq, ar, as, at, bp, bq, br, bs, bt};
  for (int k = 0; k < 10; k++) sums[k] = block[k] / (46000.0 * 46000.0);
}

CORRELATE(correlate_f32, float, products_f32)
CORRELATE(correlate_i16, int16_t, products_i16)

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
