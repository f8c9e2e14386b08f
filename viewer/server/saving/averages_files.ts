/** Averages on their way into files: numpy, a stack of TIFF images, and those that a report shows. */

import type { Engine } from "../../../library/engine/engine.ts";
import { encodeNpyHeader } from "../../../library/formats/npy_writer.ts";
import type { AverageBatch } from "../../../library/passes/averages/average_sweep.ts";
import { averagePatterns } from "../../../library/passes/averages/averages.ts";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import { OutOfResources, throwIfAborted } from "../../../library/scan/errors.ts";
import { readPattern, type Scan } from "../../../library/scan/scan.ts";
import { averagesOf } from "../../../library/results/scan_of_result.ts";
import { largestClusters, type PatternPair, reportedPatterns } from "../../../library/report/content.ts";
import { tiffStackBytes, tiffStackHeader, tiffStackPage } from "../../../library/report/tiff.ts";
import { bytesOf } from "../../../library/scan/dtype.ts";
import { pixelCount, type ScanShape } from "../../../library/scan/shape.ts";
import type { ByteTarget } from "./byte_target.ts";
import type { Item } from "../items/item.ts";
import type { StoredResult } from "../../../library/results/read.ts";
import { openStoredAverages } from "../patterns/stored_averages.ts";

/** The averages of a clustering, raw where it says to have none. */
export function averagesFor(
  engine: Engine,
  scan: Scan,
  clustering: Clustering,
  signal: AbortSignal,
): AsyncGenerator<AverageBatch> {
  const options = { engine, signal }, { parameters } = clustering;
  if (parameters.average !== "filtered" || clustering.prefilterWeights) {
    const average = parameters.average === "none" ? "raw" : parameters.average;
    return averagePatterns(scan, { ...clustering, parameters: { ...parameters, average } }, options);
  }
  return averagesOf(scan, clustering, options);
}

/**
 * The averages that lie in a result's files, in the first of these that there is.
 *
 * @returns `null` where it has none, or they are not those of the clustering
 */
export function storedAverages(
  { found }: Item,
  clustering: Clustering,
  files: readonly string[],
): Generator<AverageBatch> | null {
  const stored = found?.origin.stored;
  if (!stored || !areStored(stored, clustering)) return null;
  const file = openStoredAverages(stored, files), count = stored.clusters.length;
  if (!file) return null;
  return (function* () {
    try {
      for (let first = 0; first < count; first++) yield { first, count: 1, patterns: file.read(first) };
    } finally {
      file.close();
    }
  })();
}

/** Whether a clustering has the clusters of a result. */
export function areStored({ labels }: StoredResult, clustering: Clustering): boolean {
  return clustering.labels.every((label, probe) => label === labels[probe]);
}

/** Something that averages are put into, in any order. */
export interface AverageSink {
  put(id: number, pattern: Float32Array): void;
}

/** Bytes of the averages as `npy`. */
export function npyBytes(shape: ScanShape, count: number): number {
  return headerOf(shape, count).length + 4 * count * pixelCount(shape);
}

function headerOf({ patternRows, patternColumns }: ScanShape, count: number): Uint8Array {
  return encodeNpyHeader("f32", [count, patternRows, patternColumns]);
}

/** An array (cluster, qy, qx). */
export function npySink(target: ByteTarget, shape: ScanShape, count: number): AverageSink {
  const header = headerOf(shape, count), patternBytes = 4 * pixelCount(shape);
  target.put(0, header);
  return { put: (id, pattern) => target.put(header.length + id * patternBytes, bytesOf(pattern)) };
}

/**
 * Bytes of the averages as TIFF.
 *
 * @throws {OutOfResources} when there are none, or more than TIFF can hold
 */
export function tiffBytes({ patternRows: rows, patternColumns: columns }: ScanShape, pages: number): number {
  if (pages === 0) {
    throw new OutOfResources("a TIFF file needs at least one image, and there is no cluster", {
      remedy: "lower the threshold or the minimum size",
    });
  }
  try {
    return tiffStackBytes({ pages, rows, columns });
  } catch (cause) {
    throw new OutOfResources("the averages do not fit into a TIFF file", {
      expected: "less than 4 GiB",
      found: `${pages} images of ${rows} x ${columns}`,
      remedy: "save them as npy",
    }, { cause });
  }
}

/** A stack of images. */
export function tiffSink(target: ByteTarget, shape: ScanShape, pages: number): AverageSink {
  tiffBytes(shape, pages);
  const stack = { pages, rows: shape.patternRows, columns: shape.patternColumns };
  target.put(0, tiffStackHeader());
  return {
    put: (id, pattern) => {
      const { offset, bytes } = tiffStackPage(stack, id, pattern);
      target.put(offset, bytes);
    },
  };
}

/** Keeps the averages of the largest clusters for a report. */
export class ReportSink implements AverageSink {
  readonly #kept = new Map<number, Float32Array | null>();

  constructor(readonly clustering: Clustering) {
    for (const { id } of largestClusters(clustering.clusters, reportedPatterns)) this.#kept.set(id, null);
  }

  put(id: number, pattern: Float32Array): void {
    if (this.#kept.has(id)) this.#kept.set(id, pattern.slice());
  }

  /** The pairs of the report, largest cluster first. */
  async pairs(scan: Scan | null): Promise<PatternPair[]> {
    const pairs: PatternPair[] = [];
    for (const cluster of largestClusters(this.clustering.clusters, reportedPatterns)) {
      pairs.push({
        cluster,
        average: this.#kept.get(cluster.id)!,
        seedPattern: scan ? await readPattern(scan, cluster.seed.row, cluster.seed.column) : undefined,
      });
    }
    return pairs;
  }
}

/**
 * Puts averages into all sinks as they come.
 *
 * @throws {RangeError} when there are not as many as clusters
 */
export async function fillSinks(
  averages: AsyncIterable<AverageBatch> | Iterable<AverageBatch>,
  { shape, clusters }: Clustering,
  sinks: readonly AverageSink[],
  signal: AbortSignal,
): Promise<void> {
  const pixels = pixelCount(shape);
  let filled = 0;
  for await (const { first, count, patterns } of averages) {
    throwIfAborted(signal);
    filled += count;
    for (let index = 0; index < count; index++) {
      const pattern = patterns.subarray(index * pixels, (index + 1) * pixels);
      for (const sink of sinks) sink.put(first + index, pattern);
    }
  }
  if (filled !== clusters.length) throw new RangeError(`${filled} of ${clusters.length} averages came`);
}
