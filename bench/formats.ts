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
import { bytesPerElement, type DType } from "../library/scan/dtype.ts";
import { wholeNumber } from "./flags.ts";
import { frameFolders, type RecordFile, recordFiles, scatteredFiles } from "./format_files.ts";
import type { Size } from "./format_heads.ts";
import { formatTable } from "../tasks/documentation/table.ts";
import { machine } from "./machine.ts";
import { demandClusters, pipelines, runPipeline } from "./pipelines.ts";
import {
  patternsOf,
  simulatedCounts,
  sizeOf,
  usualSide,
  writeNpy,
  writeRecords,
  writeScattered,
} from "./format_writing.ts";

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
