// Pieces of packed chunks: LZ4 blocks, numbers put together from their bytes or bits, and tiles put into their patterns.

import { high16, high8, joinPlanes, low16, low8 } from "./bitshuffle";
import { decodeLz4 } from "./lz4";

/**
 * Decodes the LZ4 block of `sourceBytes` at source, of which `readableBytes` may be looked at, to `targetBytes` at target.
 * Up to 32 bytes behind them may be overwritten. Data may be hostile.
 *
 * @returns 0; 1 when the block is damaged or of another size
 */
export function unpackLz4(
  source: usize, sourceBytes: i32, readableBytes: i32, target: usize, targetBytes: i32,
): i32 {
  const end = source + <usize>sourceBytes;
  return decodeLz4(source, end, source + <usize>readableBytes, target, target + <usize>targetBytes) ? 0 : 1;
}

/**
 * Numbers of `numberBytes` from their bytes, of which all first ones come first, then all second ones, and so on; what is
 * left over at the end of `bytes` lies as it is.
 */
export function joinBytes(source: usize, target: usize, bytes: i32, numberBytes: i32): void {
  const count = <usize>(bytes / numberBytes), width = <usize>numberBytes;
  let i: usize = 0;
  if (width == 2) {
    for (; i + 16 <= count; i += 16) {
      const a = v128.load(source + i), b = v128.load(source + count + i);
      v128.store(target + 2 * i, low8(a, b));
      v128.store(target + 2 * i, high8(a, b), 16);
    }
  } else if (width == 4) {
    for (; i + 16 <= count; i += 16) {
      const a = v128.load(source + i), b = v128.load(source + count + i);
      const c = v128.load(source + 2 * count + i), d = v128.load(source + 3 * count + i);
      const abLow = low8(a, b), abHigh = high8(a, b), cdLow = low8(c, d), cdHigh = high8(c, d);
      v128.store(target + 4 * i, low16(abLow, cdLow));
      v128.store(target + 4 * i, high16(abLow, cdLow), 16);
      v128.store(target + 4 * i, low16(abHigh, cdHigh), 32);
      v128.store(target + 4 * i, high16(abHigh, cdHigh), 48);
    }
  }
  for (; i < count; i++) {
    for (let byte: usize = 0; byte < width; byte++) {
      store<u8>(target + i * width + byte, load<u8>(source + byte * count + i));
    }
  }
  memory.copy(target + count * width, source + count * width, <usize>bytes - count * width);
}

/** Numbers from bit planes, as bitshuffle.ts says; a multiple of 8 of them. scratch: 512 bytes. */
export function joinBits(source: usize, target: usize, numbers: i32, numberBytes: i32, scratch: usize): void {
  joinPlanes(source, <usize>numbers, <usize>numberBytes, target, scratch);
}

/**
 * Copies `rows` runs of `rowBytes` of each of `patterns` patterns. Steps are bytes from a pattern to the next, and from a run
 * to the next.
 */
export function placeTile(
  source: usize, target: usize, patterns: i32, rows: i32, rowBytes: i32, sourceStep: i32, sourceRowStep: i32,
  targetStep: i32, targetRowStep: i32,
): void {
  if (sourceRowStep == rowBytes && targetRowStep == rowBytes) {
    rowBytes *= rows;
    rows = 1;
    if (sourceStep == rowBytes && targetStep == rowBytes) {
      rowBytes *= patterns;
      patterns = 1;
    }
  }
  const whole = rowBytes & ~15;
  for (let pattern = 0; pattern < patterns; pattern++) {
    for (let row = 0; row < rows; row++) {
      const from = source + <usize>pattern * sourceStep + <usize>row * sourceRowStep;
      const to = target + <usize>pattern * targetStep + <usize>row * targetRowStep;
      if (rowBytes > 1024) {
        memory.copy(to, from, rowBytes);
        continue;
      }
      let byte = 0;
      for (; byte < whole; byte += 16) v128.store(to + byte, v128.load(from + byte));
      for (; byte < rowBytes; byte++) store<u8>(to + byte, load<u8>(from + byte));
    }
  }
}
