/** Standard errors of fits whose residuals are not independent: those of one grain share its strain and its tilt. */

/**
 * The variance of a number that is fitted linearly, from what each peak adds to it: contributions of one group are summed
 * before they are squared (K.-Y. Liang and S. L. Zeger, Biometrika 73, 13, 1986). `Infinity` where there is but one group,
 * which cannot say how much groups differ.
 */
export class GroupedVariance {
  readonly #sums = new Map<number, number>();

  /** Adds what a peak of a group, any whole number, contributes. */
  add(group: number, contribution: number): void {
    this.#sums.set(group, (this.#sums.get(group) ?? 0) + contribution);
  }

  /** Number of groups that contributed. */
  get groups(): number {
    return this.#sums.size;
  }

  /** The variance. */
  get variance(): number {
    let sum = 0;
    for (const value of this.#sums.values()) sum += value * value;
    const { size } = this.#sums;
    return size < 2 ? Infinity : sum * size / (size - 1);
  }
}

/** Blocks of a scan, along each axis, that stand for grains where nobody has found these. */
const blocks = 6;

/** Groups of the probes of a scan without clusters: six by six blocks of it. */
export function scanBlocks(
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Int32Array {
  return Int32Array.from(
    { length: rows * columns },
    (_, probe) =>
      blocks * Math.floor(blocks * Math.floor(probe / columns) / rows) +
      Math.floor(blocks * (probe % columns) / columns),
  );
}
