/** Streaming of scan rows through the arena: read a band while the one before is computed. */

import { CorruptFile, OutOfResources, throwIfAborted } from "../scan/errors.ts";
import { bytesPerElement, createPixelArray, type DType, viewPixels } from "../scan/dtype.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount } from "../scan/shape.ts";
import { type Engine, processBytes } from "./engine.ts";
import { type KernelCall, threadScratch, type Working } from "./kernels.ts";
import type { RunOptions } from "./options.ts";
import { turn } from "./turn.ts";

/** Bad pixels as the `fill` kernels take them. */
export interface FillTable {
  /** 26 int32 for each pixel: its index, number of good neighbours, their indices. */
  readonly table: Int32Array;
  readonly count: number;
}

/** Bytes of a band that reading aims at: large enough for the disk, small enough for the caches. */
const bandBytes = 16 * 2 ** 20;
/** Bytes of scratch that the `fill` kernels want. */
export const fillScratchBytes = 96;

/** The type in which patterns of `dtype` are computed: 8- and 16-bit counts as they are, the rest as float32. */
export function workingType(dtype: DType): Working {
  return dtype === "u8" ? "U8" : dtype === "u16" ? "U16" : "F32";
}

/** Bytes of one sample of a working type. */
export function workingBytes(working: Working): number {
  return { U8: 1, U16: 2, F32: 4 }[working];
}

/** How many rows a pass wants around the ones it computes, and what memory it takes for itself. */
export interface PassNeeds {
  /** Rows before the computed ones that must still be there. */
  readonly behind: number;
  /** Rows after the computed ones that must be there already. */
  readonly ahead: number;
  /** Bytes the pass allocates itself for a band of that many rows, scratch included. */
  bytes(band: number): number;
}

/** Rows in memory at once for a band height: one band being read, one computed, and the rows around it. */
function ringRows(band: number, { behind, ahead }: PassNeeds): number {
  return Math.ceil((2 * band + behind + ahead) / band) * band;
}

/** Bytes of one scan row in its working type. */
export function rowBytes(scan: Pick<Scan, "shape" | "dtype">): number {
  return scan.shape.columns * pixelCount(scan.shape) * workingBytes(workingType(scan.dtype));
}

/** Arena bytes of a pass with a band height; staging outside the arena counts too. */
export function passBytes(scan: Pick<Scan, "shape" | "dtype">, needs: PassNeeds, band: number): number {
  const staging = stagingBytes(scan, band);
  return ringRows(band, needs) * rowBytes(scan) + needs.bytes(band) + staging + 4096;
}

function stagingBytes(scan: Pick<Scan, "shape" | "dtype">, band: number): number {
  const direct = scan.dtype === "u8" || scan.dtype === "u16" || scan.dtype === "f32";
  return direct ? 0 : band * scan.shape.columns * pixelCount(scan.shape) * bytesPerElement(scan.dtype);
}

/**
 * The band height for a pass: what the options ask, or the largest that fits the memory, up to 16 MiB of patterns.
 *
 * @throws {OutOfResources} when not even single rows fit
 */
