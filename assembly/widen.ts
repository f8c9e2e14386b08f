// Patterns out of the records of raw files as float64, for those that are summed before they become float32.

import { bits, F64, I32, U32, U64 } from "./frames";

// Whole numbers of 64 bits beyond 2^53, which float64 does not hold, become infinity of their sign.
// @ts-ignore: decorator
@inline
function wideLong(value: i64): f64 {
  const largest: i64 = 1 << 53;
  if (value > largest) return Infinity;
  return value < -largest ? -Infinity : <f64>value;
}

// @ts-ignore: decorator
@inline
function wideNumber(source: usize, numbers: i32, swapped: bool): f64 {
  if (numbers == U32) return <f64>bits<u32>(source, swapped);
  if (numbers == I32) return <f64><i32>bits<u32>(source, swapped);
  const value = bits<u64>(source, swapped);
  if (numbers == F64) return reinterpret<f64>(value);
  // A number without a sign that is beyond the signed ones is beyond 2^53, too.
  if (numbers == U64) return <i64>value < 0 ? Infinity : wideLong(<i64>value);
  return wideLong(<i64>value);
}

/** As `arrangeFrames`, of numbers of 32 bits, float32 left out, and of 64 bits; all become float64. */
export function widenFrames(
  source: usize, target: usize, count: i32, recordBytes: i32, rows: i32, columns: i32, rowStep: i32, columnStep: i32,
  numbers: i32, swapped: i32,
): void {
  const swap = swapped != 0;
  for (let record = 0; record < count; record++) {
    for (let row = 0; row < rows; row++) {
      let from = source + <usize>record * recordBytes + row * rowStep;
      for (let column = 0; column < columns; column++, from += columnStep, target += 8) {
        store<f64>(target, wideNumber(from, numbers, swap));
      }
    }
  }
}
