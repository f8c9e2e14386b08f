// Patterns whose squares of pixels are summed, to the same bits as `binPatterns` of library/scan/binning.ts makes them on the
// main thread: counts exactly, other numbers in float64 one after the other, row by row, and then rounded once.

import { loadStep } from "./lanes";

// Sums down `factor` rows as u32 in `line`: of each column, or of each two columns where `factor` is even.
// @ts-ignore: decorator
@inline
function addDown<T>(first: usize, columns: i32, factor: i32, line: usize): void {
  const rowBytes = <usize>columns * sizeof<T>(), paired = (factor & 1) == 0;
  let column = 0;
  for (const whole = columns & ~7; column < whole; column += 8) {
    let at = first + <usize>column * sizeof<T>();
    if (paired) {
      let sum = i32x4.extadd_pairwise_i16x8_u(loadStep<T>(at));
      for (let row = 1; row < factor; row++) {
        at += rowBytes;
        sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(loadStep<T>(at)));
      }
      v128.store(line + (<usize>column << 1), sum);
    } else {
      let low = i32x4.splat(0), high = i32x4.splat(0);
      for (let row = 0; row < factor; row++, at += rowBytes) {
        const counts = loadStep<T>(at);
        low = i32x4.add(low, i32x4.extend_low_i16x8_u(counts));
        high = i32x4.add(high, i32x4.extend_high_i16x8_u(counts));
      }
      v128.store(line + (<usize>column << 2), low);
      v128.store(line + (<usize>column << 2), high, 16);
    }
  }
  for (const step = paired ? 2 : 1; column < columns; column += step) {
    let at = first + <usize>column * sizeof<T>(), sum: u32 = 0;
    for (let row = 0; row < factor; row++, at += rowBytes) {
      sum += <u32>load<T>(at);
      if (paired) sum += <u32>load<T>(at + sizeof<T>());
    }
    store<u32>(line + (<usize>(column / step) << 2), sum);
  }
}

// Sums of `each` neighbours of a line as Out, float32 or u16.
// @ts-ignore: decorator
@inline
function addAcross<Out>(line: usize, squares: i32, each: i32, out: usize): void {
  let square = 0;
  if (each <= 2) {
    // Of sums of so few pixels every one is below 2^31, and lanes with a sign are converted faster.
    for (const whole = squares & ~7; square < whole; square += 8) {
      const from = line + <usize>(square * each) * 4, to = out + <usize>square * sizeof<Out>();
      let low = v128.load(from), high = v128.load(from, 16);
      if (each == 2) {
        const next = v128.load(from, 32), last = v128.load(from, 48);
        low = i32x4.add(v128.shuffle<i32>(low, high, 0, 2, 4, 6), v128.shuffle<i32>(low, high, 1, 3, 5, 7));
        high = i32x4.add(v128.shuffle<i32>(next, last, 0, 2, 4, 6), v128.shuffle<i32>(next, last, 1, 3, 5, 7));
      }
      if (isFloat<Out>()) {
        v128.store(to, f32x4.convert_i32x4_s(low));
        v128.store(to, f32x4.convert_i32x4_s(high), 16);
      } else v128.store(to, i16x8.narrow_i32x4_u(low, high));
    }
  }
  for (; square < squares; square++) {
    let sum: u64 = 0;
    const first = line + <usize>(square * each) * 4;
    for (let i = 0; i < each; i++) sum += <u64>load<u32>(first + (<usize>i << 2));
    store<Out>(out + <usize>square * sizeof<Out>(), <Out>sum);
  }
}

function binCounts<T, Out>(image: usize, columns: i32, lines: i32, factor: i32, out: usize, line: usize): void {
  const squares = columns / factor, each = (factor & 1) == 0 ? factor >> 1 : factor;
  const bytes = <usize>(factor * columns) * sizeof<T>();
  for (let i = 0; i < lines; i++, image += bytes, out += <usize>squares * sizeof<Out>()) {
    addDown<T>(image, columns, factor, line);
    addAcross<Out>(line, squares, each, out);
  }
}

function binNumbers<T>(image: usize, columns: i32, lines: i32, factor: i32, out: usize): void {
  const squares = columns / factor, rowBytes = <usize>columns * sizeof<T>();
  for (let i = 0; i < lines; i++, image += <usize>factor * rowBytes) {
    for (let square = 0; square < squares; square++, out += 4) {
      let first = image + <usize>(square * factor) * sizeof<T>(), sum: f64 = 0;
      for (let row = 0; row < factor; row++, first += rowBytes) {
        for (let pixel = 0; pixel < factor; pixel++) sum += <f64>load<T>(first + <usize>pixel * sizeof<T>());
      }
      store<f32>(out, <f32>sum);
    }
  }
}

/**
 * Sums `factor` x `factor` pixels of `count` patterns of 8-bit counts, `factor` a divisor of both sides, to u16 where
 * `outBytes` is 2 and no sum is larger, else to float32. `line` has room for a row of pixels as u32.
 */
export function binPatternsU8(
  patterns: usize, count: i32, rows: i32, columns: i32, factor: i32, out: usize, outBytes: i32, line: usize,
): void {
  const lines = count * (rows / factor);
  if (outBytes == 2) binCounts<u8, u16>(patterns, columns, lines, factor, out, line);
  else binCounts<u8, f32>(patterns, columns, lines, factor, out, line);
}

/** The same of 16-bit counts, to float32 always. */
export function binPatternsU16(
  patterns: usize, count: i32, rows: i32, columns: i32, factor: i32, out: usize, outBytes: i32, line: usize,
): void {
  binCounts<u16, f32>(patterns, columns, count * (rows / factor), factor, out, line);
}

/** The same of float32 patterns; the line is not used. */
export function binPatternsF32(
  patterns: usize, count: i32, rows: i32, columns: i32, factor: i32, out: usize, outBytes: i32, line: usize,
): void {
  binNumbers<f32>(patterns, columns, count * (rows / factor), factor, out);
}

/** The same of float64 patterns. */
export function binPatternsF64(
  patterns: usize, count: i32, rows: i32, columns: i32, factor: i32, out: usize, outBytes: i32, line: usize,
): void {
  binNumbers<f64>(patterns, columns, count * (rows / factor), factor, out);
}
