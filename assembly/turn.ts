// A matrix whose rows become columns, for files in which the numbers of one detector pixel lie together.

import { high16, high32, low16, low32 } from "./bitshuffle";

/** Rows and columns that are turned at a time: what they touch of both matrices stays in the cache. */
const TILE = 64;

// @ts-ignore: decorator
@inline
function low64(a: v128, b: v128): v128 {
  return v128.shuffle<u64>(a, b, 0, 2);
}
// @ts-ignore: decorator
@inline
function high64(a: v128, b: v128): v128 {
  return v128.shuffle<u64>(a, b, 1, 3);
}

/** Turns 8 x 8 numbers of 16 bits; `places` are those of the eight columns. */
// @ts-ignore: decorator
@inline
function turn8(source: usize, stride: usize, target: usize, targetStride: usize, places: usize): void {
  const a = v128.load(source), b = v128.load(source + stride);
  const c = v128.load(source + 2 * stride), d = v128.load(source + 3 * stride);
  const e = v128.load(source + 4 * stride), f = v128.load(source + 5 * stride);
  const g = v128.load(source + 6 * stride), h = v128.load(source + 7 * stride);
  const ab = low16(a, b), ab2 = high16(a, b), cd = low16(c, d), cd2 = high16(c, d);
  const ef = low16(e, f), ef2 = high16(e, f), gh = low16(g, h), gh2 = high16(g, h);
  const top = low32(ab, cd), top2 = high32(ab, cd), top3 = low32(ab2, cd2), top4 = high32(ab2, cd2);
  const end = low32(ef, gh), end2 = high32(ef, gh), end3 = low32(ef2, gh2), end4 = high32(ef2, gh2);
  v128.store(target + <usize>load<u32>(places) * targetStride, low64(top, end));
  v128.store(target + <usize>load<u32>(places, 4) * targetStride, high64(top, end));
  v128.store(target + <usize>load<u32>(places, 8) * targetStride, low64(top2, end2));
  v128.store(target + <usize>load<u32>(places, 12) * targetStride, high64(top2, end2));
  v128.store(target + <usize>load<u32>(places, 16) * targetStride, low64(top3, end3));
  v128.store(target + <usize>load<u32>(places, 20) * targetStride, high64(top3, end3));
  v128.store(target + <usize>load<u32>(places, 24) * targetStride, low64(top4, end4));
  v128.store(target + <usize>load<u32>(places, 28) * targetStride, high64(top4, end4));
}

// @ts-ignore: decorator
@inline
function turnTile<B>(
  source: usize, stride: usize, target: usize, targetStride: usize, places: usize, rows: usize, columns: usize,
): void {
  for (let column: usize = 0; column < columns; column++) {
    const to = target + <usize>load<u32>(places + (column << 2)) * targetStride;
    let from = source + column * sizeof<B>();
    for (let row: usize = 0; row < rows; row++) {
      store<B>(to + row * sizeof<B>(), load<B>(from));
      from += stride;
    }
  }
}

/**
 * Turns a matrix of numbers of 1, 2, 4 or 8 bytes: number (row, column) of source becomes number (place of the column, row)
 * of target. places: u32 for each column.
 */
export function turnNumbers(
  source: usize, target: usize, rows: i32, columns: i32, numberBytes: i32, places: usize,
): void {
  const width = <usize>numberBytes, stride = <usize>columns * width, targetStride = <usize>rows * width;
  for (let firstColumn = 0; firstColumn < columns; firstColumn += TILE) {
    const across = min(TILE, columns - firstColumn), at = places + (<usize>firstColumn << 2);
    for (let firstRow = 0; firstRow < rows; firstRow += TILE) {
      const down = min(TILE, rows - firstRow);
      const from = source + <usize>firstRow * stride + <usize>firstColumn * width;
      const to = target + <usize>firstRow * width;
      if (width == 2 && (across & 7) == 0 && (down & 7) == 0) {
        for (let column: usize = 0; column < <usize>across; column += 8) {
          for (let row: usize = 0; row < <usize>down; row += 8) {
            turn8(from + row * stride + column * 2, stride, to + row * 2, targetStride, at + (column << 2));
          }
        }
      } else if (width == 1) turnTile<u8>(from, stride, to, targetStride, at, down, across);
      else if (width == 2) turnTile<u16>(from, stride, to, targetStride, at, down, across);
      else if (width == 4) turnTile<u32>(from, stride, to, targetStride, at, down, across);
      else turnTile<u64>(from, stride, to, targetStride, at, down, across);
    }
  }
}
