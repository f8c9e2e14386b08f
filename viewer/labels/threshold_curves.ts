/** How many clusters there are at which threshold, and how much of the mask they cover: what the threshold is chosen by. Pure. */

import type { MergeOrder } from "./merge_order.ts";

/** Ends of the axis that any scan gets: 1 - T from 0.28 down to 0.004. */
const widest = 0.28, narrowest = 0.004;
/** Ends that no axis goes beyond: patterns that have nothing in common, and those that are equal as far as float32 tells. */
const mostGap = 1, leastGap = 1e-6;
/** The axis goes on for as long as clusters of so many probes form or join. */
const sizeable = 9;
/** Share of the mask below which a number of clusters says little, however long it stays. */
const leastCovered = 0.8;
const steps = 150;
/** Thresholds at which neighbours are looked for when colours are dealt: every sixth of the curves. */
const colourStep = 6;

/** Curves over thresholds, evenly spread over log(1 - T), rising in T. */
export interface ThresholdCurves {
  readonly thresholds: Float64Array;
  /** Clusters of at least the minimum size. */
  readonly clusters: Uint32Array;
  /** Share of the mask's probes in them, 0 to 1. */
  readonly covered: Float32Array;
  /**
   * The longest range in which the number of clusters, of two or more, stays within 1 and they cover most of the mask; its
   * middle on the log axis.
   */
  readonly stable: { readonly low: number; readonly high: number; readonly threshold: number } | null;
}

/** The thresholds of an axis, evenly spread over log(1 - T): 0.72 to 0.996, or wider if the similarities need it. */
export function thresholdAxis(
  { forest: { similarity }, merges: { larger, smaller } }: MergeOrder,
): Float64Array {
  let highest = -Infinity, lowest = Infinity;
  for (let edge = 0; edge < similarity.length; edge++) {
    if (larger[edge] + smaller[edge] < sizeable) continue;
    if (highest === -Infinity) highest = similarity[edge];
    if (smaller[edge] >= sizeable) lowest = similarity[edge];
  }
  const low = Math.min(mostGap, Math.max(widest, 1 - lowest));
  return axisBetween(low, Math.max(leastGap, Math.min(narrowest, 1 - highest)));
}

/** The axis that any scan gets, before its similarities are known. */
export function usualAxis(): Float64Array<ArrayBuffer> {
  return axisBetween(widest, narrowest);
}

/** @param low and high: 1 - T at both ends */
function axisBetween(low: number, high: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: steps + 1 }, (_, step) => 1 - low * (high / low) ** (step / steps));
}

/** Pieces of the axis in which merges are counted, and the share of a plot that is even in log(1 - T) whatever they are. */
const pieces = 4096, evenShare = 0.25;

/**
 * The thresholds of a plot: there are many where clusters form and join, so that what happens there has room. Ends are those of
 * the axis that is even in log(1 - T).
 */
export function plotAxis(
  { forest: { similarity }, merges: { larger, smaller } }: MergeOrder,
  even: Float64Array,
): Float64Array<ArrayBuffer> {
  const low = 1 - even[0], high = 1 - even[even.length - 1], span = Math.log(low / high);
  const counts = new Uint32Array(pieces);
  let total = 0;
  for (let edge = 0; edge < similarity.length; edge++) {
    const gap = 1 - similarity[edge];
    if (larger[edge] + smaller[edge] < sizeable || !(gap > high && gap < low)) continue;
    counts[Math.min(pieces - 1, Math.floor(pieces * Math.log(low / gap) / span))]++;
    total++;
  }
  if (total === 0) return Float64Array.from(even);
  const axis = new Float64Array(steps + 1);
  let step = 0, before = 0;
  for (let piece = 0; piece < pieces; piece++) {
    const share = evenShare / pieces + (1 - evenShare) * counts[piece] / total;
    for (; step < steps && step / steps <= before + share; step++) {
      axis[step] = 1 - low * Math.exp(-span * (piece + (step / steps - before) / share) / pieces);
    }
    before += share;
  }
  axis[0] = even[0];
  axis.fill(even[even.length - 1], step);
  return axis;
}

/** The thresholds of the axis at which colours are dealt. */
export function colourThresholds(axis: Float64Array): Float64Array {
  return axis.filter((_, step) => step % colourStep === 0);
}

/** One walk down the merges. */
export function thresholdCurves(order: MergeOrder, axis: Float64Array, minimumSize: number): ThresholdCurves {
  const { forest: { similarity }, merges: { larger, smaller }, probes } = order;
  const clusters = new Uint32Array(axis.length), covered = new Float32Array(axis.length);
  let count = minimumSize <= 1 ? probes : 0, inside = count, edge = 0;
  for (let step = axis.length - 1; step >= 0; step--) {
    const limit = Math.fround(axis[step]);
    for (; edge < similarity.length && similarity[edge] >= limit; edge++) {
      const a = larger[edge], b = smaller[edge];
      if (b >= minimumSize) count--;
      else if (a >= minimumSize) inside += b;
      else if (a + b >= minimumSize) {
        count++;
        inside += a + b;
      }
    }
    clusters[step] = count;
    covered[step] = probes > 0 ? inside / probes : 0;
  }
  return { thresholds: axis.slice(), clusters, covered, stable: stableRange(axis, clusters, covered) };
}

function stableRange(
  axis: Float64Array,
  clusters: Uint32Array,
  covered: Float32Array,
): ThresholdCurves["stable"] {
  const speaks = (step: number) => clusters[step] >= 2 && covered[step] >= leastCovered;
  let best: { first: number; last: number } | null = null;
  for (let first = 0; first < axis.length; first++) {
    if (!speaks(first)) continue;
    let last = first;
    while (speaks(last + 1) && Math.abs(clusters[last + 1] - clusters[first]) <= 1) last++;
    if (last > first && (best === null || last - first > best.last - best.first)) best = { first, last };
  }
  if (best === null) return null;
  const { first, last } = best;
  return { low: axis[first], high: axis[last], threshold: axis[Math.round((first + last) / 2)] };
}

/**
 * Numbers of clusters by size on half-octaves: element k counts sizes n with 2^(k/2) <= n < 2^((k+1)/2).
 *
 * @param sizes in probes, from 1
 */
export function sizeHistogram(sizes: Iterable<number>): Uint32Array<ArrayBuffer> {
  const counts: number[] = [];
  for (const size of sizes) {
    // 2 n^2 >= 2^(k + 1): whole numbers, so that powers of two fall where they should.
    let bin = 2 * Math.floor(Math.log2(size));
    if (size * size >= 2 ** (bin + 1)) bin++;
    while (counts.length <= bin) counts.push(0);
    counts[bin]++;
  }
  return Uint32Array.from(counts);
}
