/** Correlations of weighted patterns with those around them, and the prefilter's weights from them (spec stage 2). */

import { type Address, at } from "../../engine/address.ts";
import type { KernelCall, Work } from "../../engine/kernels.ts";
import type { Memory, Ring } from "../../engine/memory.ts";
import type { Arena } from "../../engine/pass.ts";
import { tileWork } from "../../engine/row_calls.ts";
import type { ScanShape } from "../../scan/shape.ts";
import { noWeights, type PrefilterWeights } from "./footprint.ts";
import type { PrefilterParameters } from "./parameters.ts";

/** Columns that are correlated with all rows above before the next: four pairs, as the kernel takes them. */
const blockColumns = 8;

/** Makes the calls that correlate rows of weighted patterns, and weights of what they leave. */
export class CorrelationRows {
  #weights: PrefilterWeights;
  #rows!: Ring;
  #arena!: Arena;

  constructor(readonly shape: ScanShape, readonly parameters: PrefilterParameters) {
    this.#weights = noWeights(parameters);
  }

  /** @param band largest number of rows that are correlated at a time */
  reserve(memory: Memory, band: number): void {
    const rowBytes = 4 * this.shape.columns * this.#weights.offsets.length;
    this.#rows = memory.ring("weights of the prefilter", band + this.parameters.radius, rowBytes);
  }

  begin(arena: Arena): void {
    const { rows, columns } = this.shape, { offsets } = this.#weights;
    this.#arena = arena;
    this.#weights = { offsets, values: new Float32Array(rows * columns * offsets.length) };
  }

  /** Filled row by row: those of a row are there once the last row that it reaches was correlated. */
  get weights(): PrefilterWeights {
    return this.#weights;
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
      // What stays so is outside the scan.
      this.#arena.view(Float32Array, this.#rows(row), columns * offsets.length).fill(0);
    }
    return tileWork(columns, this.#arena.threads, (from, to) => {
      const calls: KernelCall[] = [];
      for (let row = first; row < end; row++) {
        // A few columns at a time: the patterns of this row that they reach stay in the cache for all rows above.
        for (let column = from; column < to; column += blockColumns) {
          const block = [column, Math.min(to, column + blockColumns)] as const;
          for (let down = 0; down <= Math.min(row, this.parameters.radius); down++) {
            calls.push(this.#call(row, down, block, patterns, length));
          }
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
      "correlationWeights",
      patterns(row - down),
      patterns(row),
      this.shape.columns,
      from,
      to,
      length,
      inRow[0][1],
      inRow[inRow.length - 1][1],
      at(this.#rows(row - down), 4 * index),
      offsets.length,
      ...this.parameters.range,
    ];
  }

  /** Takes weights once the calls are made. A row is complete with the last row that it reaches. */
  finish(first: number, end: number): void {
    const { rows, columns } = this.shape;
    const { radius } = this.parameters;
    const length = columns * this.weights.offsets.length;
    const complete = end === rows ? rows : end - radius;
    for (let row = Math.max(0, first - radius); row < complete; row++) {
      this.weights.values.set(this.#arena.view(Float32Array, this.#rows(row), length), row * length);
    }
  }
}
