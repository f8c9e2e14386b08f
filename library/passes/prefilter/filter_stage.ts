/** Rows of prefiltered patterns: weighted sums of the raw patterns around each probe (spec stage 2). */

import { type Address, at, nowhere } from "../../engine/address.ts";
import { type KernelCall, threadScratch, type Work, type Working } from "../../engine/kernels.ts";
import type { Memory, Ring } from "../../engine/memory.ts";
import type { Arena, RowBlock } from "../../engine/pass.ts";
import { tileColumns, tileWork } from "../../engine/row_calls.ts";
import { workingBytes } from "../../engine/loaded_scan.ts";
import { pixelCount, type ScanShape } from "../../scan/shape.ts";
import { footprintRows, type PrefilterWeights } from "./footprint.ts";

/** Pixels that are filtered in all rows of a tile before the next: as many as the kernel takes at a time. */
const tilePixels = 512;
/** Bytes of a tile of a sum of three samples (assembly/runs.ts). */
const sumBytes = 512;

/** Makes filtered patterns out of rows of raw ones that lie in the arena. */
export class FilterStage {
  /** Largest distance of a neighbour in rows or columns. */
  readonly radius: number;
  /** Numbers of a pattern. */
  readonly pixels: number;
  /** Most patterns that make up a filtered one. */
  readonly #most: number;
  readonly #offsets: PrefilterWeights["offsets"];
  #weights!: PrefilterWeights;
  #arena!: Arena;
  #terms = nowhere;
  #starts = nowhere;
  #rows = nowhere;
  #offsetTable = nowhere;
  #shape = nowhere;
  #runTerms = nowhere;
  #sources = nowhere;
  /** Weights where the kernels can see them. */
  #seen!: Ring;
  /** Rows of weights that were put there. */
  #placed = 0;

  /**
   * @param offsets of the prefilter's weights
   * @param input type of the patterns
   * @param samples floats that stand for a pattern, where samples are filtered in place of the scan's own patterns: a multiple of 4
   */
  constructor(
    readonly shape: ScanShape,
    readonly input: Working,
    offsets: PrefilterWeights["offsets"],
    readonly samples?: number,
  ) {
    this.pixels = samples ?? pixelCount(shape);
    this.radius = offsets.reduce((radius, [row]) => Math.max(radius, row), 1);
    this.#offsets = offsets;
    this.#most = 2 * offsets.length - 1;
  }

