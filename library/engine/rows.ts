/** Streaming of scan rows through the arena: load a band while the one before is computed. */

import { OutOfResources, throwIfAborted } from "../scan/errors.ts";
import { bytesPerElement } from "../scan/dtype.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount } from "../scan/shape.ts";
import type { Address } from "./address.ts";
import { type Engine, processBytes } from "./engine.ts";
import type { KernelCall, Work } from "./kernels.ts";
import type { RunOptions } from "./options.ts";
import {
  type FillTable,
  type Follow,
  type LoadedScan,
  loaderBytes,
  needsStaging,
  rowBytes,
  RowLoader,
} from "./row_loader.ts";
import { turn } from "./turn.ts";

export {
  fillScratchBytes,
  type FillTable,
  type Follow,
  readsInParallel,
  rowBytes,
  stagingBytes,
  workingBytes,
  workingType,
} from "./row_loader.ts";

/** Bytes of a band that reading aims at: large enough for the disk, small enough for the caches. */
const bandBytes = 16 * 2 ** 20;
/** Calls for each thread between two waits: the last of them is what the others wait for. */
const callsPerThread = 12;

/** How many rows a pass wants around the ones it computes, and what memory it takes for itself. */
export interface PassNeeds {
  /** Rows before the computed ones that must still be there. */
  readonly behind: number;
  /** Rows after the computed ones that must be there already. */
  readonly ahead: number;
  /** Bytes the pass allocates itself for a band of that many rows, scratch included. */
  bytes(band: number): number;
  /** Whether calls follow the loading of patterns, which are not needed any more afterwards. */
  readonly followed?: boolean;
}

/** Rows in memory at once for a band height: one band being read, one computed, and the rows around it. */
function ringRows(band: number, { behind, ahead }: PassNeeds): number {
  return Math.ceil((2 * band + behind + ahead) / band) * band;
}

/** What the memory of a pass depends on. */
export type PassScan = LoadedScan;

/** Arena bytes of a pass with a band height; staging outside the arena counts too. */
export function passBytes(scan: PassScan, needs: PassNeeds, band: number, threads: number): number {
  const rows = ringRows(band, needs);
  const staging = needsStaging(scan.dtype)
    ? band * scan.shape.columns * pixelCount(scan.shape) * bytesPerElement(scan.dtype)
    : 0;
  return loaderBytes(scan, threads, rows, needs.followed === true) + needs.bytes(band) + staging + 4096;
}

/**
 * The band height for a pass: what the options ask, or the largest that fits the memory, up to 16 MiB of patterns.
 *
 * @throws {OutOfResources} when not even single rows fit
 */
export function chooseBand(
  limit: number,
  scan: PassScan,
  needs: PassNeeds,
  threads: number,
  options: RunOptions,
): number {
  const wanted = options.bandHeight ?? Math.ceil(bandBytes / rowBytes(scan));
  let band = Math.max(1, Math.min(scan.shape.rows, wanted));
  while (band > 1 && passBytes(scan, needs, band, threads) > limit) {
    band = Math.max(1, Math.floor(band * 0.75));
  }
  const bytes = passBytes(scan, needs, band, threads);
  if (bytes > limit) {
    const needed = Math.ceil((bytes + processBytes) / 2 ** 20);
    throw new OutOfResources(`single rows of this scan do not fit the memory limit`, {
      expected: `${needed} MiB`,
      found: `${Math.floor((limit + processBytes) / 2 ** 20)} MiB`,
      parameter: "memory",
      remedy: `raise \`memory\` to ${needed}M, or take part of the scan with \`region\` or \`qBin\``,
    });
  }
  return band;
}

/** Rows ready to be computed, at most a band of them. */
export interface RowBlock {
  /** First row to compute, and the row after the last. */
  readonly first: number;
  readonly end: number;
  /** Address of a row: any of these rows, those `behind` and those `ahead` that exist. */
  pointer(row: number): Address;
  /** Largest count of one of these rows, where the pass asked for it and the counts have 16 bits. */
  largest(row: number): number;
}

