/** Similarity of all neighbours, by the fast path where it decides as the exact one, else by the exact one. */

import type { Engine } from "../engine/engine.ts";
import type { RunOptions } from "../engine/options.ts";
import type { Pass } from "../engine/pass.ts";
import { runPasses } from "../engine/run_passes.ts";
import type { Preparation } from "../passes/detector/preparation.ts";
import type { PrefilterWeights } from "../passes/prefilter/footprint.ts";
import { type SettledNodes, settleNodes } from "../passes/prefilter/settle_nodes.ts";
import type { BlankPass } from "../passes/blank_patterns.ts";
import type { PassingImage } from "../passes/passing_image.ts";
import { exactEdges } from "../passes/similarity/exact_edges.ts";
import type { SketchPass } from "../passes/sketch/sketch_pass.ts";
import type { Sketches } from "../passes/sketch/sketches.ts";
import type { ForwardSimilarity } from "../scan/neighbours.ts";
import type { Scan } from "../scan/scan.ts";
import { probeCount } from "../scan/shape.ts";
import {
  type ComparisonSubject,
  type ExactComparison,
  planComparison,
  planExactly,
  type SampledComparison,
} from "./comparison_plan.ts";
import { controlEdges, filteredSquares, plainSquares } from "./decisions/control_edges.ts";
import { decideAsExact, type MaskDecision } from "./decisions/decisions.ts";
import type { SettledParameters } from "./settle.ts";

/** How neighbours were compared. */
export type ComparisonPath =
  & (
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
    }
  )
  & {
    /**
     * Largest error of the prefilter's correlations that was seen where they come, or were to come, from samples: above 5e-6 they
     * were taken from all pixels.
     */
    readonly correlationError?: number;
  };

/** Edges worth computing one by one, for each probe: beyond that a pass over the whole scan is cheaper. */
const worthwhile = { plain: 0.3, prefiltered: 0.5 };

/** What the readings of a comparison leave, before anything near a decision is compared again. */
export interface MeasuredScan {
  readonly forward: ForwardSimilarity;
  /** Present with the prefilter. */
  readonly weights?: PrefilterWeights;
  /** Sketches of the patterns, which were made in the same reading where they were wanted. */
  readonly sketches?: Sketches;
  /** uint8 (row, column): 1 where a pattern is blank. */
  readonly blank: Uint8Array;
  /** float32 (row, column): the image that was asked for. */
  readonly image?: Float32Array;
}

/** What the comparison of neighbours gives. */
export interface Comparison extends MeasuredScan {
  readonly path: ComparisonPath;
}

/** A comparison in its surroundings. */
export interface ComparisonJob {
  readonly scan: Scan;
  readonly preparation: Preparation;
  readonly parameters: SettledParameters;
  /** 1 where a detector pixel takes part; `null` = all. */
  readonly detector: Uint8Array | null;
  /** How the real-space mask will be decided. */
  readonly mask: MaskDecision;
  /** Sketches the patterns in the same reading. */
  readonly sketching: SketchPass | null;
  /** Looks for blank patterns in the same reading. */
  readonly blank: BlankPass;
  /** A virtual image that is made in the same reading. */
  readonly image?: PassingImage;
  /** How the prefilter weighs patterns, where that is known already. */
  readonly weighing?: SettledNodes;
}

/**
 * Compares every probe with its neighbours.
 *
 * @throws {CorruptFile} when the scan cannot be read or compared
 * @throws {OutOfResources} when single rows do not fit the memory limit
 */
export async function compareNeighbours(
  engine: Engine,
  job: ComparisonJob,
  options: RunOptions,
): Promise<Comparison> {
  const settled = { ...job, weighing: job.weighing ?? await settleWeighing(engine, job, options) };
  const plan = planComparison(subjectOf(settled, options));
  const measured = plan.kind === "exact"
    ? await measureExactly(engine, settled, plan, options)
    : await measureSamples(engine, settled, plan, options);
  return await settleComparison(engine, settled, plan, measured, options);
}

/** How the prefilter weighs the patterns of a scan, on whichever path; nothing without a prefilter. */
export async function settleWeighing(
  engine: Engine,
  { scan, preparation: { fill, badPixels }, parameters: { prefilter } }: Pick<
    ComparisonJob,
    "scan" | "preparation" | "parameters"
  >,
  options: RunOptions,
): Promise<SettledNodes | undefined> {
  return prefilter ? await settleNodes(engine, scan, fill, prefilter, badPixels.masked, options) : undefined;
}

