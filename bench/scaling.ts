/**
 * How time grows with the scan: with probe positions, with detector pixels, with worker threads.
 *
 *     deno run -A bench/scaling.ts [--rows 32] [--columns 64] [--side 192] [--workers 1,2] [--repeats 3]
 *         [--filter NAME] [--json FILE]
 *     deno run -A bench/scaling.ts --file SCAN [--workers 1,2] ...
 *
 * Simulated scans in the folder for temporary files, in the page cache: the given size, twice the rows and columns, half
 * and twice the side of the patterns. Prints the best time of each, time(4N) / time(N), which is to be at most 4.4, and
 * the gain of more workers. With --file only the workers change, and the clusters of that scan are as they come.
 */

import { parseArgs } from "node:util";
import { openScan } from "crystallite";
import { bytesPerElement } from "../library/scan/dtype.ts";
import { wholeNumber } from "./flags.ts";
import { formatTable } from "../tasks/documentation/table.ts";
import { machine } from "./machine.ts";
import { demandClusters, type Pipeline, type PipelineRun, pipelines, runPipeline } from "./pipelines.ts";
import { scanBytes, type ScanSize, writeSimulatedScan } from "./scan_file.ts";

const mostGrowth = 4.4;

/** A size, and where the patterns are not square 16-bit counts the bytes of the scan. */
interface MeasuredSize extends ScanSize {
  readonly bytes?: number;
}

interface Measurement extends MeasuredSize, PipelineRun {
  readonly pipeline: string;
  readonly workers: number;
  /** Seconds of all runs; `seconds` is the best. */
  readonly runs: readonly number[];
}

async function measure(
  { name, parameters }: Pipeline,
  file: string,
  size: MeasuredSize,
  workers: number,
  repeats: number,
): Promise<Measurement> {
  const runs: PipelineRun[] = [];
  // The first run warms up and does not count.
  for (let run = 0; run <= repeats; run++) runs.push(await runPipeline(file, parameters, workers));
  if (size.bytes === undefined) demandClusters(runs[0]);
  const counted = runs.slice(1).map(({ seconds }) => seconds);
  const measurement = {
    ...runs[0],
    ...size,
    pipeline: name,
    workers,
    seconds: Math.min(...counted),
    runs: counted,
  };
  console.error(`${name}, ${sizeName(size)}, workers ${workers}: ${measurement.seconds.toFixed(3)} s`);
  return measurement;
}

function sizeName({ rows, columns, side }: ScanSize): string {
  return `${rows} x ${columns} probes, ${side} x ${side} pixels`;
}

/** Rows of the table: what grows, and the ratio of the time to that of a quarter of the work or of one worker. */
function tableRows(measurements: readonly Measurement[], base: ScanSize): string[][] {
  const find = (wanted: Partial<Measurement>) =>
    measurements.find((each) =>
      Object.entries(wanted).every(([key, value]) => each[key as keyof Measurement] === value)
    );
  return measurements.map((each) => {
    const { pipeline, workers, rows, columns, side, seconds } = each;
    const same = { pipeline, workers, rows, columns, side };
    const fewerProbes = rows > base.rows
      ? find({ ...same, rows: rows / 2, columns: columns / 2 })
      : undefined;
    const fewerPixels = find({ ...same, side: side / 2 });
    const oneWorker = workers > 1 ? find({ ...same, workers: 1 }) : undefined;
    const growth = seconds / ((fewerProbes ?? fewerPixels)?.seconds ?? NaN);
    return [
      pipeline,
      `${rows} x ${columns}`,
      `${side} x ${side}`,
      String(workers),
      seconds.toFixed(3),
      ((each.bytes ?? scanBytes(each)) / seconds / 1e9).toFixed(3),
      Number.isNaN(growth) ? "" : `${growth.toFixed(2)} ${fewerProbes ? "probes" : "pixels"}`,
      oneWorker ? (oneWorker.seconds / seconds).toFixed(2) : "",
      String(each.clusters),
      growth > mostGrowth ? `above ${mostGrowth}` : "",
    ];
  });
}

/** The size of a scan in a file; patterns that are not square count as square ones of as many pixels. */
async function sizeOf(file: string): Promise<MeasuredSize> {
  const scan = await openScan(file);
  const { shape: { rows, columns, patternRows, patternColumns }, dtype } = scan;
  scan.close();
  const pixels = patternRows * patternColumns;
  return {
    rows,
    columns,
    side: Math.sqrt(pixels),
    bytes: rows * columns * pixels * bytesPerElement(dtype),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "32" },
      columns: { type: "string", default: "64" },
      side: { type: "string", default: "192" },
      workers: { type: "string", default: "1,2" },
      repeats: { type: "string", default: "3" },
      filter: { type: "string", default: "" },
      file: { type: "string" },
      json: { type: "string" },
    },
  });
  const base: ScanSize = {
    rows: wholeNumber(values.rows, "--rows"),
    columns: wholeNumber(values.columns, "--columns"),
    side: 2 * Math.ceil(wholeNumber(values.side, "--side") / 2),
  };
  const workerCounts = values.workers.split(",").map((text) => wholeNumber(text, "--workers"));
  const repeats = wholeNumber(values.repeats, "--repeats");
  const chosen = pipelines.filter(({ name }) => name.includes(values.filter));
  const sizes = [
    base,
    { ...base, rows: 2 * base.rows, columns: 2 * base.columns },
    { ...base, side: base.side / 2 },
    { ...base, side: 2 * base.side },
  ];
  const measurements: Measurement[] = [];
  const measureAll = async (file: string, size: MeasuredSize) => {
    for (const pipeline of chosen) {
      for (const workers of workerCounts) {
        measurements.push(await measure(pipeline, file, size, workers, repeats));
      }
    }
  };
  const folder = await Deno.makeTempDir({ prefix: "crystallite-scaling-" });
  try {
    if (values.file !== undefined) await measureAll(values.file, await sizeOf(values.file));
    else {
      const file = `${folder}/scan.npy`;
      for (const size of sizes) {
        // One file at a time, so that the page cache holds it.
        writeSimulatedScan(file, size);
        await measureAll(file, size);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const facts = machine();
  console.log(`${facts.processor}, ${facts.cores} cores, ${facts.runtime}; best of ${repeats}\n`);
  const heads = [
    "pipeline",
    "probes",
    "pixels",
    "workers",
    "s",
    "GB/s",
    "time(4N)/time(N)",
    "x 1 worker",
    "clusters",
  ];
  const byPipeline = chosen.flatMap(({ name }) => measurements.filter(({ pipeline }) => pipeline === name));
  console.log(formatTable([...heads, ""], tableRows(byPipeline, base), 3));
  if (values.json) Deno.writeTextFileSync(values.json, JSON.stringify({ ...facts, measurements }, null, 2));
}

if (import.meta.main) await main();
