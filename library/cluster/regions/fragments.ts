/**
 * Fragments that chance made are joined. Where a crystal has no pattern above the noise, linkage puts together what happens to
 * be alike: fragments that run through each other, and whose means differ significantly because their probes were chosen so.
 * By the noise of one pattern they hardly differ, while crystals that can be told apart differ by ten times that and more.
 */

import type { Sketch } from "../../passes/sketch/sketch.ts";
import { joinPairs, type Partition } from "./grid.ts";
import { type RegionMeans, regionMeans, touchingPairs } from "./region_means.ts";

/** Means of fragments differ by less than this many standard deviations of the squared noise of one pattern. */
const mostByChance = 2;
/** Pairs of neighbouring probes, one in each, by the probes of the smaller: crystals touch along one side, fragments all over. */
const leastBorder = 0.5;

/**
 * Joins touching regions that run through each other and differ by no more than chance, the most alike first, each region once
 * in a round, until there are none. The background stays as it is; without one nothing is joined, since only what is no
 * background is known to be crystal.
 *
 * @returns the partition, in which the lowest number of joined regions stays and the others are empty
 */
export function joinFragments(sketch: Sketch, partition: Partition): Partition {
  const { background } = partition;
  // Nothing but noise would come out as one sure crystal.
  if (background < 0) return partition;
  for (;;) {
    const means = regionMeans(sketch, partition), { sizes } = means;
    const alike = touchingPairs(partition)
      .filter(({ first, second, borderLength }) =>
        first !== background && second !== background &&
        borderLength >= leastBorder * Math.min(sizes[first], sizes[second])
      )
      .map(({ first, second }) => ({ first, second, apart: apartBy(sketch, means, first, second) }))
      .filter(({ apart }) => apart < mostByChance)
      .sort((a, b) => a.apart - b.apart || a.first - b.first || a.second - b.second);
    if (alike.length === 0) return partition;
    partition = joinPairs(partition, alike);
  }
}

/** Squared distance of two means without its noise, in standard deviations of the squared noise of one pattern. */
function apartBy(
  { length, degreesOfFreedom }: Sketch,
  { means, noise, sizes }: RegionMeans,
  first: number,
  second: number,
): number {
  let square = -noise[first] - noise[second];
  for (let i = 0; i < length; i++) square += (means[first * length + i] - means[second * length + i]) ** 2;
  const ofOne = (noise[first] * sizes[first] + noise[second] * sizes[second]) / 2;
  return ofOne > 0 ? square / (ofOne * Math.sqrt(2 / degreesOfFreedom)) : Infinity;
}
