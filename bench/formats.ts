/**
 * What reading a format costs: a scan in each raw format beside the same numbers as npy, opened, clustered with a blur of 3
 * pixels and averaged, in turn in one run.
 *
 *     deno task bench:formats [--filter NAME] [--megabytes 2000] [--runs 5] [--workers 2] [--folder DIR] [--json FILE]
 *
 * Prints npy's best time over the format's best: of seconds, and of seconds of all cores together, which other programs on
 * the machine change less. Files are made in the folder for temporary files, or in --folder, one format at a time beside
 * one npy file, lie in the page cache and are removed before the next.
 */

import { parseArgs } from "node:util";
import {
  bytesOf,
  bytesPerElement,
  createPixelArray,
  type DType,
  type PixelArray,
} from "../library/scan/dtype.ts";
import { simulateScan } from "../library/simulation/scan.ts";
import { NpyWriter } from "../library/formats/npy_writer.ts";
import { wholeNumber } from "./flags.ts";
import {
  frameFolders,
  type RecordFile,
  recordFiles,
  type ScatteredFile,
  scatteredFiles,
  type Size,
} from "./format_files.ts";
import { formatTable } from "./format_table.ts";
import { machine } from "./machine.ts";
import { demandClusters, pipelines, runPipeline } from "./pipelines.ts";

/** Scan rows that are simulated; they are repeated. */
const simulatedRows = 16, columns = 208, usualSide = 192;

interface Measurement {
  readonly format: string;
  readonly dtype: DType;
  readonly size: Size;
  /** Bytes of the patterns. */
  readonly bytes: number;
  /** Seconds of each run, npy's and the format's. */
  readonly npy: readonly number[];
  readonly seconds: readonly number[];
  /** The same of all cores together. */
  readonly npyCpu: readonly number[];
  readonly cpu: readonly number[];
  /** npy's best time over the format's best. */
  readonly ratio: number;
  /** The same of the time of all cores together. */
  readonly cpuRatio: number;
  /** Programs that ran or waited at the end, of all on the machine. */
  readonly load: number;
}

interface Settings {
  readonly folder: string;
  readonly megabytes: number;
  readonly runs: number;
  readonly workers: number;
}

function sizeOf(dtype: DType, side: number, megabytes: number): Size {
  const rowBytes = columns * side * side * bytesPerElement(dtype);
  const rows = simulatedRows * Math.max(1, Math.round(megabytes * 1e6 / rowBytes / simulatedRows));
  return { rows, columns, patternRows: side, patternColumns: side };
}

const simulated = new Map<number, Uint16Array>();

/** Rows of simulated counts in a number type. */
function simulatedCounts(dtype: DType, side: number): PixelArray {
  const scanSize = { rows: simulatedRows, columns, patternRows: side, patternColumns: side };
  let counts = simulated.get(side);
  if (!counts) {
    const dose = Math.round(20000 * side * side / usualSide ** 2);
    const scan = simulateScan({ ...scanSize, grains: 13, dose, hotPixels: 0, seed: 1 });
    counts = new Uint16Array(simulatedRows * columns * side * side);
    scan.readRows(0, simulatedRows, counts);
    simulated.set(side, counts);
  }
  const converted = createPixelArray(dtype, counts.length), most = dtype === "u8" ? 255 : 32767;
  for (let i = 0; i < counts.length; i++) converted[i] = Math.min(most, counts[i]);
  return converted;
}

function patternsOf(counts: PixelArray): Uint8Array[] {
  const bytes = bytesOf(counts), patterns = simulatedRows * columns, length = bytes.length / patterns;
  return Array.from({ length: patterns }, (_, i) => bytes.subarray(i * length, (i + 1) * length));
}

function writeNpy(path: string, dtype: DType, size: Size, counts: PixelArray): void {
  const writer = NpyWriter.create(path, dtype, [
    size.rows,
    size.columns,
    size.patternRows,
    size.patternColumns,
  ]);
  for (let row = 0; row < size.rows; row += simulatedRows) writer.write(counts);
  writer.close();
}

