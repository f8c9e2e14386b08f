/** Rows of prefiltered patterns: weighted sums of the raw patterns around each probe (spec stage 2). */

import type { Engine } from "../engine/engine.ts";
import type { KernelCall, Working } from "../engine/kernels.ts";
import { type RowBlock, rowCalls, workingBytes } from "../engine/rows.ts";
import { pixelCount, type ScanShape } from "../scan/shape.ts";
import type { PrefilterWeights } from "./clustering.ts";

/** One raw pattern's part in a filtered one: its probe and its weight; the weights of a filtered pattern sum to 1. */
export interface FilterTerm {
  readonly row: number;
  readonly column: number;
  readonly weight: number;
}

/**
 * The raw patterns that make up the filtered pattern at a probe, in a fixed order: I' = (I + sum R^ I_i) / (1 + sum R^),
 * the sum holding i = (0, 0), whose R^ is 1 unless
 * the pattern has no norm.
 */
export function filterTerms(
  weights: PrefilterWeights,
  shape: ScanShape,
  row: number,
  column: number,
): FilterTerm[] {
  const { offsets, values } = weights;
  const terms: { row: number; column: number; weight: number }[] = [{ row, column, weight: 1 }];
  let total = 1;
  offsets.forEach(([down, right], k) => {
    const weight = values[(row * shape.columns + column) * offsets.length + k];
    total += weight;
    if (k === 0) terms[0].weight += weight;
    else if (weight > 0) terms.push({ row: row + down, column: column + right, weight });
    const up = row - down, left = column - right;
    if (k === 0 || up < 0 || left < 0 || left >= shape.columns) return;
    const mirrored = values[(up * shape.columns + left) * offsets.length + k];
    total += mirrored;
    if (mirrored > 0) terms.push({ row: up, column: left, weight: mirrored });
  });
  return terms.map((term) => ({ ...term, weight: term.weight / total }));
}

/** Makes filtered patterns out of rows of raw ones that lie in the arena. */
export class FilterStage {
  /** Largest distance of a neighbour in rows or columns. */
  readonly radius: number;
  #terms = 0;
  #starts = 0;
  readonly #most: number;

  constructor(readonly shape: ScanShape, readonly input: Working, readonly weights: PrefilterWeights) {
    this.radius = weights.offsets.reduce((radius, [row]) => Math.max(radius, row), 1);
    this.#most = 2 * weights.offsets.length - 1;
  }

  /** Bytes that {@link prepare} allocates for blocks of `rows` rows, for a square footprint at worst. */
  static bytes(shape: ScanShape, radius: number, rows: number): number {
    return radius === 0 ? 0 : (8 * (2 * radius + 1) ** 2 + 8) * shape.columns * rows + 256;
  }

  /** Allocates the tables for blocks of up to `rows` rows. */
  prepare(engine: Engine, rows: number): void {
    this.#terms = engine.allocate(8 * this.#most * this.shape.columns * rows);
    this.#starts = engine.allocate(4 * (this.shape.columns + 1) * rows);
  }

  /** Calls that write the filtered patterns of a block, float32, to the rows at `destination`. */
  calls(engine: Engine, block: RowBlock, destination: (row: number) => number): KernelCall[] {
    const { columns } = this.shape;
    const pixels = pixelCount(this.shape);
    const patternBytes = pixels * workingBytes(this.input);
    const rowTerms = 8 * this.#most * columns, rowStarts = 4 * (columns + 1);
    for (let row = block.first; row < block.end; row++) {
      const slot = row - block.first;
      const addresses = engine.view(Uint32Array, this.#terms + slot * rowTerms, 2 * this.#most * columns);
      const weights = engine.view(Float32Array, this.#terms + slot * rowTerms, 2 * this.#most * columns);
      const starts = engine.view(Int32Array, this.#starts + slot * rowStarts, columns + 1);
      let count = 0;
      for (let column = 0; column < columns; column++) {
        starts[column] = count;
        for (const term of filterTerms(this.weights, this.shape, row, column)) {
          addresses[2 * count] = block.pointer(term.row) + term.column * patternBytes;
          weights[2 * count + 1] = term.weight;
          count++;
        }
      }
      starts[columns] = count;
    }
    return rowCalls(block.first, block.end - block.first, columns, engine.threads, (row, from, to) => {
      const slot = row - block.first;
      return [
        `filter${this.input}`,
        ...[
          this.#terms + slot * rowTerms,
          this.#starts + slot * rowStarts,
          from,
          to,
          pixels,
          destination(row),
        ],
      ];
    });
  }
}
