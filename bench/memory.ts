/**
 * Peak memory of the command line with its default settings, where it is hardest to stay within 1 GiB:
 *
 * - a file of 20 GB (holes, so that it takes no room on the disk; one cluster of all probes);
 * - scan rows of 512 patterns of 192 x 192 pixels;
 * - 2,601 clusters of 192 x 192 pixels to average.
 *
 *     deno run -A bench/memory.ts [--filter NAME] [--workers 2] [--folder DIR] [--json FILE]
 *
 * Prints the peak beside what `crystallite info` would estimate. Files are made in the folder for temporary files, or in
 * --folder, which needs a file system with holes and 2 GB.
 */

import { parseArgs } from "node:util";
import { type ClusterParameters, estimateRun, NpyWriter, openScan } from "crystallite";
import { Random } from "../library/simulation/random.ts";
import { wholeNumber } from "./flags.ts";
import { formatTable } from "../tasks/documentation/table.ts";
import { machine } from "./machine.ts";
import { runMeasured } from "./peak_memory.ts";
import { pipelines } from "./pipelines.ts";
import { scanBytes, type ScanSize, writeSimulatedScan } from "./scan_file.ts";

const mebibyte = 2 ** 20;
const limit = 2 ** 30;
const side = 192;
/** Probes of a checkerboard's square: the smallest cluster that is kept is 2 x 2. */
const square = 2;

interface Case {
  readonly name: string;
  readonly size: ScanSize;
  /** Names of the pipelines that are run. */
  readonly pipelines: readonly string[];
  /** Instead of the pipeline's own threshold. */
  readonly threshold?: number;
  write(path: string, size: ScanSize): void;
}

const cases: readonly Case[] = [
  {
    name: "20 GB",
    size: { rows: 544, columns: 512, side },
    pipelines: ["no blur", "blur 3"],
    // Patterns without counts have similarity 0, which is to be nowhere near the threshold.
    threshold: -0.5,
    write: writeSparseScan,
  },
  {
    name: "512 columns",
    size: { rows: 24, columns: 512, side },
    pipelines: ["no blur", "blur 3", "prefilter and blur 3"],
    write: writeSimulatedScan,
  },
  {
    name: "2601 clusters",
    size: { rows: 51 * square, columns: 51 * square, side },
    pipelines: ["no blur", "blur 3"],
    write: writeCheckerboard,
  },
];

/** A scan of zeros that takes no room on the disk. */
function writeSparseScan(path: string, { rows, columns, side }: ScanSize): void {
  const dictionary =
    `{'descr': '<u2', 'fortran_order': False, 'shape': (${rows}, ${columns}, ${side}, ${side}), }`;
  // Magic, version 1.0, and the length of the text, which ends at a multiple of 64 bytes.
  const bytes = new Uint8Array(128).fill(0x20);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, 118, 0]);
  bytes.set(new TextEncoder().encode(dictionary), 10);
  bytes[127] = 0x0a;
  Deno.writeFileSync(path, bytes);
  Deno.truncateSync(path, bytes.length + scanBytes({ rows, columns, side }));
}

/** Squares of probes with the same pattern, random spots that no other square has. */
function writeCheckerboard(path: string, { rows, columns, side }: ScanSize): void {
  const pixels = side * side;
  const random = new Random(1, 1);
  const writer = NpyWriter.create(path, "u16", [rows, columns, side, side]);
  const row = new Uint16Array(columns * pixels);
  for (let first = 0; first < rows; first += square) {
    row.fill(0);
    for (let column = 0; column < columns; column += square) {
      for (let spot = 0; spot < 64; spot++) {
        row[column * pixels + Math.floor(pixels * random.uniform())] = 200;
      }
      const pattern = row.subarray(column * pixels, (column + 1) * pixels);
      for (let twin = 1; twin < square; twin++) row.set(pattern, (column + twin) * pixels);
    }
    for (let twin = 0; twin < square; twin++) writer.write(row);
  }
  writer.close();
}

interface Measurement {
  readonly scan: string;
  readonly size: ScanSize;
  readonly pipeline: string;
  readonly workers: number;
  /** Bytes. */
  readonly peak: number;
  /** Bytes that the library expects. */
  readonly estimate: number;
  readonly seconds: number;
}

async function measure(
  file: string,
  { name, size, threshold }: Case,
  pipeline: string,
  workers: number,
): Promise<Measurement> {
  const { parameters } = pipelines.find(({ name }) => name === pipeline)!;
  const out = `${file}.result`;
  const measured = await runMeasured(Deno.execPath(), [
    ...["run", "-A", decodeURIComponent(new URL("../cli.ts", import.meta.url).pathname), "cluster", file],
    ...["--out", out, "--quiet", "--workers", String(workers)],
    ...["--threshold", String(threshold ?? parameters.threshold)],
    ...flagsOf(parameters),
  ]);
  await Deno.remove(out, { recursive: true });
  const scan = await openScan(file);
  const estimate = estimateRun(scan, parameters, { workers }).memory;
  scan.close();
  console.error(
    `${name}, ${pipeline}: ${Math.round(measured.peak / mebibyte)} MiB, ${measured.seconds.toFixed(1)} s`,
  );
  return { scan: name, size, pipeline, workers, estimate, ...measured };
}

function flagsOf({ blur, prefilter, average }: ClusterParameters): string[] {
  return ["--blur", String(blur), ...(prefilter ? ["--prefilter"] : []), "--average", average];
}

function printTable(measurements: readonly Measurement[]): void {
  const rows = measurements.map(({ scan, size, pipeline, workers, peak, estimate, seconds }) => [
    scan,
    pipeline,
    `${size.rows} x ${size.columns}`,
    String(workers),
    (scanBytes(size) / 1e9).toFixed(2),
    (peak / mebibyte).toFixed(0),
    (estimate / mebibyte).toFixed(0),
    (estimate / peak).toFixed(2),
    seconds.toFixed(1),
    peak > limit ? "above 1 GiB" : "",
  ]);
  const heads = [
    "scan",
    "pipeline",
    "probes",
    "workers",
    "GB",
    "peak MiB",
    "estimate MiB",
    "estimate / peak",
    "s",
    "",
  ];
  console.log(formatTable(heads, rows, 3));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      filter: { type: "string", default: "" },
      workers: { type: "string", default: "2" },
      folder: { type: "string" },
      json: { type: "string" },
    },
  });
  const workers = wholeNumber(values.workers, "--workers");
  const folder = await Deno.makeTempDir({ prefix: "crystallite-memory-", dir: values.folder });
  const measurements: Measurement[] = [];
  try {
    for (const each of cases.filter(({ name }) => name.includes(values.filter))) {
      const file = `${folder}/scan.npy`;
      each.write(file, each.size);
      for (const pipeline of each.pipelines) measurements.push(await measure(file, each, pipeline, workers));
      await Deno.remove(file);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const facts = machine();
  console.log(
    `${facts.processor}, ${facts.cores} cores, ${facts.system}, ${facts.runtime}; all files written\n`,
  );
  printTable(measurements);
  if (values.json) Deno.writeTextFileSync(values.json, JSON.stringify({ ...facts, measurements }, null, 2));
}

if (import.meta.main) await main();
