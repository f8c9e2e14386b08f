/** A scan or series in another format. */

import type { Engine } from "../engine/engine.ts";
import type { RunOptions } from "../engine/options.ts";
import { turn } from "../engine/turn.ts";
import { withEngine } from "../engine/with_engine.ts";
import { OutOfResources } from "../scan/errors.ts";
import { isSeries, type Scan, type Series } from "../scan/scan.ts";
import { writeOutputs } from "../results/output_files.ts";
import { BandReader, readerBytes, storedRowBytes } from "./band_reader.ts";
import type { Compression } from "./compression.ts";
import type { ScanDescription } from "./description.ts";
import { refuseOwnFiles } from "./own_files.ts";
import { patternBytes, ScanWriter, writerBytes, type WriterSettings } from "./scan_writer.ts";
import { compressionFor, targetOf } from "./targets.ts";

/** What {@link convertScan} is told. */
export interface ConvertOptions extends RunOptions {
  /** How chunks are packed; default: bitshuffle-LZ4, and `none` in `.npy`. */
  readonly compression?: Compression;
  /** Replace an older file, or an older Zarr store. */
  readonly force?: boolean;
}

/** What {@link convertScan} has written. */
export interface Conversion {
  /** The format, as people say it. */
  readonly format: string;
  /** How chunks are packed. */
  readonly compression: Compression;
  /** Lengths of a chunk, in the order of the array's axes. */
  readonly chunk: readonly number[];
  /** Bytes of the patterns. */
  readonly bytes: number;
  /** Bytes of their chunks, packed. */
  readonly packedBytes: number;
  /** Plain sentences about what the format has no place for. */
  readonly warnings: readonly string[];
}

/** Bytes of a band that is read, packed and written at a time. */
const bandBytes = 16 * 2 ** 20;

/**
 * Writes a scan, or a series as an array of five axes, in the format that `path` ends in: `.h5` (EMD 1.0, a `DataCube` for
 * py4DSTEM), `.hspy` and `.zspy` (HyperSpy), `.zarr` (Zarr 3), `.npy`. Numbers stay what they are, bit for bit; calibration
 * goes with them where the format has a place for it. The patterns pass by in bands, and the file appears whole or not at all.
 *
 * @throws {BadParameter} when the path ends otherwise, the format has no such compression, or the path is a file of the scan
 * @throws {FileUnavailable} when the path is taken and `force` is off, or cannot be written
 * @throws {OutOfResources} when the disk is full, or single rows do not fit the memory limit
 * @throws {CorruptFile} when the scan cannot be read
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { convertScan, openScan, simulateScan } from "crystallite";
 *
 * const path = `${await Deno.makeTempDir()}/scan.h5`;
 * const { bytes, packedBytes } = await convertScan(simulateScan({ rows: 8, columns: 8, grains: 2, seed: 1 }), path);
 * console.assert(packedBytes < bytes);
 * const scan = await openScan(path);
 * console.assert(scan.source.format === "EMD 1.0" && scan.shape.rows === 8);
 * scan.close();
 * ```
 */
export async function convertScan(
  scan: Scan | Series,
  path: string,
  options: ConvertOptions = {},
): Promise<Conversion> {
  const target = targetOf(path);
  compressionFor(target, options.compression);
  await refuseOwnFiles(path, scan);
  let conversion: Conversion;
  const write = async (temporary: string) => {
    conversion = await writeScanFile(temporary, scan, options);
  };
  await writeOutputs([{ path, write, folder: target.folder }], options.force === true, options.signal);
  return conversion!;
}

/**
 * Does the writing of {@link convertScan} alone, for whoever places several files together: to this very path, where half of
 * it stays if it fails.
 *
 * @throws as `convertScan`
 */
export async function writeScanFile(
  path: string,
  scan: Scan | Series,
  options: Omit<ConvertOptions, "force"> = {},
): Promise<Conversion> {
  const target = targetOf(path), compression = compressionFor(target, options.compression);
  const { shape, dtype, calibration, source } = scan;
  const frames = isSeries(scan) ? scan.frames : undefined;
  const { badPixels, saturation } = isSeries(scan) ? scan.frame(0) : scan;
  const description: ScanDescription = {
    ...{ shape, dtype, calibration, source, badPixels, saturation, frames },
    name: "datacube",
  };
  const { packedBytes, infinite } = await withEngine(
    options,
    (engine) => writeScan(path, scan, { engine, target, description, compression }, options),
  );
  return {
    format: target.name,
    compression,
    chunk: target.grid(description).chunk,
    bytes: patternBytes(description),
    packedBytes,
    warnings: [...target.keepsNumbersOnly ? lostFacts(description) : [], ...sayInfinite(infinite)],
  };
}

