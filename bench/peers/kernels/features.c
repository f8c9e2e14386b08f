// From patterns as recorded to what is compared: blur, centring, masks.

#include "blur.h"

void blur_u16(const uint16_t *source, float *destination, int from, int to, int height, int width, const float *taps,
              int radius, float *scratch) {
  const size_t pixels = (size_t)height * width;
  for (int i = from; i < to; i++) {
    blur(source + i * pixels, destination + i * pixels, height, width, taps, radius, scratch);
  }
}

// Sums of counts are exact in integers: 32 bits for the sum, 64 for the squares.
void centered_u16(const uint16_t *source, float *destination, double *references, int from, int to, int pixels) {
  for (int p = from; p < to; p++) {
    const uint16_t *pattern = source + (size_t)p * pixels;
    float *out = destination + (size_t)p * pixels;
    uint64_t sum = 0, squares = 0;
    for (int start = 0; start < pixels; start += 1024) {
      const int stop = start + 1024 < pixels ? start + 1024 : pixels;
      uint32_t part = 0;
      for (int i = start; i < stop; i++) part += pattern[i];
      for (int i = start; i < stop; i++) squares += (uint32_t)pattern[i] * pattern[i];
      sum += part;
    }
    const double mean = (double)sum / pixels;
    for (int i = 0; i < pixels; i++) out[i] = (float)(pattern[i] - mean);
    references[p] = (double)squares;
  }
}

// mask: words, all ones where a pixel counts; `kept` of them.
void pearson_u16(const uint16_t *source, float *destination, double *references, int from, int to, int pixels,
                 const int32_t *mask, int kept) {
  for (int p = from; p < to; p++) {
    const uint16_t *pattern = source + (size_t)p * pixels;
    float *out = destination + (size_t)p * pixels;
    Doubles a = {0}, b = {0}, aa = {0}, bb = {0};
    for (int i = 0; i < pixels; i += 4) {
      const Floats x = (Floats)((Integers)load_counts(pattern + i) & *(const Integers *)(mask + i));
      a += low(x), b += high(x), aa += low(x) * low(x), bb += high(x) * high(x);
      store(out + i, x);
    }
    const double mean = sum_doubles(a + b) / kept;
    for (int i = 0; i < pixels; i += 4) {
      const Floats x = load(out + i), centered = narrow(low(x) - mean, high(x) - mean);
      store(out + i, (Floats)((Integers)centered & *(const Integers *)(mask + i)));
    }
    references[p] = sum_doubles(aa + bb);
  }
}

void mask_u16(const uint16_t *source, uint16_t *destination, int from, int to, int pixels, const uint16_t *mask) {
  for (int p = from; p < to; p++) {
    const uint16_t *pattern = source + (size_t)p * pixels;
    uint16_t *restrict out = destination + (size_t)p * pixels;
    for (int i = 0; i < pixels; i++) out[i] = pattern[i] & mask[i];
  }
}
