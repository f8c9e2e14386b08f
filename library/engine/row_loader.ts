/** Loading scan rows into the arena: by the threads where the patterns lie in files, else on this thread. */

import { createPixelArray, viewPixels } from "../scan/dtype.ts";
import { CorruptFile } from "../scan/errors.ts";
import { computedAsStored, mayNotFit, numberName } from "../scan/stored_number.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount } from "../scan/shape.ts";
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
import { readingUnit, readScratchBytes } from "./stored_reader.ts";

/** Bad pixels as the `fill` kernels take them. */
export interface FillTable {
  /** 26 int32 for each pixel: its index, number of good neighbours, their indices. */
  readonly table: Int32Array;
  readonly count: number;
  /** Values from here on are missing in their pattern unless they are bright spots; absent: all is believed. */
  readonly largestBelieved?: number;
  /** 1 where a probe takes no part, so that its pattern may be anything; it becomes finite. */
  readonly leftOut?: Uint8Array;
}

/** Bytes of scratch that the `fill` kernels want. */
export const fillScratchBytes = 208;
/** Bytes of patterns that one call loads: small enough to be dealt out evenly and to stay in the cache. */
const loadBytes = 2 ** 20;

/** Bytes of scratch that cleaning wants: for filling, or for the largest value of each pattern of a call. */
function cleaningScratchBytes(scan: LoadedScan): number {
  return Math.max(fillScratchBytes, 4 * Math.max(scan.shape.columns, mostPatterns));
}

/** Most patterns from anywhere that are loaded by one call. */
export const mostPatterns = 16;

/** The type in which patterns of `dtype` are computed: 8- and 16-bit counts as they are, the rest as float32. */
export function workingType(dtype: Scan["dtype"]): Working {
  return dtype === "u8" ? "U8" : dtype === "u16" ? "U16" : "F32";
}

/** Bytes of one sample of a working type. */
export function workingBytes(working: Working): number {
  return { U8: 1, U16: 2, F32: 4 }[working];
}

/** Bytes of one scan row in its working type. */
export function rowBytes(scan: Pick<Scan, "shape" | "dtype">): number {
  return scan.shape.columns * pixelCount(scan.shape) * workingBytes(workingType(scan.dtype));
}

/** Whether `dtype` is read in another type than it is computed in. */
export function needsStaging(dtype: Scan["dtype"]): boolean {
  return !computedAsStored(dtype);
}

/**
 * Calls that the thread makes which loaded patterns from..to-1 of a row; `patterns` is the address of the first. `null`:
 * these patterns need not be loaded.
 */
export type Follow = (row: number, from: number, to: number, patterns: Address) => KernelCall[] | null;

/** What loading depends on. */
export type LoadedScan = Pick<Scan, "shape" | "dtype"> & Partial<Pick<Scan, "stored">>;

/** Whether threads read the patterns of a scan by themselves: as they are computed, or from records that they convert. */
export function readsInParallel({ stored, dtype }: LoadedScan): boolean {
  return stored !== undefined && (!needsStaging(dtype) || stored.every(({ kind }) => kind === "frames"));
}

/** Bytes of scratch that each thread wants for loading, in whole cache lines. */
export function loadScratchBytes(scan: LoadedScan): number {
  const patternBytes = rowBytes(scan) / scan.shape.columns;
  const reading = readsInParallel(scan) ? readScratchBytes(scan.stored, patternBytes) : 0;
  return 64 * Math.ceil((reading + cleaningScratchBytes(scan)) / 64);
}

/** Patterns that one call loads, in whole chunks. */
function loadLength(scan: LoadedScan): number {
  const unit = readsInParallel(scan) ? readingUnit(scan.stored) : 1;
  const patternBytes = rowBytes(scan) / scan.shape.columns;
  return Math.min(scan.shape.columns, unit * Math.max(1, Math.floor(loadBytes / patternBytes / unit)));
}

/** Bytes of the patterns that a thread has in its staging memory at a time. */
export function stagingBytes(scan: LoadedScan): number {
  return 64 * Math.ceil(loadLength(scan) * rowBytes(scan) / scan.shape.columns / 64);
}

/**
 * Arena bytes that loading takes, for a ring of `capacity` rows. Where calls follow and threads read by themselves, no
 * row is kept: each thread has one load of patterns at a time.
 */
export function loaderBytes(scan: LoadedScan, threads: number, capacity: number, followed: boolean): number {
  const patternBytes = rowBytes(scan) / scan.shape.columns;
  const patterns = followed && readsInParallel(scan)
    ? threads * loadLength(scan)
    : capacity * scan.shape.columns;
  return patterns * patternBytes + 4 * scan.shape.columns * capacity + 512 +
    threads * (readScratchBytes(scan.stored, patternBytes) + cleaningScratchBytes(scan) + 128);
}

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
    this.#source = this.parallel ? engine.addSource(stored!, patternBytes) : -1;
    this.#staged = this.parallel && ring.follow !== undefined && !ring.kept;
    if (this.#staged) engine.allocateStaging(stagingBytes(scan) + (ring.threadBytes ?? 0));
    this.#rows = this.#staged ? nowhere : engine.allocate(capacity * this.#rowBytes);
    this.#table = fill.count > 0 ? engine.place(fill.table) : nowhere;
    this.#scratchStride = loadScratchBytes(scan);
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
    const unit = this.parallel ? readingUnit(this.scan.stored) : 1;
    const length = loadLength(this.scan);
    const calls: Work[] = [];
    for (let row = first; row < first + count; row++) {
      for (let from = 0; from < columns;) {
        // Calls end where chunks do, so that no chunk is unpacked twice.
        const to = Math.min(columns, from + length - (row * columns + from) % unit);
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

/** The error for a pattern that holds NaN or infinity, which whole numbers become that do not fit. */
export function notFinite(scan: Scan, row: number, column: number): CorruptFile {
  const { path, dataset, numbers } = scan.source,
    pattern = `the pattern at row ${row}, column ${column} holds`;
  const details = { file: path, dataset, parameter: "badPixels" };
  if (numbers !== undefined && mayNotFit(numbers)) {
    return new CorruptFile(`${pattern} whole numbers that are too large to be read exactly`, {
      ...details,
      expected: `whole numbers from ${numbers === "u64" ? "0" : "-2^53"} to 2^53`,
      found: `${numberName(numbers)} beyond`,
      remedy:
        "leave the probe out of a mask (`mask: pixels`), name the broken pixels with `badPixels: pixels`, or " +
        "save the scan as float64",
    });
  }
  return new CorruptFile(`${pattern} values that are not finite`, {
    ...details,
    expected: "finite numbers within the range of float32",
    found: "NaN or infinity",
    remedy: "leave the probe out of a mask (`mask: pixels`), name the pixels if it is always the same ones " +
      "(`badPixels: pixels`), or repair the file",
  });
}
