/** Correlation of patterns with all orientations of a plan, by the threads of an engine. */

import type { Address } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import { type Matrix3, multiply } from "../matrix.ts";
import { cosine, sine } from "../../scan/portable_math.ts";
import type { OrientationPlan } from "./plan.ts";
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

/** The best angle in the plane of one pattern for every zone, direct and mirrored; arrays [zone, 2]. */
export interface ZoneScores {
  readonly score: Float32Array;
  readonly shift: Int32Array;
}

/** A plan in the memory of an engine. */
export class PlacedPlan {
  readonly plan: OrientationPlan;
  readonly #engine: Engine;
  readonly #start: Address;
  readonly #place: Address;
  readonly #weight: Address;

  /**
   * Copies the plan's tables into the engine's memory.
   *
   * @throws {OutOfResources} when they do not fit
   */
  constructor(engine: Engine, plan: OrientationPlan) {
    const { inPlaneSteps: steps } = plan.options;
    this.plan = plan;
    this.#engine = engine;
    this.#start = engine.place(plan.start);
    // Each shell lies twice in a row.
    const bytes = plan.place.map((place) => 4 * (2 * steps * Math.floor(place / steps) + place % steps));
    this.#place = engine.place(bytes);
    this.#weight = engine.place(plan.weight);
  }

  /** Correlates images, each float32 [shell, inPlaneSteps], with every zone. */
  async correlate(images: readonly Float32Array[]): Promise<ZoneScores[]> {
    const { shells, zones, options: { inPlaneSteps: steps } } = this.plan;
    const mark = this.#engine.mark(), length = shells.length * 2 * steps;
    try {
      this.#engine.allocateScratch(4 * steps);
      const calls: KernelCall[] = [], results: (readonly [best: Address, shift: Address])[] = [];
      for (const image of images) {
        const direct = this.#engine.allocate(4 * length), mirrored = this.#engine.allocate(4 * length);
        const best = this.#engine.allocate(8 * zones.length), shift = this.#engine.allocate(8 * zones.length);
        fillDoubled(image, steps, this.#engine.view(Float32Array, direct, length), 1);
        fillDoubled(image, steps, this.#engine.view(Float32Array, mirrored, length), -1);
        results.push([best, shift]);
        calls.push([
          ...["correlateZones", this.#start, this.#place, this.#weight, 0, zones.length, steps] as const,
          ...[direct, mirrored, best, shift, threadScratch] as const,
        ]);
      }
      await this.#engine.run(calls);
      return results.map(([best, shift]) => ({
        score: this.#engine.view(Float32Array, best, 2 * zones.length).slice(),
        shift: this.#engine.view(Int32Array, shift, 2 * zones.length).slice(),
      }));
    } finally {
      this.#engine.release(mark);
    }
  }
}

/** Every shell twice in a row; with `direction` -1 angles run backwards. */
function fillDoubled(image: Float32Array, steps: number, into: Float32Array, direction: 1 | -1): void {
  for (let shell = 0; shell * steps < image.length; shell++) {
    for (let angle = 0; angle < 2 * steps; angle++) {
      const from = ((direction * angle) % steps + steps) % steps;
      into[shell * 2 * steps + angle] = image[shell * steps + from];
    }
  }
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
