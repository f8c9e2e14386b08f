/**
 * Thin regions that are more than a rim: lamellae of twins.
 *
 * The rim between two grains has a mixture of their patterns, and one between two parts of a bent crystal lies between
 * theirs. A lamella has a pattern of its own, and what it parts is alike on both sides.
 */

import { nonNegativeSolution } from "../non_negative.ts";
import { innerProduct, type Sketch } from "../../passes/sketch/sketch.ts";
import type { Partition } from "./grid.ts";
import { meanCosine, type RegionMeans, touchingPairs } from "./region_means.ts";

/** Smaller regions may be chance. */
const leastProbes = 8;
/** This part of the squared signal is not made of the patterns beside, ... */
const ownPart = 0.3;
/** ... and that is more than this many standard deviations of the squared noise of one pattern: linkage puts together what chance
 * makes alike, so that the noise of the mean says too little. */
const ownSignal = 1;
/** Patterns beside a region that it may be a mixture of: those with the longest borders. */
const mostBeside = 4;

/**
 * Looks for patterns of their own among thin regions.
 *
 * @param means of the regions of the partition
 * @param thin 1 for each region that is asked about; the others are what these may be mixtures of
 * @returns 1 for each thin region with a pattern of its own
 */
export function ownPatterns(
  { length, degreesOfFreedom }: Pick<Sketch, "length" | "degreesOfFreedom">,
  partition: Partition,
  means: RegionMeans,
  thin: Uint8Array,
): Uint8Array {
  const beside = regionsBeside(partition, thin);
  return thin.map((asked, region) => {
    const near = beside.get(region);
    if (asked === 0 || near === undefined || means.sizes[region] < leastProbes) return 0;
    if (near.length > 1) {
      const [one, other] = near, alike = meanCosine(means, length, one, other);
      if (near.slice(0, 2).some((host) => meanCosine(means, length, region, host) > alike)) return 0;
    }
    const rest = signalBeyond(means, length, region, near);
    const deviation = means.noise[region] * means.sizes[region] * Math.sqrt(2 / degreesOfFreedom);
    return rest > ownPart * means.squares[region] && rest > ownSignal * deviation ? 1 : 0;
  });
}

/** The regions that touch each thin one and are neither thin nor the background, those with the longest borders first. */
function regionsBeside(partition: Partition, thin: Uint8Array): Map<number, number[]> {
  const beside = new Map<number, number[]>();
  const pairs = touchingPairs(partition).toSorted((a, b) => b.borderLength - a.borderLength);
  for (const { first, second } of pairs) {
    for (const [region, other] of [[first, second], [second, first]]) {
      if (thin[region] === 0 || thin[other] === 1 || other === partition.background) continue;
      const near = beside.get(region) ?? [];
      if (near.length < mostBeside) beside.set(region, [...near, other]);
    }
  }
  return beside;
}

/** Squared signal of a region's mean that no mixture of the means of others explains, freed of noise. */
function signalBeyond(
  { means, noise }: RegionMeans,
  length: number,
  region: number,
  others: readonly number[],
): number {
  const product = (a: number, b: number) => innerProduct(means, a * length, means, b * length, length);
  const parts = nonNegativeSolution(
    others.flatMap((a) => others.map((b) => product(a, b))),
    others.map((other) => product(other, region)),
  );
  const rest = means.slice(region * length, (region + 1) * length);
  let expected = noise[region];
  others.forEach((other, i) => {
    for (let k = 0; k < length; k++) rest[k] -= parts[i] * means[other * length + k];
    expected += parts[i] ** 2 * noise[other];
  });
  return innerProduct(rest, 0, rest, 0, length) - expected;
}
