/** From the nearest orientation of a plan to the best one near it. */

import type { Matrix3 } from "../../../library/crystal/matrix.ts";
import { refinementRounds } from "../../../library/crystal/matching/plan_tables.ts";
import { overlap, type Spots, type WeightedSpots } from "./agreement.ts";
import { turnAbout } from "./turns.ts";

/** An orientation and how well it agrees with the peaks. */
export interface RefinedOrientation {
  readonly orientation: Matrix3;
  /** {@link agreement} at the last width. */
  readonly agreement: number;
}

/** Steps of one size at most: a start that is within a step of the plan needs fewer. */
const mostSteps = 6;
/** What the agreement must rise by: rounding decides nothing. */
const rise = 1e-12;

/**
 * Turns an orientation about the three axes of the laboratory, by ever smaller steps from one round to before another, while the agreement with the peaks
 * rises.
 */
export function refineOrientation(
  start: Matrix3,
  peaks: WeightedSpots,
  spots: Spots,
  [from, to]: readonly [number, number],
): RefinedOrientation {
  let orientation = start, best = 0;
  for (const [degrees, width] of refinementRounds.slice(from, to)) {
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
          if (value <= best + rise) continue;
          best = value;
          orientation = candidate;
          moved = true;
          break;
        }
      }
      if (!moved) break;
    }
  }
  return { orientation, agreement: best };
}
