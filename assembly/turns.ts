// Orientations as matrices: float64 [9], row by row; their columns are the laboratory's axes in the crystal's frame.

/** From the number `field` of a matrix. */
// @ts-ignore: decorator
@inline
export function element(matrix: usize, field: i32): f64 {
  return load<f64>(matrix + (<usize>field << 3));
}

/**
 * `to` is `from` after a turn about the laboratory's axis 0 (x), 1 (y) or 2 (z) by an angle of this cosine and sine; `to`
 * may be `from`.
 */
export function turnAbout(from: usize, axis: i32, c: f64, s: f64, to: usize): void {
  // The column that goes into the other with a minus sign is the second, the first, the second of the two.
  const one = axis == 0 ? 8 : 0, other = axis == 1 ? 16 : axis == 0 ? 16 : 8;
  const plus = axis == 1 ? s : -s;
  for (let row: usize = 0; row < 72; row += 24) {
    const a = load<f64>(from + row + one), b = load<f64>(from + row + other);
    if (axis == 0) store<f64>(to + row, load<f64>(from + row));
    if (axis == 1) store<f64>(to + row, load<f64>(from + row, 8), 8);
    if (axis == 2) store<f64>(to + row, load<f64>(from + row, 16), 16);
    store<f64>(to + row + one, c * a + plus * b);
    store<f64>(to + row + other, c * b - plus * a);
  }
}

/** `to` is the product of two matrices; it is neither of them. */
export function multiply(some: usize, other: usize, to: usize): void {
  for (let row: usize = 0; row < 72; row += 24) {
    const a = load<f64>(some + row), b = load<f64>(some + row, 8), c = load<f64>(some + row, 16);
    for (let column: usize = 0; column < 24; column += 8) {
      store<f64>(
        to + row + column,
        a * load<f64>(other + column) + b * load<f64>(other + column, 24) + c * load<f64>(other + column, 48),
      );
    }
  }
}

/** The largest trace of S one other^T over rotations S, float64 [count][9]; `room` takes a matrix. */
export function largestTrace(rotations: usize, count: i32, one: usize, other: usize, room: usize): f64 {
  // The trace of S T is the sum over S and the transpose of T, which is other one^T.
  for (let row: usize = 0; row < 72; row += 24) {
    const a = load<f64>(other + row), b = load<f64>(other + row, 8), c = load<f64>(other + row, 16);
    for (let column: usize = 0; column < 3; column++) {
      const beside = one + 24 * column;
      store<f64>(room + row + 8 * column, a * load<f64>(beside) + b * load<f64>(beside, 8) + c * load<f64>(beside, 16));
    }
  }
  let largest: f64 = -1;
  for (let index = 0; index < count; index++, rotations += 72) {
    let trace: f64 = 0;
    for (let o: usize = 0; o < 72; o += 8) trace += load<f64>(rotations + o) * load<f64>(room + o);
    largest = max(largest, trace);
  }
  return largest;
}
