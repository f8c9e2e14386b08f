/** From similarities and sketches to labels: by growth at a threshold, or by region means. */

import type { ScanShape } from "../scan/shape.ts";
import { chooseThreshold, quantileThreshold, type ThresholdEvidence } from "./automatic_threshold.ts";
import type { Background, BackgroundEvidence } from "./regions/background.ts";
import { decideBackground } from "./regions/decided_background.ts";
import type { RegionEvidence } from "./clustering.ts";
import { buildForest, type MergeForest } from "./forest.ts";
import { clusterSeeds, growClusters, type Growth, refine } from "./growth.ts";
import { mixedProbes } from "./mixtures.ts";
import type { ClusterParameters } from "./parameters.ts";
import { leastRegion } from "./regions/absorb.ts";
import { type FrameExpectation, tearAtNewBorders } from "./regions/new_borders.ts";
import { type RegionPart, regionParts } from "./regions/parts.ts";
import { findRegions, type RegionSettings } from "./regions/regions.ts";
import type { Sketch } from "../passes/sketch/sketch.ts";
import type { Sketches } from "../passes/sketch/sketches.ts";
import { type Stability, stabilityOf, type StabilityParts } from "./regions/stability.ts";

/** What labels follow from. */
export interface SegmentInput {
  readonly shape: ScanShape;
  readonly parameters: ClusterParameters;
  /** float32 (row, column, 8), NaN outside the scan. */
  readonly similarity: Float32Array;
  readonly meanSimilarity: Float32Array;
  /** `null` where nothing asked for them. */
  readonly sketches: Sketches | null;
  /** 1 where a probe may be clustered, background included. */
  readonly mask: Uint8Array;
  /** What another frame of the series expects of this one; regions use it. */
  readonly expected?: FrameExpectation;
}

/** Labels and what they rest on. */
export interface Segmentation {
  readonly growth: Growth;
  /** The mask without the background. */
  readonly mask: Uint8Array;
  /** The threshold that was applied; `null` where regions were found without one. */
  readonly threshold: number | null;
  /** Absent with the border rule of py4DSTEM, under which clusters are no components of a graph. */
  readonly forest?: MergeForest;
  readonly evidence?: ThresholdEvidence;
  readonly regions?: RegionEvidence;
  readonly background?: BackgroundEvidence;
  /** Regions that another frame had as several; where something was expected. */
  readonly parts?: readonly RegionPart[];
  readonly warnings: readonly string[];
}

/** Finds the labels. */
export function segment(input: SegmentInput): Segmentation {
  return input.parameters.method === "regions" ? byRegions(input) : byGrowth(input);
}

function byGrowth(
  { shape, parameters, similarity, meanSimilarity, sketches, mask }: SegmentInput,
): Segmentation {
  const { rows, columns } = shape;
  const background = parameters.mask.kind === "auto" ? decideBackground(sketches!.whole, mask) : undefined;
  const admitted = background ? without(mask, background.map) : mask;
  const forest = parameters.borderWidth === 0
    ? buildForest({ rows, columns, similarity, mask: admitted })
    : undefined;
  const { threshold, evidence, warning } = thresholdOf(parameters, similarity, admitted, columns, forest);
  const { borderWidth, minimumSize } = parameters;
  const field = { rows, columns, similarity, meanSimilarity, mask: admitted };
  return {
    growth: growClusters({ ...field, threshold, borderWidth, minimumSize }),
    mask: admitted,
    threshold,
    forest,
    evidence,
    background: background && evidenceOf(background),
    warnings: [...warning ? [warning] : [], ...background ? backgroundWarnings(background) : []],
  };
}

function thresholdOf(
  { threshold }: ClusterParameters,
  similarity: Float32Array,
  mask: Uint8Array,
  columns: number,
  forest: MergeForest | undefined,
): { threshold: number; evidence?: ThresholdEvidence; warning?: string } {
  if (typeof threshold === "number") {
    return { threshold, evidence: forest && chooseThreshold(forest, mask).evidence };
  }
  // Automatic thresholds are refused together with the border rule, so that there is a forest.
  const chosen = chooseThreshold(forest!, mask);
  if (threshold.kind === "auto") return chosen;
  return {
    threshold: quantileThreshold(similarity, mask, columns, threshold.quantile),
    evidence: chosen.evidence,
  };
}