/** Writes pieces of a file; the last call has none and ends it. */
function pieceWriter(path: string): (piece?: Uint8Array) => void {
  const file = Deno.openSync(path, { write: true, create: true });
  // In large pieces: files that are written page by page lie badly in the page cache.
  let pending: Uint8Array[] = [], bytes = 0;
  const flush = () => {
    const all = new Uint8Array(bytes);
    pending.reduce((at, piece) => (all.set(piece, at), at + piece.length), 0);
    for (let done = 0; done < bytes;) done += file.writeSync(all.subarray(done));
    pending = [];
    bytes = 0;
  };
  return (piece) => {
    if (piece) pending.push(piece);
    bytes += piece?.length ?? 0;
    if (!piece || bytes > 2 ** 25) flush();
    if (!piece) file.close();
  };
}

/** Writes a file in which the numbers of one detector pixel lie together. */
function writeScattered(folder: string, format: ScatteredFile, size: Size, counts: PixelArray): string {
  const path = `${folder}/${format.file}`, put = pieceWriter(path);
  const { rows, patternRows, patternColumns } = size, pixels = patternRows * patternColumns;
  put(format.head(size));
  for (let pixel = 0; pixel < pixels; pixel++) {
    const place = format.fortran
      ? pixel % patternRows * patternColumns + Math.floor(pixel / patternRows)
      : pixel;
    const piece = new Uint16Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const position = format.fortran ? column * rows + row : row * columns + column;
        piece[position] = counts[(row % simulatedRows * columns + column) * pixels + place];
      }
    }
    put(bytesOf(piece));
  }
  put(format.tail(size));
  put();
  return path;
}

function writeRecords(
  folder: string,
  format: RecordFile,
  size: Size,
  patterns: readonly Uint8Array[],
): string {
  const path = `${folder}/${format.file}`, put = pieceWriter(path);
  put(format.head?.(size) ?? new Uint8Array(0));
  for (let index = 0; index < size.rows * size.columns; index++) {
    const pattern = patterns[index % patterns.length];
    put(format.record?.(pattern, index, size) ?? pattern);
  }
  put(format.tail?.(size) ?? new Uint8Array(0));
  put();
  format.beside?.(folder, size);
  return path;
}

async function compare(
  format: Pick<RecordFile, "name" | "dtype" | "options">,
  size: Size,
  [npy, path]: readonly [npy: string, path: string],
  { runs, workers }: Settings,
): Promise<Measurement> {
  const { parameters } = pipelines.find(({ name }) => name === "blur 3")!;
  const options = format.options?.(size) ?? {},
    plain: number[] = [],
    seconds: number[] = [],
    npyCpu: number[] = [],
    cpu: number[] = [];
  for (let run = -1; run < runs; run++) {
    const first = await runPipeline(npy, parameters, workers);
    const second = await runPipeline(path, parameters, workers, options);
    demandClusters(first);
    if (first.clusters !== second.clusters || first.clustered !== second.clustered) {
      throw new Error(`${format.name} gives ${second.clusters} clusters, npy ${first.clusters}`);
    }
    // The first run reads the files into the page cache and compiles what it meets.
    if (run < 0) continue;
    plain.push(first.seconds);
    seconds.push(second.seconds);
    npyCpu.push(first.cpuSeconds);
    cpu.push(second.cpuSeconds);
  }
  const cpuRatio = Math.min(...npyCpu) / Math.min(...cpu), ratio = Math.min(...plain) / Math.min(...seconds);
  const [load] = Deno.loadavg();
  const bytes = size.rows * size.columns * size.patternRows * size.patternColumns *
    bytesPerElement(format.dtype);
  console.error(
    `${format.name}: ${ratio.toFixed(2)} of npy, ${cpuRatio.toFixed(2)} by cores, ${
      (bytes / 1e9 / Math.min(...seconds)).toFixed(2)
    } GB/s, load ${load.toFixed(1)}`,
  );
  return {
    ...{ format: format.name, dtype: format.dtype, size, bytes, npy: plain, seconds },
    ...{ npyCpu, cpu, ratio, cpuRatio, load },
  };
}

