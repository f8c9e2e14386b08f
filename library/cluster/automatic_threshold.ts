/**
 * A threshold chosen by what the sizes of the clusters tell. With too low a threshold everything is one cluster; with
 * too high a one clusters fall apart into pieces that are too small to mean anything. Between them the entropy of the
 * sizes, -sum (n / N) ln (n / N) over clusters of n >= 9 of the N probes of the mask, is largest: most of the field lies
 * in many sizeable clusters. Every threshold is tried, one for each edge of the merge forest.
 */

import { demandLength } from "../scan/demand.ts";
import { type MergeForest, ProbeGroups } from "./forest.ts";
import { forwardValues } from "./forest_edges.ts";
import { sortFalling } from "./sort_falling.ts";

/** Smaller clusters tell nothing; 4 or 16 would hardly change the choice. */
const sizeable = 9;
/** Thresholds at which the evidence is kept. */
const keptThresholds = 400;
/** Entropies closer than this are equal: sums that are added to and taken from are not exact. */
const equalEntropy = 1e-9;
/** Smallest 1 - T on the axis of the evidence: float32 ends near it. */
const leastGap = 1e-7;

/** What speaks for a threshold: curves over thresholds, evenly spread over log(1 - T), rising in T. */
export interface ThresholdEvidence {
  /** The thresholds T that the other curves are over. */
  readonly thresholds: Float32Array;
  /** Entropy of the sizes in nats. */
  readonly entropy: Float32Array;
  /** Number of clusters of at least `sizeable` probes. */
  readonly clusters: Uint32Array;
  /** Share of the mask's probes in those clusters, 0 to 1. */
  readonly coverage: Float32Array;
  /** Share of the mask's probes in the largest cluster. */
  readonly largest: Float32Array;
  /** Probes that make a cluster sizeable. */
  readonly sizeable: number;
  /** The threshold of largest entropy, and its entropy in nats. */
  readonly best: { readonly threshold: number; readonly entropy: number };
}

/** A chosen threshold. */
export interface ChosenThreshold {
  /** The threshold; it may be used as it is. */
  readonly threshold: number;
  /** What speaks for it and for others. */
  readonly evidence: ThresholdEvidence;
  /** What a user should know about the choice. */
  readonly warning?: string;
}

/** Clusters of all sizes after each group of equal edges. */
interface Step {
  threshold: number;
  entropy: number;
  clusters: number;
  covered: number;
  largest: number;
}

/**
 * Chooses the threshold of largest entropy; of several, the highest. It is the similarity of the weakest edge that
 * still joins, so that growth with it gives just the clusters meant.
 *
 * @param mask uint8 (row, column) the forest was built with
 * @throws {BadParameter} when the mask is not of the forest's scan
 *
 * @example
 * ```ts
 * import { chooseThreshold, clusterScan, defaultParameters, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 16, columns: 16, grains: 3, seed: 1 });
 * const { forest, mask } = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const { threshold, evidence } = chooseThreshold(forest!, mask);
 * console.assert(threshold <= 1 && evidence.thresholds.length > 0);
 * ```
 */
export function chooseThreshold(forest: MergeForest, mask: Uint8Array): ChosenThreshold {
  demandLength("mask", mask, forest.rows * forest.columns);
  const probes = mask.reduce((sum, inside) => sum + inside, 0);
  const steps = walk(forest, probes);
  let best: Step | undefined;
  for (const step of steps) if (!best || step.entropy > best.entropy + equalEntropy) best = step;
  if (!best || best.entropy < equalEntropy) {
    const lowest = steps.at(-1)?.threshold ?? 0;
    const threshold = best && best.clusters > 0 ? best.threshold : lowest;
    return {
      threshold,
      evidence: evidenceOf(steps, { threshold, entropy: 0 }),
      warning:
        "No threshold divides the scan into several sizeable clusters: the patterns may be too noisy, too " +
        "few, or all alike. Blur more, mask the direct beam, or try --method regions.",
    };
  }
  const { threshold, entropy } = best;
  return { threshold, evidence: evidenceOf(steps, { threshold, entropy }) };
}

/**
 * The quantile of the similarities between neighbours in the mask.
 *
 * @param similarity float32 (row, column, 8), NaN outside the scan
 * @param quantile 0 to 1: the share of pairs that are less similar
 */
export function quantileThreshold(
  similarity: Float32Array,
  mask: Uint8Array,
  columns: number,
  quantile: number,
): number {
  // NaN stands for what is no edge; only it differs from itself.
  const values = forwardValues(columns, similarity, mask).filter((value) => value === value);
  const count = values.length;
  if (count === 0) return 0;
  const falling = sortFalling(values);
  return values[falling[count - 1 - Math.min(count - 1, Math.floor(quantile * count))]];
}

/** Kruskal's walk down the forest; a merge of sizes a and b changes each figure by what a, b and a + b contribute. */
function walk(forest: MergeForest, probes: number): Step[] {
  const { rows, columns, probes: ends, similarity } = forest;
  const groups = new ProbeGroups(rows * columns);
  const sizes = new Int32Array(rows * columns).fill(1);
  const part = (size: number) => size >= sizeable ? -(size / probes) * Math.log(size / probes) : 0;
  const one = (size: number) => size >= sizeable ? 1 : 0;
  const steps: Step[] = [];
  let entropy = 0, clusters = 0, covered = 0, largest = probes > 0 ? 1 : 0;
  for (let edge = 0; edge < similarity.length; edge++) {
    const first = groups.find(ends[2 * edge]), second = groups.find(ends[2 * edge + 1]);
    const a = sizes[first], b = sizes[second], sum = a + b;
    groups.join(first, second);
    sizes[first] = sum;
    entropy += part(sum) - part(a) - part(b);
    clusters += one(sum) - one(a) - one(b);
    covered += one(sum) * sum - one(a) * a - one(b) * b;
    largest = Math.max(largest, sum);
    // Equal edges join together or not at all.
    if (edge + 1 < similarity.length && similarity[edge + 1] === similarity[edge]) continue;
    steps.push({
      threshold: similarity[edge],
      entropy,
      clusters,
      covered: covered / probes,
      largest: largest / probes,
    });
  }
  return steps;
}

function evidenceOf(steps: readonly Step[], best: ThresholdEvidence["best"]): ThresholdEvidence {
  const gap = (step: Step) => Math.log(Math.max(leastGap, 1 - step.threshold));
  const first = steps.length > 0 ? gap(steps[0]) : 0,
    last = steps.length > 0 ? gap(steps[steps.length - 1]) : 0;
  const kept: Step[] = [];
  let next = first;
  for (const step of steps) {
    if (gap(step) < next && step.threshold !== best.threshold && step !== steps.at(-1)) continue;
    kept.push(step);
    if (gap(step) >= next) next = gap(step) + (last - first) / keptThresholds;
  }
  kept.reverse();
  return {
    thresholds: Float32Array.from(kept, ({ threshold }) => threshold),
    entropy: Float32Array.from(kept, ({ entropy }) => entropy),
    clusters: Uint32Array.from(kept, ({ clusters }) => clusters),
    coverage: Float32Array.from(kept, ({ covered }) => covered),
    largest: Float32Array.from(kept, ({ largest }) => largest),
    sizeable,
    best,
  };
}
