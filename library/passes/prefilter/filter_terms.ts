/** The weights with which raw patterns make up filtered ones (spec stage 2), read off the prefilter's half footprint. */

import type { ScanShape } from "../../scan/shape.ts";
import type { PrefilterWeights } from "./footprint.ts";

/**
 * A walk over the raw patterns that make up a filtered one, or over the filtered patterns that a raw one is part of:
 * I' = (I + sum R^ I_i) / (1 + sum R^), the sum holding i = (0, 0), whose R^ is 1 unless the pattern has no norm. Each
 * call leaves its finds in `probes` and `weights`, which the next call overwrites.
 */
export class FilterTerms {
  /** Flat probe indices of the last finds. */
  readonly probes: Int32Array;
  /** Their weights; those of a filtered pattern sum to 1. */
  readonly weights: Float64Array;
  /** Largest number of finds. */
  readonly most: number;
  readonly #columns: number;
  readonly #values: Float32Array;
  /** Offsets (row, column) of the half footprint, flat. */
  readonly #offsets: Int32Array;
  readonly #half: number;
  /** 1 + sum R^ of each probe; NaN until it is asked for. */
  readonly #totals: Float64Array;

  constructor({ offsets, values }: PrefilterWeights, { rows, columns }: Pick<ScanShape, "rows" | "columns">) {
    this.#columns = columns;
    this.#values = values;
    this.#half = offsets.length;
    this.#offsets = Int32Array.from(offsets.flat());
    this.most = 2 * offsets.length - 1;
    this.probes = new Int32Array(this.most);
    this.weights = new Float64Array(this.most);
    this.#totals = new Float64Array(rows * columns).fill(NaN);
  }

  /**
   * The raw patterns that make up the filtered pattern at a probe, in a fixed order.
   *
   * @returns how many there are
   */
  partsOf(row: number, column: number): number {
    const { probes, weights } = this;
    const columns = this.#columns, values = this.#values, offsets = this.#offsets, half = this.#half;
    const probe = row * columns + column, total = this.#totalOf(probe);
    probes[0] = probe;
    weights[0] = (1 + values[probe * half]) / total;
    let count = 1;
    for (let k = 1; k < half; k++) {
      const down = offsets[2 * k], right = offsets[2 * k + 1], step = down * columns + right;
      // Where the neighbour is outside the scan, the weight is 0.
      const weight = values[probe * half + k];
      if (weight > 0) {
        probes[count] = probe + step;
        weights[count++] = weight / total;
      }
      const left = column - right;
      if (row < down || left < 0 || left >= columns) continue;
      const mirrored = values[(probe - step) * half + k];
      if (mirrored > 0) {
        probes[count] = probe - step;
        weights[count++] = mirrored / total;
      }
    }
    return count;
  }

  /**
   * The filtered patterns that the raw pattern at a probe is part of, by rising index, and its weight in each.
   *
   * @returns how many there are
   */
  sharesOf(row: number, column: number): number {
    const { probes, weights } = this;
    const columns = this.#columns, half = this.#half;
    const values = this.#values, offsets = this.#offsets;
    const probe = row * columns + column;
    let count = 0;
    // The footprint is in rising order, so its mirror image is in falling order.
    for (let k = half - 1; k > 0; k--) {
      const up = row - offsets[2 * k], left = column - offsets[2 * k + 1];
      if (up < 0 || left < 0 || left >= columns) continue;
      const other = up * columns + left;
      const weight = values[other * half + k];
      if (weight > 0) {
        probes[count] = other;
        weights[count++] = weight / this.#totalOf(other);
      }
    }
    probes[count] = probe;
    weights[count++] = (1 + values[probe * half]) / this.#totalOf(probe);
    for (let k = 1; k < half; k++) {
      const weight = values[probe * half + k];
      if (!(weight > 0)) continue;
      const other = probe + offsets[2 * k] * columns + offsets[2 * k + 1];
      probes[count] = other;
      weights[count++] = weight / this.#totalOf(other);
    }
    return count;
  }

  /** Worked out when first asked for: the weights may still be coming in, row by row. */
  #totalOf(probe: number): number {
    let total = this.#totals[probe];
    if (Number.isNaN(total)) {
      total = this.#total(Math.floor(probe / this.#columns), probe % this.#columns);
      this.#totals[probe] = total;
    }
    return total;
  }

  #total(row: number, column: number): number {
    const columns = this.#columns, values = this.#values, offsets = this.#offsets, half = this.#half;
    const probe = row * columns + column;
    let total = 1 + values[probe * half];
    for (let k = 1; k < half; k++) {
      const down = offsets[2 * k], right = offsets[2 * k + 1];
      total += values[probe * half + k];
      const left = column - right;
      if (row < down || left < 0 || left >= columns) continue;
      total += values[(probe - down * columns - right) * half + k];
    }
    return total;
  }
}
