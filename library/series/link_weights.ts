/** How likely the regions of two frames are one crystal, and which pairs are taken. */

import { type CommonProbes, type Overlap, overlap } from "./overlap.ts";
import type { RegionFrame, Shift } from "./region_frame.ts";

/**
 * Weight of the patterns' cosine beside the overlap. A pattern confirms (another crystal hardly ever has a cosine above
 * 0.6), but its absence says nothing: crystals turn.
 */
const patternWeight = 0.5;
/** Least part of a region's noise that its signal is taken for. */
const leastSignal = 0.05;

/** A pair of regions with all that speaks for it. */
export interface WeightedPair extends CommonProbes {
  /** Cosine of the mean patterns freed of noise, -1 to 1; 0 where there are no features. */
  readonly cosine: number;
  /** Overlap ratio plus half the cosine where that is positive. */
  readonly weight: number;
}

/** Two frames with their pairs of regions. */
export interface PairedFrames extends Overlap {
  readonly pairs: readonly WeightedPair[];
  /** The pair of two regions, where they share probes. */
  find(before: number, now: number): WeightedPair | undefined;
}

/** Weighs every pair of regions that share probes. */
export function pairFrames(before: RegionFrame, now: RegionFrame, shift: Shift): PairedFrames {
  const laid = overlap(before, now, shift);
  const signalBefore = signals(before), signalNow = signals(now);
  const known = before.length > 0 && before.length === now.length;
  const pairs = laid.pairs.map((pair): WeightedPair => {
    const cosine = known
      ? clamp(
        product(before, pair.before, now, pair.now) /
          Math.sqrt(signalBefore[pair.before] * signalNow[pair.now]),
      )
      : 0;
    return { ...pair, cosine, weight: pair.ratio + patternWeight * Math.max(0, cosine) };
  });
  const index = new Map(pairs.map((pair) => [pair.before * now.count + pair.now, pair]));
  return { ...laid, pairs, find: (one, other) => index.get(one * now.count + other) };
}

/** A possible link of two things by their numbers. */
export interface Candidate {
  readonly first: number;
  readonly second: number;
  readonly weight: number;
}

/** One-to-one pairs above a weight, by falling weight; of equal ones the lower numbers come first. */
export function chooseGreedily<Pair extends Candidate>(candidates: readonly Pair[], above: number): Pair[] {
  const firsts = new Set<number>(), seconds = new Set<number>();
  return candidates
    .filter(({ weight }) => weight > above)
    .sort((one, other) => other.weight - one.weight || one.first - other.first || one.second - other.second)
    .filter(({ first, second }) => {
      if (firsts.has(first) || seconds.has(second)) return false;
      firsts.add(first);
      seconds.add(second);
      return true;
    });
}

/** The pair with most common probes; of equal ones the first. */
export function mostCommon<Pair extends { readonly common: number }>(
  pairs: readonly Pair[],
): Pair | undefined {
  return pairs.reduce<Pair | undefined>(
    (best, pair) => best === undefined || pair.common > best.common ? pair : best,
    undefined,
  );
}

/** Squared lengths of the regions' features without noise. */
function signals(frame: RegionFrame): Float64Array {
  return Float64Array.from({ length: frame.count }, (_, region) => {
    const noise = frame.noise[region];
    return Math.max(product(frame, region, frame, region) - noise, leastSignal * noise) + 1e-30;
  });
}

function product(one: RegionFrame, first: number, other: RegionFrame, second: number): number {
  const { length } = one;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    sum += one.features[first * length + i] * other.features[second * length + i];
  }
  return sum;
}

function clamp(cosine: number): number {
  return Math.max(-1, Math.min(1, cosine));
}
