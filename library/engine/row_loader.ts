/** Loading scan rows into the arena: by the threads where the patterns lie in files, else on this thread. */

import { createPixelArray, viewPixels } from "../scan/dtype.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount } from "../scan/shape.ts";
import type { TileGrid } from "../scan/tiles.ts";
import { type Address, at, nowhere } from "./address.ts";
import type { Engine } from "./engine.ts";
import {
  type KernelCall,
  type LoadCall,
  threadStaging,
  type Work,
  type Working,
  workings,
} from "./kernels.ts";
import {
  type FillTable,
  loadLength,
  loadScratchBytes,
  needsStaging,
  readsInParallel,
  rowBytes,
  stagingBytes,
  tileRowsOf,
  tilesOf,
  workingType,
} from "./loaded_scan.ts";
import { notFinite } from "./not_finite.ts";
import { readingUnit } from "./stored_reader.ts";

/**
 * Calls that the thread makes which loaded patterns from..to-1 of a row; `patterns` is the address of the first. `null`:
 * these patterns need not be loaded.
 */
export type Follow = (row: number, from: number, to: number, patterns: Address) => KernelCall[] | null;

/** What a {@link RowLoader} is told. */
export interface RingSettings {
  readonly fill: FillTable;
  /** First row that will be loaded. */
  readonly top: number;
  /** Rows of the ring. */
  readonly capacity: number;
  /** Largest number of rows that are read at once. */
  readonly band: number;
  /** Whether the largest count of each pattern of 16-bit counts is wanted. */
  readonly largest: boolean;
  /** What happens to patterns as soon as they are loaded; where threads read, they are not kept then, unless asked. */
  readonly follow?: Follow;
  /** Whether patterns are kept in the ring even if calls follow. */
  readonly kept?: boolean;
  /** Bytes that each thread has for itself behind the patterns that it loads; only where threads read and calls follow. */
  readonly threadBytes?: number;
}

/** Loads rows of one scan into a ring of rows. Close it when the pass is over. */
export class RowLoader {
  /** Whether threads read by themselves; else {@link readHere} must come before the calls. */
  readonly parallel: boolean;
  readonly #source: number;
  readonly #rows: Address;
  /** Whether patterns are only passing through the staging memory of the threads. */
  readonly #staged: boolean;
  readonly #rowBytes: number;
  readonly #working: Working;
  readonly #table: Address;
  readonly #scratch: Address;
  readonly #scratchStride: number;
  /** Address of an int32 for each pattern of the ring, its largest count, or a float32, NaN where it is not finite. */
  readonly #checks: Address;
  readonly #staging;

