/** Correlation of patterns with orientations of a plan, by plain loops. */

import { type Matrix3, multiply } from "../../../library/crystal/matrix.ts";
import { cosine, sine } from "../../../library/scan/portable_math.ts";
import type { OrientationPlan } from "../../../library/crystal/matching/plan.ts";
import { flipped } from "./turns.ts";

/** An orientation of the plan that a pattern may have. */
export interface Candidate {
  readonly zone: number;
  /** Whether the mirror image of the zone's pattern fits. */
  readonly mirrored: boolean;
  /** Angle in the plane, in steps of the plan. */
  readonly shift: number;
  readonly score: number;
}

/** Correlation of one zone at one shift, in float64: sum of weight x image at place + shift, or mirrored. */
export function correlationAt(
  { start, place, weight, options: { inPlaneSteps: steps } }: OrientationPlan,
  image: Float32Array,
  { zone, mirrored, shift }: Pick<Candidate, "zone" | "mirrored" | "shift">,
): number {
  let sum = 0;
  for (let entry = start[zone]; entry < start[zone + 1]; entry++) {
    const angle = place[entry] % steps + shift, shell = place[entry] - place[entry] % steps;
    const at = ((mirrored ? -angle : angle) % steps + steps) % steps;
    sum += weight[entry] * image[shell + at];
  }
  return sum;
}

/** The orientation of a candidate: its angle in the plane is that of a parabola through its score and the two beside. */
export function orientationOf(plan: OrientationPlan, image: Float32Array, candidate: Candidate): Matrix3 {
  const { shift } = candidate;
  const [before, at, after] = [-1, 0, 1].map((offset) =>
    correlationAt(plan, image, { ...candidate, shift: shift + offset })
  );
  const bend = 4 * at - 2 * before - 2 * after;
  const part = bend > 0 ? Math.max(-0.5, Math.min(0.5, (after - before) / bend)) : 0;
  return planOrientation(plan, candidate, shift + part);
}

/** The orientation of a zone at an angle in the plane, in steps of the plan. */
export function planOrientation(
  { frames, options }: OrientationPlan,
  { zone, mirrored }: Pick<Candidate, "zone" | "mirrored">,
  steps: number,
): Matrix3 {
  const angle = steps * 2 * Math.PI / options.inPlaneSteps + (mirrored ? Math.PI : 0);
  const c = cosine(angle), s = sine(angle);
  const turned = multiply(frames[zone], [c, s, 0, -s, c, 0, 0, 0, 1]);
  return mirrored ? flipped(turned) : turned;
}
