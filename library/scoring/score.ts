/** How good a label map is, where the truth is known. */

import { BadParameter } from "../scan/errors.ts";
import { adjustedRandIndex } from "./agreement.ts";
import { boundaryF1 } from "./boundaries.ts";
import { type GrainErrors, grainErrors } from "./grains.ts";
import { partitionInformation } from "./information.ts";

/** Purer probes are interiors: what is at stake at a rim is where it lies, not which grains there are. */
const interiorPurity = 0.8;

/** Two maps to compare, row-major over probe positions (row, column). */
export interface ScoreInput {
  /** Scan rows. */
  readonly rows: number;
  /** Scan columns. */
  readonly columns: number;
  /** Cluster of each probe; negative = none. */
  readonly labels: ArrayLike<number>;
  /** Grain of each probe; negative = none. */
  readonly truth: ArrayLike<number>;
  /** Part of each probe that its true grain has, 0 to 1. */
  readonly purity?: ArrayLike<number>;
}

/** How far two partitions agree. */
export interface PartitionScore {
  /** Probes that were compared. */
  readonly probes: number;
  /** 1 = equal up to numbering, 0 = no better than chance. */
  readonly adjustedRandIndex: number;
  /** 1 = equal up to numbering, 0 = independent. */
  readonly normalisedMutualInformation: number;
  /** In nats; 0 = equal up to numbering. */
  readonly variationOfInformation: number;
}

/** Everything that is scored. */
export interface SegmentationScore extends GrainErrors {
  /** Over all probes; those in no cluster, and those in no grain, are one class each. */
  readonly all: PartitionScore;
  /** Over the interiors: probes of a grain with a purity above 0.8. Absent without purity. */
  readonly interiors?: PartitionScore;
  /** F1 of boundary probes, found within one and within two probe positions. */
  readonly boundaryF1: { readonly onePixel: number; readonly twoPixels: number };
  /** Number of clusters. */
  readonly clusters: number;
  /** Share of all probes that are in a cluster. */
  readonly coverage: number;
  /** Share of the grains' probes that are in a cluster; `null` where there are no grains. */
  readonly grainCoverage: number | null;
  /** Share of the probes outside of grains that are in a cluster; `null` where there are none. */
  readonly backgroundCoverage: number | null;
}

/**
 * Scores a label map against the truth. The numbers of clusters and grains do not matter.
 *
 * @throws {BadParameter} when a map has not rows x columns probes, or there are none
 *
 * @example
 * ```ts
 * import { clusterScan, autoPreset, scoreLabels, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 24, columns: 24, grains: 3, seed: 1 });
 * const { labels } = await clusterScan(scan, autoPreset);
 * const { labels: truth, purity } = scan.truth;
 * const score = scoreLabels({ rows: 24, columns: 24, labels, truth, purity });
 * console.assert(score.all.adjustedRandIndex <= 1 && score.grains > 0);
 * ```
 */
export function scoreLabels(input: ScoreInput): SegmentationScore {
  checkInput(input);
  const { rows, columns, truth, purity } = input;
  // Whatever negative number stands for "none", it is one class.
  const labels = Int32Array.from(input.labels, (label) => Math.max(-1, label));
  const grains = Int32Array.from(truth, (label) => Math.max(-1, label));
  const interior = purity &&
    Uint8Array.from(grains, (grain, probe) => grain >= 0 && purity[probe] > interiorPurity ? 1 : 0);
  return {
    all: scorePartition(labels, grains, new Uint8Array(labels.length).fill(1)),
    ...interior && { interiors: scorePartition(labels, grains, interior) },
    boundaryF1: {
      onePixel: boundaryF1(labels, grains, rows, columns, 1),
      twoPixels: boundaryF1(labels, grains, rows, columns, 2),
    },
    ...grainErrors(labels, grains),
    clusters: new Set(labels.filter((label) => label >= 0)).size,
    coverage: share(labels, () => true)!,
    grainCoverage: share(labels, (probe) => grains[probe] >= 0),
    backgroundCoverage: share(labels, (probe) => grains[probe] < 0),
  };
}

function scorePartition(
  labels: ArrayLike<number>,
  truth: ArrayLike<number>,
  where: Uint8Array,
): PartitionScore {
  return {
    probes: where.reduce((sum, counts) => sum + counts, 0),
    adjustedRandIndex: adjustedRandIndex(labels, truth, where),
    ...partitionInformation(labels, truth, where),
  };
}

/** Share of the chosen probes that are in a cluster; `null` where none is chosen. */
function share(labels: Int32Array, chosen: (probe: number) => boolean): number | null {
  let probes = 0, inside = 0;
  labels.forEach((label, probe) => {
    if (!chosen(probe)) return;
    probes++;
    if (label >= 0) inside++;
  });
  return probes > 0 ? inside / probes : null;
}

function checkInput({ rows, columns, labels, truth, purity }: ScoreInput): void {
  const probes = rows * columns;
  const maps = { labels, truth, ...purity && { purity } };
  for (const [name, map] of Object.entries(maps)) {
    if (map.length === probes && probes > 0) continue;
    throw new BadParameter(`${name} is not a map of ${rows} x ${columns} probes`, {
      expected: `${probes} numbers, at least one`,
      found: `${map.length} numbers`,
      remedy: "give maps of the same scan",
    });
  }
}
