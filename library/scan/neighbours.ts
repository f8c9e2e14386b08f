/** Similarities of a probe with the eight around it: four directions hold everything (spec stage 3). */

/** The paper's order of the eight neighbours, (row, column). */
export const neighbourOffsets: readonly (readonly [number, number])[] = [
  [-1, -1],
  [-1, 0],
  [-1, 1],
  [0, -1],
  [0, 1],
  [1, -1],
  [1, 0],
  [1, 1],
];

/** Directions in which the kernels compare: right, below left, below, below right; the last four of the eight. */
export const forwardOffsets = neighbourOffsets.slice(4);

/** Every pair of neighbours of a scan, once, direction by direction as in `forwardOffsets`. */
export function forEachForwardPair(
  rows: number,
  columns: number,
  see: (probe: number, other: number, direction: number) => void,
): void {
  forwardOffsets.forEach(([down, right], direction) => {
    const step = down * columns + right;
    for (let row = 0; row < rows - down; row++) {
      const end = row * columns + columns - Math.max(0, right);
      for (let probe = row * columns + Math.max(0, -right); probe < end; probe++) {
        see(probe, probe + step, direction);
      }
    }
  });
}

/** float32 (row, column, direction) for the directions (0,1) (1,-1) (1,0) (1,1); NaN outside the scan. */
export type ForwardSimilarity = Float32Array;

/** All eight directions, in the order of `neighbourOffsets`, from the four: S(p, d) = S(p + d, -d). */
export function allDirections(similarity: ForwardSimilarity, rows: number, columns: number): Float32Array {
  const all = new Float32Array(rows * columns * 8).fill(NaN);
  forEachForwardPair(rows, columns, (probe, other, direction) => {
    const value = similarity[4 * probe + direction];
    // The eight offsets are ordered so that the k-th is the opposite of the (7 - k)-th, and these four are the last.
    all[8 * probe + 4 + direction] = value;
    all[8 * other + 3 - direction] = value;
  });
  return all;
}

/**
 * Mean similarity of each probe, float32 (row, column).
 *
 * @param similarity (row, column, 8), NaN outside the scan
 * @param missing value of neighbours outside the scan; `null` leaves them out. A probe without any gets 0.
 */
export function meanSimilarity(similarity: Float32Array, missing: number | null): Float32Array {
  const mean = new Float32Array(similarity.length / 8);
  for (let probe = 0; probe < mean.length; probe++) {
    let sum = 0, count = 0;
    for (let i = 8 * probe; i < 8 * probe + 8; i++) {
      const value = similarity[i];
      // Only NaN differs from itself.
      if (value === value) {
        sum += value;
        count++;
      } else if (missing !== null) {
        sum += missing;
        count++;
      }
    }
    mean[probe] = count > 0 ? sum / count : 0;
  }
  return mean;
}
