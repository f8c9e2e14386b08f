/** What a clustering run gives. */

import type { ScanShape } from "../scan/shape.ts";
import type { ThresholdEvidence } from "./automatic_threshold.ts";
import type { EditLog } from "./editing/log.ts";
import type { MergeForest } from "./forest.ts";
import type { Mixtures } from "./mixtures.ts";
import type { ClusterParameters, FixedDetectorMask } from "./parameters.ts";
import type { Background } from "./regions/background.ts";
import type { BendingPair, BorderlinePair } from "./regions/regions.ts";

/** One cluster: a region of probe positions whose patterns belong together. */
export interface Cluster {
  /** Place in seed order, 0-based; the value in {@link Clustering.labels}. */
  readonly id: number;
  /** Number of probe positions. */
  readonly size: number;
  /** Probe position with the highest mean similarity, where the cluster began. */
  readonly seed: { readonly row: number; readonly column: number };
  /** Mean position of its probes. */
  readonly centroid: { readonly row: number; readonly column: number };
  /** First and last row and column, inclusive. */
  readonly bounds: {
    readonly firstRow: number;
    readonly lastRow: number;
    readonly firstColumn: number;
    readonly lastColumn: number;
  };
  /** Mean over its probes of the mean similarity. */
  readonly meanSimilarity: number;
}

/** Detector pixels that were treated as bad. */
export interface BadPixels {
  /** Where they came from. */
  readonly source: string;
  /** Flat (qy * Qx + qx) indices replaced by the median of their good neighbours. */
  readonly filled: readonly number[];
  /** Flat indices of larger bad regions, left out of every comparison. */
  readonly masked: readonly number[];
}

/** Correlation weights of the prefilter for half of the footprint; the other half follows from symmetry. */
export interface PrefilterWeights {
  /** Offsets (row, column): (0, 0) first, then those with row = 0 and column > 0, then those with row > 0. */
  readonly offsets: readonly (readonly [number, number])[];
  /** float32 (row, column, offset): weight 0..1 of the probe at `offset`; 0 where it is outside the scan. */
  readonly values: Float32Array;
}

/** How neighbours were compared. */
export type ComparisonPath =
  /** From all detector pixels, and why. */
  | { readonly kind: "exact"; readonly reason: string }
  /** On samples of the blurred patterns, everything near a decision again from all pixels. */
  | {
    readonly kind: "fast";
    /** Largest difference from exact similarities that was seen. */
    readonly observedError: number;
    /** Difference that was allowed for. */
    readonly assumedError: number;
    /** Pairs that were compared again. */
    readonly recomputedEdges: number;
  };

/** Whether there is a background, and what speaks for it. */
export type BackgroundEvidence = Pick<Background, "present" | "doubtful" | "valley" | "ratio">;

/** How far regions can be trusted. */
export interface RegionEvidence {
  /** Adjusted Rand index of the maps from two halves of the electrons: 1 = equal. It sees noise, not systematic error. */
  readonly stability: number;
  /** float32 (row, column): how safe a probe's region is, in standard errors of its choice, 0 to 100. */
  readonly margin: Float32Array;
  /** What the patterns at borders are made of; absent where a stored result was read back. */
  readonly mixtures?: Mixtures;
  /** Touching regions that are neither clearly the same nor clearly different. */
  readonly borderlinePairs: readonly BorderlinePair[];
  /** Touching regions that agree much better at their border than in the mean: perhaps one bent crystal. */
  readonly bendingPairs: readonly BendingPair[];
}

/** Corrections by hand that hold in a clustering. */
export interface ClusteringEdits {
  readonly log: EditLog;
  /** int32 (row, column): the labels before any edit. */
  readonly baseLabels: Int32Array;
}

/** A clustered scan. Maps are row-major over probe positions (row, column). */
export interface Clustering {
  readonly shape: ScanShape;
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
  /** The annular dark-field image, where the mask asked for it; float32 sums of counts. */
  readonly darkField?: Float32Array;
  readonly badPixels: BadPixels;
  /** What automatic parameters came to: blur and radius in detector pixels, threshold; as given where it was given. */
  readonly settled: {
    readonly blur: number;
    readonly detectorMask: FixedDetectorMask;
    /** `null` where regions were found without one. */
    readonly threshold: number | null;
  };
  /** Direct beam used for detector masks, in detector pixels. */
  readonly center: { readonly row: number; readonly column: number };
  readonly prefilterWeights?: PrefilterWeights;
  /** Clusters at every threshold; absent with the border rule of py4DSTEM. */
  readonly forest?: MergeForest;
  /** What speaks for one threshold or another; with growth. */
  readonly evidence?: ThresholdEvidence;
  /** Whether there is a background, and what speaks for it; with an automatic mask. */
  readonly background?: BackgroundEvidence;
  /** How far regions can be trusted; with the method `regions`. */
  readonly regions?: RegionEvidence;
  /** How neighbours were compared; the labels do not depend on it. */
  readonly comparison: ComparisonPath;
  /** Corrections by hand, where there were any: `labels` and `clusters` have them. */
  readonly edits?: ClusteringEdits;
  /** Plain sentences a user should read; those of the scan itself are in `scan.warnings`. */
  readonly warnings: readonly string[];
  /** Seconds spent in each stage. */
  readonly timings: Readonly<Record<string, number>>;
}

/** A batch of cluster averages: float32 (count, qy, qx) of clusters `first` to `first + count - 1`. */
export interface AverageBatch {
  readonly first: number;
  readonly count: number;
  readonly patterns: Float32Array;
}

/** The paper's order of the eight neighbours, (row, column). */
export const neighbourOffsets: readonly (readonly [number, number])[] = [
  [-1, -1],
  [-1, 0],
  [-1, 1],
  [0, -1],
  [0, 1],
  [1, -1],
  [1, 0],
  [1, 1],
];

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
