/** The taps of a Gaussian as 16-bit integers, for the products of counts in assembly/sampled.ts. */

import type { GaussianTaps } from "./gaussian.ts";

/** Taps fit 16 bits with a sign, and with counts up to 32767 their sum fits 32. */
const largestTap = 32767, largestSum = 2 ** 16;
/** Room for the rounding: the largest tap may be moved up by some units. */
const headroom = 1 - 2 ** -10;
/** Frequencies at which the response is looked at. */
const frequencies = 64;
/** The highest of them, times the standard deviation; there the Gaussian has come down to 1 %. */
const highestFrequency = 3;
/**
 * The mean must be exact, or constant patterns would not become zero when centred. Errors at the other frequencies
 * count as much as the blurred patterns have there.
 */
const meanImportance = 1e6;
/** Number of taps that may be moved from where rounding puts them; the response has fewer degrees of freedom. */
const movable = 13;

/** Integer taps by distance, and their two-sided sum, which stands for 1. */
export interface FixedTaps {
  readonly values: readonly number[];
  readonly sum: number;
}

/**
 * Taps in fixed point. Rounded one by one they would change the blur's response by some 1e-4, at low frequencies too;
 * so taps are moved by single units as long as that brings the response nearer to the Gaussian's where blurred
 * patterns have anything left. Similarities come out up to twenty times closer.
 */
export function fixedTaps({ radius, weights }: GaussianTaps): FixedTaps {
  const sum = Math.floor(Math.min(largestTap / weights[0], largestSum) * headroom);
  const errors = Float64Array.from(weights, (weight) => Math.round(weight * sum) - weight * sum);
  const modes = Array.from({ length: frequencies }, (_, i) => {
    const scaled = highestFrequency * i / frequencies, frequency = 4 * scaled / radius;
    const importance = i === 0 ? meanImportance : Math.exp(-(scaled ** 2) / 2);
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
