/**
 * What a pass over a scan is. It says once what memory it needs, which calls are to be made for the patterns, and what its
 * result is; reading, bands, threads, cancelling and progress are the engine's business (run_passes.ts). Several passes
 * share one reading of the scan.
 */

import { bytesPerElement } from "../scan/dtype.ts";
import { OutOfResources } from "../scan/errors.ts";
import { pixelCount } from "../scan/shape.ts";
import type { Address } from "./address.ts";
import type { Engine } from "./engine.ts";
import { processBytes } from "./limits.ts";
import type { KernelCall, Work } from "./kernels.ts";
import { CountedMemory, type Memory, type NamedBytes } from "./memory.ts";
import type { RunOptions } from "./options.ts";
import {
  type LoadedScan,
  loaderBytes,
  needsStaging,
  readingBytes,
  readsInParallel,
  rowBytes,
  stagingBytes,
  tileRowsOf,
  tilesOf,
} from "./loaded_scan.ts";
import { stripBytes, stripRows } from "./strips.ts";

/** What a pass sees of the engine: results lie there. */
export type Arena = Pick<Engine, "view" | "threads" | "staging">;

/** What the memory of a pass depends on. */
export type PassScan = LoadedScan;

/** Calls to make at once; code after a `yield` of some runs when they are done. */
export type Batches = Generator<readonly Work[], void> | AsyncGenerator<readonly Work[], void>;

/** Rows ready to be computed, at most a band of them. */
export interface RowBlock {
  /** First row to compute, and the row after the last. */
  readonly first: number;
  readonly end: number;
  /** Address of a row: any of these rows, and those of the pass's window that exist. Only where rows are kept. */
  pointer(row: number): Address;
  /** Largest count of one of these rows, where the pass asked for it and the counts have 16 bits. */
  largest(row: number): number;
}

/** Two rows of patterns that a thread has at once; addresses of column 0, whether or not it is there. */
export interface RowPair {
  readonly row: number;
  /** The row below, or the same row where the scan ends. */
  readonly below: number;
  /** Whether a strip begins with this row: what comes before is another's. */
  readonly begins: boolean;
  /** Columns from..to-1 are to be done; neighbours on both sides are there. */
  readonly from: number;
  readonly to: number;
  readonly upper: Address;
  readonly lower: Address;
  /** Largest counts of the patterns of both rows, int32, where the counts have 16 bits. */
  readonly upperLargest: Address;
  readonly lowerLargest: Address;
}

/**
 * One analysis that sees every pattern. It has one of
 * - `follow`: calls for patterns as they are loaded, by the thread that loaded them; they are not kept;
 * - `block`: calls for rows of patterns, with a window of rows around them; with `follow` too, it gets rows that `follow`
 *   has seen, without their patterns;
 * - `pairs`: calls for a row and the one below, in narrow strips of the scan that stay in a thread's cache.
 */
export interface Pass<Result> {
  /** What is being done, as a person would say it: for progress and plans. */
  readonly name: string;
  /** Rows around the computed ones that must be in memory. */
  readonly window?: { readonly behind: number; readonly ahead: number };
  /** Whether the largest count of each row of 16-bit counts is wanted. */
  readonly largest?: boolean;
  /** Reserves all memory for bands of `band` rows. Called with counting memory too: nothing else may happen here. */
  reserve(memory: Memory, band: number): void;
  /** Before the first pattern, once memory is there. */
  begin?(arena: Arena): void;
  /** Calls for patterns from..to-1 of a row, the first of them at `patterns`; `null`: they need not be loaded. */
  follow?(row: number, from: number, to: number, patterns: Address): readonly KernelCall[] | null;
  /** Calls for rows of patterns, batch by batch. */
  block?(block: RowBlock): Batches;
  /** Calls for two rows of a strip. */
  pairs?(pair: RowPair): readonly KernelCall[];
  /** Rows first..end-1 are through all calls of `follow` or `pairs`; threads are busy with later ones meanwhile. */
  done?(first: number, end: number): void | Promise<void>;
  /** Calls that are left when all rows were read. */
  rest?(): Batches;
  /** The result, in memory of its own: the arena is given back afterwards. */
  finish(): Result;
}

