// Patterns summed over squares of pixels, in counts.

import { bin, rescale } from "./binning";

// Binned patterns one after the other.
function binned<T>(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, output: usize, scale: f32, whole: i32,
  rest: f32, scratch: usize,
): void {
  const patternBytes = <usize>(patternRows * patternColumns) * sizeof<T>();
  const pixels = (patternRows / binning) * (patternColumns / binning);
  const constant = -rest * f32(binning * binning);
  for (let i: usize = 0; i < <usize>count; i++) {
    const at = output + ((i * <usize>pixels) << 2);
    bin<T>(patterns + i * patternBytes, patternRows, patternColumns, binning, at, scratch);
    if (scale != 1 || whole != 0 && rest != 0) rescale(at, pixels, scale, whole != 0, constant);
  }
}

/** Binned patterns of 8-bit counts, float32 (count, binned pixel); scratch holds a row of the pattern in whole vectors. */
export function binnedU8(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, output: usize, scale: f32, whole: i32,
  rest: f32, scratch: usize,
): void {
  binned<u8>(patterns, count, patternRows, patternColumns, binning, output, scale, whole, rest, scratch);
}

/** Binned patterns of 16-bit counts. */
export function binnedU16(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, output: usize, scale: f32, whole: i32,
  rest: f32, scratch: usize,
): void {
  binned<u16>(patterns, count, patternRows, patternColumns, binning, output, scale, whole, rest, scratch);
}

/** Binned float32 patterns. */
export function binnedF32(
  patterns: usize, count: i32, patternRows: i32, patternColumns: i32, binning: i32, output: usize, scale: f32, whole: i32,
  rest: f32, scratch: usize,
): void {
  binned<f32>(patterns, count, patternRows, patternColumns, binning, output, scale, whole, rest, scratch);
}
