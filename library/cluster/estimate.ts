/** What a run would take, worked out before it starts. */

import { arenaLimit, processBytes, workerCount } from "../engine/engine.ts";
import type { RunOptions } from "../engine/options.ts";
import {
  chooseBand,
  passBytes,
  type PassNeeds,
  type PassScan,
  rowBytes,
  stagingBytes,
} from "../engine/rows.ts";
import { bytesPerElement } from "../scan/dtype.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount, probeCount } from "../scan/shape.ts";
import { sumsArePrivate } from "../passes/averages/average_sums.ts";
import { fastSampling } from "./compare.ts";
import { halfFootprint } from "../passes/prefilter/footprint.ts";
import { gaussianTaps } from "../passes/features/gaussian.ts";
import type { ClusterParameters } from "./parameters.ts";
import { prefilterNeeds } from "../passes/prefilter/weights_pass.ts";
import { sketchColumns } from "../passes/sketch/sketch_basis.ts";
import { sampledNeeds } from "../passes/similarity/sampled_similarity.ts";
import { needsSketch } from "./settle.ts";
import { similarityNeeds } from "../passes/similarity/row_similarity.ts";
import { fitsStrips, stripPassBytes } from "../passes/similarity/strip_similarity.ts";

/** Raw bytes a second of one thread, as measured on the machine of docs/performance.md, rounded down. */
const speeds = {
  plain: 2.5e9,
  blurred: 0.25e9,
  sampled: 1.2e9,
  prefilter: 0.06e9,
  sampledPrefilter: 0.15e9,
  averaged: 3e9,
};
/** Beyond this many threads the memory bandwidth is the limit. */
const usefulThreads = 4;

/** Probes in a cluster, as a rule (the paper quotes 100 to 1000): what the averages will need is not known before. */
const usualClusterSize = 300;
/** Blur that `auto` is reckoned to be. */
const usualBlur = 1.5;
/**
 * What sketches take for each probe: in the arena, and outside as measured, where features are held as they are, centred,
 * and as sums of regions.
 */
const sketchArena = 4 * sketchColumns, sketchArrays = 40 * sketchColumns;
/** What writing a complete result takes, HDF5 and report included. */
const writingBytes = 50e6;

/** Expected cost of a run. */
export interface RunEstimate {
  /** Peak memory of the process in bytes, averages and a complete result included. */
  readonly memory: number;
  /** How often the scan is read, the averages included. */
  readonly passes: number;
  /** Bytes of the scan as stored in memory types. */
  readonly bytes: number;
  /** Seconds, a rough figure: machines differ by several times. */
  readonly seconds: number;
}

/** The parameters that memory and time depend on. */
export type EstimateParameters =
  & Pick<ClusterParameters, "blur" | "prefilter" | "metric" | "average" | "exact" | "borderWidth">
  & Partial<Pick<ClusterParameters, "method" | "threshold" | "mask">>;

/**
 * Estimates memory and time of `clusterScan` and `averagePatterns`.
 *
 * @throws {OutOfResources} when the memory limit of the options is too small for the scan
 * @throws {BadParameter} when the options are out of range
 *
 * @example
 * ```ts
 * import { defaultParameters, estimateRun } from "crystallite";
 *
 * const shape = { rows: 512, columns: 512, patternRows: 192, patternColumns: 192 };
 * const { memory, bytes } = estimateRun({ shape, dtype: "u16" }, { ...defaultParameters, blur: 3 });
 * console.assert(bytes > 19e9 && memory < 2 ** 30);
 * ```
 */
export function estimateRun(
  scan: Pick<Scan, "shape" | "dtype"> & Partial<Pick<Scan, "stored">>,
  given: EstimateParameters,
  options: RunOptions = {},
): RunEstimate {
  const blur = given.blur === "auto" ? usualBlur : given.blur;
  const parameters = { method: "growth", mask: { kind: "none" }, ...given, blur } as const;
  const limit = arenaLimit(options), threads = workerCount(options);
  const { prefilter } = parameters;
  const sampled = isSampled(scan, parameters);
  const sketched = needsSketch(parameters);
  const sketches = sketched ? sketchArena * probeCount(scan.shape) : 0;
  const arena = sketches + comparisonBytes(scan, parameters, limit - sketches, threads, options);
  // Similarity in eight directions and in four, mean, labels, queue and order of growth, weights of the prefilter.
  const perProbe = 4 * (8 + 4 + 1 + 1 + 1 + 2) + (prefilter ? 4 * halfFootprint(prefilter).length : 0) +
    (sketched ? sketchArrays : 0);
  const bytes = probeCount(scan.shape) * pixelCount(scan.shape) * bytesPerElement(scan.dtype);
  const averaged = parameters.average !== "none";
  const averages = averaged ? averagesBytes(scan, parameters.average, threads) : 0;
  const speed = speeds[sampled ? "sampled" : parameters.blur > 0 || prefilter ? "blurred" : "plain"];
  const filtering = prefilter ? 1 / speeds[sampled ? "sampledPrefilter" : "prefilter"] : 0;
  return {
    // The averages take the memory again that the labels had.
    memory: processBytes / 2 + Math.min(limit, Math.max(arena, averages)) +
      perProbe * probeCount(scan.shape) + writingBytes,
    passes: 1 + (prefilter && !sampled ? 1 : 0) + (averaged ? 1 : 0),
    bytes,
    seconds: bytes * (1 / speed + filtering + (averaged ? 1 / speeds.averaged : 0)) /
      Math.min(threads, usefulThreads),
  };
}

/** Parameters of an estimate without automatic blur. */
type Estimated =
  & Omit<EstimateParameters, "blur">
  & Pick<ClusterParameters, "method" | "mask">
  & { readonly blur: number };

function isSampled(scan: PassScan, parameters: Estimated): boolean {
  return typeof fastSampling(scan, parameters, null) !== "string";
}

/** Arena bytes of comparing all neighbours. */
function comparisonBytes(
  scan: PassScan,
  parameters: Estimated,
  limit: number,
  threads: number,
  options: RunOptions,
): number {
  const { metric, blur, prefilter } = parameters;
  const sampling = fastSampling(scan, parameters, null);
  const needs: PassNeeds[] = [];
  if (metric === "cosine" && blur === 0 && !prefilter && fitsStrips(scan)) {
    return stripPassBytes(scan, threads);
  }
  if (typeof sampling === "string") {
    const features = { metric, taps: gaussianTaps(blur), mask: null };
    needs.push(similarityNeeds(scan, features, prefilter?.radius ?? 0, threads));
    if (prefilter) needs.push(prefilterNeeds(scan, prefilter, threads));
  } else needs.push(sampledNeeds(scan, { metric, sampling }, prefilter, threads));
  return Math.max(
    ...needs.map((pass) => passBytes(scan, pass, chooseBand(limit, scan, pass, threads, options), threads)),
  );
}

/** Arena bytes of the averages: patterns on their way, and the sums of the clusters that one row of the scan crosses. */
function averagesBytes(
  scan: PassScan,
  average: ClusterParameters["average"],
  threads: number,
): number {
  const { columns } = scan.shape;
  // Regions as irregular as grains are twice as high as squares of their size.
  const crossed = Math.min(
    probeCount(scan.shape) / usualClusterSize,
    2 * columns / Math.sqrt(usualClusterSize),
  );
  const sums = 8 * pixelCount(scan.shape) * Math.ceil(crossed);
  return sumsArePrivate(scan, average) ? threads * (stagingBytes(scan) + sums) : 2 * rowBytes(scan) + sums;
}
