/** Averages of clusters about a common origin. */

import type { RunOptions } from "../engine/options.ts";
import type { AverageBatch, AveragedClusters } from "../passes/averages/average_sweep.ts";
import { averagePatterns } from "../passes/averages/averages.ts";
import { demandArgument } from "../scan/demand.ts";
import type { Scan } from "../scan/scan.ts";

/** Where patterns are moved to, and how far. */
export interface Alignment {
  /** The common origin in detector pixels: the mean over the scan. */
  readonly center: { readonly row: number; readonly column: number };
  /** float32 (row, column, 2): by how much the origin of each probe lies beyond it. */
  readonly shifts: Float32Array;
}

/** Averages are aligned without being asked where the origin moves farther than this from its mean, in pixels. */
export const noticeableDescan = 0.5;

/**
 * The alignment of patterns whose origins are known.
 *
 * @param origin float32 (row, column, 2): the direct beam of each probe in detector pixels, finite
 * @throws {BadParameter} when a place is not finite, or there are no pairs of them
 *
 * @example
 * ```ts
 * import { alignmentOf } from "crystallite";
 *
 * const { center, shifts } = alignmentOf(Float32Array.of(30, 31, 32, 31));
 * console.assert(center.row === 31 && shifts[0] === -1 && shifts[2] === 1);
 * ```
 */
export function alignmentOf(origin: Float32Array): Alignment {
  const pairs = origin.length > 0 && origin.length % 2 === 0 && origin.every(Number.isFinite);
  demandArgument(pairs, "origin", "a finite row and column for each probe", `${origin.length} numbers`);
  const probes = origin.length / 2;
  let row = 0, column = 0;
  for (let probe = 0; probe < probes; probe++) {
    row += origin[2 * probe] / probes;
    column += origin[2 * probe + 1] / probes;
  }
  const shifts = origin.map((place, index) => place - (index % 2 === 0 ? row : column));
  return { center: { row, column }, shifts };
}

/**
 * Shifts in whole pixels about the mean one of each cluster: patterns that are moved by parts of pixels are blurred by it, more
 * than where they lie to within half a pixel, and a cluster in which the beam hardly moves is not blurred at all.
 */
function wholeShifts(shifts: Float32Array, labels: Int32Array, clusters: number): Float32Array {
  const sums = new Float64Array(2 * clusters), counts = new Float64Array(clusters);
  labels.forEach((label, probe) => {
    if (label < 0) return;
    counts[label]++;
    for (const axis of [0, 1]) sums[2 * label + axis] += shifts[2 * probe + axis];
  });
  return shifts.map((shift, index) => {
    const label = labels[index >> 1];
    if (label < 0) return 0;
    const mean = sums[2 * label + index % 2] / counts[label];
    return Math.round(mean) + Math.round(shift - mean);
  });
}

/**
 * Where the direct beam of each cluster's average lies, by where it is in its patterns: for averages that do not show it.
 *
 * @param origin float32 (row, column, 2): the direct beam of each probe in detector pixels
 * @param labels int32 (row, column): cluster of each probe, -1 for none
 * @param aligned whether the averages are those of {@link alignedAverages}
 * @returns float32 (cluster, 2): row and column, NaN for clusters without a probe
 */
export function averageOrigins(
  origin: Float32Array,
  labels: Int32Array,
  clusters: number,
  aligned: boolean,
): Float32Array {
  const moved = aligned ? wholeShifts(alignmentOf(origin).shifts, labels, clusters) : undefined;
  const sums = new Float64Array(2 * clusters), counts = new Float64Array(clusters);
  labels.forEach((label, probe) => {
    if (label < 0) return;
    counts[label]++;
    for (const axis of [0, 1]) {
      sums[2 * label + axis] += origin[2 * probe + axis] - (moved?.[2 * probe + axis] ?? 0);
    }
  });
  return Float32Array.from(sums, (sum, index) => sum / counts[index >> 1]);
}

/**
 * The averages of clusters from raw patterns that are moved to a common origin, by whole pixels, so that descan does not smear
 * their disks; where the origin of an average is, to a fraction of a pixel, its own direct beam says. Bounded memory and order of sums are those of `averagePatterns`: results depend on nothing but the input.
 *
 * @returns batches of averages, NaN where none of a cluster's patterns saw a pixel
 * @throws as `averagePatterns`
 *
 * @example
 * ```ts
 * import { alignedAverages, alignmentOf, clusterScan, defaultParameters, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 8, columns: 8, grains: 2, seed: 1 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, threshold: 0.5 });
 * const { shifts } = alignmentOf(new Float32Array(2 * 64).fill(31.5));
 * for await (const { count, patterns } of alignedAverages(scan, clustering, shifts)) {
 *   console.assert(patterns.length === count * 64 * 64);
 * }
 * ```
 */
export function alignedAverages(
  scan: Scan,
  { labels, clusters, badPixels }: Pick<AveragedClusters, "labels" | "clusters" | "badPixels">,
  shifts: Float32Array,
  options: RunOptions = {},
): AsyncGenerator<AverageBatch> {
  const parameters = { average: "raw", prefilter: null } as const;
  const whole = wholeShifts(shifts, labels, clusters.length);
  return averagePatterns(scan, { labels, clusters, badPixels, parameters, shifts: whole }, options);
}
