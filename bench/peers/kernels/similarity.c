// Inner products of neighbouring patterns: two probes against their five partners, ten sums in registers.

#include "lanes.h"

// `products(rows, start, count, sums)` adds to the ten sums what samples start..start+count-1 contribute, for patterns
// a b c of the upper row and p q r s of the lower: <a,a> <a,b> <a,p> <a,q> <a,r> <b,b> <b,c> <b,q> <b,r> <b,s>.
#define SIMILARITY(name, Sample, products)                                                                             \
  void name(const Sample *upper, const Sample *lower, int columns, int from, int to, int pixels, int chunk,            \
            double *dots, double *norms) {                                                                             \
    const int last = columns - 1;                                                                                      \
    for (int column = from; column < to; column += 2) {                                                                \
      const Sample *rows[7];                                                                                           \
      for (int k = 0; k < 3; k++) rows[k] = upper + (size_t)clamp(column + k, last) * pixels;                          \
      for (int k = 0; k < 4; k++) rows[3 + k] = lower + (size_t)clamp(column + k - 1, last) * pixels;                  \
      double sums[10] = {0};                                                                                           \
      for (int start = 0; start < pixels; start += chunk) {                                                            \
        products(rows, start, pixels - start < chunk ? pixels - start : chunk, sums);                                  \
      }                                                                                                                \
      norms[column] = sums[0];                                                                                         \
      memcpy(dots + 4 * (size_t)column, sums + 1, 4 * sizeof *sums);                                                   \
      if (column + 1 < to) {                                                                                           \
        norms[column + 1] = sums[5];                                                                                   \
        memcpy(dots + 4 * (size_t)(column + 1), sums + 6, 4 * sizeof *sums);                                           \
      }                                                                                                                \
    }                                                                                                                  \
  }

#define INTEGER_PRODUCTS(name, Sample, Factor, Sum)                                                                    \
  static inline void name(const Sample *const rows[7], int start, int count, double sums[10]) {                        \
    const Sample *a = rows[0] + start, *b = rows[1] + start, *c = rows[2] + start;                                     \
    const Sample *p = rows[3] + start, *q = rows[4] + start, *r = rows[5] + start, *s = rows[6] + start;               \
    Sum aa = 0, ab = 0, ap = 0, aq = 0, ar = 0, bb = 0, bc = 0, bq = 0, br = 0, bs = 0;                                \
    for (int i = 0; i < count; i++) {                                                                                  \
      const Factor x = a[i], y = b[i];                                                                                 \
      aa += x * x, ab += x * y, bb += y * y;                                                                           \
      aq += x * (Factor)q[i], bq += y * (Factor)q[i], ar += x * (Factor)r[i], br += y * (Factor)r[i];                  \
      bc += y * (Factor)c[i], ap += x * (Factor)p[i], bs += y * (Factor)s[i];                                          \
    }                                                                                                                  \
    const Sum block[10] = {aa, ab, ap, aq, ar, bb, bc, bq, br, bs};                                                    \
    for (int k = 0; k < 10; k++) sums[k] += (double)block[k];                                                          \
  }

INTEGER_PRODUCTS(products_i16, int16_t, int, int)
INTEGER_PRODUCTS(products_u16, uint16_t, uint32_t, uint64_t)

// Widened into the first-level cache, since compilers multiply and add pairs of signed 16-bit samples only.
static inline void products_u8(const uint8_t *const rows[7], int start, int count, double sums[10]) {
  enum { tile = 1024 };
  int16_t wide[7][tile];
  const int16_t *const tiles[7] = {wide[0], wide[1], wide[2], wide[3], wide[4], wide[5], wide[6]};
  for (int first = start; first < start + count; first += tile) {
    const int n = start + count - first < tile ? start + count - first : tile;
    for (int k = 0; k < 7; k++) {
      for (int i = 0; i < n; i++) wide[k][i] = rows[k][first + i];
    }
    products_i16(tiles, 0, n, sums);
  }
}

static inline void products_f32(const float *const rows[7], int start, int count, double sums[10]) {
  const float *a = rows[0] + start, *b = rows[1] + start, *c = rows[2] + start;
  const float *p = rows[3] + start, *q = rows[4] + start, *r = rows[5] + start, *s = rows[6] + start;
  Floats aa = {0}, ab = aa, ap = aa, aq = aa, ar = aa, bb = aa, bc = aa, bq = aa, br = aa, bs = aa;
  for (int i = 0; i < count; i += 4) {
    const Floats x = load(a + i), y = load(b + i);
    Floats z = load(q + i);
    aa += x * x, ab += x * y, bb += y * y, aq += x * z, bq += y * z;
    z = load(r + i), ar += x * z, br += y * z;
    bc += y * load(c + i), ap += x * load(p + i), bs += y * load(s + i);
  }
  const Floats block[10] = {aa, ab, ap, aq, ar, bb, bc, bq, br, bs};
  for (int k = 0; k < 10; k++) sums[k] += sum_floats(block[k]);
}

// 8-bit counts; 16-bit counts up to 32767; any 16-bit counts; float32.
SIMILARITY(similarity_u8, uint8_t, products_u8)
SIMILARITY(similarity_u16, int16_t, products_i16)
SIMILARITY(similarity_wide_u16, uint16_t, products_u16)
SIMILARITY(similarity_f32, float, products_f32)