/** Measures formats of one number type and detector beside one npy file. */
async function measureGroup(
  dtype: DType,
  side: number,
  names: readonly string[],
  settings: Settings,
): Promise<Measurement[]> {
  const { folder, megabytes } = settings, size = sizeOf(dtype, side, megabytes);
  const counts = simulatedCounts(dtype, side), patterns = patternsOf(counts);
  const npy = `${folder}/plain.npy`, measurements: Measurement[] = [];
  writeNpy(npy, dtype, size, counts);
  for (const name of names) {
    const inner = `${folder}/format`;
    await Deno.mkdir(inner);
    const record = recordFiles.find((format) => format.name === name);
    const scattered = scatteredFiles.find((format) => format.name === name);
    const frames = frameFolders.find((format) => format.name === name);
    if (record) {
      measurements.push(
        await compare(record, size, [npy, writeRecords(inner, record, size, patterns)], settings),
      );
    } else if (scattered) {
      const path = writeScattered(inner, scattered, size, counts);
      measurements.push(await compare({ name, dtype }, size, [npy, path], settings));
    } else if (frames) {
      for (let index = 0; index < size.rows * size.columns; index++) {
        const frame = frames.frame(patterns[index % patterns.length], size);
        Deno.writeFileSync(`${inner}/frame_${index}.${frames.ending}`, frame);
      }
      const scanShape = { rows: size.rows, columns: size.columns };
      measurements.push(
        await compare({ name, dtype, options: () => ({ scanShape }) }, size, [npy, inner], settings),
      );
    }
    await Deno.remove(inner, { recursive: true });
  }
  await Deno.remove(npy);
  return measurements;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      filter: { type: "string", default: "" },
      megabytes: { type: "string", default: "2000" },
      runs: { type: "string", default: "5" },
      workers: { type: "string", default: "2" },
      folder: { type: "string" },
      json: { type: "string" },
    },
  });
  const folder = await Deno.makeTempDir({ prefix: "crystallite-formats-", dir: values.folder });
  const settings: Settings = {
    folder,
    megabytes: wholeNumber(values.megabytes, "--megabytes"),
    runs: wholeNumber(values.runs, "--runs"),
    workers: wholeNumber(values.workers, "--workers"),
  };
  const all = [
    ...recordFiles.map(({ name, dtype, side = usualSide }) => ({ name, dtype, side })),
    ...[...frameFolders, ...scatteredFiles].map(({ name }) => ({
      name,
      dtype: "u16" as DType,
      side: usualSide,
    })),
  ].filter(({ name }) => name.includes(values.filter));
  const groups = Map.groupBy(all, ({ dtype, side }) => `${dtype} ${side}`);
  const measurements: Measurement[] = [];
  try {
    for (const members of groups.values()) {
      const [{ dtype, side }] = members;
      measurements.push(...await measureGroup(dtype, side, members.map(({ name }) => name), settings));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const facts = machine();
  console.log(
    `${facts.processor}, ${facts.cores} cores, ${facts.system}, ${facts.runtime}; ${settings.workers} workers\n`,
  );
  const rows = measurements.map(({ format, dtype, bytes, npy, seconds, ratio, cpuRatio }) => [
    format,
    dtype,
    (bytes / 1e9).toFixed(2),
    (bytes / 1e9 / Math.min(...npy)).toFixed(2),
    (bytes / 1e9 / Math.min(...seconds)).toFixed(2),
    ratio.toFixed(2),
    cpuRatio.toFixed(2),
  ]);
  console.log(formatTable(["format", "type", "GB", "npy GB/s", "GB/s", "of npy", "of npy, cores"], rows, 2));
  if (values.json) Deno.writeTextFileSync(values.json, JSON.stringify({ ...facts, measurements }, null, 2));
}

if (import.meta.main) await main();
