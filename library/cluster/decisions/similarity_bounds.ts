/** Bounds of what is known only up to an error: similarities of edges, and the mean similarities of probes. */

import { errorClass } from "./error_bounds.ts";
import { forwardOffsets, type ForwardSimilarity } from "../../scan/neighbours.ts";

/**
 * Similarities that differ from the exact ones by at most an error, some of them exact, and bounds of the mean
 * similarity of each probe. The bounds hold for the float32 numbers that `meanSimilarity` gives: they come from the same
 * sums in the same order, and every rounding in them is monotone.
 */
export class SimilarityBounds {
  /** The similarities: exact ones where `exact` says so. */
  readonly similarity: ForwardSimilarity;
  /** 1 where an edge is exact. */
  readonly exact: Uint8Array;
  /** float32 (row, column): the mean similarity is at least this. */
  readonly low: Float32Array;
  /** float32 (row, column): the mean similarity is at most this. Equal to `low` where all edges are exact. */
  readonly high: Float32Array;
  #errors: Float64Array;
  /** Steps from a probe's first edge to its eight, in the order in which `meanSimilarity` sums them. */
  readonly #steps: Int32Array;

  /**
   * @param fast similarities by the fast path; copied
   * @param errors largest difference from the exact ones, by class of similarity
   * @param missing value of neighbours outside the scan in the mean; `null` leaves them out
   */
  constructor(
    readonly rows: number,
    readonly columns: number,
    fast: ForwardSimilarity,
    errors: Float64Array,
    readonly missing: number | null,
  ) {
    this.similarity = fast.slice();
    this.exact = new Uint8Array(fast.length);
    this.low = new Float32Array(rows * columns);
    this.high = new Float32Array(rows * columns);
    this.#errors = errors.slice();
    const backward = forwardOffsets.map(([down, right], direction) =>
      -4 * (down * columns + right) + direction
    );
    this.#steps = Int32Array.from([...backward.reverse(), ...forwardOffsets.keys()]);
    this.#updateAll();
  }

  /** How far an edge may be from its exact similarity. */
  errorOf(edge: number): number {
    return this.exact[edge] ? 0 : this.#errors[errorClass(this.similarity[edge])];
  }

  /** Takes other errors. */
  setErrors(errors: Float64Array): void {
    this.#errors = errors.slice();
    this.#updateAll();
  }

  /** Replaces similarities by exact ones. */
  replace(edges: ArrayLike<number>, values: Float32Array): void {
    for (let i = 0; i < edges.length; i++) {
      this.similarity[edges[i]] = values[i];
      this.exact[edges[i]] = 1;
    }
    for (let i = 0; i < edges.length; i++) {
      const probe = edges[i] >> 2, [down, right] = forwardOffsets[edges[i] & 3];
      this.#update(probe);
      this.#update(probe + down * this.columns + right);
    }
  }

  /** The edges of a probe inside the scan, in the order of `neighbourOffsets`; -1 where the neighbour is outside. */
  edgesOf(probe: number, edges: Int32Array): void {
    const { rows, columns } = this;
    const row = Math.floor(probe / columns), column = probe - row * columns;
    const up = row > 0, down = row < rows - 1, left = column > 0, right = column < columns - 1;
    const steps = this.#steps, first = 4 * probe;
    edges[0] = up && left ? first + steps[0] : -1;
    edges[1] = up ? first + steps[1] : -1;
    edges[2] = up && right ? first + steps[2] : -1;
    edges[3] = left ? first + steps[3] : -1;
    edges[4] = right ? first + steps[4] : -1;
    edges[5] = down && left ? first + steps[5] : -1;
    edges[6] = down ? first + steps[6] : -1;
    edges[7] = down && right ? first + steps[7] : -1;
  }

  #updateAll(): void {
    for (let probe = 0; probe < this.rows * this.columns; probe++) this.#update(probe);
  }

  readonly #around = new Int32Array(8);

  #update(probe: number): void {
    const { similarity, missing } = this;
    const edges = this.#around;
    this.edgesOf(probe, edges);
    let low = 0, high = 0, count = 0;
    for (let k = 0; k < 8; k++) {
      const edge = edges[k];
      if (edge < 0) {
        if (missing === null) continue;
        low += missing;
        high += missing;
      } else {
        const value = similarity[edge], slack = this.errorOf(edge);
        low += Math.max(-1, value - slack);
        high += Math.min(1, value + slack);
      }
      count++;
    }
    this.low[probe] = count > 0 ? low / count : 0;
    this.high[probe] = count > 0 ? high / count : 0;
  }
}
