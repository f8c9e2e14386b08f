/**
 * Parts of one crystal on both sides of a lamella are one region. Linkage joins neighbours, so that a twin lamella that runs
 * through a crystal leaves two regions of it, and a stack of lamellae many. They have the same pattern: what else lies beyond a
 * neighbour has another. Parts that touch are found alike only once the mixed probes of lamellae and rims between them have gone
 * to others: while linkage had them, their means were mixtures too.
 */

import type { Sketch } from "../../passes/sketch/sketch.ts";
import { joinPairs, type Partition } from "./grid.ts";
import { LamellaStack } from "./lamella_stack.ts";
import { meanCosine, regionMeans, touchingPairs } from "./region_means.ts";

/** Regions that touch, or lie beyond a common neighbour, are parts of one crystal from this cosine of their means on. */
export const partCosine = 0.8;
/** Smaller regions are none. */
const leastProbes = 9;
/** The squared signal of a mean is at least this many times its noise: below, noise decides on the cosine. */
const leastSignalToNoise = 4;
/** What lies between has this part of its borders with the two: a lamella is beside its crystal for most of its length. */
const leastBeside = 0.55;
/** Of a stack of lamellae no two have most of the crystal's border. From this cosine on they need not. */
const stackCosine = 0.95;
/**
 * Squared signals of parts that touch differ by no more than this factor: the tails of a strong crystal give a weak one beside it
 * their pattern.
 */
const largestFactor = 3;
/** And they are at least this many times the squared noise of one pattern: below, chance has put together what is alike. */
const leastOfOne = 1;

/**
 * Joins regions with the same pattern that touch a common third one which is not the background.
 *
 * @returns the partition, in which the lowest number of joined regions stays and the others are empty
 */
export function joinAcrossLamellae(sketch: Sketch, partition: Partition): Partition {
  const { count, background, labels } = partition;
  const means = regionMeans(sketch, partition), { sizes, squares, noise } = means;
  const borders = Array.from({ length: count }, () => new Map<number, number>());
  for (const { first, second, borderLength } of touchingPairs(partition)) {
    borders[first].set(second, borderLength);
    borders[second].set(first, borderLength);
  }
  const mayBePart = (region: number) =>
    region !== background && sizes[region] >= leastProbes &&
    squares[region] >= leastSignalToNoise * noise[region];
  const target = Int32Array.from({ length: count }, (_, region) => region);
  const root = (region: number) => {
    while (target[region] !== region) region = target[region];
    return region;
  };
  const stack = new LamellaStack(partition, squares, borders);
  let joined = false;
  borders.forEach((around, between) => {
    if (between === background) return;
    const parts = Array.from(around.keys()).filter(mayBePart).sort((a, b) => a - b);
    const all = around.values().reduce((sum, border) => sum + border, 0);
    parts.forEach((one, i) => {
      for (const other of parts.slice(i + 1)) {
        const beside = around.get(one)! + around.get(other)!;
        if (borders[one].has(other)) continue;
        const cosine = meanCosine(means, sketch.length, one, other);
        if (cosine < partCosine) continue;
        if (beside < leastBeside * all && !(cosine >= stackCosine && stack.near(between, one, other))) {
          continue;
        }
        const [first, second] = [root(one), root(other)].sort((a, b) => a - b);
        target[second] = first;
        joined = true;
      }
    });
  });
  return joined
    ? { ...partition, labels: labels.map((region) => region < 0 ? region : root(region)) }
    : partition;
}

/**
 * Joins touching regions of about the same signal with the same pattern, the most alike first, each once in a round, until there
 * are none. The background stays as it is.
 *
 * @returns the partition, in which the lowest number of joined regions stays and the others are empty
 */
export function joinAlike(sketch: Sketch, partition: Partition): Partition {
  for (;;) {
    const means = regionMeans(sketch, partition), { sizes, squares, noise } = means;
    const mayBePart = (region: number) =>
      region !== partition.background && sizes[region] >= leastProbes &&
      squares[region] >= leastOfOne * noise[region] * sizes[region];
    const alike = touchingPairs(partition)
      .filter(({ first, second }) =>
        mayBePart(first) && mayBePart(second) && squares[first] <= largestFactor * squares[second] &&
        squares[second] <= largestFactor * squares[first]
      )
      .map(({ first, second }) => ({
        first,
        second,
        cosine: meanCosine(means, sketch.length, first, second),
      }))
      .filter(({ cosine }) => cosine >= partCosine)
      .sort((a, b) => b.cosine - a.cosine || a.first - b.first || a.second - b.second);
    if (alike.length === 0) return partition;
    partition = joinPairs(partition, alike);
  }
}
