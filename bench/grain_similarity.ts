/** Similarities of square grains, for what is measured once they are known. */

import { forwardOffsets } from "../library/scan/neighbours.ts";
import { Random } from "../library/simulation/random.ts";

/** Side of a grain in probes. */
const grain = 32;

/**
 * float32 (row, column, forward direction): `within` the grains and `across` their boundaries, each plus up to `spread`.
 */
export function grainSimilarity(
  rows: number,
  columns: number,
  { within, across, spread }: { readonly within: number; readonly across: number; readonly spread: number },
): Float32Array {
  const random = new Random(1, 1);
  const result = new Float32Array(4 * rows * columns).fill(NaN);
  const grainOf = (row: number, column: number) =>
    Math.floor(row / grain) * columns + Math.floor(column / grain);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      forwardOffsets.forEach(([down, right], direction) => {
        if (row + down >= rows || column + right < 0 || column + right >= columns) return;
        const alike = grainOf(row, column) === grainOf(row + down, column + right);
        result[4 * (row * columns + column) + direction] = (alike ? within : across) +
          spread * random.uniform();
      });
    }
  }
  return result;
}
