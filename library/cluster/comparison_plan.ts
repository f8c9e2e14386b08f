/** How neighbours will be compared: one plan for the run and for what is said about it beforehand. */

import type { RunOptions } from "../engine/options.ts";
import type { Pass } from "../engine/pass.ts";
import { fitsStrips } from "../engine/strips.ts";
import type { FeatureSettings } from "../passes/features/features.ts";
import { gaussianTaps } from "../passes/features/gaussian.ts";
import { chooseMaskedSampling, type MaskedSampling } from "../passes/features/masked_sampling.ts";
import { chooseSampling, type PatternSampling } from "../passes/features/sampling.ts";
import { noWeights, type PrefilterWeights } from "../passes/prefilter/footprint.ts";
import { choosePatternNodes, type PatternNodes } from "../passes/prefilter/nodes/pattern_nodes.ts";
import { PrefilterWeightsPass } from "../passes/prefilter/weights_pass.ts";
import type { ComparedScan } from "../passes/similarity/forward_rows.ts";
import { RowSimilarity } from "../passes/similarity/row_similarity.ts";
import { SampledSimilarity } from "../passes/similarity/sampled_similarity.ts";
import { StripSimilarity } from "../passes/similarity/strip_similarity.ts";
import type { ForwardSimilarity } from "../scan/neighbours.ts";
import type { SettledParameters } from "./settle.ts";

/** On samples of blurred patterns, weights of the prefilter included, in one reading. */
export interface SampledComparison {
  readonly kind: "fast";
  readonly comparing: SampledSimilarity;
  /** How the pairs that tell its error are compared. */
  readonly exact: FeatureSettings;
}

/** On all detector pixels. */
export interface ExactComparison {
  readonly kind: "exact";
  /** Why. */
  readonly reason: string;
  /** The prefilter's weights, in a reading of their own before. */
  readonly weighing: PrefilterWeightsPass | null;
  /** @param weights what the weighing found */
  comparing(weights: PrefilterWeights | undefined): Pass<ForwardSimilarity>;
}

/** What is compared. */
export interface ComparisonSubject {
  readonly scan: ComparedScan;
  readonly parameters: SettledParameters;
  /** 1 where a detector pixel takes part; `null` = all. */
  readonly detector: Uint8Array | null;
  /** Flat indices of detector pixels that get no weight from the prefilter. */
  readonly masked: readonly number[];
  readonly options: Pick<RunOptions, "onSimilarity">;
  /** Where the prefilter weighs patterns, if that is known: `null` on all pixels. */
  readonly nodes?: PatternNodes | null;
}

/** The comparison that is tried first. */
export function planComparison(subject: ComparisonSubject): SampledComparison | ExactComparison {
  const { scan, parameters, masked, options } = subject;
  const sampling = fastSampling(subject);
  if (typeof sampling === "string") return planExactly(subject, sampling);
  const settings = { metric: parameters.metric, sampling };
  const { prefilter } = parameters;
  const weighing = prefilter && { parameters: prefilter, masked, nodes: nodesOf(subject) };
  const comparing = new SampledSimilarity(scan, settings, weighing, options);
  return { kind: "fast", comparing, exact: exactFeatures(subject) };
}

/** The comparison on all detector pixels. */
export function planExactly(
  subject: ComparisonSubject,
  reason: string,
): ExactComparison {
  const { scan, parameters, detector, masked, options } = subject;
  const { prefilter, metric } = parameters, features = exactFeatures(subject);
  const asRecorded = features.taps.radius === 0 && !detector && !prefilter;
  return {
    kind: "exact",
    reason,
    weighing: prefilter && new PrefilterWeightsPass(scan, prefilter, masked, nodesOf(subject)),
    comparing: (weights) =>
      asRecorded && fitsStrips(scan)
        ? new StripSimilarity(scan, metric !== "cosine", options)
        : new RowSimilarity(scan, features, weights, options),
  };
}

/** Where the prefilter weighs patterns; the same on both paths. */
function nodesOf({ scan, parameters: { prefilter }, masked, nodes }: ComparisonSubject): PatternNodes | null {
  return nodes !== undefined || !prefilter
    ? nodes ?? null
    : choosePatternNodes(scan.shape, prefilter, masked);
}

/** What happens to patterns of which all pixels are compared. */
function exactFeatures({ parameters: { metric, blur }, detector }: ComparisonSubject): FeatureSettings {
  return { metric, taps: gaussianTaps(blur), mask: detector };
}

/** The passes of each reading that a plan takes, in their order. */
export function readingsOf(plan: SampledComparison | ExactComparison): readonly Pass<unknown>[][] {
  if (plan.kind === "fast") return [[plan.comparing]];
  const { weighing } = plan;
  return weighing
    ? [[weighing], [plan.comparing(noWeights(weighing.parameters))]]
    : [[plan.comparing(undefined)]];
}

/**
 * The samples that the fast path compares, or why it is not taken. The border rule makes labels depend on more than
 * similarities, two blurs would need two kinds of samples, and what the weights of the prefilter are made of and the mean
 * within a detector mask are known on all pixels only.
 */
function fastSampling(
  { scan, parameters, detector }: ComparisonSubject,
): PatternSampling | MaskedSampling | string {
  const { method, metric, blur, prefilter, exact, borderWidth, threshold, mask } = parameters;
  if (exact) return "as asked";
  // The fast path makes up for its errors where they matter, and must know where that is.
  const chosen = typeof threshold === "object" || mask.kind === "auto";
  if (method === "growth" && chosen) return "the threshold or the mask is chosen from the similarities";
  if (borderWidth > 0) return "the border rule";
  if (prefilter && prefilter.blur !== blur) return "the prefilter blurs differently";
  const sampling = chooseSampling(scan.shape, blur);
  if (!sampling) return blur < 2 ? "hardly blurred" : "a small detector";
  if (!detector) return sampling;
  if (prefilter || metric === "pearson") return "detector pixels are masked";
  return chooseMaskedSampling(scan.shape, blur, detector) ??
    "the detector mask is mostly edges for this blur";
}