  /** Reserves the tables for blocks of up to `rows` rows. */
  reserve(memory: Memory, rows: number): void {
    const { columns } = this.shape, half = this.#offsets.length;
    this.#terms = memory.allocate("terms of the filter", this.#termBytes * rows);
    this.#starts = memory.allocate("beginnings of the terms", this.#startBytes * rows);
    this.#rows = memory.allocate("rows that are filtered", this.#rowsBytes * rows);
    this.#seen = memory.ring("weights that are filtered with", rows + this.radius, 4 * columns * half);
    this.#offsetTable = memory.table(
      "offsets of the filter",
      8 * half,
      () => Int32Array.from(this.#offsets.flat()),
    );
    if (this.samples === undefined) return;
    memory.scratch(sumBytes * (tileColumns + 2 * this.#margin) * (rows + 2 * this.radius));
    this.#shape = memory.table(
      "rows of the footprint",
      8 * (this.radius + 1),
      () => footprintRows(this.#offsets),
    );
    this.#runTerms = memory.allocate("terms of run sums", this.#termBytes * rows);
    this.#sources = memory.allocate("rows of samples", 4 * (2 * rows + 2 * this.radius));
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
    if (this.samples !== undefined) this.#tellSources(block, destination);
    return tileWork(
      columns,
      this.#arena.threads,
      (from, to) =>
        this.samples === undefined
          ? this.#termCalls(block, from, to, destination)
          : this.#runCalls(block, from, to),
    );
  }

  /** Calls that filter a tile term by term. */
  #termCalls(
    { first, end }: Pick<RowBlock, "first" | "end">,
    from: number,
    to: number,
    destination: (row: number) => Address,
  ): KernelCall[] {
    const calls: KernelCall[] = [];
    for (let row = first; row < end; row++) {
      const slot = row - first;
      const terms = this.#termsOf(slot, from), starts = this.#startsOf(slot, from);
      calls.push(["filterTerms", ...this.#around(slot, from, to), terms, starts]);
    }
    // A few pixels of all rows before the next: the rows have most of their terms in common.
    for (let pixel = 0; pixel < this.pixels; pixel += tilePixels) {
      const stop = Math.min(this.pixels, pixel + tilePixels);
      for (let row = first; row < end; row++) {
        const slot = row - first;
        const terms = this.#termsOf(slot, from), starts = this.#startsOf(slot, from);
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
  }

  /** Calls that filter a tile of samples with run sums. */
  #runCalls(
    { first, end }: Pick<RowBlock, "first" | "end">,
    from: number,
    to: number,
  ): KernelCall[] {
    const { columns } = this.shape, count = end - first;
    const runsOf = (slot: number) => at(this.#runTerms, slot * this.#termBytes + 8 * this.#most * from);
    const calls = Array.from({ length: count }, (_, slot): KernelCall => {
      const terms = this.#termsOf(slot, from), starts = this.#startsOf(slot, from);
      const around = this.#around(slot, from, to);
      return ["runTerms", ...around, this.#shape, this.#margin, slot, terms, runsOf(slot), starts];
    });
    calls.push([
      "filterRuns",
      this.#sources,
      count,
      this.radius,
      columns,
      from,
      to,
      this.pixels,
      this.#margin,
      this.#termsOf(0, from),
      this.#termBytes,
      runsOf(0),
      this.#termBytes,
      this.#startsOf(0, from),
      this.#startBytes,
      threadScratch,
    ]);
    return calls;
  }

  /** What kernels are told of the weights around the probes from..to-1 of a row. */
  #around(slot: number, from: number, to: number) {
    const { columns } = this.shape, patternBytes = this.pixels * workingBytes(this.input);
    const table = at(this.#rows, slot * this.#rowsBytes);
    return [
      table,
      this.radius,
      this.#offsetTable,
      this.#offsets.length,
      columns,
      from,
      to,
      patternBytes,
    ] as const;
  }

  // Each tile has terms and beginnings of its own, whatever the others do.

  #termsOf(slot: number, from: number): Address {
    return at(this.#terms, slot * this.#termBytes + 8 * this.#most * from);
  }

  #startsOf(slot: number, from: number): Address {
    return at(this.#starts, slot * this.#startBytes + this.#startBytes / 2 / (this.shape.columns + 1) * from);
  }

  /** Room for the tiles of a row, each with an end of its own: one number a probe, two with runs. */
  get #startBytes(): number {
    return (this.samples === undefined ? 8 : 16) * (this.shape.columns + 1);
  }

  /** Columns of sums on either side of those that are filtered: an even number, since they are made in pairs. */
  get #margin(): number {
    return 2 * Math.ceil((this.radius - 1) / 2);
  }

  get #termBytes(): number {
    return 8 * this.#most * this.shape.columns;
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

  /** Says where samples of all rows that a block wants lie, and where filtered ones go. */
  #tellSources(
    { first, end, pointer }: Pick<RowBlock, "first" | "end" | "pointer">,
    destination: (row: number) => Address,
  ): void {
    const rows = end - first + 2 * this.radius,
      told = this.#arena.view(Uint32Array, this.#sources, rows + end - first);
    for (let i = 0; i < rows; i++) {
      const row = first - this.radius + i;
      told[i] = row >= 0 && row < this.shape.rows ? pointer(row) : 0;
    }
    for (let row = first; row < end; row++) told[rows + row - first] = destination(row);
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