export function chooseBand(
  limit: number,
  scan: Pick<Scan, "shape" | "dtype">,
  needs: PassNeeds,
  options: RunOptions,
): number {
  const wanted = options.bandHeight ?? Math.ceil(bandBytes / rowBytes(scan));
  let band = Math.max(1, Math.min(scan.shape.rows, wanted));
  while (band > 1 && passBytes(scan, needs, band) > limit) band = Math.max(1, Math.floor(band * 0.75));
  const bytes = passBytes(scan, needs, band);
  if (bytes > limit) {
    const needed = Math.ceil((bytes + processBytes) / 2 ** 20);
    throw new OutOfResources(`single rows of this scan do not fit the memory limit`, {
      expected: `${needed} MiB`,
      found: `${Math.floor((limit + processBytes) / 2 ** 20)} MiB`,
      remedy: `raise --memory to ${needed}M, or take part of the scan with --roi or --q-bin`,
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
  pointer(row: number): number;
}

/**
 * Reads the scan once, in bands, and hands blocks of rows to `compute`; while the threads compute, the next band is
 * read. Bad pixels are filled first; patterns that are not finite stop the run.
 *
 * @throws {CorruptFile} when a pattern holds NaN or infinity, or the file cannot be read
 * @throws {Aborted} when the signal fires
 */
export async function streamRows(
  engine: Engine,
  scan: Scan,
  settings: {
    needs: PassNeeds;
    band: number;
    fill: FillTable;
    stage: string;
    rows?: readonly [number, number];
  },
  options: RunOptions,
  compute: (block: RowBlock) => Promise<void>,
): Promise<void> {
  const { needs, band, fill, stage } = settings;
  const [top, bottom] = settings.rows ?? [0, scan.shape.rows];
  const columns = scan.shape.columns, pixels = pixelCount(scan.shape);
  const working = workingType(scan.dtype);
  const bytes = rowBytes(scan);
  const capacity = ringRows(band, needs);
  const ring = engine.allocate(capacity * bytes);
  const table = fill.count > 0 ? engine.place(fill.table) : 0;
  const flags = working === "F32" ? engine.allocate(4 * columns * band) : 0;
  const staging = stagingBytes(scan, band) > 0 ? createPixelArray(scan.dtype, band * columns * pixels) : null;
  const pointer = (row: number) => ring + ((row - top) % capacity) * bytes;

  const read = (first: number, count: number) => {
    const length = count * columns * pixels;
    if (!staging) {
      const { buffer, byteOffset } = engine.view(Uint8Array, pointer(first), count * bytes);
      scan.readRows(first, count, viewPixels(scan.dtype, buffer, byteOffset, length));
      return;
    }
    const source = staging.subarray(0, length);
    scan.readRows(first, count, source);
    engine.view(Float32Array, pointer(first), length).set(source);
  };

  const clean = async (first: number, count: number) => {
    if (table) {
      await engine.run(rowCalls(first, count, columns, engine.threads, (row, from, to) => [
        `fill${working}`,
        ...[pointer(row), from, to, pixels, table, fill.count, threadScratch],
      ]));
    }
    if (!flags) return;
    await engine.run(rowCalls(first, count, columns, engine.threads, (row, from, to) => [
      "unfiniteF32",
      ...[pointer(row), from, to, pixels, flags + 4 * columns * (row - first)],
    ]));
    const found = engine.view(Int32Array, flags, count * columns).indexOf(1);
    if (found >= 0) throw notFinite(scan, first + Math.floor(found / columns), found % columns);
  };

  let loaded = top, computed = top;
  const readNext = (): number => {
    const count = Math.min(band, bottom - loaded);
    if (count > 0) read(loaded, count);
    loaded += count;
    return count;
  };
  throwIfAborted(options.signal);
  let fresh = readNext();
  while (computed < bottom) {
    const end = loaded === bottom ? bottom : Math.max(computed, loaded - needs.ahead);
    const first = loaded - fresh, count = fresh, from = computed;
    const work = clean(first, count).then(async () => {
      // The rows that waited for those ahead all become ready with the last band.
      for (let row = from; row < end; row += band) {
        await compute({ first: row, end: Math.min(end, row + band), pointer });
      }
    });
    // The threads are busy with `work` while this thread reads on.
    work.catch(() => {});
    if (loaded < bottom) fresh = readNext();
    else fresh = 0;
    await work;
    computed = end;
    options.onProgress?.({ stage, done: computed - top, total: bottom - top });
    await turn(options.signal);
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
  const parts = threads === 1 ? 1 : Math.max(1, Math.ceil(4 * threads / Math.max(1, count)));
  // Kernels take columns in pairs.
  const width = Math.max(2, 2 * Math.ceil(columns / parts / 2));
  const calls: KernelCall[] = [];
  for (let row = first; row < first + count; row++) {
    for (let from = 0; from < columns; from += width) {
      calls.push(call(row, from, Math.min(columns, from + width)));
    }
  }
  return calls;
}

function notFinite(scan: Scan, row: number, column: number): CorruptFile {
  return new CorruptFile(`the pattern at row ${row}, column ${column} holds values that are not finite`, {
    file: scan.source.path,
    dataset: scan.source.dataset,
    expected: "finite numbers within the range of float32",
    found: "NaN or infinity",
    remedy: "name the broken pixels with --bad-pixels FILE, or repair the file",
  });
}
