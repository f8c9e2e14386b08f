/** The averages of a result, written while they come and never held as a whole. */

import { join } from "node:path";
import type { AverageBatch } from "../passes/averages/average_sweep.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { turn } from "../engine/turn.ts";
import { NpyWriter } from "../formats/npy_writer.ts";
import { largestClusters, type PatternPair, reportedPatterns } from "../report/content.ts";
import type { PixelArray } from "../scan/dtype.ts";
import { throwIfAborted } from "../scan/errors.ts";
import { checkAverages } from "./check.ts";
import { ClustersFile, type ClustersFileContent } from "./hdf5.ts";
import { fileOf } from "./product.ts";
import { averages as averagesProduct } from "./products.ts";
import { clustersFileName, type ExportGroup } from "./result_files.ts";

/** Bytes of averages that are written at a time. */
const partBytes = 8 * 2 ** 20;

/** What averages are written from. */
export interface AveragesContent extends Omit<ClustersFileContent, "averages"> {
  /** Each cluster once; `null` for a result without. */
  readonly averages: AsyncIterable<AverageBatch> | Iterable<AverageBatch> | null;
  /** The raw pattern (qy, qx) at a probe position. */
  readonly readPattern?: (row: number, column: number) => PixelArray | Promise<PixelArray>;
}

/**
 * Streams the averages into their files and keeps those of the largest clusters, by id.
 *
 * @returns `null` where there are none
 * @throws as `checkAverages`, and {RangeError} when an average does not come
 */
export async function writeAverages(
  folder: string,
  content: AveragesContent,
  exports: ReadonlySet<ExportGroup>,
  signal: AbortSignal | undefined,
): Promise<Map<number, Float32Array> | null> {
  const { clustering, scan, averages } = content;
  const { patternRows, patternColumns } = scan.shape;
  const count = clustering.clusters.length, pixels = patternRows * patternColumns;
  const wanted = new Set(largestClusters(clustering.clusters, reportedPatterns).map((cluster) => cluster.id));
  const kept = new Map<number, Float32Array>();
  const h5 = exports.has("h5")
    ? await ClustersFile.create(join(folder, clustersFileName), { ...content, averages: averages !== null })
    : null;
  let npy: NpyWriter | null = null;
  try {
    if (averages !== null) {
      if (exports.has("npy")) {
        const path = join(folder, fileOf(averagesProduct));
        npy = NpyWriter.create(path, averagesProduct.type, [count, patternRows, patternColumns]);
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

/** The largest clusters with their averages and the patterns at their seeds. */
export async function pairWithSeeds(
  averages: ReadonlyMap<number, Float32Array>,
  { clustering, readPattern }: Pick<AveragesContent, "clustering" | "readPattern">,
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
  read: AveragesContent["readPattern"],
): Promise<PixelArray | undefined> {
  return read && await read(seed.row, seed.column);
}
