/** Writing a result directory. */

import { join } from "node:path";
import type { AverageBatch } from "../passes/averages/average_sweep.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Clustering } from "../cluster/clustering.ts";
import { turn } from "../engine/turn.ts";
import { encodeNpy, NpyWriter } from "../formats/npy_writer.ts";
import { clusterColours } from "../report/colours.ts";
import {
  largestClusters,
  type PatternPair,
  reportedPatterns,
  type RunFacts,
  type ScanFacts,
} from "../report/content.ts";
import { renderReport } from "../report/html.ts";
import { mapMagnification, renderLabelMap } from "../report/map_image.ts";
import { encodePng } from "../report/png.ts";
import { withScaleBar } from "../report/scale_bar.ts";
import type { PixelArray } from "../scan/dtype.ts";
import { readPattern, type Scan } from "../scan/scan.ts";
import { Aborted, fromSystemError, throwIfAborted } from "../scan/errors.ts";
import { checkAverages, checkClustering } from "./check.ts";
import { type SampledChecksum, sampledChecksum } from "./checksum.ts";
import { formatClustersCsv } from "./clusters_csv.ts";
import { PendingResult, runRecordName } from "./directory.ts";
import { baseLabelsName, editsName, formatEditLog } from "./edits_file.ts";
import { mixtureMaps } from "../cluster/mixtures.ts";
import { forestProbesName, forestSimilarityName } from "./forest_files.ts";
import { ClustersFile } from "./hdf5.ts";
import type { StoredResult } from "./read.ts";
import { makeRunRecord, scanBytes, type StoredFile } from "./run_record.ts";
import { copyUnedited } from "./unedited.ts";
import { version } from "./version.ts";

/** Groups of files that can be left out of a result. */
export type ExportGroup = "npy" | "csv" | "h5" | "png" | "html";

/** All of them, the default. */
export const exportGroups: readonly ExportGroup[] = ["npy", "csv", "h5", "png", "html"];

/** Bytes of averages that are written at a time. */
const partBytes = 8 * 2 ** 20;

/** What a result directory is made from. */
export interface ResultContent {
  /** What was found. */
  readonly clustering: Clustering;
  /** What was clustered. It must still be open if it is a whole `Scan`. */
  readonly scan: ScanFacts | Scan;
  /** Cluster averages in batches, each cluster once; `null` for a result without. They are read once and not kept. */
  readonly averages: AsyncIterable<AverageBatch> | Iterable<AverageBatch> | null;
  /** The raw pattern (qy, qx) at a probe position, for the report; default: read from `scan` if it is a whole one. */
  readonly readPattern?: (row: number, column: number) => PixelArray | Promise<PixelArray>;
  /** How the run came about; default: this version of crystallite, called as a library, just now. */
  readonly run?: Partial<RunFacts>;
  /**
   * The result that this one follows from by editing. What does not depend on the labels is taken over from it: other
   * files, and what its run record says of the input, the parameters and of anything unknown here.
   */
  readonly previous?: StoredResult;
}

/** Content with nothing left to assume. */
type CompleteContent = ResultContent & { readonly run: RunFacts };

