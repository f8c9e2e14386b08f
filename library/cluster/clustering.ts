/** What a clustering run gives. */

import type { RegionPart } from "./regions/parts.ts";
import type { ScanShape } from "../scan/shape.ts";
import type { ThresholdEvidence } from "./automatic_threshold.ts";
import type { EditLog } from "./editing/log.ts";
import type { MergeForest } from "./forest.ts";
import type { Mixtures } from "./mixtures.ts";
import type { ClusterParameters } from "./parameters.ts";
import type { FixedDetectorMask } from "../passes/detector/detector_mask.ts";
import type { BackgroundEvidence } from "./regions/background.ts";
import type { BendingPair, BorderlinePair } from "./regions/regions.ts";
import type { BadPixels } from "../passes/detector/bad_pixels_and_beam.ts";
import type { Cluster } from "./cluster.ts";
import type { ComparisonPath } from "./compare.ts";
import type { PrefilterWeights } from "../passes/prefilter/footprint.ts";

/** How far regions can be trusted. */
export interface RegionEvidence {
  /**
   * How far the map can be trusted, 0 to 1, on scans with known grains about the adjusted Rand index: agreement with the maps from
   * half of the electrons, from half of the probes and from a looser limit; patterns that change within clusters and rims take
   * some. 0 where there are no clusters.
   */
  readonly stability: number;
  /** float32 (row, column): how safe a probe's region is, in standard errors of its choice, 0 to 100. */
  readonly margin: Float32Array;
  /** What the patterns at borders are made of; absent where a stored result was read back. */
  readonly mixtures?: Mixtures;
  /** Touching regions that are neither clearly the same nor clearly different. */
  readonly borderlinePairs: readonly BorderlinePair[];
  /** Touching regions that agree much better at their border than in the mean: perhaps one bent crystal. */
  readonly bendingPairs: readonly BendingPair[];
  /**
   * int32 (row, column): the regions under the opposite decision on the background, where that is doubtful; absent elsewhere,
   * and where a stored result was read back.
   */
  readonly otherBackground?: Int32Array;
}

/** Corrections by hand that hold in a clustering. */
export interface ClusteringEdits {
  /** What was corrected, undone corrections included. */
  readonly log: EditLog;
  /** int32 (row, column): the labels before any edit. */
  readonly baseLabels: Int32Array;
}

/** A clustered scan. Maps are row-major over probe positions (row, column). */
export interface Clustering {
  /** Sizes of the scan that was clustered. */
  readonly shape: ScanShape;
  /** What the run was told. */
  readonly parameters: ClusterParameters;
  /** Cluster id of each probe, -1 where it is in none. */
  readonly labels: Int32Array;
  /** The clusters in seed order. */
  readonly clusters: readonly Cluster[];
  /** (row, column, 8) in the order of {@link neighbourOffsets}; NaN where the neighbour is outside the scan. */
  readonly similarity: Float32Array;
  /** Mean over the neighbours. */
  readonly meanSimilarity: Float32Array;
  /** 1 where a probe may be clustered. */
  readonly mask: Uint8Array;
  /** The number a triangle mask compared with, where there was one. */
  readonly maskThreshold?: number;
  /** The annular dark-field image, where the mask or a series asked for it; float32 sums of counts. */
  readonly darkField?: Float32Array;
  /** Detector pixels that were filled or left out. */
  readonly badPixels: BadPixels;
  /** What one electron adds to the values of a pattern; absent where that is 1: the values are counts. */
  readonly gain?: number;
  /** What all values of a pattern stand on, which is no electrons, at least; absent where noise does not say that they do. */
  readonly valueOffset?: number;
  /** Standard deviation of reading a detector pixel out, in the values of a pattern; absent where noise does not show it. */
  readonly readNoise?: number;
  /** What automatic parameters came to: blur and radius in detector pixels, threshold; as given where it was given. */
  readonly settled: {
    readonly blur: number;
    readonly detectorMask: FixedDetectorMask;
    /** `null` where regions were found without one. */
    readonly threshold: number | null;
  };
  /** Direct beam used for detector masks, in detector pixels; `hidden` where it is not seen, and this is a guess. */
  readonly center: { readonly row: number; readonly column: number; readonly hidden?: true };
  /** Radius of the direct beam's disk in detector pixels, where it was looked for; the first frame's in a series. */
  readonly beamRadius?: number;
  /** Weights of the prefilter, where there was one: averages of filtered patterns need them. */
  readonly prefilterWeights?: PrefilterWeights;
  /** Clusters at every threshold; absent with the border rule of py4DSTEM. */
  readonly forest?: MergeForest;
  /** What speaks for one threshold or another; with growth. */
  readonly evidence?: ThresholdEvidence;
  /** Whether there is a background, and what speaks for it; with an automatic mask. */
  readonly background?: BackgroundEvidence;
  /** How far regions can be trusted; with the method `regions`. */
  readonly regions?: RegionEvidence;
  /** Clusters that the frame before had as several, in a series whose frames help each other. */
  readonly parts?: readonly RegionPart[];
  /** How neighbours were compared; the labels do not depend on it. */
  readonly comparison: ComparisonPath;
  /** Corrections by hand, where there were any: `labels` and `clusters` have them. */
  readonly edits?: ClusteringEdits;
  /** Plain sentences a user should read; those of the scan itself are in `scan.warnings`. */
  readonly warnings: readonly string[];
  /** Seconds spent in each stage. */
  readonly timings: Readonly<Record<string, number>>;
}

/**
 * Clusters per probe, the paper's reduction ratio R.
 *
 * @example
 * ```ts
 * import { clusterScan, defaultParameters, reductionRatio, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 8, columns: 8, grains: 2, seed: 1 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * console.assert(reductionRatio(clustering) < 0.1);
 * ```
 */
export function reductionRatio(clustering: Pick<Clustering, "clusters" | "shape">): number {
  return clustering.clusters.length / (clustering.shape.rows * clustering.shape.columns);
}
