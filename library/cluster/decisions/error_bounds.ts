/** How far the similarities of the fast path may be from the exact ones, judged by those that are known exactly. */

import type { ForwardSimilarity } from "../../scan/neighbours.ts";

/** What the fast path promises: no similarity is farther from the exact one. */
const promisedError = 1e-5;
/** The promise is trusted while the largest error seen is this much smaller. */
const trust = 4;

/** Edges that are known exactly: 4 * probe + direction, and their similarities. */
export interface KnownEdges {
  readonly edges: ArrayLike<number>;
  readonly values: Float32Array;
}

/** How cautious the bounds are. */
export interface Caution {
  /** How much larger an error somewhere may be than the largest that was seen. */
  readonly factor: number;
  /** Similarities are never trusted beyond this: some units of the last place of float32 near 1. */
  readonly smallest: number;
  /** Those of nearly equal patterns beyond this, where nothing but rounding was seen; without it: as all others. */
  readonly rounded?: number;
}

/** Unit of the last place of float32 below 1. */
const unit = 2 ** -24;
const usual: Caution = { factor: 8, smallest: 5e-7, rounded: 4 * unit };
/** 1 - S up to which the classes but the last reach. */
const classLimits = [1e-3, 1e-2, 1e-1] as const;
/** Edges that must have been seen before a bound is drawn from them. */
const enough = 64;
/** Edges of nearly equal patterns that must have been seen before their errors pass for rounding. */
const plenty = 128;
/** Similarities are not trusted beyond this before that. */
const unseen = 2e-6;

/** Class of a similarity: 0 for nearly equal patterns, rising to 3. */
export function errorClass(similarity: number): number {
  const distance = 1 - similarity;
  return distance < classLimits[0] ? 0 : distance < classLimits[1] ? 1 : distance < classLimits[2] ? 2 : 3;
}

/**
 * Bounds of the error from the largest error seen, by class of similarity: the errors of sums over part of the detector
 * are alike for patterns that are alike, and cancel in their cosine, so that the error shrinks with 1 - S.
 *
 * The bound of a class is eight times the largest error seen in it and in the classes of more similar patterns; a class
 * takes part of the next until 64 edges were seen, and no bound is below 2e-6 before that. The largest error of a million is some 1.6 times the largest of 400
 * (5 to 3 standard deviations) where errors are normally distributed; eight leaves room for regions unlike those of the
 * sample. That no error exceeds its bound is very likely but not certain.
 *
 * Nearly equal patterns, as filtered ones are, have a smaller bound, four units of the last place, once 128 of their edges
 * were seen and while none is off by more than one unit: rounding both similarities to float32 sets them as far apart,
 * however near they were before.
 */
export class ErrorBounds {
  /** Bound of each class, rising. */
  readonly bounds = new Float64Array(classLimits.length + 1);
  readonly #largest = new Float64Array(this.bounds.length);
  readonly #seen = new Float64Array(this.bounds.length);

  constructor(readonly fast: ForwardSimilarity, readonly caution: Caution = usual) {
    this.#update();
  }

  /** Largest error seen. */
  get observed(): number {
    return this.#largest.reduce((most, error) => Math.max(most, error));
  }

  /** Whether all errors may be taken to be within {@link promisedError}. */
  get keepPromise(): boolean {
    return trust * this.observed <= promisedError;
  }

  /** Largest bound: that of the least similar patterns. */
  get largest(): number {
    return this.bounds[this.bounds.length - 1];
  }

  /**
   * Learns from edges that are known exactly.
   *
   * @returns whether a bound has changed
   */
  observe({ edges, values }: KnownEdges): boolean {
    for (let i = 0; i < edges.length; i++) {
      const fast = this.fast[edges[i]], kind = errorClass(fast);
      this.#largest[kind] = Math.max(this.#largest[kind], Math.abs(fast - values[i]));
      this.#seen[kind]++;
    }
    const before = this.bounds.slice();
    this.#update();
    return this.bounds.some((bound, kind) => bound !== before[kind]);
  }

  #update(): void {
    const { factor, smallest, rounded } = this.caution;
    const last = this.bounds.length - 1;
    for (let kind = 0; kind <= last; kind++) {
      let largest = 0, seen = 0;
      for (let other = 0; other <= last && (other <= kind || seen < enough); other++) {
        largest = Math.max(largest, this.#largest[other]);
        seen += this.#seen[other];
      }
      this.bounds[kind] = Math.max(factor * largest, smallest, seen < enough ? unseen : 0);
    }
    const rounding = this.#seen[0] >= plenty && this.#largest[0] <= unit;
    if (rounding && rounded !== undefined) this.bounds[0] = rounded;
  }
}
