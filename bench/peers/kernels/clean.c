// Detector clean-up and checks of what was read.

#include <smmintrin.h>

#include "lanes.h"

struct BadPixel {
  int32_t pixel, count, neighbours[24];
};

typedef uint16_t *EightPatterns[8];

static inline uint16_t *before(uint16_t *pattern, uint16_t *last) { return pattern < last ? pattern : last; }

static inline __m128i gather(const EightPatterns at, int o) {
  return _mm_setr_epi16(at[0][o], at[1][o], at[2][o], at[3][o], at[4][o], at[5][o], at[6][o], at[7][o]);
}

// Eight patterns side by side, whose neighbours are inserted two at a time among those that are not above the median.
// The last eight may overlap the ones before, since neighbours are good pixels, which stay as they are. Intrinsics, since
// the vectoriser takes the inner loop apart.
void fill_u16(uint16_t *row, int from, int to, int pixels, const struct BadPixel *bad, int count) {
  for (int p = from; p < to; p += 8) {
    const int first = p < to - 8 ? p : to - 8 < from ? from : to - 8;
    uint16_t *last = row + (size_t)(to - 1) * pixels;
    EightPatterns patterns;
    for (int k = 0; k < 8; k++) patterns[k] = before(row + (size_t)(first + k) * pixels, last);
    for (int b = 0; b < count; b++) {
      const int n = bad[b].count, half = n / 2;
      __m128i sorted[13];
      int held = n % 2;
      if (held) sorted[0] = gather(patterns, bad[b].neighbours[0]);
      for (int i = n % 2; i < n; i += 2) {
        __m128i one = gather(patterns, bad[b].neighbours[i]), two = gather(patterns, bad[b].neighbours[i + 1]);
        for (int j = 0; j < held; j++) {
          const __m128i low = _mm_min_epu16(sorted[j], one);
          one = _mm_max_epu16(sorted[j], one);
          sorted[j] = _mm_min_epu16(low, two);
          two = _mm_max_epu16(low, two);
        }
        if (held <= half) sorted[held++] = _mm_min_epu16(one, two);
        if (held <= half) sorted[held++] = _mm_max_epu16(one, two);
      }
      const __m128i zero = _mm_setzero_si128();
      const __m128i median = n == 0 ? zero : n % 2 ? sorted[half] : _mm_avg_epu16(sorted[half - 1], sorted[half]);
      uint16_t medians[8];
      memcpy(medians, &median, sizeof median);
      for (int k = 0; k < 8; k++) patterns[k][bad[b].pixel] = medians[k];
    }
  }
}

void maxima_u16(const uint16_t *row, int from, int to, int pixels, int32_t *maxima) {
  for (int p = from; p < to; p++) {
    const uint16_t *pattern = row + (size_t)p * pixels;
    uint16_t largest = 0;
    for (int i = 0; i < pixels; i++) largest = pattern[i] > largest ? pattern[i] : largest;
    maxima[p] = largest;
  }
}

// NaN and infinity have all bits of the exponent set.
void maxima_f32(const uint32_t *row, int from, int to, int pixels, uint32_t *maxima) {
  for (int p = from; p < to; p++) {
    const uint32_t *pattern = row + (size_t)p * pixels;
    uint32_t found = 0;
    // Positive numbers are ordered as their bits are; negative ones are below zero as signed integers, too.
    int32_t largest = 0;
    for (int i = 0; i < pixels; i++) {
      found |= (pattern[i] & 0x7f800000) == 0x7f800000;
      largest = (int32_t)pattern[i] > largest ? (int32_t)pattern[i] : largest;
    }
    maxima[p] = found ? 0x7fc00000 : (uint32_t)largest;
  }
}
