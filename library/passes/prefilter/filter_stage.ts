/** Rows of prefiltered patterns: weighted sums of the raw patterns around each probe (spec stage 2). */

import { type Address, at, nowhere } from "../../engine/address.ts";
import type { KernelCall, Work, Working } from "../../engine/kernels.ts";
import type { Memory, Ring } from "../../engine/memory.ts";
import type { Arena, RowBlock } from "../../engine/pass.ts";
import { tileWork } from "../../engine/row_calls.ts";
import { workingBytes } from "../../engine/loaded_scan.ts";
import { pixelCount, type ScanShape } from "../../scan/shape.ts";
import type { PrefilterWeights } from "./footprint.ts";

/** Pixels that are filtered in all rows of a tile before the next: as many as the kernel takes at a time. */
const tilePixels = 512;

/** Makes filtered patterns out of rows of raw ones that lie in the arena. */
export class FilterStage {
  /** Largest distance of a neighbour in rows or columns. */
  readonly radius: number;
  /** Most patterns that make up a filtered one. */
  readonly #most: number;
  readonly #offsets: PrefilterWeights["offsets"];
  #weights!: PrefilterWeights;
  #arena!: Arena;
  #terms = nowhere;
  #starts = nowhere;
  #rows = nowhere;
  #offsetTable = nowhere;
  /** Weights where the kernels can see them. */
  #seen!: Ring;
  /** Rows of weights that were put there. */
  #placed = 0;

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
    this.#offsets = offsets;
    this.#most = 2 * offsets.length - 1;
  }

  /** Reserves the tables for blocks of up to `rows` rows. */
  reserve(memory: Memory, rows: number): void {
    const { columns } = this.shape, half = this.#offsets.length;
    this.#terms = memory.allocate("terms of the filter", 8 * this.#most * columns * rows);
    this.#starts = memory.allocate("beginnings of the terms", 8 * (columns + 1) * rows);
    this.#rows = memory.allocate("rows that are filtered", this.#rowsBytes * rows);
    this.#seen = memory.ring("weights that are filtered with", rows + this.radius, 4 * columns * half);
    this.#offsetTable = memory.table(
      "offsets of the filter",
      8 * half,
      () => Int32Array.from(this.#offsets.flat()),
    );
  }

  /** @param weights those of a probe must be there when its pattern is filtered */
  begin(arena: Arena, weights: PrefilterWeights): void {
    this.#arena = arena;
    this.#weights = weights;
    this.#placed = 0;
  }

  /** Calls that write the filtered patterns of a block, float32, to the rows at `destination`; blocks come in order. */
  calls(block: Pick<RowBlock, "first" | "end" | "pointer">, destination: (row: number) => Address): Work[] {
    const { columns } = this.shape, { first, end } = block;
    this.#place(Math.max(0, first - this.radius), end);
    for (let row = first; row < end; row++) this.#tellRows(row, row - first, block.pointer);
    const rowTerms = 8 * this.#most * columns, rowStarts = 8 * (columns + 1);
    return tileWork(columns, this.#arena.threads, (from, to) => {
      const calls: KernelCall[] = [];
      // Each tile has terms and beginnings of its own, whatever the others do.
      const termsOf = (slot: number) => at(this.#terms, slot * rowTerms + 8 * this.#most * from);
      const startsOf = (slot: number) => at(this.#starts, slot * rowStarts + 4 * from);
      for (let row = first; row < end; row++) {
        const slot = row - first;
        calls.push([
          "filterTerms",
          at(this.#rows, slot * this.#rowsBytes),
          this.radius,
          this.#offsetTable,
          this.#offsets.length,
          columns,
          from,
          to,
          this.pixels * workingBytes(this.input),
          termsOf(slot),
          startsOf(slot),
        ]);
      }
      // A few pixels of all rows before the next: the rows have most of their terms in common.
      for (let pixel = 0; pixel < this.pixels; pixel += tilePixels) {
        const stop = Math.min(this.pixels, pixel + tilePixels);
        for (let row = first; row < end; row++) {
          const terms = termsOf(row - first), starts = startsOf(row - first);
          calls.push([
            `filter${this.input}`,
            terms,
            starts,
            from,
            to,
            this.pixels,
            pixel,
            stop,
            destination(row),
          ]);
        }
      }
      return calls;
    });
  }

  /** Copies weights of the rows first..end-1 that are not there yet. */
  #place(first: number, end: number): void {
    const length = this.shape.columns * this.#offsets.length;
    for (let row = Math.max(first, this.#placed); row < end; row++) {
      const values = this.#weights.values.subarray(row * length, (row + 1) * length);
      this.#arena.view(Float32Array, this.#seen(row), length).set(values);
    }
    this.#placed = end;
  }

  get #rowsBytes(): number {
    return 8 * (2 * this.radius + 1);
  }

  /** Says where patterns and weights of the rows around a row lie. */
  #tellRows(row: number, slot: number, pointer: (row: number) => Address): void {
    const table = at(this.#rows, slot * this.#rowsBytes);
    const told = this.#arena.view(Uint32Array, table, this.#rowsBytes / 4);
    for (let i = 0; i <= 2 * this.radius; i++) {
      const other = row - this.radius + i, inside = other >= 0 && other < this.shape.rows;
      told[2 * i] = inside ? pointer(other) : 0;
      told[2 * i + 1] = inside && other <= row ? this.#seen(other) : 0;
    }
  }
}
