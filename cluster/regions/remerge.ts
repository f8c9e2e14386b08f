/**
 * Bent crystals are put together again: what counts is whether regions agree near their common border.
 *
 * In a bent crystal the pattern drifts, so that the means of two parts of it differ although nothing happens between
 * them. The patterns on both sides of the border tell; those of the border itself may be mixed and are left out.
 */

import type { Partition } from "./grid.ts";
import { leastCosine } from "./linkage.ts";
import { touchingPairs } from "./region_means.ts";
import type { Sketch } from "./sketch.ts";

/** Probes of a region count when they are this far from the other region, in steps of the scan. */
export const borderDistances: readonly [number, number] = [2, 3];
/** Probes needed on both sides. */
const leastProbes = 3;
/** The squared signal of both local means is at least this many times their noise. */
const leastSignalToNoise = 0.6;

/** Two touching regions and how similar they are near their common border. */
export interface LocalPair {
  readonly first: number;
  /** The larger number of the two. */
  readonly second: number;
  /** Cosine, freed of noise, of the mean features on both sides of the border. */
  readonly cosine: number;
}

/** Steps to probes at most the larger distance away, nearest first. */
const steps = Array.from({ length: 49 }, (_, i) => ({ down: Math.floor(i / 7) - 3, right: i % 7 - 3 }))
  .map((step) => ({ ...step, square: step.down ** 2 + step.right ** 2 }))
  .filter(({ square }) => square > 0 && square <= borderDistances[1] ** 2)
  .sort((a, b) => a.square - b.square);

/** Sums over the probes of one region near another. */
interface Flank {
  readonly sum: Float64Array;
  noise: number;
  probes: number;
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
  return pairs.flatMap(({ first, second }) => {
    const one = flanks.get(first * count + second)!, other = flanks.get(second * count + first)!;
    const cosine = flankCosine(one, other);
    return cosine === null ? [] : [{ first, second, cosine }];
  });
}

/**
 * Merges regions that agree near their common border, the most similar pairs first, each region once in a round, until
 * no two agree.
 *
 * @returns the partition, in which the lower number of a merged pair stays and the other is empty
 */
export function mergeAcrossBorders(sketch: Sketch, partition: Partition): Partition {
  for (;;) {
    const alike = localPairs(sketch, partition)
      .filter(({ cosine }) => cosine >= leastCosine)
      .sort((a, b) => b.cosine - a.cosine || a.first - b.first || a.second - b.second);
    if (alike.length === 0) return partition;
    const target = Int32Array.from({ length: partition.count }, (_, region) => region);
    const used = new Uint8Array(partition.count);
    for (const { first, second } of alike) {
      if (used[first] === 1 || used[second] === 1) continue;
      used[first] = used[second] = 1;
      target[second] = first;
    }
    const labels = partition.labels.map((region) => region < 0 ? region : target[region]);
    partition = { ...partition, labels };
  }
}

/** Sums of the features of each region near each region that it touches, by region times count plus other region. */
function collectFlanks(
  sketch: Sketch,
  partition: Partition,
  pairs: readonly { first: number; second: number }[],
): Map<number, Flank> {
  const { rows, columns, labels, count } = partition;
  const { length, features, noise } = sketch;
  const flanks = new Map<number, Flank>();
  for (const { first, second } of pairs) {
    for (const key of [first * count + second, second * count + first]) {
      flanks.set(key, { sum: new Float64Array(length), noise: 0, probes: 0 });
    }
  }
  const nearest = borderDistances[0] ** 2;
  const seen: number[] = [];
  for (let probe = 0; probe < labels.length; probe++) {
    const region = labels[probe];
    if (region < 0) continue;
    const row = Math.floor(probe / columns), column = probe - row * columns;
    seen.length = 0;
    for (const { down, right, square } of steps) {
      const y = row + down, x = column + right;
      if (y < 0 || x < 0 || y >= rows || x >= columns) continue;
      const other = labels[y * columns + x];
      if (other < 0 || other === region || seen.includes(other)) continue;
      // Steps come nearest first, so this is the distance from the other region.
      seen.push(other);
      const flank = square < nearest ? undefined : flanks.get(region * count + other);
      if (flank === undefined) continue;
      for (let i = 0; i < length; i++) flank.sum[i] += features[probe * length + i];
      flank.noise += noise[probe];
      flank.probes++;
    }
  }
  return flanks;
}

/** Cosine of the means of two flanks freed of noise; `null` where it would mean little. */
function flankCosine(one: Flank, other: Flank): number | null {
  if (one.probes < leastProbes || other.probes < leastProbes) return null;
  let product = 0, squareOne = 0, squareOther = 0;
  for (let i = 0; i < one.sum.length; i++) {
    product += one.sum[i] * other.sum[i];
    squareOne += one.sum[i] ** 2;
    squareOther += other.sum[i] ** 2;
  }
  const signalOne = squareOne - one.noise, signalOther = squareOther - other.noise;
  if (!(signalOne > 0 && signalOther > 0)) return null;
  if (signalOne < leastSignalToNoise * one.noise || signalOther < leastSignalToNoise * other.noise) {
    return null;
  }
  return product / Math.sqrt(signalOne * signalOther);
}