/** What {@link streamRows} is told. */
export interface StreamSettings {
  readonly needs: PassNeeds;
  /** Rows of a band. */
  readonly band: number;
  readonly fill: FillTable;
  /** Name of the step, for the progress. */
  readonly stage: string;
  /** First row, and the row after the last; default: all. */
  readonly rows?: readonly [number, number];
  /** Whether the largest count of each row of 16-bit counts is wanted. */
  readonly largest?: boolean;
  /** What happens to patterns as soon as they are loaded; the rows of blocks have no address then. */
  readonly follow?: Follow;
  /** Bytes that each thread has for itself behind the patterns that it loads, for the calls that follow. */
  readonly threadBytes?: number;
}

/**
 * Loads the rows of a scan once, in bands, and hands blocks of rows to `compute`. The next band is loaded by the threads
 * among the calls of the first batch that `compute` has them make, or read on this thread while they make it. Bad
 * pixels are filled first; patterns that are not finite stop the run.
 *
 * @throws {CorruptFile} when a pattern holds NaN or infinity, or the file cannot be read
 * @throws {Aborted} when the signal fires
 */
export async function streamRows(
  engine: Engine,
  scan: Scan,
  settings: StreamSettings,
  options: RunOptions,
  compute: (block: RowBlock) => Promise<void>,
): Promise<void> {
  const { needs, band, fill, stage, largest = false } = settings;
  const [top, bottom] = settings.rows ?? [0, scan.shape.rows];
  throwIfAborted(options.signal);
  const capacity = ringRows(band, needs);
  const { follow, threadBytes } = settings;
  const loader = new RowLoader(engine, scan, { fill, top, capacity, band, largest, follow, threadBytes });
  const pointer = (row: number) => loader.pointer(row);
  const largestCount = (row: number) => loader.largest(row);
  try {
    let loaded = top, computed = top;
    const sizeFrom = (row: number) => Math.max(0, Math.min(band, bottom - row));
    if (!loader.parallel) loader.readHere(top, sizeFrom(top));
    await engine.run(loader.calls(top, sizeFrom(top)));
    // Calls of the band after next are made up while the threads are busy with the next.
    let upcoming = loader.parallel ? loader.calls(top + sizeFrom(top), sizeFrom(top + band)) : [];
    while (computed < bottom) {
      const fresh = sizeFrom(loaded);
      loader.check(loaded, fresh);
      loaded += fresh;
      const end = loaded === bottom ? bottom : Math.max(computed, loaded - needs.ahead);
      const from = computed, next = sizeFrom(loaded);
      engine.alongside(upcoming);
      const work = (async () => {
        // The rows that waited for those ahead all become ready with the last band.
        for (let row = from; row < end; row += band) {
          await compute({ first: row, end: Math.min(end, row + band), pointer, largest: largestCount });
        }
        await engine.run([]);
      })();
      try {
        // This thread reads or prepares meanwhile.
        if (loader.parallel) upcoming = loader.calls(loaded + next, sizeFrom(loaded + next));
        else if (next > 0) loader.readHere(loaded, next);
      } finally {
        await work;
      }
      if (!loader.parallel) await engine.run(loader.calls(loaded, next));
      computed = end;
      options.onProgress?.({ stage, done: computed - top, total: bottom - top });
      await turn(options.signal);
    }
  } finally {
    loader.close();
  }
}

/** Calls that cover `count` rows from `first`, each row split along columns so that every thread finds work. */
export function rowCalls(
  first: number,
  count: number,
  columns: number,
  threads: number,
  call: (row: number, from: number, to: number) => KernelCall,
): KernelCall[] {
  return rowWork(first, count, columns, threads, call);
}

/** The same for work that may be several calls. */
export function rowWork<Item extends Work>(
  first: number,
  count: number,
  columns: number,
  threads: number,
  work: (row: number, from: number, to: number) => Item,
): Item[] {
  const parts = threads === 1 ? 1 : Math.max(1, Math.ceil(callsPerThread * threads / Math.max(1, count)));
  // Kernels take columns in pairs.
  const width = Math.max(2, 2 * Math.ceil(columns / parts / 2));
  const items: Item[] = [];
  for (let row = first; row < first + count; row++) {
    for (let from = 0; from < columns; from += width) {
      items.push(work(row, from, Math.min(columns, from + width)));
    }
  }
  return items;
}
