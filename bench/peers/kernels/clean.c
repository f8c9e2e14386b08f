// Detector clean-up and checks of what was read.

#include "lanes.h"

struct BadPixel {
  int32_t pixel, count, neighbours[24];
};

// Insertion sort: there are 24 neighbours at most.
void fill_u16(uint16_t *row, int from, int to, int pixels, const struct BadPixel *bad, int count) {
  for (int p = from; p < to; p++) {
    uint16_t *pattern = row + (size_t)p * pixels;
    for (int b = 0; b < count; b++) {
      const int n = bad[b].count;
      uint16_t sorted[24];
      for (int i = 0; i < n; i++) {
        const uint16_t value = pattern[bad[b].neighbours[i]];
        int j = i;
        for (; j > 0 && sorted[j - 1] > value; j--) sorted[j] = sorted[j - 1];
        sorted[j] = value;
      }
      const int half = n / 2;
      pattern[bad[b].pixel] =
          n == 0 ? 0 : n % 2 ? sorted[half] : (uint16_t)(((uint32_t)sorted[half - 1] + sorted[half] + 1) / 2);
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
void unfinite_f32(const uint32_t *row, int from, int to, int pixels, int32_t *flags) {
  for (int p = from; p < to; p++) {
    const uint32_t *pattern = row + (size_t)p * pixels;
    uint32_t found = 0;
    for (int i = 0; i < pixels; i++) found |= (pattern[i] & 0x7f800000) == 0x7f800000;
    flags[p] = (int32_t)found;
  }
}
