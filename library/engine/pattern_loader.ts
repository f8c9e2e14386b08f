/** Loading of single patterns from anywhere in a scan. */

import { bytesPerElement, createPixelArray, viewPixels } from "../scan/dtype.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount } from "../scan/shape.ts";
import { type Address, at, nowhere } from "./address.ts";
import type { Engine } from "./engine.ts";
import { type LoadCall, type Work, workings } from "./kernels.ts";
import {
  type FillTable,
  type LoadedScan,
  loadScratchBytes,
  mostPatterns,
  needsStaging,
  readingBytes,
  readsInParallel,
  recordedPatternBytes,
  rowBytes,
  tilesOf,
  workingType,
} from "./loaded_scan.ts";
import { notFinite } from "./not_finite.ts";

/** Most bytes of patterns that share chunks that all threads keep, or that are loaded at once, of those that are free. */
function keptBytes(available: number): number {
  return Math.min(2 ** 28, available / 4);
}

/** What a loader may take. */
export interface LoaderRoom {
  readonly threads: number;
  /** Bytes that are free before it takes any. */
  readonly available: number;
}

/** Rows of patterns that share chunks that each thread keeps: all, or a half, a quarter, ... where they are too large. */
function keptRows(scan: LoadedScan, { threads, available }: LoaderRoom): number {
  const tiles = tilesOf(scan);
  if (!tiles) return 1;
  const bytes = threads * tiles.columns * recordedPatternBytes(scan);
  let rows = tiles.rows;
  while (rows > 1 && rows * bytes > keptBytes(available)) rows = Math.ceil(rows / 2);
  return rows;
}

/**
 * How many of the scan rows from `rows[index]` on are best loaded at once: `usual`, or where rows share chunks, those of a
 * row of chunks or of an equal part of it that threads can keep, so that no chunk is decoded for each row again.
 *
 * @param rowBytes bytes of what is loaded of a row
 * @param available bytes that may be taken
 */
export function rowsTogether(
  scan: LoadedScan,
  rows: Int32Array,
  index: number,
  { rowBytes, available, usual }: {
    readonly rowBytes: number;
    readonly available: number;
    readonly usual: number;
  },
): number {
  const tiles = readsInParallel(scan) ? tilesOf(scan) : undefined;
  if (!tiles || tiles.rows === 1) return usual;
  let part = tiles.rows;
  const share = (row: number) => Math.floor((row + tiles.rowsBefore) / part);
  const together = () => {
    let count = 1;
    while (index + count < rows.length && share(rows[index + count]) === share(rows[index])) count++;
    return count;
  };
  while (part > 1 && together() * rowBytes > keptBytes(available)) part = Math.ceil(part / 2);
  return together();
}

/** Patterns in the arena, one after the other. */
export interface LoadedPatterns {
  /** Address of the first. */
  readonly address: Address;
  /** Largest value of all that is finite, and at least 0. */
  readonly largest: number;
}

/** Loads patterns of one scan, cleaned as passes get them. Close it when done. */
export class PatternLoader {
  /** Bytes of one pattern in the arena. */
  readonly patternBytes: number;
  /** Whether threads read by themselves; else whole scan rows are read on this thread. */
  readonly #parallel: boolean;
  readonly #source: number;
  readonly #table: Address;
  readonly #scratch: Address;
  readonly #scratchStride: number;
  /** One scan row, where whole rows are read. */
  readonly #row;
  /** Which one. */
  #read = -1;

