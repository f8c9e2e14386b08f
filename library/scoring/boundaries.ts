/** How well the boundaries of two label maps lie on each other. */

/**
 * F1 of boundary probes: those with a neighbour above, below, left or right that has another label, on either side of
 * the boundary. A boundary probe of one map is found when the other map has one within `tolerance` rows and columns.
 * F1 = 2 P R / (P + R), with P the share of boundary probes in `labels` that are near one in `truth`, and R the
 * converse.
 *
 * @param labels label per probe, (row, column) row-major
 * @param truth the same
 * @param tolerance in probe positions, 0 or more
 * @returns 1 where neither map has a boundary, 0 where only one has
 */
export function boundaryF1(
  labels: ArrayLike<number>,
  truth: ArrayLike<number>,
  rows: number,
  columns: number,
  tolerance: number,
): number {
  const found = boundaryProbes(labels, rows, columns), real = boundaryProbes(truth, rows, columns);
  const foundCount = count(found), realCount = count(real);
  if (foundCount === 0 && realCount === 0) return 1;
  if (foundCount === 0 || realCount === 0) return 0;
  const precision = overlap(found, dilate(real, rows, columns, tolerance)) / foundCount;
  const recall = overlap(real, dilate(found, rows, columns, tolerance)) / realCount;
  return precision + recall === 0 ? 0 : 2 * precision * recall / (precision + recall);
}

/** 1 where one of the four neighbours has another label. */
function boundaryProbes(labels: ArrayLike<number>, rows: number, columns: number): Uint8Array {
  const boundary = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const probe = row * columns + column;
      if (column + 1 < columns && labels[probe] !== labels[probe + 1]) {
        boundary[probe] = boundary[probe + 1] = 1;
      }
      if (row + 1 < rows && labels[probe] !== labels[probe + columns]) {
        boundary[probe] = boundary[probe + columns] = 1;
      }
    }
  }
  return boundary;
}

/** 1 where the map is 1 within `radius` rows and columns: along rows first, then along columns. */
function dilate(map: Uint8Array, rows: number, columns: number, radius: number): Uint8Array {
  const wide = dilateAlong(map, columns, 1, rows, columns, radius);
  return dilateAlong(wide, rows, columns, columns, 1, radius);
}

/** The same along lines of `length` probes, `step` apart; line n begins at n `lineStep`. */
function dilateAlong(
  map: Uint8Array,
  length: number,
  step: number,
  lines: number,
  lineStep: number,
  radius: number,
): Uint8Array {
  const dilated = new Uint8Array(map.length);
  for (let line = 0; line < lines; line++) {
    for (let place = 0; place < length; place++) {
      const last = Math.min(length - 1, place + radius);
      for (let near = Math.max(0, place - radius); near <= last; near++) {
        if (map[line * lineStep + near * step]) dilated[line * lineStep + place * step] = 1;
      }
    }
  }
  return dilated;
}

function count(map: Uint8Array): number {
  return map.reduce((sum, value) => sum + value, 0);
}

function overlap(first: Uint8Array, second: Uint8Array): number {
  return first.reduce((sum, value, probe) => sum + (value & second[probe]), 0);
}