/** Options of {@link writeResult}. */
export interface WriteOptions {
  /** Replace an older result of ours. */
  readonly force?: boolean;
  /** Which files to write; default: all. The run record is always written. */
  readonly exports?: ReadonlySet<ExportGroup>;
  /** Stops the call, which then throws `Aborted` and leaves nothing behind. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a complete result directory, or nothing: on any failure the directory is as it was before.
 *
 * @throws {FileUnavailable} when the folder cannot be written, or holds a result and `force` is off
 * @throws {BadParameter} when the folder holds anything but a result of ours
 * @throws {OutOfResources} when the disk is full
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { clusterScan, defaultParameters, simulateScan, writeResult } from "crystallite";
 *
 * const scan = simulateScan({ rows: 8, columns: 8, grains: 2, seed: 1 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const directory = `${await Deno.makeTempDir()}/result`;
 * await writeResult(directory, { scan, clustering, averages: null }, { exports: new Set(["npy", "csv"]) });
 * ```
 */
export async function writeResult(
  directory: string,
  content: ResultContent,
  options: WriteOptions = {},
): Promise<void> {
  checkClustering(content.clustering);
  throwIfAborted(options.signal);
  const { scan, clustering } = content;
  const complete = {
    ...content,
    run: { version, command: [], workingDirectory: Deno.cwd(), started: new Date(), ...content.run },
    averages: clustering.parameters.average === "none" ? null : content.averages,
    readPattern: content.readPattern ?? ("readRows" in scan ? readPattern.bind(null, scan) : undefined),
  };
  const pending = await PendingResult.create(directory, options);
  try {
    await writeFiles(pending.path, complete, options);
    throwIfAborted(options.signal);
    await pending.commit(options.signal);
  } finally {
    // After a commit there is nothing left to remove.
    await pending.discard();
  }
}

async function writeFiles(folder: string, content: CompleteContent, options: WriteOptions): Promise<void> {
  const { clustering, scan, run } = content;
  const { exports = new Set(exportGroups), signal } = options;
  const started = performance.now();
  const put = (name: string, bytes: Uint8Array) => writeFile(join(folder, name), bytes);

  if (exports.has("npy")) { for (const [name, bytes] of mapFiles(clustering)) await put(name, bytes); }
  if (clustering.edits) {
    await put(editsName, new TextEncoder().encode(formatEditLog(clustering.edits.log)));
  }
  if (exports.has("csv")) {
    await put("clusters.csv", new TextEncoder().encode(formatClustersCsv(clustering.clusters)));
  }
  const colours = exports.has("png") || exports.has("html") ? clusterColours(clustering) : undefined;
  if (exports.has("png")) await put("map.png", renderMapFile(clustering, scan, colours!));
  const averages = await writeAverages(folder, content, exports, signal);
  const averaged = (performance.now() - started) / 1000;
  const bytesOut = (await listFiles(folder)).reduce((sum, file) => sum + file.bytes, 0);
  const timings = () => ({
    ...clustering.timings,
    "averages and files": averaged,
    "total": (Date.now() - run.started.getTime()) / 1000,
  });
  if (exports.has("html")) {
    const patterns = averages && await pairWithSeeds(averages, content, signal);
    const bytesIn = scanBytes(scan);
    const facts = { clustering, scan, run, bytesIn, bytesOut, timings: timings() };
    const report = renderReport({ ...facts, patterns, colours });
    await put("report.html", new TextEncoder().encode(report));
  }
  const warnings = [...scan.warnings, ...clustering.warnings];
  const { previous } = content;
  if (previous) {
    await copyUnedited(previous, folder, new Set((await listFiles(folder)).map(({ name }) => name)));
  }
  const checksum = previous ? previous.run.input.checksum : await inputChecksum(scan, warnings, signal);
  const files = await listFiles(folder);
  const record = makeRunRecord({
    clustering,
    scan,
    run,
    checksum,
    timings: timings(),
    files,
    bytesOut,
    warnings,
  });
  const complete = previous ? { ...previous.run, ...record, parameters: previous.run.parameters } : record;
  await put(runRecordName, new TextEncoder().encode(`${JSON.stringify(complete, null, 2)}\n`));
}

function* mapFiles(clustering: Clustering): Generator<[string, Uint8Array]> {
  const {
    shape: { rows, columns },
    labels,
    similarity,
    meanSimilarity,
    mask,
    darkField,
    edits,
    regions,
    forest,
  } = clustering;
  yield ["labels.npy", encodeNpy("i32", [rows, columns], labels)];
  yield ["similarity.npy", encodeNpy("f32", [rows, columns, 8], similarity)];
  yield ["mean_similarity.npy", encodeNpy("f32", [rows, columns], meanSimilarity)];
  yield ["mask.npy", encodeNpy("u8", [rows, columns], mask)];
  if (regions) yield ["margin.npy", encodeNpy("f32", [rows, columns], regions.margin)];
  if (regions?.mixtures) {
    const { clusters, fractions } = mixtureMaps(regions.mixtures, edits?.baseLabels ?? labels);
    yield ["mixture_clusters.npy", encodeNpy("i32", [rows, columns, 2], clusters)];
    yield ["mixture_fractions.npy", encodeNpy("f32", [rows, columns, 2], fractions)];
  }
  if (forest) {
    const edges = forest.similarity.length;
    yield [forestProbesName, encodeNpy("u32", [edges, 2], forest.probes)];
    yield [forestSimilarityName, encodeNpy("f32", [edges], forest.similarity)];
  }
  if (darkField) yield ["dark_field.npy", encodeNpy("f32", [rows, columns], darkField)];
  if (edits) yield [baseLabelsName, encodeNpy("i32", [rows, columns], edits.baseLabels)];
}

function renderMapFile(clustering: Clustering, scan: ScanFacts, colours: Uint32Array): Uint8Array {
  const { shape } = clustering;
  const map = renderLabelMap({ ...clustering, colours }, mapMagnification(shape), "light");
  return encodePng(withScaleBar(map, shape.columns, scan.calibration.pixelSize));
}

/** Streams the averages into their files and keeps those of the largest clusters, by id. */
async function writeAverages(
  folder: string,
  content: CompleteContent,
  exports: ReadonlySet<ExportGroup>,
  signal: AbortSignal | undefined,
): Promise<Map<number, Float32Array> | null> {
  const { clustering, scan, averages } = content;
  const { patternRows, patternColumns } = scan.shape;
  const count = clustering.clusters.length, pixels = patternRows * patternColumns;
  const wanted = new Set(largestClusters(clustering.clusters, reportedPatterns).map((cluster) => cluster.id));
  const kept = new Map<number, Float32Array>();
  const h5 = exports.has("h5")
    ? await ClustersFile.create(join(folder, "clusters.h5"), { ...content, averages: averages !== null })
    : null;
  let npy: NpyWriter | null = null;
  try {
    if (averages !== null) {
      if (exports.has("npy")) {
        npy = NpyWriter.create(join(folder, "averages.npy"), "f32", [count, patternRows, patternColumns]);
      }
      const seen = new Uint8Array(count);
      for await (const batch of averages) {
        throwIfAborted(signal);
        checkAverages(batch, seen, scan.shape, scan.source.path);
        for (const part of partsOf(batch, pixels)) {
          npy?.write(part.patterns, part.first * pixels);
          h5?.writeAverages(part);
          await turn(signal);
        }
        for (let index = 0; index < batch.count; index++) {
          if (!wanted.has(batch.first + index)) continue;
          kept.set(batch.first + index, batch.patterns.slice(index * pixels, (index + 1) * pixels));
        }
      }
      const missing = seen.indexOf(0);
      if (missing >= 0) throw new RangeError(`the average of cluster ${missing} did not come`);
      npy?.close();
    }
    h5?.close();
  } catch (cause) {
    npy?.abort();
    h5?.abort();
    throw cause;
  }
  return averages === null ? null : kept;
}

/** A batch as parts of few enough bytes that writing one does not keep Ctrl-C waiting. */
function* partsOf({ first, count, patterns }: AverageBatch, pixels: number): Generator<AverageBatch> {
  const most = Math.max(1, Math.floor(partBytes / (4 * pixels)));
  for (let start = 0; start < count; start += most) {
    const end = Math.min(count, start + most);
    yield {
      first: first + start,
      count: end - start,
      patterns: patterns.subarray(start * pixels, end * pixels),
    };
  }
}

async function pairWithSeeds(
  averages: ReadonlyMap<number, Float32Array>,
  { clustering, readPattern }: ResultContent,
  signal: AbortSignal | undefined,
): Promise<PatternPair[]> {
  const pairs: PatternPair[] = [];
  for (const cluster of largestClusters(clustering.clusters, reportedPatterns)) {
    throwIfAborted(signal);
    const average = averages.get(cluster.id);
    if (average === undefined) throw new RangeError(`the average of cluster ${cluster.id} is missing`);
    pairs.push({ cluster, average, seedPattern: await readSeed(cluster, readPattern) });
  }
  return pairs;
}

async function readSeed(
  { seed }: Cluster,
  read: ResultContent["readPattern"],
): Promise<PixelArray | undefined> {
  return read && await read(seed.row, seed.column);
}

/** The checksum of the input; `null` for data that never were in a file. A vanished input is a warning, not a failure. */
async function inputChecksum(
  scan: ScanFacts,
  warnings: string[],
  signal: AbortSignal | undefined,
): Promise<SampledChecksum | null> {
  if (scan.source.bytes === undefined) return null;
  try {
    return await sampledChecksum(scan.source.path, signal);
  } catch (cause) {
    if (cause instanceof Aborted) throw cause;
    warnings.push(`${scan.source.path} could not be read again for its checksum`);
    return null;
  }
}

async function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await Deno.writeFile(path, bytes, { createNew: true });
  } catch (cause) {
    throw fromSystemError(cause, path, "write");
  }
}

/** Files written so far, by name. */
async function listFiles(folder: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    files.push({ name, bytes: (await Deno.stat(join(folder, name))).size });
  }
  return files.sort((a, b) => a.name < b.name ? -1 : 1);
}
