/** Fast similarities made to decide as exact ones: everything that lies within their error of a decision is replaced. */

import type { ForwardSimilarity } from "./neighbours.ts";
import { SimilarityBounds } from "./similarity_bounds.ts";
import { uncertainEdges, uncertainSeeds } from "./uncertain_growth.ts";
import { maskBounds, type MaskDecision } from "./uncertain_mask.ts";

export type { MaskDecision } from "./uncertain_mask.ts";

/** What the fast path promises: no similarity is farther from the exact one. */
export const promisedError = 1e-5;
/** Similarities are never trusted beyond this. */
const smallestError = 2e-6;
/** How much larger an error somewhere may be than the largest that was seen. */
const caution = 8;

/**
 * The error to reckon with when the largest seen on a sample was `observed`: eight times that, and at least 2e-6.
 *
 * The errors of the fast path are those of sums over part of the detector. On scans of one kind they are alike, and the
 * largest of a million is some 1.6 times the largest of 400 (5 to 3 standard deviations) where they are normally
 * distributed. Eight leaves room for regions unlike those of the sample. That no error exceeds the bound is very likely
 * but not certain; that decisions are right when none does is certain.
 */
export function errorBound(observed: number): number {
  return Math.max(caution * observed, smallestError);
}

/** What decides, apart from the similarities. Probes join clusters wherever they lie (border width 0). */
export interface DecisionParameters {
  readonly threshold: number;
  readonly mask: MaskDecision;
  /** Similarity of neighbours outside the scan in the mean similarity; `null` leaves them out. */
  readonly missingNeighbour: number | null;
  /** Smaller clusters are dropped. */
  readonly minimumSize: number;
}

/** Edges that are known exactly: 4 * probe + direction, and their similarities. */
export interface KnownEdges {
  readonly edges: ArrayLike<number>;
  readonly values: Float32Array;
}

/** How {@link decideAsExact} goes about it. */
export interface DecisionOptions {
  /** Most edges worth computing again; default: any number. */
  readonly limit?: number;
  /** The error to reckon with when the largest seen is `observed`; default {@link errorBound}. */
  readonly bound?: (observed: number) => number;
}

/** Similarities that decide as exact ones. */
export interface Decided {
  /** For `allDirections`, `meanSimilarity`, mask and growth as they are. */
  readonly similarity: ForwardSimilarity;
  /** 1 where an edge is exact. */
  readonly exact: Uint8Array;
  /** Edges that were computed again. */
  readonly recomputed: number;
  /** Largest error seen, of the edges known and computed again. */
  readonly observed: number;
  /** Error that was reckoned with in the end. */
  readonly error: number;
  /** Calls of `exact`. */
  readonly rounds: number;
}

/**
 * Replaces similarities by exact ones until mask, clusters, seeds and their order are the same whatever the others are
 * within the error: edges near the threshold; the edges of probes near the mask's threshold, of those that decide the
 * histogram of a triangle mask, of those that compete for the seed of a cluster, and of seeds that compete for a number.
 *
 * Every edge computed again also tests the error, which is raised when more is seen than allowed for.
 *
 * @param fast similarities by the fast path
 * @param known edges that are exact already, such as those of the control; they set the error
 * @param exact computes edges exactly, in the order given
 * @returns `null` when the error to reckon with exceeds {@link promisedError}, or more than `limit` edges would be computed
 * again: then the exact pass has to be made
 */
export async function decideAsExact(
  { rows, columns }: { readonly rows: number; readonly columns: number },
  fast: ForwardSimilarity,
  known: KnownEdges,
  parameters: DecisionParameters,
  exact: (edges: Uint32Array) => Promise<Float32Array>,
  { limit = Infinity, bound = errorBound }: DecisionOptions = {},
): Promise<Decided | null> {
  let observed = largestError(fast, known);
  if (bound(observed) > promisedError) return null;
  const bounds = new SimilarityBounds(rows, columns, fast, bound(observed), parameters.missingNeighbour);
  bounds.replace(known.edges, known.values);
  let recomputed = 0;
  for (let rounds = 0;; rounds++) {
    const edges = edgesInDoubt(bounds, parameters);
    if (edges.length === 0) {
      const { similarity, error } = bounds;
      return { similarity, exact: bounds.exact, recomputed, observed, error, rounds };
    }
    recomputed += edges.length;
    if (recomputed > limit) return null;
    const values = await exact(edges);
    observed = Math.max(observed, largestError(fast, { edges, values }));
    const error = bound(observed);
    if (error > promisedError) return null;
    bounds.replace(edges, values);
    if (error > bounds.error) bounds.raiseError(error);
  }
}

/** Largest difference between fast and exact similarities. */
export function largestError(fast: ForwardSimilarity, { edges, values }: KnownEdges): number {
  let largest = 0;
  for (let i = 0; i < edges.length; i++) largest = Math.max(largest, Math.abs(fast[edges[i]] - values[i]));
  return largest;
}

/**
 * The edges that leave a doubt about anything. What comes later is judged as if what comes before were settled as it
 * seems now, so that few rounds are needed; when nothing is in doubt, everything is settled.
 */
function edgesInDoubt(
  bounds: SimilarityBounds,
  { threshold, mask, minimumSize }: DecisionParameters,
): Uint32Array {
  const inDoubt = new Uint8Array(bounds.similarity.length);
  const { possible, uncertain } = maskBounds(mask, bounds);
  for (const edge of uncertainEdges(bounds, possible, threshold)) inDoubt[edge] = 1;
  const around = new Int32Array(8);
  for (const probe of [...uncertain, ...uncertainSeeds(bounds, possible, threshold, minimumSize)]) {
    bounds.edgesOf(probe, around);
    for (const edge of around) if (edge >= 0 && !bounds.exact[edge]) inDoubt[edge] = 1;
  }
  return Uint32Array.from(indicesOf(inDoubt));
}

function indicesOf(flags: Uint8Array): number[] {
  const indices: number[] = [];
  for (let i = flags.indexOf(1); i >= 0; i = flags.indexOf(1, i + 1)) indices.push(i);
  return indices;
}
