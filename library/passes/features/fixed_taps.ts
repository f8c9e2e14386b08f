/** The taps of a Gaussian as 16-bit integers, for the products of counts in assembly/sampled.ts. */

import type { GaussianTaps } from "./gaussian.ts";

/** Taps fit 16 bits with a sign, and the products of counts with all of them together 32. */
const largestTap = 2 ** 15 - 1, largestProduct = 2 ** 31 - 1;
/** Room for the rounding: the largest tap may be moved up by some units. */
const headroom = 1 - 2 ** -10;
/** Frequencies at which the response is looked at. */
const frequencies = 64;
/**
 * The mean must be exact, or constant patterns would not become zero when centred. Errors at other frequencies count
 * as much as blurred patterns have there, but not nothing where they have none: what gets through is sampled too
 * coarsely and mixes with the low frequencies.
 */
const meanImportance = 1e6, leastImportance = 0.1;
/** Number of taps that may be moved from where rounding puts them; the response has fewer degrees of freedom. */
const movable = 13;

/** Integer taps by distance, and their two-sided sum, which stands for 1. */
export interface FixedTaps {
  readonly values: readonly number[];
  readonly sum: number;
}

/**
 * Taps in fixed point. Rounded one by one they would change the blur's response by some 1e-5, at low frequencies too;
 * so taps are moved by single units as long as that brings the response nearer to the Gaussian's where blurred
 * patterns have anything left. Similarities come out up to twenty times closer.
 *
 * @param largestCount of the patterns; the larger it is, the coarser are the taps
 */
export function fixedTaps({ radius, weights }: GaussianTaps, largestCount: number): FixedTaps {
  const sum = Math.floor(Math.min(largestTap / weights[0], largestProduct / largestCount) * headroom);
  const errors = Float64Array.from(weights, (weight) => Math.round(weight * sum) - weight * sum);
  const modes = Array.from({ length: frequencies }, (_, i) => {
    const frequency = Math.PI * i / frequencies, sigma = radius / 4;
    const damping = Math.exp(-((frequency * sigma) ** 2) / 2);
    const importance = i === 0 ? meanImportance : Math.max(leastImportance, damping);
    return errors.map((_, k) => (k === 0 ? 1 : 2 * Math.cos(frequency * k)) * importance);
  });
  const misses = modes.map((mode) => mode.reduce((total, value, k) => total + value * errors[k], 0));
  const cost = (move: readonly Change[]) =>
    modes.reduce((total, mode, i) => {
      let miss = misses[i];
      for (const [k, by] of move) miss += by * mode[k];
      return total + miss * miss;
    }, 0);
  const moves = candidateMoves(radius);
  let least = cost([]);
  while (true) {
    const costs = moves.map(cost);
    const best = costs.reduce((a, value, b) => value < costs[a] ? b : a, 0);
    if (!(costs[best] < least * (1 - 1e-9))) break;
    least = costs[best];
    for (const [k, by] of moves[best]) {
      errors[k] += by;
      modes.forEach((mode, i) => misses[i] += by * mode[k]);
    }
  }
  const values = Array.from(weights, (weight, k) => Math.round(weight * sum + errors[k]));
  return { values, sum: values.reduce((total, value, k) => total + (k === 0 ? value : 2 * value), 0) };
}

/** A tap and the units by which it changes. */
type Change = readonly [tap: number, by: number];

/** Changes of one, two or three taps by one unit up or down each. */
function candidateMoves(radius: number): Change[][] {
  const taps = new Set(Array.from({ length: movable }, (_, i) => Math.round(i * radius / (movable - 1))));
  const single = [...taps].flatMap((tap): Change[] => [[tap, 1], [tap, -1]]);
  const pairs = single.flatMap((a) => single.filter((b) => b[0] > a[0]).map((b) => [a, b]));
  const triples = pairs.flatMap(([a, b]) => single.filter((c) => c[0] > b[0]).map((c) => [a, b, c]));
  return [...single.map((change) => [change]), ...pairs, ...triples];
}
