/** Reading a result directory back. */

import { join } from "node:path";
import type { EditLog } from "../cluster/editing/log.ts";
import { BadParameter, CorruptFile } from "../scan/errors.ts";
import { readText } from "../scan/text_file.ts";
import { parseJson } from "../scan/parse_json.ts";
import type { PixelArray } from "../scan/dtype.ts";
import { parseClustersCsv } from "./clusters_csv.ts";
import { isResultDirectory, runRecordName } from "./directory.ts";
import { editsName, readEditLog } from "./edits_file.ts";
import type { Product, Restored } from "./product.ts";
import { products } from "./products.ts";
import { putBack, readArrays } from "./read_arrays.ts";
import { clusterTableName } from "./result_files.ts";
import type { RunRecord } from "./run_record.ts";
import { checkRunRecord } from "./run_schema.ts";
import { isSeriesDirectory } from "./series/record.ts";

/** A result as it lies on disk. Maps are row-major over probe positions. */
export interface StoredResult extends Restored {
  /** Path of the result directory. */
  readonly directory: string;
  /** Every array that was read, by the name of its product; the averages stay on disk. */
  readonly arrays: ReadonlyMap<string, PixelArray>;
  /** Where the result came from. */
  readonly run: RunRecord;
}

/**
 * Reads labels, similarities, mask, clusters and run record of a result written with at least the exports `npy` and
 * `csv`. The averages, which may be large, stay on disk.
 *
 * @param table what arrays there may be; default: all that crystallite knows
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
export async function readResult(
  directory: string,
  table: readonly Product[] = products,
): Promise<StoredResult> {
  if (!await isResultDirectory(directory)) {
    await refuseSeries(directory);
    throw new BadParameter(`${directory} is not a result of crystallite`, {
      file: directory,
      expected: `a folder that holds our ${runRecordName}`,
      parameter: "directory",
      remedy: "name the folder that was given to `directory`; a scan is clustered first",
    });
  }
  const path = join(directory, runRecordName);
  const run = checkRunRecord(parseJson(await readRecord(path)), path);
  const csv = join(directory, clusterTableName);
  const sizes = { shape: run.shape, clusters: run.clusters };
  const arrays = readArrays(directory, run.files, table, sizes);
  const clusters = parseClustersCsv(await readRecord(csv), csv);
  const log = run.edits && await readLog(directory, run.edits);
  const restored = putBack(directory, arrays, table, { run, log, clusters });
  checkClusters(directory, restored, run);
  return { ...restored, directory, arrays, run };
}

/** Fails where a folder is a series: only its frames are results. */
async function refuseSeries(directory: string): Promise<void> {
  if (!await isSeriesDirectory(directory)) return;
  throw new BadParameter(`${directory} is a series, not the result of one scan`, {
    file: directory,
    expected: `a folder that holds our ${runRecordName}`,
    parameter: "directory",
    remedy: `name one of its frames, such as ${join(directory, "frames", "0000")}`,
  });
}

async function readLog(directory: string, edits: NonNullable<RunRecord["edits"]>): Promise<EditLog> {
  const log = await readEditLog(join(directory, editsName));
  if (log.operations.length !== edits.operations || log.cursor !== edits.applied) {
    throw mismatch(
      directory,
      "the edits differ",
      `${edits.applied} of ${edits.operations} operations`,
      `${log.cursor} of ${log.operations.length}`,
    );
  }
  return log;
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

/** Sizes in the table must be those on the map, so that nobody counts what is not there. */
function checkClusters(directory: string, { labels, clusters, edits }: Restored, run: RunRecord): void {
  if (run.edits && !edits) {
    throw mismatch(directory, "there are edits, but not the labels before them", "base labels", "none");
  }
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

/** A table or record larger than this is none of ours. */
const largestText = 256 * 2 ** 20;

function readRecord(path: string): Promise<string> {
  return readText(path, largestText, (expected, found) => mismatch(path, "it is too large", expected, found));
}
