/** How likely the regions of two frames are one crystal, and which pairs are taken. */

import { type Overlap, overlap } from "./overlap.ts";
import { cosineBetween, type RegionFrame, type Shift } from "./region_frame.ts";

/**
 * Weight of the patterns' cosine beside the overlap. A pattern confirms (another crystal hardly ever has a cosine above
 * 0.6), but its absence says nothing: crystals turn.
 */
export const patternWeight = 0.5;

/** Least weight of a link. */
export const leastWeight = 0.3;

/** A pair of regions with all that speaks for it. */
export interface WeightedPair {
  /** Region of the earlier frame. */
  readonly before: number;
  /** Region of the later frame. */
  readonly now: number;
  /** Probes they share where drift says. */
  readonly common: number;
  /** Probes they share where they lie on each other best, over those that either has, of what both frames show. */
  readonly ratio: number;
  /** Cosine of the mean patterns freed of noise, -1 to 1; 0 where there are no features. */
  readonly cosine: number;
  /** Overlap ratio plus half the cosine where that is positive. */
  readonly weight: number;
}

/** Two frames with their pairs of regions. */
export interface PairedFrames extends Pick<Overlap, "visibleBefore" | "visibleNow"> {
  /** Pairs that share probes, by earlier region and then by later region. */
  readonly pairs: readonly WeightedPair[];
  /** The pair of two regions, where they share probes. */
  find(before: number, now: number): WeightedPair | undefined;
}

/** Weighs every pair of regions that share probes; see `overlap` for the parameters. */
export function pairFrames(
  before: RegionFrame,
  now: RegionFrame,
  shift: Shift,
  motion?: (region: number) => Shift,
): PairedFrames {
  const laid = overlap(before, now, shift, motion), cosines = cosinesOf(before, now, laid);
  const pairs = new Array<WeightedPair>(cosines.length);
  for (let place = 0; place < pairs.length; place++) {
    const ratio = laid.ratio[place], cosine = cosines[place];
    pairs[place] = {
      before: laid.before[place],
      now: laid.now[place],
      common: laid.common[place],
      ratio,
      cosine,
      weight: ratio + patternWeight * Math.max(0, cosine),
    };
  }
  let index: Map<number, WeightedPair> | undefined;
  const { visibleBefore, visibleNow } = laid;
  return {
    visibleBefore,
    visibleNow,
    pairs,
    find: (one, other) => {
      index ??= new Map(pairs.map((pair) => [pair.before * now.count + pair.now, pair]));
      return index.get(one * now.count + other);
    },
  };
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

/** Cosines of the patterns of pairs; 0 where there are no features. */
function cosinesOf(before: RegionFrame, now: RegionFrame, laid: Overlap): Float64Array {
  const cosines = new Float64Array(laid.before.length), { length } = before;
  if (length === 0 || length !== now.length) return cosines;
  for (let place = 0; place < cosines.length; place++) {
    cosines[place] = cosineBetween(before, laid.before[place], now, laid.now[place]);
  }
  return cosines;
}
