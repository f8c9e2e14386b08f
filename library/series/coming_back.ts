/** How tracks that ended come back: out of the region of the track that took them in, or after frames without them. */

import {
  type Candidate,
  chooseGreedily,
  leastWeight,
  type PairedFrames,
  type WeightedPair,
} from "./link_weights.ts";
import type { RegionPlace } from "./track_memory.ts";
import type { Lacks } from "./track_patterns.ts";

/** What every missing frame after the first takes from the weight, for at most so many. */
const missingPenalty = 0.1, penalisedFrames = 3;
/** Part of a region that must lie on a host's for it to be one among which the host and its guests choose. */
const partContained = 0.3;

/** Compares an earlier frame with the one that is being linked. */
export type Compare = (earlier: number) => PairedFrames;

/** A pair that may become a link: `first` and `second` say of what. */
type Choice = WeightedPair & Candidate;

/**
 * The parts that a host's region may have come apart into: what it continues as, and free regions that lie on where it was.
 *
 * @param region what it continues as
 * @param pairs of the frame before and this one
 * @param at its region in the frame before
 */
export function partsOfHost(
  region: number,
  free: readonly number[],
  pairs: PairedFrames,
  at: number,
): number[] {
  return [
    region,
    ...free.filter((part) => {
      const common = pairs.find(at, part)?.common ?? 0;
      return common >= partContained * Math.max(1, pairs.visibleNow[part]);
    }),
  ];
}

/** Which of the parts are whose, by what a host and its guests were before the merger: places in both lists. */
export function chooseParts(
  who: readonly RegionPlace[],
  parts: readonly number[],
  compare: Compare,
): Choice[] {
  const candidates = who.flatMap(({ frame, region }, first) =>
    parts.flatMap((part, second) => {
      const pair = compare(frame).find(region, part);
      return pair ? [{ ...pair, first, second }] : [];
    })
  );
  return chooseGreedily(candidates, leastWeight);
}

/** Which of the free regions of frame `t` continue which of the lost tracks: numbers of tracks and regions. */
export function chooseAfterGaps(
  t: number,
  lost: ReadonlyMap<number, RegionPlace>,
  isFree: (region: number) => boolean,
  compare: Compare,
  lacks: Lacks,
): Choice[] {
  const candidates = Array.from(lost, ([track, { frame, region }]) => {
    const penalty = missingPenalty * Math.min(penalisedFrames, t - frame - 2);
    return compare(frame).pairs
      .filter(({ before, now }) => before === region && isFree(now))
      .map((pair) => {
        const weight = pair.weight - penalty - lacks(track, pair.cosine);
        return { ...pair, weight, first: track, second: pair.now };
      });
  }).flat();
  return chooseGreedily(candidates, leastWeight);
}
