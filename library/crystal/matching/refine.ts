/** From the nearest orientation of a plan to the best one near it. */

import type { Matrix3 } from "../matrix.ts";
import { agreement, overlap, type Spots, type WeightedSpots } from "./agreement.ts";
import { turnAbout } from "./turns.ts";

/** An orientation and how well it agrees with the peaks. */
export interface RefinedOrientation {
  readonly orientation: Matrix3;
  /** {@link agreement} at the last width. */
  readonly agreement: number;
}

/** Turns that are tried, in degrees, each with the width in Å^-1 at which agreement is judged. */
const rounds = [[1, 0.05], [0.5, 0.03], [0.25, 0.02], [0.125, 0.02], [0.0625, 0.02]] as const;
/** Steps of one size at most: a start that is within a step of the plan needs fewer. */
const mostSteps = 6;

/**
 * Turns an orientation about the three axes of the laboratory, by ever smaller steps, while the agreement with the peaks
 * rises.
 */
export function refineOrientation(start: Matrix3, peaks: WeightedSpots, spots: Spots): RefinedOrientation {
  let orientation = start, best = 0;
  for (const [degrees, width] of rounds) {
    const step = degrees * Math.PI / 180;
    const own = Math.sqrt(overlap(peaks, peaks, width));
    const judge = (candidate: Matrix3) => {
      spots.turn(candidate);
      const both = overlap(peaks, spots, width);
      return both === 0 ? 0 : both / (own * Math.sqrt(overlap(spots, spots, width)));
    };
    best = judge(orientation);
    for (let count = 0; count < mostSteps; count++) {
      let moved = false;
      for (const axis of [0, 1, 2] as const) {
        for (const direction of [step, -step]) {
          const candidate = turnAbout(orientation, axis, direction);
          const value = judge(candidate);
          if (value <= best) continue;
          best = value;
          orientation = candidate;
          moved = true;
          break;
        }
      }
      if (!moved) break;
    }
  }
  return { orientation, agreement: agreement(peaks, spots.turn(orientation), rounds.at(-1)![1]) };
}