/**
 * The comparison of a scan that was measured, here or in parts elsewhere: on samples everything near a decision is compared
 * again from all pixels, and all of it where the samples turn out not to be accurate enough.
 *
 * @param plan by which it was measured
 * @throws as {@link compareNeighbours}
 */
export async function settleComparison(
  engine: Engine,
  job: ComparisonJob,
  plan: SampledComparison | ExactComparison,
  measured: MeasuredScan,
  options: RunOptions,
): Promise<Comparison> {
  const correlationError = job.weighing?.observedError;
  const seen = correlationError === undefined ? {} : { correlationError };
  if (plan.kind === "exact") return { ...measured, path: { kind: "exact", reason: plan.reason, ...seen } };
  const decided = await decideSamples(engine, job, plan, measured, options);
  if (decided) return { ...decided, path: { ...decided.path, ...seen } };
  const exact = planExactly(subjectOf(job, options), "samples were not accurate enough");
  const { sketches, image } = measured;
  // Sketches and image do not depend on how neighbours are compared.
  const again = await measureExactly(engine, { ...job, sketching: null, image: undefined }, exact, options);
  return { ...again, sketches, image, path: { kind: "exact", reason: exact.reason, ...seen } };
}

/** What a comparison is planned for. */
export function subjectOf(
  { scan, parameters, detector, preparation, weighing }: ComparisonJob,
  options: Pick<RunOptions, "onSimilarity">,
): ComparisonSubject {
  return {
    scan,
    parameters,
    detector,
    masked: preparation.badPixels.masked,
    nodes: weighing?.nodes,
    options,
  };
}

async function measureExactly(
  engine: Engine,
  job: ComparisonJob,
  { weighing, comparing }: ExactComparison,
  options: RunOptions,
): Promise<MeasuredScan> {
  const { scan, preparation } = job;
  const weights = weighing ? (await runPasses(engine, scan, preparation, [weighing], options))[0] : undefined;
  const [forward, companions] = await withCompanions(engine, job, comparing(weights), options);
  return { forward, weights, ...companions };
}

async function measureSamples(
  engine: Engine,
  job: ComparisonJob,
  { comparing }: SampledComparison,
  options: RunOptions,
): Promise<MeasuredScan> {
  const [{ forward, weights }, companions] = await withCompanions(engine, job, comparing, options);
  return { forward, weights, ...companions };
}

/** What is made in the same reading. */
type Companions = Pick<MeasuredScan, "blank" | "sketches" | "image">;

/** The result of a pass, blank patterns, and sketches and image from the same reading where they are wanted. */
async function withCompanions<Result>(
  engine: Engine,
  { scan, preparation, sketching, blank, image }: ComparisonJob,
  pass: Pass<Result>,
  options: RunOptions,
): Promise<readonly [Result, Companions]> {
  const wanted: Pass<unknown>[] = [pass, blank];
  if (sketching) wanted.push(sketching);
  if (image) wanted.push(image);
  const results = await runPasses(engine, scan, preparation, wanted, options);
  const [result, blanks, ...rest] = results as [Result, Uint8Array, ...unknown[]];
  return [result, {
    blank: blanks,
    ...sketching && { sketches: rest[0] as Sketches },
    ...image && { image: rest.at(-1) as Float32Array },
  }];
}

/** Samples made to decide as all pixels do; `null` where the exact path must be taken after all. */
async function decideSamples(
  engine: Engine,
  job: ComparisonJob,
  { exact: features }: SampledComparison,
  measured: MeasuredScan,
  options: RunOptions,
): Promise<Comparison | null> {
  const { scan, parameters, mask, preparation: { fill } } = job, { forward, weights } = measured;
  const { prefilter } = parameters;
  const exact = (edges: ArrayLike<number>) =>
    exactEdges(engine, scan, fill, features, weights, edges, options);
  const inside = mask.kind === "fixed" ? mask.mask : undefined;
  const control = controlEdges(scan.shape, inside, prefilter ? filteredSquares : plainSquares);
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
  return { ...measured, forward: similarity, path };
}

/** What decides who joins whom: the threshold; or nothing in the similarities, where regions are found without them. */
function joining({ method, threshold, minimumSize }: SettledParameters) {
  const nobody = method === "regions" || typeof threshold !== "number";
  return nobody ? { threshold: 2, minimumSize: Infinity } : { threshold, minimumSize };
}
