/** Rows of prefiltered patterns: weighted sums of the raw patterns around each probe (spec stage 2). */

import { type Address, at, nowhere } from "../../engine/address.ts";
import type { KernelCall, Working } from "../../engine/kernels.ts";
import type { Memory } from "../../engine/memory.ts";
import type { Arena, RowBlock } from "../../engine/pass.ts";
import { rowCalls } from "../../engine/row_calls.ts";
import { workingBytes } from "../../engine/loaded_scan.ts";
import { pixelCount, type ScanShape } from "../../scan/shape.ts";
import type { PrefilterWeights } from "./footprint.ts";
import { FilterTerms } from "./filter_terms.ts";

/** Makes filtered patterns out of rows of raw ones that lie in the arena. */
export class FilterStage {
  /** Largest distance of a neighbour in rows or columns. */
  readonly radius: number;
  /** Most patterns that make up a filtered one. */
  readonly #most: number;
  #parts!: FilterTerms;
  #arena!: Arena;
  #terms = nowhere;
  #starts = nowhere;

  /**
   * @param offsets of the prefilter's weights
   * @param input type of the patterns
   * @param pixels length of a pattern, for patterns that are not the scan's own but made from them
   */
  constructor(
    readonly shape: ScanShape,
    readonly input: Working,
    offsets: PrefilterWeights["offsets"],
    readonly pixels: number = pixelCount(shape),
  ) {
    this.radius = offsets.reduce((radius, [row]) => Math.max(radius, row), 1);
    this.#most = 2 * offsets.length - 1;
  }

  /** Reserves the tables for blocks of up to `rows` rows. */
  reserve(memory: Memory, rows: number): void {
    const { columns } = this.shape;
    this.#terms = memory.allocate("terms of the filter", 8 * this.#most * columns * rows);
    this.#starts = memory.allocate("beginnings of the terms", 4 * (columns + 1) * rows);
  }

  /** @param weights those of a probe must be there when its pattern is filtered */
  begin(arena: Arena, weights: PrefilterWeights): void {
    this.#arena = arena;
    this.#parts = new FilterTerms(weights, this.shape);
  }

  /** Calls that write the filtered patterns of a block, float32, to the rows at `destination`. */
  calls(
    block: Pick<RowBlock, "first" | "end" | "pointer">,
    destination: (row: number) => Address,
  ): KernelCall[] {
    const { columns } = this.shape, arena = this.#arena;
    const rowTerms = 8 * this.#most * columns, rowStarts = 4 * (columns + 1);
    for (let row = block.first; row < block.end; row++) {
      const slot = row - block.first;
      this.#fillTable(
        row,
        block.pointer,
        arena.view(Uint32Array, at(this.#terms, slot * rowTerms), rowTerms / 4),
        arena.view(Float32Array, at(this.#terms, slot * rowTerms), rowTerms / 4),
        arena.view(Int32Array, at(this.#starts, slot * rowStarts), columns + 1),
      );
    }
    return rowCalls(block.first, block.end - block.first, columns, arena.threads, (row, from, to) => {
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
