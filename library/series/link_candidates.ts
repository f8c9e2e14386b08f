/** What may continue what from one frame to the next: regions that lie on each other, and those that were known again elsewhere. */

import {
  type Candidate,
  leastWeight,
  type PairedFrames,
  patternWeight,
  type WeightedPair,
} from "./link_weights.ts";
import { knownAgain, type MissedRegion } from "./recognition.ts";
import type { RegionFrame } from "./region_frame.ts";
import type { Lacks } from "./track_patterns.ts";

/** Regions with so much overlap and weight have found each other: nothing else is looked for. */
const clear = 0.5;

/** A pair of regions that may become a link: `first` of the earlier frame, `second` of the later one. */
export type LinkCandidate = Candidate & Pick<WeightedPair, "ratio" | "cosine">;

/**
 * The pairs of regions that share probes, weighed by what their tracks were like so far; and of regions that found none so,
 * those that lie apart and have one pattern: a crystal that moved away is not taken for the one that came to its place.
 *
 * @param tracksBefore track of each region of the earlier frame
 * @param expected where such a region is looked for; absent: nothing that lies apart is
 */
export function linkCandidates(
  now: RegionFrame,
  pairs: PairedFrames,
  tracksBefore: Int32Array,
  lacks: Lacks,
  expected: ((region: number) => MissedRegion) | undefined,
): LinkCandidate[] {
  const foundBefore = new Uint8Array(tracksBefore.length), foundNow = new Uint8Array(now.count);
  const weighed: LinkCandidate[] = [];
  // A plain loop: a long series spends much of its time here.
  for (const { before: first, now: second, ratio, cosine, weight: given } of pairs.pairs) {
    if (given <= leastWeight) continue;
    const weight = given - lacks(tracksBefore[first], cosine);
    if (ratio >= clear && weight >= clear) foundBefore[first] = foundNow[second] = 1;
    weighed.push({ first, second, ratio, cosine, weight });
  }
  if (!expected || now.length === 0) return weighed;
  const without = (found: Uint8Array) => Array.from(found.keys()).filter((region) => found[region] === 0);
  const open = without(foundBefore), free = without(foundNow);
  if (open.length === 0 || free.length === 0) return weighed;
  const apart = knownAgain(open.map(expected), now, free).flatMap(
    ({ first: place, second, cosine, weight }) => {
      const first = open[place];
      if (pairs.find(first, second)) return [];
      return [{ first, second, ratio: 0, cosine, weight: patternWeight * weight }];
    },
  );
  return [...weighed, ...apart];
}
