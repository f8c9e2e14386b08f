// Sums over patterns and over their pixels.

#include "lanes.h"

struct SumTerm {
  uint32_t pattern;
  int32_t slot;
  double weight;
};

// Eight patterns of weight 1 are added as integers, which is exact, and once as doubles.
static void add_eight(const uint16_t *const x[8], int from, int to, double *restrict sum) {
  for (int i = from; i < to; i++) {
    const int32_t upper = x[0][i] + x[1][i] + x[2][i] + x[3][i], lower = x[4][i] + x[5][i] + x[6][i] + x[7][i];
    sum[i] += upper + lower;
  }
}

// Terms of a slot that follow each other are added in groups, so that the sums are loaded and stored less often.
void accumulate_u16(const uint8_t *memory, const struct SumTerm *terms, int count, int pixels, int from, int to,
                    double *sums) {
  enum { tile = 2048, group = 8 };
  for (int start = 0, stop; start < count; start = stop) {
    for (stop = start + 1; stop < count && terms[stop].slot == terms[start].slot; stop++) continue;
    double *restrict sum = sums + (size_t)terms[start].slot * pixels;
    for (int first = from; first < to; first += tile) {
      const int last = first + tile < to ? first + tile : to;
      for (int term = start; term < stop;) {
        const uint16_t *patterns[group];
        int ones = 0;
        for (; ones < group && term + ones < stop && terms[term + ones].weight == 1; ones++) {
          patterns[ones] = (const uint16_t *)(memory + terms[term + ones].pattern);
        }
        if (ones == group) {
          add_eight(patterns, first, last, sum);
          term += group;
        } else {
          const uint16_t *pattern = (const uint16_t *)(memory + terms[term].pattern);
          const double weight = terms[term++].weight;
          for (int i = first; i < last; i++) sum[i] += weight * pattern[i];
        }
      }
    }
  }
}

void virtual_u16(const uint16_t *row, int from, int to, int pixels, const float *detector, double *image) {
  for (int p = from; p < to; p++) {
    const uint16_t *pattern = row + (size_t)p * pixels;
    Doubles a = {0}, b = {0}, c = {0}, d = {0};
    for (int i = 0; i < pixels; i += 8) {
      const Floats x = load_counts(pattern + i), w = load(detector + i);
      a += low(x) * low(w), b += high(x) * high(w);
      const Floats y = load_counts(pattern + i + 4), v = load(detector + i + 4);
      c += low(y) * low(v), d += high(y) * high(v);
    }
    image[p] = sum_doubles((a + b) + (c + d));
  }
}
