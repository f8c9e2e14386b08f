/**
 * Averages of a merged scan in parts: a part has the clusters that begin in its rows, and reads on to the last row of each. So
 * every sum is made in scan order on one machine, and its bytes are those of a run over the whole, of float and filtered
 * patterns too.
 */

import { join } from "node:path";
import type { RunOptions } from "../engine/options.ts";
import { averagePatterns } from "../passes/averages/averages.ts";
import type { AveragedCluster } from "../passes/averages/average_sums.ts";
import type { AverageBatch } from "../passes/averages/average_sweep.ts";
import type { PrefilterWeights } from "../passes/prefilter/footprint.ts";
import { NpyReader } from "../results/npy_reader.ts";
import { BadParameter, CorruptFile } from "../scan/errors.ts";
import { bytesPerElement } from "../scan/dtype.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount, type ScanShape } from "../scan/shape.ts";
import type { Rows } from "./bands.ts";
import { digestOfLabels, type Part, readPartArray } from "./part_files.ts";
import type { Ground } from "./plan.ts";
import { weightsOf } from "./merge_parts.ts";

/** Labels of the whole scan, as averages are made of them. */
export interface StoredLabels {
  readonly labels: Int32Array;
  /** SHA-256 of the labels, hexadecimal. */
  readonly digest: string;
  /** Of the prefilter, where averages are filtered. */
  readonly weights?: PrefilterWeights;
}

/**
 * Reads labels that `merge` wrote.
 *
 * @throws {CorruptFile} when they are not of the scan
 */
export function readLabels(part: Part, shape: ScanShape, parameters: Ground["parameters"]): StoredLabels {
  const { rows, columns } = shape;
  const labels = readPartArray(part, "labels", "i32", [rows, columns]) as Int32Array;
  if (labels.some((label) => label < -1 || label >= rows * columns)) {
    throw new CorruptFile(`${part.path} holds labels that are no numbers of clusters`, {
      file: part.path,
      remedy: "make it again with crystallite merge --labels",
    });
  }
  const weights = parameters.average === "filtered"
    ? weightsOf([part], shape, parameters.prefilter)
    : undefined;
  return { labels, digest: digestOfLabels(labels), ...weights && { weights } };
}

/** Clusters of a part: their numbers in the whole, and labels of them alone. */
export interface OwnClusters {
  /** Rising. */
  readonly ids: Int32Array;
  /** int32 (row, column): place in `ids`, -1 for all else. */
  readonly labels: Int32Array;
  /** In the order of `ids`, numbered from 0. */
  readonly clusters: readonly AveragedCluster[];
}

/** The clusters whose first row is one of these. */
export function clustersBeginningIn(
  labels: Int32Array,
  columns: number,
  [first, end]: Rows,
): OwnClusters {
  const known = new Map<number, { size: number; firstRow: number; lastRow: number }>();
  labels.forEach((label, probe) => {
    if (label < 0) return;
    const row = Math.floor(probe / columns), cluster = known.get(label);
    if (!cluster) known.set(label, { size: 1, firstRow: row, lastRow: row });
    else cluster.size++, cluster.lastRow = row;
  });
  const own = [...known].filter(([, { firstRow }]) => firstRow >= first && firstRow < end)
    .sort(([a], [b]) => a - b);
  const placeOf = new Map(own.map(([label], place) => [label, place]));
  return {
    ids: Int32Array.from(own, ([label]) => label),
    labels: labels.map((label) => placeOf.get(label) ?? -1),
    clusters: own.map(([, { size, firstRow, lastRow }], id) => ({ id, size, bounds: { firstRow, lastRow } })),
  };
}

/** Bytes of the scan that are read for the averages of clusters. */
export function averagedBytes({ shape, dtype }: Scan, { clusters }: OwnClusters, reach: number): number {
  if (clusters.length === 0) return 0;
  const first = clusters.reduce((row, { bounds }) => Math.min(row, bounds.firstRow), shape.rows) - reach;
  const last = clusters.reduce((row, { bounds }) => Math.max(row, bounds.lastRow), 0) + reach;
  const rows = Math.min(shape.rows - 1, last) - Math.max(0, first) + 1;
  return rows * shape.columns * pixelCount(shape) * bytesPerElement(dtype);
}

/**
 * The averages of those clusters, batch by batch.
 *
 * @throws as `averagePatterns`
 */
export function averageOwn(
  scan: Scan,
  { parameters, preparation }: Ground,
  { labels, clusters }: OwnClusters,
  weights: PrefilterWeights | undefined,
  options: RunOptions,
): AsyncGenerator<AverageBatch> {
  const { badPixels } = preparation;
  return averagePatterns(
    scan,
    { labels, clusters, badPixels, parameters, prefilterWeights: weights },
    options,
  );
}

/** Averages at a time while parts are read back, in bytes. */
const pieceBytes = 8 * 2 ** 20;

/**
 * The averages of all clusters from parts.
 *
 * @param digest SHA-256 of the labels that they must be of
 * @throws {BadParameter} when a part is of other labels
 */
export function* averagesOf(
  parts: readonly Part[],
  shape: ScanShape,
  digest: string,
): Generator<AverageBatch> {
  const { patternRows, patternColumns } = shape, pixels = pixelCount(shape);
  const most = Math.max(1, Math.floor(pieceBytes / (4 * pixels)));
  for (const part of parts) {
    demandLabels(part, digest);
    const count = part.arrays.ids?.shape[0] ?? 0;
    const ids = readPartArray(part, "ids", "i32", [count]) as Int32Array;
    const reader = NpyReader.open(join(part.path, "averages.npy"), "f32", [
      count,
      patternRows,
      patternColumns,
    ]);
    try {
      for (let start = 0; start < count;) {
        let end = start + 1;
        while (end < count && end - start < most && ids[end] === ids[end - 1] + 1) end++;
        const patterns = reader.read(start * pixels, (end - start) * pixels) as Float32Array;
        yield { first: ids[start], count: end - start, patterns };
        start = end;
      }
    } finally {
      reader.close();
    }
  }
}

/** Checks that averages are of certain labels. */
export function demandLabels(part: Part, digest: string): void {
  if (part.labels === digest) return;
  throw new BadParameter(`${part.path} holds averages of other labels`, {
    file: part.path,
    expected: `labels ${digest.slice(0, 12)}`,
    found: `labels ${String(part.labels).slice(0, 12)}`,
    remedy: "make the averages again with the labels of these parts",
  });
}
