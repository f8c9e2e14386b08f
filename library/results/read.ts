/** Reading a result directory back. */

import { join } from "node:path";
import type { Cluster } from "../cluster/cluster.ts";
import type { ClusteringEdits } from "../cluster/clustering.ts";
import { neighbourOffsets } from "../scan/neighbours.ts";
import type { MergeForest } from "../cluster/forest.ts";
import { BadParameter, CorruptFile, fromSystemError, UnsupportedFormat } from "../scan/errors.ts";
import { probeCount, type ScanShape } from "../scan/shape.ts";
import { parseClustersCsv } from "./clusters_csv.ts";
import { isResultDirectory, runRecordName } from "./directory.ts";
import { baseLabelsName, editsName, readEditLog } from "./edits_file.ts";
import { forestProbesName, readForest } from "./forest_files.ts";
import { resultVersion, type RunRecord } from "./run_record.ts";
import { readStoredArray } from "./stored_array.ts";

/** A result as it lies on disk. Maps are row-major over probe positions. */
export interface StoredResult {
  /** Path of the result directory. */
  readonly directory: string;
  /** Sizes of the scan that was clustered. */
  readonly shape: ScanShape;
  /** int32 (row, column); -1 = in no cluster. */
  readonly labels: Int32Array;
  /** float32 (row, column, 8) in the order of `neighbourOffsets`. */
  readonly similarity: Float32Array;
  /** float32 (row, column). */
  readonly meanSimilarity: Float32Array;
  /** uint8 (row, column). */
  readonly mask: Uint8Array;
  /** In the order of their ids. */
  readonly clusters: readonly Cluster[];
  /** float32 (row, column), where the mask came from a dark-field image. */
  readonly darkField?: Float32Array;
  /** float32 (row, column): how safe a probe's region is, where regions were found. */
  readonly margin?: Float32Array;
  /** Clusters at every threshold; absent with the border rule of py4DSTEM. */
  readonly forest?: MergeForest;
  /** Corrections by hand, where there were any: `labels` and `clusters` have them. */
  readonly edits?: ClusteringEdits;
  /** Where the result came from. */
  readonly run: RunRecord;
}

/**
 * Reads labels, similarities, mask, clusters and run record of a result written with at least the exports `npy` and
 * `csv`. The averages, which may be large, stay on disk.
 *
 * @throws {BadParameter} when the folder is not a result of ours
 * @throws {FileUnavailable} when one of the files is missing
 * @throws {CorruptFile} when the files do not fit each other
 * @throws {UnsupportedFormat} when the result was written by a newer crystallite
 *
 * @example
 * ```ts
 * import { averagePatterns, clusterScan, defaultParameters, readResult, simulateScan, writeResult } from "crystallite";
 *
 * const scan = simulateScan({ rows: 12, columns: 12, grains: 3, seed: 1 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const directory = `${await Deno.makeTempDir()}/result`;
 * await writeResult(directory, { scan, clustering, averages: averagePatterns(scan, clustering) });
 * const stored = await readResult(directory);
 * console.assert(stored.clusters.length === clustering.clusters.length);
 * ```
 */
export async function readResult(directory: string): Promise<StoredResult> {
  if (!await isResultDirectory(directory)) {
    throw new BadParameter(`${directory} is not a result of crystallite`, {
      file: directory,
      expected: `a folder that holds our ${runRecordName}`,
      parameter: "directory",
      remedy: "name the folder that was given to `directory`",
    });
  }
  const run = await readRunRecord(join(directory, runRecordName));
  const { shape } = run;
  const map = [shape.rows, shape.columns];
  const file = (name: string) => join(directory, name);
  const labels = readStoredArray(file("labels.npy"), "i32", map) as Int32Array;
  const similarity = readStoredArray(file("similarity.npy"), "f32", [...map, neighbourOffsets.length]);
  const meanSimilarity = readStoredArray(file("mean_similarity.npy"), "f32", map);
  const mask = readStoredArray(file("mask.npy"), "u8", map);
  const csv = file("clusters.csv");
  const clusters = parseClustersCsv(await readText(csv), csv);
  checkClusters(directory, labels, clusters, run);
  const has = (name: string) => run.files.some((listed) => listed.name === name);
  const optional = (name: string) =>
    has(name) ? readStoredArray(file(name), "f32", map) as Float32Array : undefined;
  return {
    directory,
    shape,
    labels,
    similarity: similarity as Float32Array,
    meanSimilarity: meanSimilarity as Float32Array,
    mask: mask as Uint8Array,
    clusters,
    darkField: optional("dark_field.npy"),
    margin: optional("margin.npy"),
    forest: has(forestProbesName) ? readForest(directory, shape) : undefined,
    edits: run.edits && await readEdits(directory, run),
    run,
  };
}

