// Frames of counters packed into big-endian words of 64 bits, whose lowest bits are the first pixel: what Merlin calls RAW.
// A word holds 64 counters of 1 bit, 8 of 6 bits in 8, or 4 of 12 bits in 16; counters of 24 bits are two frames of 12, the
// higher bits first. Out come u8, u8, u16 and u32 in native byte order, row after row.

/** The bytes of two words in the order of their pixels, which is that of little-endian numbers. */
// @ts-ignore: decorator
@inline
function forwards(words: v128): v128 {
  return v128.shuffle<u8>(words, words, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
}

/** Two words of 12-bit counters, the last pixel first. */
// @ts-ignore: decorator
@inline
function backwards(words: v128): v128 {
  return v128.shuffle<u8>(words, words, 9, 8, 11, 10, 13, 12, 15, 14, 1, 0, 3, 2, 5, 4, 7, 6);
}

/** Sixteen bits as sixteen bytes: bytes that repeat the bits, and the bit that each is to keep. */
// @ts-ignore: decorator
@inline
function keepBit(bytes: v128, bits: v128): v128 {
  return i8x16.min_u(v128.and(bytes, bits), i8x16.splat(1));
}

function runOf1(source: usize, target: usize, count: i32, turned: bool): void {
  const rising = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const falling = i8x16(-128, 64, 32, 16, 8, 4, 2, 1, -128, 64, 32, 16, 8, 4, 2, 1);
  for (let i = 0; i < count; i += 64, source += 8) {
    const word = v128.load64_splat(source);
    if (turned) {
      const at = target + <usize>(count - 64 - i);
      v128.store(at, keepBit(v128.shuffle<u8>(word, word, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1), falling));
      v128.store(at, keepBit(v128.shuffle<u8>(word, word, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3), falling), 16);
      v128.store(at, keepBit(v128.shuffle<u8>(word, word, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5), falling), 32);
      v128.store(at, keepBit(v128.shuffle<u8>(word, word, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7), falling), 48);
    } else {
      const at = target + <usize>i;
      v128.store(at, keepBit(v128.shuffle<u8>(word, word, 7, 7, 7, 7, 7, 7, 7, 7, 6, 6, 6, 6, 6, 6, 6, 6), rising));
      v128.store(at, keepBit(v128.shuffle<u8>(word, word, 5, 5, 5, 5, 5, 5, 5, 5, 4, 4, 4, 4, 4, 4, 4, 4), rising), 16);
      v128.store(at, keepBit(v128.shuffle<u8>(word, word, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2), rising), 32);
      v128.store(at, keepBit(v128.shuffle<u8>(word, word, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0), rising), 48);
    }
  }
}

function runOf6(source: usize, target: usize, count: i32, turned: bool): void {
  for (let i = 0; i < count; i += 16) {
    const words = v128.load(source + <usize>i);
    // Words the other way round have their bytes as the file has them.
    if (turned) v128.store(target + <usize>(count - 16 - i), v128.shuffle<u64>(words, words, 1, 0));
    else v128.store(target + <usize>i, forwards(words));
  }
}

function runOf12(source: usize, target: usize, count: i32, turned: bool): void {
  const bytes = <usize>count << 1;
  if (turned) {
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(target + bytes - 16 - at, backwards(v128.load(source + at)));
    }
    return;
  }
  // Rows have multiples of 64 pixels.
  for (let at: usize = 0; at < bytes; at += 32) {
    const first = forwards(v128.load(source + at)), second = forwards(v128.load(source + at, 16));
    v128.store(target + at, first);
    v128.store(target + at, second, 16);
  }
}

function runOf24(high: usize, low: usize, target: usize, count: i32, turned: bool): void {
  for (let i = 0; i < count; i += 8) {
    let upper = v128.load(high + (<usize>i << 1)), lower = v128.load(low + (<usize>i << 1));
    upper = turned ? backwards(upper) : forwards(upper);
    lower = turned ? backwards(lower) : forwards(lower);
    const at = target + (<usize>(turned ? count - 8 - i : i) << 2);
    v128.store(at, v128.or(i32x4.shl(i32x4.extend_low_i16x8_u(upper), 12), i32x4.extend_low_i16x8_u(lower)));
    v128.store(at, v128.or(i32x4.shl(i32x4.extend_high_i16x8_u(upper), 12), i32x4.extend_high_i16x8_u(lower)), 16);
  }
}

/**
 * Frames of rows x columns out of `count` records, one after the other; depth is 1, 6, 12 or 24. With one chip the pixels are
 * in order. With four a row of the record has a row of each chip: of the lower right one and the lower left one, both
 * upside down, of the upper right and the upper left one. Each row of a chip has a multiple of 64 pixels. With one chip and
 * 6 or 12 bits, target may be source: what lies between the records is closed up.
 */
export function unpackWords(
  source: usize, target: usize, count: i32, recordBytes: i32, rows: i32, columns: i32, depth: i32, chips: i32,
): void {
  const width: usize = depth == 24 ? 4 : depth == 12 ? 2 : 1;
  const pixels = rows * columns, run = chips == 4 ? columns >> 1 : pixels, runs = pixels / run;
  const runBytes: usize = depth == 1 ? <usize>run >> 3 : depth == 6 ? run : <usize>run << 1;
  for (let record = 0; record < count; record++) {
    const start = source + <usize>record * recordBytes, frame = target + <usize>record * pixels * width;
    for (let index = 0; index < runs; index++) {
      const chip = index & 3, row = index >> 2, turned = chips == 4 && chip < 2;
      let place = 0;
      if (chips == 4) place = (turned ? rows - 1 - row : row) * columns + (chip & 1 ? 0 : run);
      const from = start + <usize>index * runBytes, to = frame + <usize>place * width;
      if (depth == 1) runOf1(from, to, run, turned);
      else if (depth == 6) runOf6(from, to, run, turned);
      else if (depth == 12) runOf12(from, to, run, turned);
      else runOf24(from, from + (<usize>pixels << 1), to, run, turned);
    }
  }
}
