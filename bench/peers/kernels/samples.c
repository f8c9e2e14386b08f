// Samples of blurred patterns (assembly/sampled.ts, strips.ts); tables as there.

#include <emmintrin.h>

#include "lanes.h"

typedef struct {
  int32_t row;
  float root, scale, coarse_scale;
} RowNode;

typedef struct {
  int32_t column;
  float root;
} ColumnNode;

typedef short Counts __attribute__((vector_size(16), aligned(2), may_alias));

// An intrinsic, since nothing else in C says it where the sums stay apart.
static inline Integers add_products(Integers sum, const int16_t *counts, Integers taps) {
  return sum + (Integers)_mm_madd_epi16((__m128i) * (const Counts *)counts, (__m128i)taps);
}

static void interleave(const uint16_t *source, int width, const int32_t *rows, int pairs, int16_t *strip) {
  for (int pair = 0; pair < pairs; pair++, strip += 32) {
    const uint16_t *upper = source + (size_t)rows[2 * pair] * width;
    const uint16_t *lower = source + (size_t)rows[2 * pair + 1] * width;
    for (int x = 0; x < 16; x++) strip[2 * x] = upper[x], strip[2 * x + 1] = lower[x];
  }
}

static inline void store_scaled(float *out, Integers a, Integers b, Integers c, Integers d, float scale) {
  store(out, scale * __builtin_convertvector(a, Floats));
  store(out + 4, scale * __builtin_convertvector(b, Floats));
  store(out + 8, scale * __builtin_convertvector(c, Floats));
  store(out + 12, scale * __builtin_convertvector(d, Floats));
}

static inline Integers splat(int32_t x) { return (Integers){x, x, x, x}; }

// Two nodes at a time: the rows of p alone, those of both, those of q alone.
static void along_columns(const int16_t *strip, const RowNode *nodes, int stride, const int32_t *taps, int tap_pairs,
                          float *lines) {
  for (int i = 0; i < stride; i += 2, lines += 32) {
    const int p = nodes[i].row, q = nodes[i + 1].row;
    const int16_t *pair = strip + 32 * (p >> 1), *first_of_q = strip + 32 * (q >> 1);
    const int32_t *tap_p = taps + (p & 1 ? tap_pairs : 0), *tap_q = taps + (q & 1 ? tap_pairs : 0);
    const int32_t *end_p = tap_p + tap_pairs, *end_q = tap_q + tap_pairs;
    Integers p0 = {0}, p1 = {0}, p2 = {0}, p3 = {0}, q0 = {0}, q1 = {0}, q2 = {0}, q3 = {0};
    for (; pair < first_of_q; pair += 32) {
      const Integers t = splat(*tap_p++);
      p0 = add_products(p0, pair, t), p1 = add_products(p1, pair + 8, t);
      p2 = add_products(p2, pair + 16, t), p3 = add_products(p3, pair + 24, t);
    }
    for (; tap_p < end_p; pair += 32) {
      const Integers t = splat(*tap_p++), u = splat(*tap_q++);
      p0 = add_products(p0, pair, t), q0 = add_products(q0, pair, u);
      p1 = add_products(p1, pair + 8, t), q1 = add_products(q1, pair + 8, u);
      p2 = add_products(p2, pair + 16, t), q2 = add_products(q2, pair + 16, u);
      p3 = add_products(p3, pair + 24, t), q3 = add_products(q3, pair + 24, u);
    }
    for (; tap_q < end_q; pair += 32) {
      const Integers u = splat(*tap_q++);
      q0 = add_products(q0, pair, u), q1 = add_products(q1, pair + 8, u);
      q2 = add_products(q2, pair + 16, u), q3 = add_products(q3, pair + 24, u);
    }
    store_scaled(lines, p0, p1, p2, p3, nodes[i].scale);
    store_scaled(lines + 16, q0, q1, q2, q3, nodes[i + 1].scale);
  }
}

static void transpose(const float *lines, int stride, float *transposed) {
  for (int i = 0; i < stride; i += 4, lines += 64) {
    for (int x = 0; x < 16; x += 4) {
      const Floats a = load(lines + x), b = load(lines + x + 16), c = load(lines + x + 32), d = load(lines + x + 48);
      const Floats ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
      const Floats ef = __builtin_shufflevector(a, b, 2, 6, 3, 7), gh = __builtin_shufflevector(c, d, 2, 6, 3, 7);
      float *out = transposed + (size_t)x * stride + i;
      store(out, __builtin_shufflevector(ab, cd, 0, 1, 4, 5));
      store(out + stride, __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
      store(out + 2 * stride, __builtin_shufflevector(ef, gh, 0, 1, 4, 5));
      store(out + 3 * stride, __builtin_shufflevector(ef, gh, 2, 3, 6, 7));
    }
  }
}

static void along_rows(const float *middle, const ColumnNode *nodes, int count, int stride, const float *taps,
                       int radius, float *destination) {
  for (int j = 0; j < count; j++) {
    const float *center = middle + (size_t)nodes[j].column * stride;
    float *out = destination + (size_t)j * stride;
    for (int i = 0; i < stride; i += 16) {
      const float *at = center + i;
      Floats s0 = taps[0] * load(at), s1 = taps[0] * load(at + 4);
      Floats s2 = taps[0] * load(at + 8), s3 = taps[0] * load(at + 12);
      for (int k = 1; k <= radius; k++) {
        const float *left = at - k * stride, *right = at + k * stride;
        s0 += taps[k] * (load(left) + load(right)), s1 += taps[k] * (load(left + 4) + load(right + 4));
        s2 += taps[k] * (load(left + 8) + load(right + 8)), s3 += taps[k] * (load(left + 12) + load(right + 12));
      }
      const float root = nodes[j].root;
      store(out + i, root * s0), store(out + i + 4, root * s1);
      store(out + i + 8, root * s2), store(out + i + 12, root * s3);
    }
  }
}

// Counts up to 8191; stride a multiple of 16.
void sampled_u16(const uint16_t *source, float *destination, int from, int to, int height, int width,
                 const int32_t *tables, int16_t *scratch) {
  const int radius = tables[0], stride = tables[1], column_nodes = tables[3];
  const char *bytes = (const char *)tables;
  const int32_t *rows = (const int32_t *)(bytes + tables[6]), *fixed = (const int32_t *)(bytes + tables[10]);
  const RowNode *row_nodes = (const RowNode *)(bytes + tables[7]);
  const ColumnNode *nodes = (const ColumnNode *)(bytes + tables[8]);
  const float *taps = (const float *)(bytes + tables[9]);
  const int pairs = height / 2 + radius + 1;
  float *lines = (float *)(scratch + 64 * pairs), *middle = lines + 16 * stride + (size_t)radius * stride;
  const size_t column_bytes = stride * sizeof(float);
  for (int p = from; p < to; p++) {
    const uint16_t *pattern = source + (size_t)p * height * width;
    for (int x = 0; x < width; x += 16) {
      interleave(pattern + x, width, rows, pairs, scratch);
      along_columns(scratch, row_nodes, stride, fixed, radius + 1, lines);
      transpose(lines, stride, middle + (size_t)x * stride);
    }
    for (int x = 1; x <= radius; x++) {
      memcpy(middle - x * stride, middle + reflect(-x, width) * stride, column_bytes);
      memcpy(middle + (width - 1 + x) * stride, middle + reflect(width - 1 + x, width) * stride, column_bytes);
    }
    along_rows(middle, nodes, column_nodes, stride, taps, radius, destination + (size_t)p * column_nodes * stride);
  }
}
