/** A matrix in memory, its rows made columns. */

/** Arrays of words: numbers of 8 bytes are two words, because a float would not always keep its bits. */
export type Words = Uint8Array | Uint16Array | Uint32Array;

/** Rows and columns that are turned at a time: what they touch of both arrays stays in the cache. */
const tile = 32;

/** The sizes of a matrix. */
export interface BlockSizes {
  readonly rows: number;
  readonly columns: number;
  /** Number of words that make one number. */
  readonly words: 1 | 2;
}

/**
 * Turns a matrix: number `(row, column)` of `from` becomes number `(placeOf(column), row)` of `into`.
 *
 * @param placeOf the row of `into` for a column of `from`
 */
export function turnBlock(
  from: Words,
  into: Words,
  { rows, columns, words }: BlockSizes,
  placeOf: (column: number) => number,
): void {
  const places = new Float64Array(tile);
  for (let firstColumn = 0; firstColumn < columns; firstColumn += tile) {
    const width = Math.min(tile, columns - firstColumn);
    for (let index = 0; index < width; index++) places[index] = placeOf(firstColumn + index) * rows;
    for (let firstRow = 0; firstRow < rows; firstRow += tile) {
      const endRow = Math.min(firstRow + tile, rows);
      for (let index = 0; index < width; index++) {
        const place = places[index], column = firstColumn + index;
        if (words === 1) {
          for (let row = firstRow; row < endRow; row++) into[place + row] = from[row * columns + column];
          continue;
        }
        for (let row = firstRow; row < endRow; row++) {
          const number = 2 * (row * columns + column);
          into[2 * (place + row)] = from[number];
          into[2 * (place + row) + 1] = from[number + 1];
        }
      }
    }
  }
}
