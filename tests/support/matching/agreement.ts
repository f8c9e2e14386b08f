/** How well a pattern and a crystal in one orientation agree: what refinement raises and phases are told apart by. */

import { exponential, power } from "../../../library/scan/portable_math.ts";
import { electronWavelength } from "../../../library/scan/electron.ts";
import { fading } from "../../../library/crystal/fading.ts";
import { excitationError } from "../../../library/crystal/kinematic_pattern.ts";
import type { Matrix3 } from "../../../library/crystal/matrix.ts";
import type { DiffractionPeaks } from "../../../library/crystal/peaks.ts";
import type { OrientationPlan } from "../../../library/crystal/matching/plan.ts";

/** Spots fainter than this part of the strongest weight decide nothing. */
const faintest = 1e-3;
/** Gaussians are cut off at so many times their width. */
const reach = 3;

/** Spots or peaks with what each counts. */
export interface WeightedSpots {
  readonly count: number;
  readonly row: Float64Array;
  readonly column: Float64Array;
  readonly weight: Float64Array;
}

/** What peaks count: their intensity to the plan's power. */
export function weightedPeaks({ options }: OrientationPlan, peaks: DiffractionPeaks): WeightedSpots {
  return {
    count: peaks.qRow.length,
    row: peaks.qRow,
    column: peaks.qColumn,
    weight: peaks.intensity.map((value) => value > 0 ? power(value, options.intensityPower) : 0),
  };
}

/** Spots of one crystal, one orientation after another, without the direct beam. */
export class Spots implements WeightedSpots {
  count = 0;
  readonly row: Float64Array;
  readonly column: Float64Array;
  readonly weight: Float64Array;
  /** Which reflection each spot is. */
  readonly reflection: Int32Array;
  readonly #plan: OrientationPlan;
  readonly #strength: Float64Array;
  readonly #wavelength: number;

  /** Room for the spots of any orientation. */
  constructor(plan: OrientationPlan) {
    const { reflections, options } = plan;
    this.#plan = plan;
    this.row = new Float64Array(reflections.count);
    this.column = new Float64Array(reflections.count);
    this.weight = new Float64Array(reflections.count);
    this.reflection = new Int32Array(reflections.count);
    this.#strength = reflections.intensities.map((value) => power(value, options.intensityPower));
    this.#wavelength = electronWavelength(options.beamEnergy);
  }

  /** Computes the spots of an orientation. */
  turn(m: Matrix3): this {
    const { reflections: { count, vectors, lengths }, options } = this.#plan;
    // The power of what fades as exp(-s^2 / 2 w^2) is what fades with a width of w / sqrt(power).
    const width = options.excitationWidth / Math.sqrt(Math.max(options.intensityPower, 1e-6));
    const range = 3 * options.excitationWidth;
    this.count = 0;
    for (let index = 0; index < count; index++) {
      const x = vectors[3 * index], y = vectors[3 * index + 1], z = vectors[3 * index + 2];
      const length = lengths[index];
      if (length === 0) continue;
      const error = excitationError(m[2] * x + m[5] * y + m[8] * z, length * length, this.#wavelength);
      if (Math.abs(error) >= range) continue;
      const weight = this.#strength[index] * fading(error, width);
      const spot = this.count++;
      this.row[spot] = m[0] * x + m[3] * y + m[6] * z;
      this.column[spot] = m[1] * x + m[4] * y + m[7] * z;
      this.weight[spot] = weight;
      this.reflection[spot] = index;
    }
    return this;
  }
}

function strongestOf({ count, weight }: WeightedSpots): number {
  return weight.subarray(0, count).reduce((most, value) => Math.max(most, value), 0);
}

/** Sum over pairs of both of their weights times exp(-distance^2 / (4 width^2)). */
export function overlap(some: WeightedSpots, others: WeightedSpots, width: number): number {
  const limit = reach * reach * 2 * width * width;
  const least = faintest * strongestOf(others), leastOfSome = faintest * strongestOf(some);
  let sum = 0;
  for (let one = 0; one < some.count; one++) {
    const row = some.row[one], column = some.column[one], weight = some.weight[one];
    if (weight < leastOfSome) continue;
    for (let other = 0; other < others.count; other++) {
      const down = row - others.row[other], across = column - others.column[other];
      const square = down * down + across * across;
      if (square >= limit || others.weight[other] < least) continue;
      sum += weight * others.weight[other] * exponential(-square / (4 * width * width));
    }
  }
  return sum;
}

/**
 * Agreement of peaks and spots, each blurred to Gaussians of `width` Å^-1: 1 where they are equal, 0 where no two meet.
 * Spots that are expected and missing count against it as much as peaks that nothing explains.
 */
export function agreement(peaks: WeightedSpots, spots: WeightedSpots, width: number): number {
  const both = overlap(peaks, spots, width);
  if (both === 0) return 0;
  return both / Math.sqrt(overlap(peaks, peaks, width) * overlap(spots, spots, width));
}
