/**
 * Regions known again by their patterns: crystals that moved further than they are large, or that were missed for longer
 * than a place alone can tell of.
 */

import { type Candidate, chooseGreedily } from "./link_weights.ts";
import { cosineBetween, type RegionFrame } from "./region_frame.ts";

/** Another crystal is as alike in one case of twenty to a hundred, and it would have to lie there and be new. */
const sameCrystal = 0.45;
/** Of two regions of one crystal the smaller has at least this part of the larger, in probes. */
const leastPart = 0.3;
/** What full distance takes from the cosine. */
const distancePenalty = 0.3;
/** Scan steps that a crystal may move a frame beside what is expected, for at most so many frames. */
const reachPerFrame = 1.5, reachFrames = 3;

/** A region of the past that nothing continues. */
export interface MissedRegion {
  readonly track: number;
  /** The frame that it is in, and its number there. */
  readonly of: RegionFrame;
  readonly region: number;
  /** Where its middle is expected now, in scan steps. */
  readonly row: number;
  readonly column: number;
  /** Frames since then, at least 1. */
  readonly age: number;
}

/** A region that was known again: `first` is the place in the list of those that were missed, `second` the region now. */
export interface Recognised extends Candidate {
  readonly cosine: number;
}

/** Finds which of the regions that were missed are which of those that have no past, one to one. */
export function recognise(
  missed: readonly MissedRegion[],
  now: RegionFrame,
  free: readonly number[],
): Recognised[] {
  return chooseGreedily(knownAgain(missed, now, free), 0);
}

/** All pairs of a missed region and one without a past that may be one crystal. */
export function knownAgain(
  missed: readonly MissedRegion[],
  now: RegionFrame,
  free: readonly number[],
): Recognised[] {
  if (now.length === 0) return [];
  const candidates: Recognised[] = [];
  for (const [first, { of, region, row, column, age }] of missed.entries()) {
    if (of.length !== now.length) continue;
    const reach = reachPerFrame * Math.min(age, reachFrames);
    for (const second of free) {
      const middle = now.centroid(second), distance = Math.hypot(middle.row - row, middle.column - column);
      const sizes = [of.sizes[region], now.sizes[second]];
      const limit = reach + radius(sizes[0]) + radius(sizes[1]);
      if (distance > limit || Math.min(...sizes) < leastPart * Math.max(...sizes)) continue;
      const cosine = cosineBetween(of, region, now, second);
      if (cosine < sameCrystal) continue;
      candidates.push({ first, second, cosine, weight: cosine - distancePenalty * distance / limit });
    }
  }
  return candidates;
}

/** Radius of the disk of equal area. */
function radius(size: number): number {
  return Math.sqrt(size / Math.PI);
}
