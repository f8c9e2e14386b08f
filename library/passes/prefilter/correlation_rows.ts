/** Correlations of weighted patterns with those around them, and the prefilter's weights from them (spec stage 2). */

import { type Address, at } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import type { KernelCall, Work } from "../../engine/kernels.ts";
import { rowWork } from "../../engine/rows.ts";
import type { ScanShape } from "../../scan/shape.ts";
import {
  correlationWeight,
  halfFootprint,
  type PrefilterParameters,
  type PrefilterWeights,
} from "./footprint.ts";

/** Columns that are correlated with all rows above before the next: four pairs, as the kernel takes them. */
const blockColumns = 8;

/** Bytes of the arena that {@link CorrelationRows} takes for bands of `band` rows. */
export function correlationBytes(
  { columns }: Pick<ScanShape, "columns">,
  parameters: PrefilterParameters,
  band: number,
): number {
  return 4 * columns * halfFootprint(parameters).length * (band + parameters.radius) + 64;
}

/** Makes the calls that correlate rows of weighted patterns, and weights of what they leave. */
export class CorrelationRows {
  /** Filled row by row: those of a row are there once the last row that it reaches was correlated. */
  readonly weights: PrefilterWeights;
  readonly #ring: number;
  readonly #start: Address;

  /** @param band largest number of rows that are correlated at a time */
  constructor(
    readonly engine: Engine,
    readonly shape: ScanShape,
    readonly parameters: PrefilterParameters,
    band: number,
  ) {
    const offsets = halfFootprint(parameters);
    this.weights = { offsets, values: new Float32Array(shape.rows * shape.columns * offsets.length) };
    this.#ring = band + parameters.radius;
    this.#start = engine.allocate(4 * shape.columns * offsets.length * this.#ring);
  }

  /**
   * Calls that correlate rows first..end-1 with themselves and with the rows above that they are in reach of.
   *
   * @param patterns address of a row of float32 patterns, weighted and of norm 1 or 0
   * @param length pixels of a pattern
   */
  calls(first: number, end: number, patterns: (row: number) => Address, length: number): Work[] {
    const { columns } = this.shape;
    const { offsets } = this.weights;
    for (let row = first; row < end; row++) {
      // What stays so is outside the scan: its weight is 0 whatever the range.
      this.engine.view(Float32Array, this.#correlations(row), columns * offsets.length).fill(-Infinity);
    }
    return rowWork(first, end - first, columns, this.engine.threads, (row, from, to) => {
      const calls: KernelCall[] = [];
      // A few columns at a time: the patterns of this row that they reach stay in the cache for all rows above.
      for (let column = from; column < to; column += blockColumns) {
        const block = [column, Math.min(to, column + blockColumns)] as const;
        for (let down = 0; down <= Math.min(row, this.parameters.radius); down++) {
          calls.push(this.#call(row, down, block, patterns, length));
        }
      }
      return calls;
    });
  }

  /** The call that correlates patterns of a row with those of the row `down` rows above. */
  #call(
    row: number,
    down: number,
    [from, to]: readonly [number, number],
    patterns: (row: number) => Address,
    length: number,
  ): KernelCall {
    const { offsets } = this.weights;
    const index = offsets.findIndex(([offset]) => offset === down);
    const inRow = offsets.filter(([offset]) => offset === down);
    return [
      "correlate",
      patterns(row - down),
      patterns(row),
      this.shape.columns,
      from,
      to,
      length,
      inRow[0][1],
      inRow[inRow.length - 1][1],
      at(this.#correlations(row - down), 4 * index),
      offsets.length,
    ];
  }

  /** Turns correlations into weights once the calls are made. A row is complete with the last row that it reaches. */
  finish(first: number, end: number): void {
    const { rows, columns } = this.shape;
    const { radius, range } = this.parameters;
    const length = columns * this.weights.offsets.length;
    const complete = end === rows ? rows : end - radius;
    for (let row = Math.max(0, first - radius); row < complete; row++) {
      const correlations = this.engine.view(Float32Array, this.#correlations(row), length);
      const values = this.weights.values.subarray(row * length, (row + 1) * length);
      for (let i = 0; i < length; i++) {
        values[i] = correlationWeight(correlations[i], range);
      }
    }
  }

  #correlations(row: number): Address {
    return at(this.#start, (row % this.#ring) * 4 * this.shape.columns * this.weights.offsets.length);
  }
}
