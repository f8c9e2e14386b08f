/** How many pixels of a detector are seen together with their inversion. */

/**
 * For every centre, at its place times two, the number of pixels that are seen and whose inversion about it is seen as well:
 * float64 (2 rows - 1, 2 columns - 1), the convolution of the seen pixels with themselves, in whole numbers.
 *
 * @param seen (rows, columns), 0 where a pixel is masked, else 1
 */
export function inversionOverlap(seen: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const width = 2 * columns - 1, bends = new Float64Array((2 * rows - 1) * (width + 3));
  const runs = Array.from({ length: rows }, (_, row) => runsOf(seen, row * columns, columns));
  // Two runs give a trapezium, which four bends describe.
  for (let row = 0; row < rows; row++) {
    for (let other = 0; other < rows; other++) {
      const line = (row + other) * (width + 3);
      for (const [a, b] of runs[row]) {
        for (const [c, d] of runs[other]) {
          bends[line + a + c]++;
          bends[line + a + d]--;
          bends[line + b + c]--;
          bends[line + b + d]++;
        }
      }
    }
  }
  const overlap = new Float64Array((2 * rows - 1) * width);
  for (let row = 0; row < 2 * rows - 1; row++) {
    let slope = 0, value = 0;
    for (let column = 0; column < width; column++) {
      slope += bends[row * (width + 3) + column];
      value += slope;
      overlap[row * width + column] = value;
    }
  }
  return overlap;
}

/** Runs of seen pixels in a row: the first, and the one after the last. */
function runsOf(seen: ArrayLike<number>, start: number, columns: number): [number, number][] {
  const runs: [number, number][] = [];
  for (let column = 0; column < columns; column++) {
    if (!seen[start + column]) continue;
    const first = column;
    while (column < columns && seen[start + column]) column++;
    runs.push([first, column]);
  }
  return runs;
}
