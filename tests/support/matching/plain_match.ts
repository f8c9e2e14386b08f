/** Matching by plain loops: what assembly/match.ts must find. */

import type { Matrix3 } from "../../../library/crystal/matrix.ts";
import { disorientation } from "../../../library/crystal/matching/disorientation.ts";
import type { PhaseMatch } from "../../../library/crystal/matching/phase_matches.ts";
import {
  apart,
  asGood,
  candidates,
  coarseWidth,
  refinementRounds,
  same,
} from "../../../library/crystal/matching/plan_tables.ts";
import type { OrientationPlan } from "../../../library/crystal/matching/plan.ts";
import type { DiffractionPeaks } from "../../../library/crystal/peaks.ts";
import { agreement, Spots, weightedPeaks, type WeightedSpots } from "./agreement.ts";
import { type Candidate, correlationAt, orientationOf, planOrientation } from "./correlate.ts";
import { halfTurn } from "./half_turn.ts";
import { polarImage } from "./polar_image.ts";
import { refineOrientation } from "./refine.ts";

/** Candidates that agree less than this part of the best are not refined beyond the first rounds. */
const promising = 0.9, firstRounds = 3;

/** An orientation that a pattern may have. */
interface Judged {
  readonly orientation: Matrix3;
  readonly score: number;
  readonly agreement: number;
}

/** The best orientation of a pattern without its direct beam. */
export function plainMatch(plan: OrientationPlan, peaks: DiffractionPeaks, refine: boolean): PhaseMatch {
  const weighted = weightedPeaks(plan, peaks), spots = new Spots(plan);
  const width = refine ? refinementRounds.at(-1)![1] : coarseWidth;
  const found = distinct(plan, polarImage(plan, peaks));
  const judged = refine
    ? refineAll(found, weighted, spots)
    : found.map((one) => ({ ...one, agreement: agreement(weighted, spots.turn(one.orientation), width) }));
  const best = refine
    ? judged.reduce((one, other) => other.agreement > one.agreement + 1e-9 ? other : one)
    : judged[0];
  const turned = halfTurn(best.orientation, plan.reflections, spots.turn(best.orientation));
  const explained = explainedPeaks(plan, weighted, spots);
  const apartFrom = (one: Matrix3, other: Matrix3 | undefined) =>
    !other || disorientation(plan.group.rotations, one, other) > same;
  const others = judged.filter((one) =>
    one !== best && apartFrom(one.orientation, best.orientation) && apartFrom(one.orientation, turned)
  );
  const worth = (one: Judged) => refine ? one.agreement : one.score;
  const second = Math.max(...others.map(worth));
  return {
    orientation: best.orientation,
    correlation: best.score,
    agreement: best.agreement,
    reliability: others.length > 0 ? Math.max(0, 100 * (1 - second / worth(best))) : 100,
    ambiguous: turned !== undefined && apartFrom(best.orientation, turned) &&
      agreement(weighted, spots.turn(turned), width) >= asGood * best.agreement,
    ...explained,
  };
}

function refineAll(
  found: readonly { orientation: Matrix3; score: number }[],
  peaks: WeightedSpots,
  spots: Spots,
): Judged[] {
  const roughly = found.map((one) => ({
    ...one,
    ...refineOrientation(one.orientation, peaks, spots, [0, firstRounds]),
  }));
  const most = Math.max(...roughly.map((one) => one.agreement));
  return roughly.map((one) => {
    if (one.agreement < promising * most) return one;
    const rounds = [firstRounds, refinementRounds.length] as const;
    return { ...one, ...refineOrientation(one.orientation, peaks, spots, rounds) };
  });
}

/** The best orientations of the plan that are apart from each other. */
function distinct(plan: OrientationPlan, image: Float32Array): { orientation: Matrix3; score: number }[] {
  const all = plan.zones.flatMap((_, zone) =>
    [false, true].map((mirrored): Candidate => {
      let shift = 0, score = 0;
      for (let step = 0; step < plan.options.inPlaneSteps; step++) {
        const value = correlationAt(plan, image, { zone, mirrored, shift: step });
        if (value > score) [shift, score] = [step, value];
      }
      return { zone, mirrored, shift, score: Math.fround(score) };
    })
  ).filter(({ score }) => score > 0).sort((one, other) => other.score - one.score);
  const chosen: { orientation: Matrix3; score: number }[] = [];
  for (const candidate of all.slice(0, 40 * candidates)) {
    const coarse = planOrientation(plan, candidate, candidate.shift);
    const near = chosen.some(({ orientation }) =>
      disorientation(plan.group.rotations, orientation, coarse) < apart
    );
    if (near) continue;
    chosen.push({ orientation: orientationOf(plan, image, candidate), score: candidate.score });
    if (chosen.length === candidates) break;
  }
  return chosen;
}

function explainedPeaks(
  { options: { kernel } }: OrientationPlan,
  peaks: WeightedSpots,
  spots: WeightedSpots,
) {
  let on = 0, all = 0, matchedPeaks = 0;
  for (let peak = 0; peak < peaks.count; peak++) {
    let least = Infinity;
    for (let spot = 0; spot < spots.count; spot++) {
      const down = peaks.row[peak] - spots.row[spot], across = peaks.column[peak] - spots.column[spot];
      least = Math.min(least, down * down + across * across);
    }
    all += peaks.weight[peak];
    if (Math.sqrt(least) >= kernel / 2) continue;
    on += peaks.weight[peak];
    matchedPeaks++;
  }
  return { explained: all > 0 ? on / all : 0, matchedPeaks };
}
