/** The spots that a crystal shows along a zone axis, by shell of equal |g| and angle in the plane. */

import { arctangent, power } from "../../scan/portable_math.ts";
import { electronWavelength } from "../../scan/electron.ts";
import { fading } from "../fading.ts";
import { excitationError } from "../kinematic_pattern.ts";
import { apply, type Matrix3, transpose } from "../matrix.ts";
import type { Reflections } from "../structure_factors.ts";
import type { MatchingOptions } from "./matching_options.ts";

/** Lengths |g| this near, in Å^-1, are one shell. */
const shellWidth = 0.01;

/** Reflections by shell. */
export interface Shells {
  /** Radius of each shell in Å^-1. */
  readonly radii: Float64Array;
  /** The shell of each reflection, -1 for none. */
  readonly of: Int32Array;
  /** What each reflection counts at no excitation error. */
  readonly weights: Float64Array;
}

/** Shells of equal length, the direct beam's aside. */
export function findShells(
  { count, lengths, intensities }: Reflections,
  { intensityPower, radialPower }: Required<MatchingOptions>,
): Shells {
  const rounded = Array.from({ length: count }, (_, index) => Math.round(lengths[index] / shellWidth));
  const distinct = [...new Set(rounded)].filter((value) => value > 1).sort((one, other) => one - other);
  const of = Int32Array.from(rounded, (value) => distinct.indexOf(value));
  const sums = new Float64Array(distinct.length), members = new Float64Array(distinct.length);
  for (let index = 0; index < count; index++) {
    if (of[index] < 0) continue;
    sums[of[index]] += lengths[index];
    members[of[index]]++;
  }
  const radii = sums.map((sum, shell) => sum / members[shell]);
  const weights = Float64Array.from(
    { length: count },
    (_, index) =>
      of[index] < 0 ? 0 : power(intensities[index], intensityPower) * power(radii[of[index]], radialPower),
  );
  return { radii, of, weights };
}

/** A spot of a zone. */
export interface ZoneSpot {
  readonly shell: number;
  /** Its angle in the plane, in steps, from minus half a turn to half a turn. */
  readonly turn: number;
  readonly weight: number;
}

/** The spots of the zone that an orientation looks along. */
export function* zoneSpots(
  { count, vectors, lengths }: Reflections,
  frame: Matrix3,
  { of, weights }: Shells,
  { beamEnergy, kernel, excitationWidth, intensityPower, inPlaneSteps }: Required<MatchingOptions>,
): Generator<ZoneSpot> {
  const wavelength = electronWavelength(beamEnergy), toLaboratory = transpose(frame);
  for (let index = 0; index < count; index++) {
    if (of[index] < 0) continue;
    const [x, y, z] = apply(toLaboratory, [
      vectors[3 * index],
      vectors[3 * index + 1],
      vectors[3 * index + 2],
    ]);
    const error = excitationError(z, lengths[index] * lengths[index], wavelength);
    if (Math.abs(error) >= kernel) continue;
    yield {
      shell: of[index],
      turn: arctangent(y, x) * inPlaneSteps / (2 * Math.PI),
      weight: weights[index] * power(Math.max(fading(error, excitationWidth), 1e-300), intensityPower),
    };
  }
}
