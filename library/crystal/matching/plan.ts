/**
 * What a crystal shows in every orientation, for correlation with patterns (C. Ophus et al., Microsc. Microanal. 28, 390,
 * 2022, doi:10.1017/S1431927622000101): for each zone axis the spots by shell of equal |g| and angle in the plane.
 */

import { BadParameter } from "../../scan/errors.ts";
import type { Crystal } from "../crystal.ts";
import type { Matrix3, Vector3 } from "../matrix.ts";
import { type LaueGroup, laueGroup } from "../point_group.ts";
import { type Reflections, structureFactors } from "../structure_factors.ts";
import { zoneAxes } from "../wedge.ts";
import { completeOptions, type MatchingOptions } from "./matching_options.ts";
import { findShells, type Shells, zoneSpots } from "./zone_spots.ts";

/** A crystal in all orientations. Made by {@link orientationPlan}. */
export interface OrientationPlan {
  /** What was prepared. */
  readonly crystal: Crystal;
  /** Its Laue group. */
  readonly group: LaueGroup;
  /** Its reflections up to `maximumLength`. */
  readonly reflections: Reflections;
  /** How orientations are looked for, defaults included. */
  readonly options: Required<MatchingOptions>;
  /** Zone axes, unit vectors in the crystal's frame, spread over the wedge. */
  readonly zones: readonly Vector3[];
  /** Orientation that looks along each zone axis, without a turn in the plane. */
  readonly frames: readonly Matrix3[];
  /** Radius of each shell in Å^-1. */
  readonly shells: Float64Array;
  /** Entries of zone i are start[i] .. start[i + 1] - 1; int32 [zone + 1]. */
  readonly start: Int32Array;
  /** Place of each entry in an image of shells: shell x inPlaneSteps + angle, int32. */
  readonly place: Int32Array;
  /** Weight of each entry; the squares of a zone's weights sum to 1. float32. */
  readonly weight: Float32Array;
}

/**
 * Prepares the matching of patterns with one crystal.
 *
 * @throws {BadParameter} when an option is out of range, or the crystal shows no reflection
 *
 * @example
 * ```ts
 * import { builtInCrystal, orientationPlan } from "crystallite";
 *
 * const plan = orientationPlan(await builtInCrystal("Au"), { beamEnergy: 300, zoneStep: 2 });
 * console.assert(plan.zones.length === 406 && plan.shells.length === 13);
 * ```
 */
export function orientationPlan(crystal: Crystal, options: MatchingOptions): OrientationPlan {
  const complete = completeOptions(options);
  const { maximumLength, debyeWaller } = complete;
  const reflections = structureFactors(crystal, { maximumLength, debyeWaller });
  const shells = findShells(reflections, complete);
  if (shells.radii.length === 0) {
    throw new BadParameter(`${crystal.name} shows no reflection up to ${complete.maximumLength} Å^-1`, {
      expected: "a length beyond the first reflections",
      found: `${complete.maximumLength} Å^-1`,
      parameter: "maximumLength",
      remedy: "raise `maximumLength`",
    });
  }
  const group = laueGroup(crystal);
  const zones = zoneAxes(group, complete.zoneStep * Math.PI / 180);
  const frames = zones.map(frameOfZone);
  const start = new Int32Array(zones.length + 1), places: number[] = [], weights: number[] = [];
  for (const [zone, frame] of frames.entries()) {
    const entries = zoneEntries(reflections, frame, shells, complete);
    for (const [place, weight] of entries) {
      places.push(place);
      weights.push(weight);
    }
    start[zone + 1] = places.length;
  }
  return {
    // A copy: the plan stays that of the crystal it was made of, whatever becomes of that.
    ...{
      crystal: structuredClone(crystal),
      group,
      reflections,
      options: complete,
      zones,
      frames,
      shells: shells.radii,
      start,
    },
    place: Int32Array.from(places),
    weight: Float32Array.from(weights),
  };
}

/**
 * The orientation that looks along a zone axis (its third column), tilted from [001] by the shortest way. In Bunge's
 * angles: (-azimuth, elevation, azimuth).
 */
export function frameOfZone([x, y, z]: Vector3): Matrix3 {
  const across = Math.sqrt(x * x + y * y);
  const cosineOfElevation = z, sineOfElevation = across;
  const cosineOfAzimuth = across === 0 ? 1 : y / across, sineOfAzimuth = across === 0 ? 0 : x / across;
  const c = cosineOfAzimuth, s = sineOfAzimuth, ce = cosineOfElevation, se = sineOfElevation;
  return [
    ...[c * c + s * s * ce, c * s * (ce - 1), s * se] as const,
    ...[c * s * (ce - 1), s * s + c * c * ce, c * se] as const,
    ...[-s * se, -c * se, ce] as const,
  ];
}

/** The spots of one zone, each dealt to the two angles that it lies between; weights of norm 1, in order of place. */
function zoneEntries(
  reflections: Reflections,
  frame: Matrix3,
  shells: Shells,
  options: Required<MatchingOptions>,
): [place: number, weight: number][] {
  const { inPlaneSteps } = options, sums = new Map<number, number>();
  for (const { shell, turn, weight } of zoneSpots(reflections, frame, shells, options)) {
    const below = Math.floor(turn), part = turn - below;
    for (const [angle, share] of [[below, 1 - part], [below + 1, part]]) {
      const place = shell * inPlaneSteps + (angle + inPlaneSteps) % inPlaneSteps;
      if (share > 0) sums.set(place, (sums.get(place) ?? 0) + share * weight);
    }
  }
  const norm = Math.sqrt(Array.from(sums.values()).reduce((sum, weight) => sum + weight * weight, 0));
  return [...sums].sort(([one], [other]) => one - other).map(([place, weight]) => [place, weight / norm]);
}
