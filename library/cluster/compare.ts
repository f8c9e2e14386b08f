/** Similarity of all neighbours, by the fast path where it decides as the exact one, else by the exact one. */

import type { Engine } from "../engine/engine.ts";
import type { RunOptions } from "../engine/options.ts";
import type { Scan } from "../scan/scan.ts";
import { probeCount } from "../scan/shape.ts";
import type { PrefilterWeights } from "../passes/prefilter/footprint.ts";
import { controlEdges } from "./decisions/control_edges.ts";
import { decideAsExact, type MaskDecision } from "./decisions/decisions.ts";
import { exactEdges } from "../passes/similarity/exact_edges.ts";
import { gaussianTaps } from "../passes/features/gaussian.ts";
import type { ForwardSimilarity } from "../scan/neighbours.ts";
import type { ClusterParameters } from "./parameters.ts";
import type { PatternTap } from "../passes/pattern_tap.ts";
import { prefilterPass } from "../passes/prefilter/weights_pass.ts";
import type { Preparation } from "../passes/detector/preparation.ts";
import { sampledSimilarityPass } from "../passes/similarity/sampled_similarity.ts";
import { chooseSampling, type PatternSampling } from "../passes/features/sampling.ts";
import { similarityPass } from "../passes/similarity/row_similarity.ts";
import type { SettledParameters } from "./settle.ts";
import { fitsStrips, stripSimilarityPass } from "../passes/similarity/strip_similarity.ts";

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

/** Edges worth computing one by one, for each probe: beyond that a pass over the whole scan is cheaper. */
const worthwhile = { plain: 0.3, prefiltered: 0.5 };

/** What the comparison of neighbours gives. */
export interface Comparison {
  readonly forward: ForwardSimilarity;
  /** Present with the prefilter. */
  readonly weights?: PrefilterWeights;
  readonly path: ComparisonPath;
}

/** What decides how neighbours can be compared. */
export type ComparedParameters =
  & Pick<SettledParameters, "method" | "blur" | "prefilter" | "exact" | "borderWidth">
  & { readonly threshold?: ClusterParameters["threshold"]; readonly mask?: ClusterParameters["mask"] };

/**
 * The samples that the fast path compares, or why it is not taken. Detector masks have edges that samples cannot
 * follow, the border rule makes labels depend on more than similarities, and two blurs would need two kinds of samples.
 */
export function fastSampling(
  { shape }: Pick<Scan, "shape">,
  parameters: ComparedParameters,
  detector: Uint8Array | null,
): PatternSampling | string {
  const { method, blur, prefilter, exact, borderWidth, threshold, mask } = parameters;
  if (exact) return "as asked";
  // The fast path makes up for its errors where they matter, and must know where that is.
  const chosen = typeof threshold === "object" || mask?.kind === "auto";
  if (method === "growth" && chosen) return "the threshold or the mask is chosen from the similarities";
  if (detector) return "detector pixels are masked";
  if (borderWidth > 0) return "the border rule";
  if (prefilter && prefilter.blur !== blur) return "the prefilter blurs differently";
  return chooseSampling(shape, blur) ?? (blur < 2 ? "hardly blurred" : "a small detector");
}

/**
 * Compares every probe with its neighbours.
 *
 * @param detector 1 where a detector pixel takes part; `null` = all
 * @param mask how the real-space mask will be decided
 * @param tap is shown every pattern on the way
 * @throws {CorruptFile} when the scan cannot be read or compared
 * @throws {OutOfResources} when single rows do not fit the memory limit
 */
export async function compareNeighbours(
  engine: Engine,
  scan: Scan,
  preparation: Preparation,
  parameters: SettledParameters,
  detector: Uint8Array | null,
  mask: MaskDecision,
  tap: PatternTap | null,
  options: RunOptions,
): Promise<Comparison> {
  const sampling = fastSampling(scan, parameters, detector);
  if (typeof sampling === "string") {
    return await compareExactly(engine, scan, preparation, parameters, detector, sampling, tap, options);
  }
  const fast = await compareSamples(engine, scan, preparation, parameters, sampling, mask, tap, options);
  return fast ??
    await compareExactly(
      engine,
      scan,
      preparation,
      parameters,
      detector,
      "samples were not accurate enough",
      tap,
      options,
    );
}

async function compareExactly(
  engine: Engine,
  scan: Scan,
  preparation: Preparation,
  parameters: SettledParameters,
  detector: Uint8Array | null,
  reason: string,
  tap: PatternTap | null,
  options: RunOptions,
): Promise<Comparison> {
  const { fill, badPixels } = preparation;
  const { prefilter, metric } = parameters;
  const weights = prefilter
    ? await prefilterPass(engine, scan, fill, badPixels.masked, prefilter, options)
    : undefined;
  const features = { metric, taps: gaussianTaps(parameters.blur), mask: detector };
  const asRecorded = metric === "cosine" && features.taps.radius === 0 && !detector && !prefilter;
  const forward = asRecorded && fitsStrips(scan)
    ? await stripSimilarityPass(engine, scan, fill, tap, options)
    : await similarityPass(engine, scan, fill, features, weights, tap, options);
  return { forward, weights, path: { kind: "exact", reason } };
}

/** The fast path; `null` where the exact one must be taken after all. */
async function compareSamples(
  engine: Engine,
  scan: Scan,
  { fill, badPixels }: Preparation,
  parameters: SettledParameters,
  sampling: PatternSampling,
  mask: MaskDecision,
  tap: PatternTap | null,
  options: RunOptions,
): Promise<Comparison | null> {
  const { prefilter, metric } = parameters;
  const settings = { metric, sampling };
  const { forward, weights } = await sampledSimilarityPass(
    engine,
    scan,
    fill,
    settings,
    prefilter,
    badPixels.masked,
    tap,
    options,
  );
  const features = { metric, taps: gaussianTaps(parameters.blur), mask: null };
  const exact = (edges: ArrayLike<number>) =>
    exactEdges(engine, scan, fill, features, weights, edges, options);
  const control = controlEdges(scan.shape, mask.kind === "fixed" ? mask.mask : undefined);
  const known = { edges: control, values: await exact(control) };
  const limit = probeCount(scan.shape) * (prefilter ? worthwhile.prefiltered : worthwhile.plain);
  const decisions = { ...parameters, mask, ...joining(parameters) };
  const decided = await decideAsExact(scan.shape, forward, known, decisions, exact, { limit });
  if (!decided) return null;
  const { similarity, observed, error, recomputed } = decided;
  const path = {
    kind: "fast",
    observedError: observed,
    assumedError: error,
    recomputedEdges: recomputed,
  } as const;
  return { forward: similarity, weights, path };
}

/** What decides who joins whom: the threshold; or nothing in the similarities, where regions are found without them. */
function joining({ method, threshold, minimumSize }: SettledParameters) {
  const nobody = method === "regions" || typeof threshold !== "number";
  return nobody ? { threshold: 2, minimumSize: Infinity } : { threshold, minimumSize };
}