  /** Takes what it needs beside the patterns from the arena; {@link patternLoaderBytes} says how much. */
  constructor(readonly engine: Engine, readonly scan: Scan, readonly fill: FillTable) {
    const { shape, dtype, stored } = scan;
    engine.demand(readingBytes(scan));
    this.patternBytes = rowBytes(scan) / shape.columns;
    this.#parallel = readsInParallel(scan);
    const tileRows = keptRows(scan, engine);
    this.#source = this.#parallel ? engine.addSource(stored!, this.patternBytes, tileRows) : -1;
    this.#table = fill.count > 0 ? engine.place(fill.table) : nowhere;
    this.#scratchStride = loadScratchBytes(scan, tileRows);
    this.#scratch = engine.allocate(this.#scratchStride * engine.threads);
    const pixels = shape.columns * pixelCount(shape);
    if (this.#parallel) this.#row = null;
    else if (needsStaging(dtype)) this.#row = createPixelArray(dtype, pixels);
    else {
      const { buffer, byteOffset } = engine.view(Uint8Array, engine.allocate(rowBytes(scan)), rowBytes(scan));
      this.#row = viewPixels(dtype, buffer, byteOffset, pixels);
    }
  }

  /**
   * Loads patterns into memory that it allocates for them, and for a check of each.
   *
   * @param probes flat indices of their probes, rising
   * @param finite whether values that are not finite are refused
   * @throws {CorruptFile} when a pattern holds NaN or infinity, or the file cannot be read
   */
  async load(probes: Int32Array, finite = true): Promise<LoadedPatterns> {
    const { engine, patternBytes } = this;
    const address = engine.allocate(probes.length * patternBytes);
    const checks = engine.allocate(4 * probes.length);
    if (!this.#parallel) await this.#readRows(probes, address);
    await engine.run(this.#calls(probes, address, checks));
    const working = workingType(this.scan.dtype);
    const found: Int32Array | Float32Array = working === "F32"
      ? engine.view(Float32Array, checks, probes.length)
      : engine.view(Int32Array, checks, probes.length);
    let largest = 0;
    for (let i = 0; i < found.length; i++) {
      if (found[i] > largest) largest = found[i];
      if (finite && found[i] !== found[i] && !this.fill.leftOut?.[probes[i]]) {
        throw notFinite(this.scan, ...this.#position(probes[i]));
      }
    }
    return { address, largest };
  }

  close(): void {
    if (this.#parallel) this.engine.removeSource(this.#source);
  }

  /** Reads each row that holds one of the patterns, and keeps those. */
  async #readRows(probes: Int32Array, address: Address): Promise<void> {
    const row = this.#row!, pixels = pixelCount(this.scan.shape);
    const View = { U8: Uint8Array, U16: Uint16Array, F32: Float32Array }[workingType(this.scan.dtype)];
    for (const [slot, probe] of probes.entries()) {
      const [scanRow, column] = this.#position(probe);
      if (scanRow !== this.#read) {
        this.#read = -1;
        await this.scan.readRows(scanRow, 1, row);
        this.#read = scanRow;
      }
      this.engine.view<Uint8Array | Uint16Array | Float32Array>(
        View,
        at(address, slot * this.patternBytes),
        pixels,
      ).set(row.subarray(column * pixels, (column + 1) * pixels));
    }
  }

  /** Patterns that share chunks are loaded one after the other by one thread, which keeps what it decoded of them. */
  #calls(probes: Int32Array, address: Address, checks: Address): Work[] {
    const tiles = this.#parallel ? tilesOf(this.scan) : undefined;
    const together = new Map<string, LoadCall[]>();
    const calls = this.#loads(probes, address, checks);
    if (!tiles) return calls;
    for (const call of calls) {
      const [row, column] = this.#position(call[2]);
      const across = tiles.runsOn === undefined ? tiles.columnsBefore + column : tiles.runsOn + call[2];
      const place = [Math.floor((tiles.rowsBefore + row) / tiles.rows), Math.floor(across / tiles.columns)];
      const key = (tiles.runsOn === undefined ? place : place.slice(1)).join();
      const known = together.get(key);
      if (known) known.push(call);
      else together.set(key, [call]);
    }
    return [...together.values()];
  }

  #loads(probes: Int32Array, address: Address, checks: Address): LoadCall[] {
    const working = workingType(this.scan.dtype);
    const calls: LoadCall[] = [];
    for (let from = 0; from < probes.length;) {
      // What follows each other in the scan is read at once.
      let to = from + 1;
      while (to < probes.length && to < from + mostPatterns && probes[to] === probes[to - 1] + 1) to++;
      calls.push([
        "load",
        this.#source,
        probes[from],
        to - from,
        at(address, from * this.patternBytes),
        workings.indexOf(working),
        pixelCount(this.scan.shape),
        this.#table,
        this.fill.count,
        this.scan.shape.patternColumns,
        this.fill.largestBelieved ?? 0,
        this.#scratch,
        this.#scratchStride,
        at(checks, 4 * from),
      ]);
      from = to;
    }
    return calls;
  }

  #position(probe: number): [row: number, column: number] {
    const { columns } = this.scan.shape;
    return [Math.floor(probe / columns), probe % columns];
  }
}

/** Bytes that a {@link PatternLoader} takes beside the patterns, 4 bytes more for each of them not counted. */
export function patternLoaderBytes(scan: LoadedScan, fillBytes: number, room: LoaderRoom): number {
  const { shape, dtype } = scan;
  const row = readsInParallel(scan)
    ? 0
    : readingBytes(scan) + shape.columns * pixelCount(shape) * bytesPerElement(dtype);
  return row + fillBytes + room.threads * loadScratchBytes(scan, keptRows(scan, room)) + 256;
}
