/**
 * Bent crystals are put together again: what counts is whether regions agree near their common border.
 *
 * In a bent crystal the pattern drifts, so that the means of two parts of it differ although nothing happens between
 * them. At the border of two crystals it jumps. The patterns on both sides of the border tell one from the other; those of
 * the border itself may be mixed and are left out.
 */

import { collectFlanks, type Flank, type Layer } from "./flanks.ts";
import { joinPairs, type Partition } from "./grid.ts";
import { differentCosine, majorities, sameCosine } from "./hint.ts";
import { meanCosine, regionMeans, touchingPairs } from "./region_means.ts";
import type { Sketch } from "../../passes/sketch/sketch.ts";

/** Probes needed in a layer, and in the second one if it is to tell the drift. */
const leastProbes = 3, leastDriftProbes = 5;
/** The squared signal of the layers at the border is at least this many times their noise: below, noise joins neighbours. */
const leastSignalToNoise = 2;
/** The layers at the border lie twice as far apart as two layers of one side: a steady drift gives four times the square. */
const driftAcross = 4;
/** Differences below this part of the squared signal are no jump. */
const leastJump = 0.01;
/** A jump this many times what drift and noise explain is as likely a border as not. */
const evenJump = 4;
/** Where no drift is known, the cosine at the border counts only as far above that of the means. */
const unexplained = 0.2;
/** Cosine needed at such a jump, how it rises with the logarithm of the jump, and between what limits. */
const evenCosine = 0.7, cosineRise = 0.2, lowestCosine = 0.3, highestCosine = 0.98;

/** Two touching regions and how similar they are near their common border. */
export interface LocalPair {
  readonly first: number;
  /** The larger number of the two. */
  readonly second: number;
  /** Cosine, freed of noise, of the mean features on both sides of the border. */
  readonly cosine: number;
  /** From this cosine on they count as one crystal: the lower, the better drift explains the rest. May be Infinity. */
  readonly needed: number;
}

/**
 * How similar touching regions are near their borders. Pairs with the background, and those with too few probes or too
 * little signal on one of the sides, are left out.
 */
export function localPairs(sketch: Sketch, partition: Partition): LocalPair[] {
  const { count, background } = partition;
  const pairs = touchingPairs(partition)
    .filter(({ first, second }) => first !== background && second !== background);
  const flanks = collectFlanks(sketch, partition, pairs);
  const means = regionMeans(sketch, partition);
  return pairs.flatMap(({ first, second }) => {
    const one = flanks.get(first * count + second)!, other = flanks.get(second * count + first)!;
    const compared = compareFlanks(one, other, sketch.degreesOfFreedom);
    if (compared === null) return [];
    const { cosine, needed } = compared;
    if (needed !== null) return [{ first, second, cosine, needed }];
    const whole = meanCosine(means, sketch.length, first, second);
    return [{ first, second, cosine, needed: whole + unexplained < evenCosine ? Infinity : evenCosine }];
  });
}

/**
 * Merges regions that agree near their common border, the clearest pairs first, each region once in a round, until no two
 * agree.
 *
 * @param hint int32 (row, column): which region another frame expects at each probe, -1 = unknown
 * @returns the partition, in which the lower number of a merged pair stays and the other is empty
 */
export function mergeAcrossBorders(sketch: Sketch, partition: Partition, hint?: Int32Array): Partition {
  for (;;) {
    const expected = hint && majorities(partition, hint);
    const alike = localPairs(sketch, partition)
      .map((pair) => expected ? asExpected(pair, expected) : pair)
      .filter(({ cosine, needed }) => cosine >= needed)
      .sort((a, b) =>
        b.cosine - b.needed - (a.cosine - a.needed) || a.first - b.first || a.second - b.second
      );
    if (alike.length === 0) return partition;
    partition = joinPairs(partition, alike);
  }
}

/** The pair with the cosine that it needs in view of what is expected of its regions. */
function asExpected(pair: LocalPair, expected: Int32Array): LocalPair {
  const one = expected[pair.first], other = expected[pair.second], { needed } = pair;
  if (one < 0 || other < 0) return pair;
  return {
    ...pair,
    needed: one === other ? Math.min(needed, sameCosine) : Math.max(needed, differentCosine),
  };
}

/**
 * Cosine across a border and the one that is needed there, `null` if both regions are too thin to tell; `null` altogether
 * where the cosine would mean little.
 */
function compareFlanks(one: Flank, other: Flank, degreesOfFreedom: number) {
  const [a] = one, [b] = other;
  if (a.probes < leastProbes || b.probes < leastProbes) return null;
  const noiseA = meanNoise(a), noiseB = meanNoise(b);
  const signalA = product(a, a) - noiseA, signalB = product(b, b) - noiseB;
  if (!(signalA > 0 && signalB > 0)) return null;
  if (signalA < leastSignalToNoise * noiseA || signalB < leastSignalToNoise * noiseB) return null;
  const cosine = product(a, b) / Math.sqrt(signalA * signalB);
  const drifts = [one, other].map(driftWithin).filter((drift) => drift !== null);
  if (drifts.length === 0) return { cosine, needed: null };
  const drift = drifts.reduce((sum, value) => sum + value, 0) / drifts.length;
  const error = (noiseA + noiseB) * Math.sqrt(2 / degreesOfFreedom);
  const jump = (difference(a, b) - 2 * error) /
    (driftAcross * drift + error + leastJump * (signalA + signalB) / 2);
  const needed = jump > 0 ? evenCosine + cosineRise * Math.log(jump / evenJump) : lowestCosine;
  return { cosine, needed: Math.min(highestCosine, Math.max(lowestCosine, needed)) };
}

/**
 * Squared change of the features between two layers of one side, freed of noise: the geometric mean over the steps into the
 * region, so that mixing with the other region, which fades away inside, does not pass for drift. `null` where the region
 * is too thin.
 */
function driftWithin([border, middle, inside]: Flank): number | null {
  if (middle.probes < leastDriftProbes) return null;
  const outer = Math.max(0, difference(border, middle));
  return inside.probes < leastProbes ? outer : Math.sqrt(outer * Math.max(0, difference(middle, inside)));
}

/** Squared distance of two means less the noise expected in it. */
function difference(a: Layer, b: Layer): number {
  let sum = 0;
  for (let i = 0; i < a.sum.length; i++) sum += (a.sum[i] / a.probes - b.sum[i] / b.probes) ** 2;
  return sum - meanNoise(a) - meanNoise(b);
}

/** Inner product of two means. */
function product(a: Layer, b: Layer): number {
  let sum = 0;
  for (let i = 0; i < a.sum.length; i++) sum += a.sum[i] * b.sum[i];
  return sum / (a.probes * b.probes);
}

/** Expected squared noise of a mean. */
function meanNoise({ noise, probes }: Layer): number {
  return noise / probes ** 2;
}