function byRegions(
  { shape, parameters, similarity, meanSimilarity, sketches, mask, expected: expectation }: SegmentInput,
): Segmentation {
  const { whole, windows } = sketches!;
  const expected = expectation && tearAtNewBorders(whole, mask, expectation, similarity);
  const settings: RegionSettings = {
    background: parameters.mask.kind === "auto" ? "auto" : "none",
    mask,
    minimumSize: Math.max(leastRegion, parameters.minimumSize),
  };
  const { labels, sizes, background, margin, borderlinePairs, bending: bendingPairs } = findRegions(
    whole,
    { ...settings, expected },
  );
  // Crystals have taken probes of the proposed background and left others to it since.
  const admitted = Uint8Array.from(labels, (region) => region >= 0 ? 1 : 0);
  const otherBackground = opposite(whole, settings, background, expected);
  const growth = { labels, sizes, seeds: clusterSeeds(labels, sizes.length, meanSimilarity) };
  const refined = refine(growth, parameters.minimumSize);
  // What is too small to be a cluster is not handed out: pairs with it are none, and the map is judged without it.
  const handedOut = ({ second }: { readonly second: number }) => second < refined.sizes.length;
  const stability = stabilityOf(whole, windows, refined, settings);
  return {
    growth: refined,
    mask: admitted,
    threshold: null,
    forest: buildForest({ rows: shape.rows, columns: shape.columns, similarity, mask: admitted }),
    background: settings.background === "auto" ? evidenceOf(background) : undefined,
    regions: {
      stability: stability.value,
      margin,
      mixtures: mixedProbes(whole, refined.labels),
      borderlinePairs: borderlinePairs.filter(handedOut),
      bendingPairs: bendingPairs.filter(handedOut),
      ...otherBackground && { otherBackground },
    },
    ...expectation && { parts: regionParts(whole, refined.labels, expectation.labels) },
    warnings: [
      ...settings.background === "auto" ? backgroundWarnings(background) : [],
      // Of a map of nothing other warnings tell.
      ...refined.sizes.length > 0 && windows.length > 0 ? stabilityWarnings(stability) : [],
    ],
  };
}

/** Regions under the opposite decision on the background, where that is doubtful. */
function opposite(
  sketch: Sketch,
  settings: RegionSettings,
  { present, doubtful, proposed }: Background,
  expected: Int32Array | undefined,
): Int32Array | undefined {
  if (settings.background !== "auto" || !doubtful || !present && !proposed.includes(1)) return undefined;
  return findRegions(sketch, { ...settings, background: present ? "none" : "proposed", expected }).labels;
}

/** What a result keeps of the background. */
function evidenceOf({ present, doubtful, valley, ratio, coverage, grains }: Background): BackgroundEvidence {
  return { present, doubtful, valley, ratio, coverage, ...grains !== undefined && { grains } };
}

/** The mask less a map. */
function without(mask: Uint8Array, left: Uint8Array): Uint8Array {
  return mask.map((inside, probe) => inside && !left[probe] ? 1 : 0);
}

function backgroundWarnings({ present, doubtful }: Background): string[] {
  if (!doubtful) return [];
  return [
    present
      ? "It is doubtful whether what was left out as background is one; if it is not, use --mask none."
      : "There may be a background that was not told from the crystals; look at the map, or give --mask FILE.",
  ];
}

/** From these stabilities on nothing speaks against a map, and little does; below the one between, there is a warning. */
export const stable = 0.95, unstable = 0.75;
const warned = 0.9;

/** What is said of the part that speaks most against a map. */
const objections: Readonly<Record<keyof StabilityParts, string>> = {
  electrons: "the map from half of the electrons differs from it",
  probes: "maps from half of the probe positions differ from it",
  limits: "a slightly looser limit gives another map",
  explained: "patterns change within clusters, as in bent crystals or where two crystals are held for one",
  rims: "much of the crystals lies at the rim of the background",
};

function stabilityWarnings({ value, tried, ...parts }: Stability): string[] {
  if (!tried) {
    return [
      "How far this map can be trusted was not tried (stability 0): no cluster lies in the parts of a large scan that are " +
      "clustered again; give --roi with the part that matters.",
    ];
  }
  if (value >= warned) return [];
  const names = Object.keys(objections) as (keyof typeof objections)[];
  const weakest = names.reduce((least, name) => parts[name] < parts[least] ? name : least);
  const figure = `${objections[weakest]} (stability ${value.toFixed(2)} of 1)`;
  return [
    value >= unstable
      ? `Some boundaries or clusters may be off: ${figure}.`
      : `Do not rely on this map: ${figure}. Bin the detector less, record more electrons, or compare with ` +
        "--method growth --prefilter.",
  ];
}
