/** Rows of prefiltered patterns: weighted sums of the raw patterns around each probe (spec stage 2). */

import { type Address, at, nowhere } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import type { KernelCall, Working } from "../../engine/kernels.ts";
import { type RowBlock, rowCalls, workingBytes } from "../../engine/rows.ts";
import { pixelCount, type ScanShape } from "../../scan/shape.ts";
import type { PrefilterWeights } from "./footprint.ts";
import { FilterTerms } from "./filter_terms.ts";

/** Makes filtered patterns out of rows of raw ones that lie in the arena. */
export class FilterStage {
  /** Largest distance of a neighbour in rows or columns. */
  readonly radius: number;
  readonly #parts: FilterTerms;
  #terms = nowhere;
  #starts = nowhere;

  /**
   * @param input type of the patterns
   * @param pixels length of a pattern, for patterns that are not the scan's own but made from them
   */
  constructor(
    readonly shape: ScanShape,
    readonly input: Working,
    weights: PrefilterWeights,
    readonly pixels: number = pixelCount(shape),
  ) {
    this.radius = weights.offsets.reduce((radius, [row]) => Math.max(radius, row), 1);
    this.#parts = new FilterTerms(weights, shape);
  }

  /** Bytes that {@link prepare} allocates for blocks of `rows` rows, for a square footprint at worst. */
  static bytes(shape: ScanShape, radius: number, rows: number): number {
    return radius === 0 ? 0 : (8 * (2 * radius + 1) ** 2 + 8) * shape.columns * rows + 256;
  }

  /** Allocates the tables for blocks of up to `rows` rows. */
  prepare(engine: Engine, rows: number): void {
    this.#terms = engine.allocate(8 * this.#parts.most * this.shape.columns * rows);
    this.#starts = engine.allocate(4 * (this.shape.columns + 1) * rows);
  }

  /** Calls that write the filtered patterns of a block, float32, to the rows at `destination`. */
  calls(
    engine: Engine,
    block: Pick<RowBlock, "first" | "end" | "pointer">,
    destination: (row: number) => Address,
  ): KernelCall[] {
    const { columns } = this.shape;
    const rowTerms = 8 * this.#parts.most * columns, rowStarts = 4 * (columns + 1);
    for (let row = block.first; row < block.end; row++) {
      const slot = row - block.first;
      this.#fillTable(
        row,
        block.pointer,
        engine.view(Uint32Array, at(this.#terms, slot * rowTerms), rowTerms / 4),
        engine.view(Float32Array, at(this.#terms, slot * rowTerms), rowTerms / 4),
        engine.view(Int32Array, at(this.#starts, slot * rowStarts), columns + 1),
      );
    }
    return rowCalls(block.first, block.end - block.first, columns, engine.threads, (row, from, to) => {
      const slot = row - block.first;
      return [
        `filter${this.input}`,
        at(this.#terms, slot * rowTerms),
        at(this.#starts, slot * rowStarts),
        from,
        to,
        this.pixels,
        destination(row),
      ];
    });
  }

  /** The terms of a row: address and weight by turns, and where those of each probe begin. */
  #fillTable(
    row: number,
    pointer: (row: number) => Address,
    addresses: Uint32Array,
    weights: Float32Array,
    starts: Int32Array,
  ): void {
    const { rows, columns } = this.shape, parts = this.#parts;
    const patternBytes = this.pixels * workingBytes(this.input);
    const top = Math.max(0, row - this.radius), bottom = Math.min(rows, row + this.radius + 1);
    // Address of probe p is that of its row's first pattern less what came before that row, plus p patterns.
    const origins = Array.from(
      { length: bottom - top },
      (_, i) => pointer(top + i) - (top + i) * columns * patternBytes,
    );
    let count = 0;
    for (let column = 0; column < columns; column++) {
      starts[column] = count;
      const found = parts.partsOf(row, column);
      for (let i = 0; i < found; i++) {
        const probe = parts.probes[i];
        addresses[2 * count] = origins[Math.floor(probe / columns) - top] + probe * patternBytes;
        weights[2 * count + 1] = parts.weights[i];
        count++;
      }
    }
    starts[columns] = count;
  }
}
