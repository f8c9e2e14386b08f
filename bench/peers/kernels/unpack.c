// Chunks of bitshuffle-LZ4 (assembly/bitshuffle.ts, lz4.ts), 16-bit elements in whole blocks of 128 or more.

#include "lanes.h"

typedef uint8_t Bytes __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint16_t Words __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint32_t DoubleWords __attribute__((vector_size(16), aligned(1), may_alias));

// ---- LZ4

static inline void copy_wild(uint8_t *to, const uint8_t *from, size_t count) {
  const uint8_t *end = to + count;
  do {
    memcpy(to, from, 16);
    to += 16, from += 16;
  } while (to < end);
}

// Writes bytes that repeat the `offset` < 16 bytes before `to`.
static inline void repeat(uint8_t *to, unsigned offset, size_t count) {
  const uint8_t *end = to + count;
  uint8_t pattern[16];
  for (unsigned i = 0; i < 16; i++) pattern[i] = i < offset ? to[(int)i - (int)offset] : pattern[i - offset];
  do {
    memcpy(to, pattern, 16);
    to += 16 - 16 % offset;
  } while (to < end);
}

// Adds the bytes that lengthen a count; 0 where they end early.
static inline int lengthen(const uint8_t **source, const uint8_t *end, size_t *count, size_t room) {
  uint8_t more;
  do {
    if (*source >= end || *count > room) return 0;
    more = *(*source)++;
    *count += more;
  } while (more == 255);
  return 1;
}

// Decodes source..source_end to to..to_end exactly, and may write 32 bytes more; 0 where the block is damaged.
static int decode_lz4(const uint8_t *source, const uint8_t *source_end, const uint8_t *readable, uint8_t *to,
                      uint8_t *to_end) {
  const uint8_t *first = to;
  while (source < source_end) {
    const unsigned token = *source++;
    size_t count = token >> 4;
    if (count == 15 && !lengthen(&source, source_end, &count, to_end - to)) return 0;
    if (count > (size_t)(source_end - source) || count > (size_t)(to_end - to)) return 0;
    if ((size_t)(readable - source) < ((count + 15) & ~(size_t)15)) memcpy(to, source, count);
    else if (count) copy_wild(to, source, count);
    source += count, to += count;
    if (source == source_end) return to == to_end;

    if (source_end - source < 2) return 0;
    const unsigned offset = source[0] | source[1] << 8;
    source += 2;
    count = (token & 15) + 4;
    if (count == 19 && !lengthen(&source, source_end, &count, to_end - to)) return 0;
    if (offset == 0 || offset > (size_t)(to - first) || count > (size_t)(to_end - to)) return 0;
    if (offset >= 16 || count <= offset) copy_wild(to, to - offset, count);
    else repeat(to, offset, count);
    to += count;
  }
  return 0;
}

// ---- Bit planes

static inline Bytes at(const uint8_t *from) { return *(const Bytes *)from; }

// Exchanges the upper `shift` bits of each group in `a` with the lower ones in `b`.
static inline void exchange(Bytes *a, Bytes *b, int shift, uint8_t lower) {
  const Bytes mask = {lower, lower, lower, lower, lower, lower, lower, lower,
                      lower, lower, lower, lower, lower, lower, lower, lower};
  const Bytes difference = ((Bytes)((Words)*a >> shift) ^ *b) & mask;
  *b ^= difference;
  *a ^= (Bytes)((Words)difference << shift);
}

static inline Bytes low8(Bytes a, Bytes b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
static inline Bytes high8(Bytes a, Bytes b) {
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
static inline Words low16(Bytes a, Bytes b) {
  return __builtin_shufflevector((Words)a, (Words)b, 0, 8, 1, 9, 2, 10, 3, 11);
}
static inline Words high16(Bytes a, Bytes b) {
  return __builtin_shufflevector((Words)a, (Words)b, 4, 12, 5, 13, 6, 14, 7, 15);
}
static inline void put32(uint8_t *out, Words a, Words b) {
  *(DoubleWords *)out = __builtin_shufflevector((DoubleWords)a, (DoubleWords)b, 0, 4, 1, 5);
  *(DoubleWords *)(out + 16) = __builtin_shufflevector((DoubleWords)a, (DoubleWords)b, 2, 6, 3, 7);
}

// Bytes of 128 elements from eight planes.
static inline void gather_planes(const uint8_t *planes, size_t stride, uint8_t *out) {
  Bytes x[8];
  for (int k = 0; k < 8; k++) x[k] = at(planes + k * stride);
  for (int k = 0; k < 4; k++) exchange(&x[k], &x[k + 4], 4, 0x0f);
  for (int k = 0; k < 8; k += 4) exchange(&x[k], &x[k + 2], 2, 0x33), exchange(&x[k + 1], &x[k + 3], 2, 0x33);
  for (int k = 0; k < 8; k += 2) exchange(&x[k], &x[k + 1], 1, 0x55);
  const Bytes ab = low8(x[0], x[1]), cd = low8(x[2], x[3]), ef = low8(x[4], x[5]), gh = low8(x[6], x[7]);
  put32(out, low16(ab, cd), low16(ef, gh)), put32(out + 32, high16(ab, cd), high16(ef, gh));
  const Bytes AB = high8(x[0], x[1]), CD = high8(x[2], x[3]), EF = high8(x[4], x[5]), GH = high8(x[6], x[7]);
  put32(out + 64, low16(AB, CD), low16(EF, GH)), put32(out + 96, high16(AB, CD), high16(EF, GH));
}

// 128 elements from sixteen planes; the upper bytes of small counts are zero.
static void join_planes(const uint8_t *planes, size_t stride, uint16_t *out) {
  uint8_t low[128], high[128];
  gather_planes(planes, stride, low);
  Bytes any = {0};
  for (int k = 8; k < 16; k++) any |= at(planes + k * stride);
  uint64_t words[2];
  memcpy(words, &any, 16);
  if ((words[0] | words[1]) == 0) {
    for (int i = 0; i < 128; i++) out[i] = low[i];
    return;
  }
  gather_planes(planes + 8 * stride, stride, high);
  for (int i = 0; i < 128; i++) out[i] = (uint16_t)(low[i] | high[i] << 8);
}

// A damaged chunk ends the unpacking, and the comparison of the results finds it.
void unpack_bitshuffle_lz4_u16(const uint8_t *source, int source_bytes, uint16_t *destination, int elements,
                               uint8_t *scratch) {
  const uint8_t *end = source + source_bytes;
  uint32_t block_bytes, packed;
  memcpy(&block_bytes, source + 8, 4);
  block_bytes = __builtin_bswap32(block_bytes);
  source += 12;
  for (int done = 0; done < elements;) {
    const size_t left = 2 * (size_t)(elements - done), bytes = left < block_bytes ? left : block_bytes;
    memcpy(&packed, source, 4);
    packed = __builtin_bswap32(packed);
    source += 4;
    if (packed > (size_t)(end - source) || !decode_lz4(source, source + packed, end, scratch, scratch + bytes)) return;
    const size_t stride = bytes / 16;
    for (size_t i = 0; i < stride; i += 16) join_planes(scratch + i, stride, destination + done + 8 * i);
    source += packed;
    done += (int)(bytes / 2);
  }
}
