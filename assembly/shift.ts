// Sums of patterns moved by parts of pixels, and of how much of each pixel they saw: averages about a common origin (spec of
// Bragg disks, 5.1).

import { loadFloats, promoteHigh } from "./lanes";

/** Bytes of a term: u32 address of a pattern, i32 slot, f32 rows and f32 columns by which it is moved back. */
const TERM: usize = 16;

// For every term in turn, and rows from..to-1 of the result: out(r, c) += p(r + rows, c + columns), where p between pixels
// is bilinear in float32, pixels outside the detector are 0, and sums are float64. The same of `seen`, float32, 1 where a
// pixel counts and 0 where it is masked, goes to the second plane of the slot. Masked pixels of patterns are 0.
// sums: float64 [slot][2][rows][columns].
function accumulateShifted<T>(
  terms: usize, count: i32, rows: i32, columns: i32, from: i32, to: i32, seen: usize, sums: usize,
): void {
  const plane = <usize>(rows * columns) << 3;
  let same: f64 = 0;
  for (let index = 0; index < count; index++) {
    const term = terms + <usize>index * TERM;
    const out = sums + <usize>load<i32>(term, 4) * 2 * plane;
    const down = load<f32>(term, 8), across = load<f32>(term, 12);
    if (Mathf.floor(down) != down || Mathf.floor(across) != across) {
      addMoved<T>(<usize>load<u32>(term), rows, columns, from, to, down, across, out);
      addMoved<f32>(seen, rows, columns, from, to, down, across, out + plane);
      continue;
    }
    addWhole<T>(<usize>load<u32>(term), rows, columns, from, to, <i32>down, <i32>across, 1, out);
    // What several terms in turn see is the same where they are moved alike.
    same++;
    const next = term + TERM, last = index + 1 == count;
    if (last || load<u64>(next, 8) != load<u64>(term, 8) || load<i32>(next, 4) != load<i32>(term, 4)) {
      addWhole<f32>(seen, rows, columns, from, to, <i32>down, <i32>across, same, out + plane);
      same = 0;
    }
  }
}

// Of a pattern that is moved by whole pixels there is nothing between pixels.
function addWhole<T>(
  pattern: usize, rows: i32, columns: i32, from: i32, to: i32, top: i32, left: i32, times: f64, out: usize,
): void {
  const first = max(0, -left), end = min(columns, columns - left), many = f64x2.splat(times);
  for (let row = max(from, -top); row < min(to, rows - top); row++) {
    const sum = out + (<usize>(row * columns) << 3);
    const source = pattern + <usize>((row + top) * columns + left) * sizeof<T>();
    let column = first;
    for (; column + 4 <= end; column += 4) {
      const s = sum + (<usize>column << 3), value = loadFloats<T>(source + <usize>column * sizeof<T>());
      v128.store(s, f64x2.add(v128.load(s), f64x2.mul(many, f64x2.promote_low_f32x4(value))));
      v128.store(s, f64x2.add(v128.load(s, 16), f64x2.mul(many, promoteHigh(value))), 16);
    }
    for (; column < end; column++) {
      const s = sum + (<usize>column << 3);
      store<f64>(s, load<f64>(s) + times * <f64><f32>load<T>(source + <usize>column * sizeof<T>()));
    }
  }
}

function addMoved<T>(
  pattern: usize, rows: i32, columns: i32, from: i32, to: i32, down: f32, across: f32, out: usize,
): void {
  const top = <i32>Mathf.floor(down), left = <i32>Mathf.floor(across);
  const low = down - <f32>top, right = across - <f32>left;
  const high = <f32>1 - low, near = <f32>1 - right;
  const a = high * near, b = high * right, c = low * near, d = low * right;
  const va = f32x4.splat(a), vb = f32x4.splat(b), vc = f32x4.splat(c), vd = f32x4.splat(d);
  // Rows whose upper, or only lower, neighbour lies outside go pixel by pixel; so do columns at the edges.
  const first = min(columns, max(0, -left)), end = max(first, min(columns, columns - 1 - left));
  for (let row = from; row < to; row++) {
    const source = row + top;
    if (source < -1 || source >= rows) continue;
    const sum = out + (<usize>(row * columns) << 3);
    if (source < 0 || source + 1 >= rows) {
      for (let column = 0; column < columns; column++) {
        addPixel<T>(pattern, rows, columns, source, column + left, a, b, c, d, sum + (<usize>column << 3));
      }
      continue;
    }
    for (let column = 0; column < first; column++) {
      addPixel<T>(pattern, rows, columns, source, column + left, a, b, c, d, sum + (<usize>column << 3));
    }
    const upper = pattern + <usize>(source * columns + left) * sizeof<T>();
    const lower = upper + <usize>columns * sizeof<T>();
    let column = first;
    for (; column + 4 <= end; column += 4) {
      const o = <usize>column * sizeof<T>(), s = sum + (<usize>column << 3);
      const above = f32x4.add(
        f32x4.mul(va, loadFloats<T>(upper + o)), f32x4.mul(vb, loadFloats<T>(upper + o + sizeof<T>())),
      );
      const below = f32x4.add(
        f32x4.mul(vc, loadFloats<T>(lower + o)), f32x4.mul(vd, loadFloats<T>(lower + o + sizeof<T>())),
      );
      const value = f32x4.add(above, below);
      v128.store(s, f64x2.add(v128.load(s), f64x2.promote_low_f32x4(value)));
      v128.store(s, f64x2.add(v128.load(s, 16), promoteHigh(value)), 16);
    }
    for (; column < columns; column++) {
      addPixel<T>(pattern, rows, columns, source, column + left, a, b, c, d, sum + (<usize>column << 3));
    }
  }
}

// One pixel, in the order of additions of the others.
// @ts-ignore: decorator
@inline
function addPixel<T>(
  pattern: usize, rows: i32, columns: i32, row: i32, column: i32, a: f32, b: f32, c: f32, d: f32, sum: usize,
): void {
  const above = a * pixel<T>(pattern, rows, columns, row, column) +
    b * pixel<T>(pattern, rows, columns, row, column + 1);
  const below = c * pixel<T>(pattern, rows, columns, row + 1, column) +
    d * pixel<T>(pattern, rows, columns, row + 1, column + 1);
  store<f64>(sum, load<f64>(sum) + <f64>(above + below));
}

// A pixel, or 0 outside the detector.
// @ts-ignore: decorator
@inline
function pixel<T>(pattern: usize, rows: i32, columns: i32, row: i32, column: i32): f32 {
  if (row < 0 || row >= rows || column < 0 || column >= columns) return 0;
  return <f32>load<T>(pattern + <usize>(row * columns + column) * sizeof<T>());
}

/** Sums of moved patterns of 8-bit counts; see above. */
export function accumulateShiftedU8(
  terms: usize, count: i32, rows: i32, columns: i32, from: i32, to: i32, seen: usize, sums: usize,
): void {
  accumulateShifted<u8>(terms, count, rows, columns, from, to, seen, sums);
}

/** Sums of moved patterns of 16-bit counts. */
export function accumulateShiftedU16(
  terms: usize, count: i32, rows: i32, columns: i32, from: i32, to: i32, seen: usize, sums: usize,
): void {
  accumulateShifted<u16>(terms, count, rows, columns, from, to, seen, sums);
}

/** Sums of moved float32 patterns. */
export function accumulateShiftedF32(
  terms: usize, count: i32, rows: i32, columns: i32, from: i32, to: i32, seen: usize, sums: usize,
): void {
  accumulateShifted<f32>(terms, count, rows, columns, from, to, seen, sums);
}
