/** Fast similarities made to decide as exact ones: everything that lies within their error of a decision is replaced. */

import { type Caution, ErrorBounds, type KnownEdges } from "./error_bounds.ts";
import type { ForwardSimilarity } from "../../scan/neighbours.ts";
import { SimilarityBounds } from "./similarity_bounds.ts";
import { uncertainEdges, uncertainSeeds } from "./uncertain_growth.ts";
import { maskBounds, type MaskDecision } from "./uncertain_mask.ts";

export type { KnownEdges } from "./error_bounds.ts";
export type { MaskDecision } from "./uncertain_mask.ts";

/** What decides, apart from the similarities. Probes join clusters wherever they lie (border width 0). */
export interface DecisionParameters {
  readonly threshold: number;
  readonly mask: MaskDecision;
  /** Similarity of neighbours outside the scan in the mean similarity; `null` leaves them out. */
  readonly missingNeighbour: number | null;
  /** Smaller clusters are dropped. */
  readonly minimumSize: number;
}

/** How {@link decideAsExact} goes about it. */
export interface DecisionOptions {
  /** Most edges worth computing again; default: any number. */
  readonly limit?: number;
  /** How far to trust the fast similarities; for tests. */
  readonly caution?: Caution;
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
  /** Largest error that was reckoned with in the end. */
  readonly error: number;
  /** Calls of `exact`. */
  readonly rounds: number;
}

/**
 * Replaces similarities by exact ones until mask, clusters, seeds and their order are the same whatever the others are
 * within the error: edges near the threshold; the edges of probes near the mask's threshold, of those that decide the
 * histogram of a triangle mask, of those that compete for the seed of a cluster, and of seeds that compete for a number.
 *
 * Every edge computed again also tests the bounds of the error, which follow what is seen. Decisions are certainly those
 * of exact similarities when no error exceeds its bound ({@link ErrorBounds} says how likely that is).
 *
 * @param fast similarities by the fast path
 * @param known edges that are exact already, such as those of the control; they say how large errors are
 * @param exact computes edges exactly, in the order given
 * @returns `null` when errors are too large to be trusted (error_bounds.ts), or more than `limit` edges would be computed
 * again: then the exact pass has to be made
 */
export async function decideAsExact(
  { rows, columns }: { readonly rows: number; readonly columns: number },
  fast: ForwardSimilarity,
  known: KnownEdges,
  parameters: DecisionParameters,
  exact: (edges: Uint32Array) => Promise<Float32Array>,
  { limit = Infinity, caution }: DecisionOptions = {},
): Promise<Decided | null> {
  const errors = new ErrorBounds(fast, caution);
  errors.observe(known);
  if (!errors.keepPromise) return null;
  if (decidesNothing(parameters)) {
    const { observed, largest } = errors;
    return { ...withExact(fast, known), recomputed: 0, observed, error: largest, rounds: 0 };
  }
  const bounds = new SimilarityBounds(rows, columns, fast, errors.bounds, parameters.missingNeighbour);
  bounds.replace(known.edges, known.values);
  let recomputed = 0;
  for (let rounds = 0;; rounds++) {
    const edges = edgesInDoubt(bounds, parameters);
    if (edges.length === 0) {
      const { similarity, exact } = bounds, { observed, largest } = errors;
      return { similarity, exact, recomputed, observed, error: largest, rounds };
    }
    recomputed += edges.length;
    if (recomputed > limit) return null;
    const values = await exact(edges);
    bounds.replace(edges, values);
    if (!errors.observe({ edges, values })) continue;
    if (!errors.keepPromise) return null;
    bounds.setErrors(errors.bounds);
  }
}

/** Whether nothing follows from the similarities: nobody joins, and the mask is another's. */
function decidesNothing({ threshold, mask, minimumSize }: DecisionParameters): boolean {
  // No similarity and error together come to 2.
  return mask.kind === "fixed" && threshold >= 2 && minimumSize === Infinity;
}

/** Similarities with those that are known exactly in their places. */
function withExact(fast: ForwardSimilarity, { edges, values }: KnownEdges) {
  const similarity = fast.slice(), exact = new Uint8Array(fast.length);
  for (let i = 0; i < edges.length; i++) {
    similarity[edges[i]] = values[i];
    exact[edges[i]] = 1;
  }
  return { similarity, exact };
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
