// The terms of filtered patterns, for filter.ts, from the prefilter's weights (spec stage 2): I' = (I + sum R^ I_i) /
// (1 + sum R^). library/passes/prefilter/filter_terms.ts is the same for single probes.

/**
 * Terms of patterns from..to-1 of a row, packed from `terms` on (8 bytes: u32 address of a pattern, f32 weight), and where
 * those of each begin, i32 at starts[from..to]. The pattern itself comes first, then by the order of the offsets each
 * neighbour and its mirror image.
 *
 * rows: 2 radius + 1 pairs of u32, for the rows from `radius` above on: address of the patterns, address of the weights,
 * f32 [column][offset]; zeros outside the scan, and no weights below the row itself. offsets: half footprint as pairs of
 * i32 (row, column), (0, 0) first; where a neighbour is outside the scan its weight is zero.
 */
export function filterTerms(
  rows: usize, radius: i32, offsets: usize, half: i32, columns: i32, from: i32, to: i32, patternBytes: i32,
  terms: usize, starts: usize,
): void {
  const own = rows + (<usize>radius << 3), ownPatterns = <usize>load<u32>(own);
  const weightBytes = <usize>half << 2;
  let count = 0;
  for (let column = from; column < to; column++) {
    store<i32>(starts + (<usize>column << 2), count);
    const weights = <usize>load<u32>(own, 4) + <usize>column * weightBytes;
    const total = weightTotal(own, offsets, half, columns, column);
    put(terms, count++, ownPatterns + <usize>column * <usize>patternBytes, (1.0 + f64(load<f32>(weights))) / total);
    for (let k = 1; k < half; k++) {
      const down = load<i32>(offsets + (<usize>k << 3)), right = load<i32>(offsets + (<usize>k << 3), 4);
      const weight = load<f32>(weights + (<usize>k << 2));
      if (weight > 0) {
        const below = <usize>load<u32>(own + (<usize>down << 3));
        put(terms, count++, below + <usize>(column + right) * <usize>patternBytes, f64(weight) / total);
      }
      const other = mirrored(own, offsets, half, columns, column, k);
      if (other > 0) {
        const above = <usize>load<u32>(own - (<usize>down << 3));
        put(terms, count++, above + <usize>(column - right) * <usize>patternBytes, f64(other) / total);
      }
    }
  }
  store<i32>(starts + (<usize>to << 2), count);
}

/** 1 + the weights of all neighbours of a probe; own: of its row in the table of rows. */
export function weightTotal(own: usize, offsets: usize, half: i32, columns: i32, column: i32): f64 {
  let total = 1.0 + f64(weightOf(own, half, column, 0));
  for (let k = 1; k < half; k++) {
    total += f64(weightOf(own, half, column, k));
    total += f64(mirrored(own, offsets, half, columns, column, k));
  }
  return total;
}

/** Weight of the neighbour at offset k. */
// @ts-ignore: decorator
@inline
export function weightOf(own: usize, half: i32, column: i32, k: i32): f32 {
  return load<f32>(<usize>load<u32>(own, 4) + (<usize>(column * half + k) << 2));
}

/** Weight of the neighbour opposite to offset k: that of its own neighbour at the offset. */
export function mirrored(own: usize, offsets: usize, half: i32, columns: i32, column: i32, k: i32): f32 {
  const down = load<i32>(offsets + (<usize>k << 3)), left = column - load<i32>(offsets + (<usize>k << 3), 4);
  const weights = <usize>load<u32>(own - (<usize>down << 3), 4);
  return weights == 0 || left < 0 || left >= columns ? 0 : load<f32>(weights + (<usize>(left * half + k) << 2));
}

/** A term: where its pattern lies, and its weight. */
export function put(terms: usize, index: i32, pattern: usize, weight: f64): void {
  const at = terms + (<usize>index << 3);
  store<u32>(at, <u32>pattern);
  store<f32>(at, f32(weight), 4);
}