async function readEdits(directory: string, { shape, edits }: RunRecord): Promise<ClusteringEdits> {
  const log = await readEditLog(join(directory, editsName));
  if (log.operations.length !== edits?.operations || log.cursor !== edits.applied) {
    throw mismatch(
      directory,
      "the edits differ",
      `${edits?.applied} of ${edits?.operations} operations`,
      `${log.cursor} of ${log.operations.length}`,
    );
  }
  const map = [shape.rows, shape.columns];
  const baseLabels = readStoredArray(join(directory, baseLabelsName), "i32", map) as Int32Array;
  const wrong = baseLabels.find((label) => label < -1 || label >= baseLabels.length);
  if (wrong !== undefined) {
    const most = baseLabels.length - 1;
    throw mismatch(directory, "a label before the edits names no cluster", `-1 to ${most}`, String(wrong));
  }
  return { log, baseLabels };
}

/** The error about files that contradict each other. */
function mismatch(directory: string, what: string, expected: string, found: string): CorruptFile {
  return new CorruptFile(`the files of ${directory} do not belong together: ${what}`, {
    file: directory,
    expected,
    found,
    remedy: "run the clustering again",
  });
}

async function readRunRecord(path: string): Promise<RunRecord> {
  const record = JSON.parse(await readText(path)) as RunRecord;
  if (!(Number.isInteger(record.resultVersion) && record.resultVersion <= resultVersion)) {
    throw new UnsupportedFormat(`${path} was written by a newer crystallite`, {
      file: path,
      expected: `result version up to ${resultVersion}`,
      found: String(record.resultVersion),
      remedy: "update crystallite",
    });
  }
  const { rows, columns, patternRows, patternColumns } = record.shape ?? {};
  const sizes = [rows, columns, patternRows, patternColumns];
  if (
    !sizes.every((size) => Number.isSafeInteger(size) && size >= 1) ||
    !Number.isSafeInteger(probeCount(record.shape))
  ) {
    throw new CorruptFile(`${path} does not give the shape of a scan`, {
      file: path,
      expected: "four whole numbers of at least 1",
      found: sizes.join(", "),
      remedy: "run the clustering again",
    });
  }
  const isFile = (file: unknown) =>
    typeof file === "object" && file !== null && "name" in file && typeof file.name === "string";
  if (!Array.isArray(record.files) || !record.files.every(isFile)) {
    throw new CorruptFile(`${path} does not list the files of its result`, {
      file: path,
      expected: "a list of names and sizes",
      found: JSON.stringify(record.files)?.slice(0, 200) ?? "nothing",
      remedy: "run the clustering again",
    });
  }
  return record;
}

/** Sizes in the table must be those on the map, so that nobody counts what is not there. */
function checkClusters(
  directory: string,
  labels: Int32Array,
  clusters: readonly Cluster[],
  run: RunRecord,
): void {
  if (clusters.length !== run.clusters) {
    throw mismatch(
      directory,
      "the number of clusters differs",
      `${run.clusters} clusters`,
      `${clusters.length} clusters`,
    );
  }
  const counted = new Float64Array(clusters.length);
  for (const label of labels) {
    if (label < -1 || label >= clusters.length) {
      throw mismatch(directory, "a label names no cluster", `-1 to ${clusters.length - 1}`, String(label));
    }
    if (label >= 0) counted[label]++;
  }
  const wrong = clusters.find((cluster) => cluster.size !== counted[cluster.id]);
  if (wrong) {
    throw mismatch(
      directory,
      `the size of cluster ${wrong.id} differs`,
      `${wrong.size} probes`,
      `${counted[wrong.id]} probes on the map`,
    );
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw fromSystemError(cause, path, "read");
  }
}