  constructor(readonly engine: Engine, readonly scan: Scan, readonly ring: RingSettings) {
    const { shape, dtype, stored } = scan;
    const { fill, capacity, band, largest } = ring;
    const pixels = pixelCount(shape);
    this.#rowBytes = rowBytes(scan);
    this.#working = workingType(dtype);
    const patternBytes = this.#rowBytes / shape.columns;
    this.parallel = readsInParallel(scan);
    const tileRows = tileRowsOf(scan, band);
    this.#source = this.parallel ? engine.addSource(stored!, patternBytes, tileRows) : -1;
    this.#staged = this.parallel && ring.follow !== undefined && !ring.kept;
    if (this.#staged) engine.allocateStaging(stagingBytes(scan) + (ring.threadBytes ?? 0));
    this.#rows = this.#staged ? nowhere : engine.allocate(capacity * this.#rowBytes);
    this.#table = fill.count > 0 ? engine.place(fill.table) : nowhere;
    this.#scratchStride = loadScratchBytes(scan, tileRows);
    this.#scratch = engine.allocate(this.#scratchStride * engine.threads);
    const checked = this.#working === "F32" || (this.#working === "U16" && largest);
    this.#checks = checked ? engine.allocate(4 * shape.columns * capacity) : nowhere;
    this.#staging = needsStaging(dtype) && !this.parallel
      ? createPixelArray(dtype, band * shape.columns * pixels)
      : null;
  }

  /** Address of a row in the ring. */
  pointer(row: number): Address {
    return at(this.#rows, this.#slot(row) * this.#rowBytes);
  }

  /** Reads rows on this thread; they must not wrap around the ring. Readers that do it at once need no wait in between. */
  async readHere(first: number, count: number): Promise<void> {
    const length = count * this.scan.shape.columns * pixelCount(this.scan.shape);
    const pointer = this.pointer(first);
    if (!this.#staging) {
      const { buffer, byteOffset } = this.engine.view(Uint8Array, pointer, count * this.#rowBytes);
      await this.scan.readRows(first, count, viewPixels(this.scan.dtype, buffer, byteOffset, length));
      return;
    }
    const source = this.#staging.subarray(0, length);
    await this.scan.readRows(first, count, source);
    this.engine.view(Float32Array, pointer, length).set(source);
  }

  /**
   * What loads rows, or cleans and checks what {@link readHere} has read, and makes the calls that follow; nothing where
   * nothing is to do.
   */
  calls(first: number, count: number): Work[] {
    const { follow } = this.ring;
    if (!this.parallel && !this.#table && !this.#checks && !follow && !this.ring.fill.largestBelieved) {
      return [];
    }
    const { columns } = this.scan.shape;
    const patternBytes = this.#rowBytes / columns;
    const tiles = this.parallel ? tilesOf(this.scan) : undefined;
    if (tiles) return this.#tiledCalls(tiles, first, first + count);
    const unit = this.parallel ? readingUnit(this.scan.stored) : 1;
    const length = loadLength(this.scan);
    const calls: Work[] = [];
    for (let row = first; row < first + count; row++) {
      for (let from = 0; from < columns;) {
        // Calls end where chunks do, so that no chunk is unpacked twice.
        const to = nextCut(row * columns + from, from, columns, length, unit);
        const pointer = this.#staged ? threadStaging : at(this.pointer(row), from * patternBytes);
        const load = this.load(row, from, to, pointer);
        if (!follow) calls.push(load);
        else {
          const next = follow(row, from, to, pointer);
          if (next) calls.push([load, ...next]);
        }
        from = to;
      }
    }
    return calls;
  }

  /** Rows that share chunks are loaded one after the other by one thread, which keeps what it decoded of them. */
  #tiledCalls(tiles: TileGrid, first: number, end: number): Work[] {
    const { follow } = this.ring, { columns } = this.scan.shape;
    const patternBytes = this.#rowBytes / columns, length = loadLength(this.scan);
    const calls: Work[] = [];
    for (let top = first; top < end;) {
      const bottom = Math.min(end, top + tiles.rows - (top + tiles.rowsBefore) % tiles.rows);
      for (let from = 0; from < columns;) {
        const before = tiles.runsOn === undefined ? tiles.columnsBefore : tiles.runsOn + top * columns;
        const to = nextCut(before + from, from, columns, length, tiles.columns);
        const together: KernelCall[] = [];
        for (let row = top; row < bottom; row++) {
          const pointer = this.#staged ? threadStaging : at(this.pointer(row), from * patternBytes);
          const next = follow ? follow(row, from, to, pointer) : [];
          if (next) together.push(this.load(row, from, to, pointer), ...next);
        }
        if (together.length > 0) calls.push(together);
        from = to;
      }
      top = bottom;
    }
    return calls;
  }

  /**
   * The call that loads patterns from..to-1 of a row to an address.
   *
   * @param checks where it leaves the largest count of each as int32, or its largest value as float32, NaN if it is not finite; default: where
   * {@link check} and {@link largest} look
   */
  load(row: number, from: number, to: number, pointer: Address, checks?: Address): LoadCall {
    const ownChecks = this.#checks === nowhere ? nowhere : at(this.#checkOf(row), 4 * from);
    return [
      "load",
      this.#source,
      row * this.scan.shape.columns + from,
      to - from,
      pointer,
      workings.indexOf(this.#working),
      pixelCount(this.scan.shape),
      this.#table,
      this.ring.fill.count,
      this.scan.shape.patternColumns,
      this.ring.fill.largestBelieved ?? 0,
      this.#scratch,
      this.#scratchStride,
      checks ?? ownChecks,
    ];
  }

  /**
   * Looks at what the calls found.
   *
   * @throws {CorruptFile} when a pattern holds NaN or infinity
   */
  check(first: number, count: number): void {
    if (this.#working !== "F32") return;
    for (let row = first; row < first + count; row++) {
      const { columns } = this.scan.shape, { leftOut } = this.ring.fill;
      const found = this.engine.view(Float32Array, this.#checkOf(row), columns)
        .findIndex((largest, column) => largest !== largest && !leftOut?.[row * columns + column]);
      if (found >= 0) throw notFinite(this.scan, row, found);
    }
  }

  /** Largest count of a row of 16-bit counts that is still in the ring. */
  largest(row: number): number {
    return this.engine.view(Int32Array, this.#checkOf(row), this.scan.shape.columns)
      .reduce((most, count) => Math.max(most, count), 0);
  }

  close(): void {
    if (this.parallel) this.engine.removeSource(this.#source);
  }

  #checkOf(row: number): Address {
    return at(this.#checks, 4 * this.scan.shape.columns * this.#slot(row));
  }

  #slot(row: number): number {
    return (row - this.ring.top) % this.ring.capacity;
  }
}

/** The column after those that a call loads which begins at column `from`, the pattern at `position`: the last where a chunk ends. */
function nextCut(position: number, from: number, columns: number, length: number, unit: number): number {
  return Math.min(columns, from + Math.max(length, unit) - position % unit);
}
