/** The best one-to-one assignment: the Hungarian method with potentials, in cubic time (Kuhn 1955). */

/**
 * Gives each row at most one column and each column at most one row so that the sum of their worth is greatest.
 *
 * @param worth (row, column), not negative
 * @returns the column of each row, or -1 where there are fewer columns than rows
 */
export function assignBest(worth: readonly (readonly number[])[]): Int32Array {
  const rows = worth.length, columns = rows === 0 ? 0 : worth[0].length;
  if (rows > columns) {
    const flipped = assignBest(
      Array.from({ length: columns }, (_, column) => worth.map((row) => row[column])),
    );
    const result = new Int32Array(rows).fill(-1);
    flipped.forEach((row, column) => result[row] = column);
    return result;
  }
  // Place 0 of rows and columns stands for "none yet".
  const rowPotential = new Float64Array(rows + 1), columnPotential = new Float64Array(columns + 1);
  const rowOf = new Int32Array(columns + 1), before = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    const least = new Float64Array(columns + 1).fill(Infinity), visited = new Uint8Array(columns + 1);
    let column = 0;
    rowOf[0] = row;
    do {
      visited[column] = 1;
      const from = rowOf[column];
      let step = Infinity, next = 0;
      for (let other = 1; other <= columns; other++) {
        if (visited[other]) continue;
        const cost = -worth[from - 1][other - 1] - rowPotential[from] - columnPotential[other];
        if (cost < least[other]) {
          least[other] = cost;
          before[other] = column;
        }
        if (least[other] < step) {
          step = least[other];
          next = other;
        }
      }
      for (let other = 0; other <= columns; other++) {
        if (visited[other]) {
          rowPotential[rowOf[other]] += step;
          columnPotential[other] -= step;
        } else least[other] -= step;
      }
      column = next;
    } while (rowOf[column] !== 0);
    do {
      const previous = before[column];
      rowOf[column] = rowOf[previous];
      column = previous;
    } while (column !== 0);
  }
  const result = new Int32Array(rows).fill(-1);
  for (let column = 1; column <= columns; column++) {
    if (rowOf[column] > 0) result[rowOf[column] - 1] = column - 1;
  }
  return result;
}