/** What a format of nothing but numbers does not keep. */
function lostFacts({ calibration, badPixels, saturation }: ScanDescription): string[] {
  const lost = [
    ...Object.keys(calibration).length > 0 ? ["the calibration"] : [],
    ...badPixels?.includes(1) ? ["the bad pixels that the file names"] : [],
    ...saturation !== undefined ? [`the saturation of ${saturation} counts`] : [],
  ];
  if (lost.length === 0) return [];
  const all = lost.join(", ").replace(/, ([^,]*)$/, " and $1");
  return [`npy holds numbers only: ${all} ${lost.length > 1 ? "are" : "is"} left out`];
}

/** What is said of whole numbers of 64 bits that no float holds. */
function sayInfinite(count: number): string[] {
  return count === 0 ? [] : [
    `${count} ${count === 1 ? "number" : "numbers"} beyond 2^53, which float64 does not hold, ${
      count === 1 ? "is" : "are"
    } written as infinity`,
  ];
}

/** Writes everything to the path; gives the bytes of packed chunks, and how many whole numbers became infinity. */
async function writeScan(
  path: string,
  scan: Scan | Series,
  settings: WriterSettings,
  options: ConvertOptions,
): Promise<{ readonly packedBytes: number; readonly infinite: number }> {
  const scans = isSeries(scan) ? scan.frames : 1, { rows } = scan.shape, { engine } = settings;
  const { signal, onProgress } = options, { available } = engine;
  await (isSeries(scan) ? scan.frame(0) : scan).preparation?.run({ signal, onProgress, available });
  const band = bandOf(isSeries(scan) ? scan.frame(0) : scan, settings, options.bandHeight);
  const writer = await ScanWriter.create(path, settings, band);
  let infinite = 0;
  try {
    for (let index = 0; index < scans; index++) {
      const progress = (done: number) =>
        onProgress?.({ stage: "convert", done: index * rows + done, total: scans * rows });
      const mark = engine.mark();
      const reader = new BandReader(engine, isSeries(scan) ? scan.frame(index) : scan, band);
      try {
        await pass(engine, reader, writer, rows, band, progress, signal);
        infinite += reader.infinite;
      } finally {
        reader.close();
        engine.release(mark);
      }
    }
    scan.requireUnchanged?.();
    writer.finish();
    return { packedBytes: writer.packedBytes, infinite };
  } finally {
    writer.abandon();
  }
}

/** Rows of a band: 16 MiB, or what the memory allows. */
function bandOf(scan: Scan, settings: WriterSettings, asked: number | undefined): number {
  const { engine } = settings;
  const needed = (band: number) => readerBytes(scan, band, engine.threads) + writerBytes(settings, band);
  const wanted = asked ?? Math.ceil(bandBytes / storedRowBytes(scan));
  let band = Math.max(1, Math.min(scan.shape.rows, wanted));
  while (band > 1 && needed(band) > engine.available) band = Math.floor(band * 0.75);
  if (needed(band) > engine.available) {
    const more = Math.ceil((needed(band) - engine.available) / 2 ** 20);
    throw new OutOfResources("single rows of this scan do not fit the memory limit", {
      expected: `${more} MiB more`,
      parameter: "memory",
      remedy: `raise \`memory\` by ${more}M, or take part of the scan with \`region\` or \`qBin\``,
    });
  }
  return band;
}

/** Passes the rows of a scan by: while a band is packed, the one before is written and the next one read. */
async function pass(
  engine: Engine,
  reader: BandReader,
  writer: ScanWriter,
  rows: number,
  band: number,
  progress: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const countAt = (first: number) => Math.min(band, rows - first);
  progress(0);
  await engine.run(reader.calls(0, countAt(0)));
  await reader.readHere(0, countAt(0));
  for (let first = 0; first < rows; first += band) {
    // Progress is shown and interrupts are heard between bands, even where nothing is waited for.
    await turn(signal);
    const place = first / band, next = first + band;
    const packing = writer.calls(place, countAt(first), (row) => reader.pointer(first + row));
    if (next < rows) engine.alongside(reader.calls(next, countAt(next)));
    const running = engine.run(packing);
    // A failure here must not leave threads at work on memory that is given back.
    running.catch(() => {});
    try {
      if (place > 0) await writer.write(place - 1, signal);
      if (next < rows) await reader.readHere(next, countAt(next));
    } finally {
      await running;
    }
    progress(Math.min(rows, next));
  }
  await writer.write(Math.ceil(rows / band) - 1, signal);
}