/** How a scan will be read for some passes. */
export interface ReadingPlan {
  /** Whether rows are kept for blocks, only pass by, or are taken in strips. */
  readonly layout: "kept" | "passing" | "strips";
  /** Rows read at a time. */
  readonly band: number;
  /** Bytes of the arena, and of what is beside it for conversion. */
  readonly bytes: number;
  /** What the passes asked for. */
  readonly buffers: readonly NamedBytes[];
}

/** What a plan depends on beside scan and passes. */
export interface PlanOptions extends Pick<RunOptions, "bandHeight"> {
  readonly threads: number;
  /** Bytes that may be taken. */
  readonly available: number;
}

/** Bytes of a band that reading aims at: large enough for the disk, small enough for the caches. */
const bandBytes = 16 * 2 ** 20;

/** Rows that a ring holds: one band being read, one computed, and the rows around it. */
export function ringRows(band: number, passes: readonly Pass<unknown>[]): number {
  const most = (side: "behind" | "ahead") =>
    passes.reduce((rows, { window }) => Math.max(rows, window?.[side] ?? 0), 0);
  return Math.ceil((2 * band + most("behind") + most("ahead")) / band) * band;
}

/** How patterns must be read so that every pass gets what it asks for. */
function layoutOf(passes: readonly Pass<unknown>[]): ReadingPlan["layout"] {
  if (passes.some((pass) => pass.pairs)) {
    if (!passes.every((pass) => pass.pairs || (pass.follow && !pass.block))) {
      throw new TypeError(`${passes.map(({ name }) => name).join(", ")} cannot share a reading`);
    }
    return "strips";
  }
  return passes.every((pass) => pass.follow) ? "passing" : "kept";
}

/**
 * How the scan is read for these passes together: with the largest bands that fit, up to 16 MiB of patterns. Estimates and
 * runs both go by it.
 *
 * @throws {OutOfResources} when not even single rows fit
 */
export function planPasses(
  scan: PassScan,
  passes: readonly Pass<unknown>[],
  { threads, available, bandHeight }: PlanOptions,
): ReadingPlan {
  const layout = layoutOf(passes);
  const planned = (band: number): ReadingPlan => {
    const memory = new CountedMemory(threads, stagingBytes(scan));
    for (const pass of passes) pass.reserve(memory, band);
    const reading = layout === "strips"
      ? loaderBytes(scan, threads, 2 * band + 1, true, 1) + threads * stripBytes(scan)
      : loaderBytes(scan, threads, ringRows(band, passes), layout === "passing", tileRowsOf(scan, band)) +
        besideBytes(scan, band);
    return { layout, band, bytes: memory.bytes + reading, buffers: memory.buffers };
  };
  const wanted = bandHeight ?? (layout === "strips" ? stripRows : Math.ceil(bandBytes / rowBytes(scan)));
  const tallest = layout === "strips" ? Math.min(stripRows, wanted) : wanted;
  const tileRows = tilesOf(scan)?.rows ?? 1;
  const whole = bandHeight === undefined ? tileRows * Math.ceil(tallest / tileRows) : tallest;
  let plan = planned(Math.max(1, Math.min(scan.shape.rows, whole)));
  while (plan.band > 1 && plan.bytes > available) plan = planned(nextLower(plan.band, tileRows));
  if (plan.bytes > available) {
    const needed = Math.ceil((plan.bytes + processBytes) / 2 ** 20);
    throw new OutOfResources(`single rows of this scan do not fit the memory limit`, {
      expected: `${needed} MiB`,
      found: `${Math.floor((available + processBytes) / 2 ** 20)} MiB`,
      parameter: "memory",
      remedy: `raise \`memory\` to ${needed}M, or take part of the scan with \`region\` or \`qBin\``,
    });
  }
  return plan;
}

/** The band to try after one that takes too much: whole rows of chunks, or equal parts of one. */
function nextLower(band: number, tileRows: number): number {
  if (band > tileRows) return Math.max(tileRows, Math.floor(band * 0.75 / tileRows) * tileRows);
  return tileRows > 1 ? Math.ceil(band / 2) : Math.max(1, Math.floor(band * 0.75));
}

/** Bytes beside the arena that reading takes, and one band where numbers are converted on their way. */
function besideBytes(scan: PassScan, band: number): number {
  const { shape, dtype } = scan;
  if (!needsStaging(dtype) || readsInParallel(scan)) return readingBytes(scan);
  return readingBytes(scan) + band * shape.columns * pixelCount(shape) * bytesPerElement(dtype);
}
