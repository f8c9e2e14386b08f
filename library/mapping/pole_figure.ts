/** Pole figures and inverse pole figures: where planes of the crystals point, and which directions lie along the sample's. */

import { apply, dot, type Matrix3, normalise, transpose, type Vector3, vectorAt } from "../crystal/matrix.ts";
import type { Crystal } from "../crystal/crystal.ts";
import { structureFactors } from "../crystal/structure_factors.ts";
import type { LaueGroup } from "../crystal/point_group.ts";
import { reciprocalVector, type UnitCell } from "../crystal/unit_cell.ts";
import { demandArgument } from "../scan/demand.ts";
import { DirectionDensity } from "./direction_density.ts";

/** An orientation and the area that has it, in any unit. */
export interface WeightedOrientation {
  /** Proper rotation; its columns are the laboratory's axes in the crystal's frame. */
  readonly orientation: Matrix3;
  /** Its area. */
  readonly weight: number;
}

/** A cosine beyond which directions are the same. */
const same = 1 - 1e-9;

/**
 * The normals of a family of planes {hkl}, as unit vectors in the crystal's frame, one of each pair of opposite ones; the
 * plane that was named comes first.
 *
 * @throws {BadParameter} when the indices name no plane
 *
 * @example
 * ```ts
 * import { builtInCrystal, equalPoles, laueGroup } from "crystallite";
 *
 * const gold = await builtInCrystal("Au");
 * console.assert(equalPoles(laueGroup(gold), gold.cell, [1, 1, 1]).length === 4);
 * ```
 */
export function equalPoles(group: LaueGroup, cell: UnitCell, indices: Vector3): Vector3[] {
  demandDirection("indices", indices);
  const first = normalise(reciprocalVector(cell, indices)), poles: Vector3[] = [];
  for (const rotation of group.rotations) {
    const pole = apply(rotation, first);
    if (!poles.some((known) => Math.abs(dot(known, pole)) > same)) poles.push(pole);
  }
  return poles;
}

/**
 * The families of planes that lie farthest apart of all that diffract, (111), (200) and (220) of gold; each by its member
 * with the largest first index, then second, then third. Higher orders of a family are not named again.
 *
 * @param maximumLength longest reciprocal lattice vector in Å^-1 that is looked at
 */
export function widestFamilies(
  crystal: Crystal,
  group: LaueGroup,
  count: number,
  maximumLength = 1.5,
): Vector3[] {
  const { lengths, indices } = structureFactors(crystal, { maximumLength });
  const reflections = Array.from(lengths, (length, index) => ({
    length: Math.round(1e6 * length),
    indices: vectorAt(indices, 3 * index),
  })).filter(({ length }) => length > 0).sort((one, other) =>
    one.length - other.length || other.indices[0] - one.indices[0] || other.indices[1] - one.indices[1] ||
    other.indices[2] - one.indices[2]
  );
  const found: Vector3[] = [], known: Vector3[] = [];
  for (const { indices: plane } of reflections) {
    if (found.length === count) break;
    const [pole, ...others] = equalPoles(group, crystal.cell, plane);
    if (known.some((one) => Math.abs(dot(one, pole)) > same)) continue;
    found.push(plane);
    known.push(pole, ...others);
  }
  return found;
}

/**
 * The density of the poles of a family in the sample: x down the detector, y to its right, z towards the source.
 *
 * @param poles from {@link equalPoles}
 * @param halfWidth of the kernel in degrees, 1 to 45
 * @throws {BadParameter} when the half-width is another
 *
 * @example
 * ```ts
 * import { builtInCrystal, equalPoles, laueGroup, poleDensity } from "crystallite";
 *
 * const gold = await builtInCrystal("Au"), poles = equalPoles(laueGroup(gold), gold.cell, [2, 0, 0]);
 * const density = poleDensity([{ orientation: [1, 0, 0, 0, 1, 0, 0, 0, 1], weight: 1 }], poles, 10);
 * console.assert(density.at([0, 0, 1]) > 10 && density.at([0.6, 0, 0.8]) < 0.1);
 * ```
 */
export function poleDensity(
  orientations: readonly WeightedOrientation[],
  poles: readonly Vector3[],
  halfWidth: number,
): DirectionDensity {
  const density = new DirectionDensity(halfWidth);
  for (const { orientation, weight } of orientations) {
    for (const pole of poles) density.add(poleInSample(orientation, pole), weight);
  }
  return density;
}

/** Where a direction of the crystal points in the sample. */
export function poleInSample(orientation: Matrix3, pole: Vector3): Vector3 {
  return apply(transpose(orientation), pole);
}

/**
 * The density, in the crystal's frame, of the crystal directions that lie along a direction of the sample.
 *
 * @param direction unit vector: x down the detector, y to its right, z towards the source
 * @param halfWidth of the kernel in degrees, 1 to 45
 * @throws {BadParameter} when the half-width is another
 *
 * @example
 * ```ts
 * import { builtInCrystal, inversePoleDensity, laueGroup } from "crystallite";
 *
 * const group = laueGroup(await builtInCrystal("Au")), orientation = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const;
 * const density = inversePoleDensity([{ orientation, weight: 1 }], group, [0, 0, 1], 10);
 * console.assert(density.at([1, 0, 0]) > 10 && density.at([0.6, 0, 0.8]) < 0.1);
 * ```
 */
export function inversePoleDensity(
  orientations: readonly WeightedOrientation[],
  group: LaueGroup,
  direction: Vector3,
  halfWidth: number,
): DirectionDensity {
  const along = new DirectionDensity(halfWidth), density = new DirectionDensity(halfWidth);
  for (const { orientation, weight } of orientations) along.add(apply(orientation, direction), weight);
  // Symmetry acts on what was gathered: there are fewer cells than probes.
  for (const { direction: gathered, share } of along.directions()) {
    for (const rotation of group.rotations) density.add(apply(rotation, gathered), share);
  }
  return density;
}

/** Fails unless indices, of a plane or a direction, are finite and not all zero. */
export function demandDirection(parameter: string, indices: Vector3): void {
  const holds = indices.every(Number.isFinite) && indices.some((index) => index !== 0);
  demandArgument(holds, parameter, "three finite indices that are not all 0", indices.join(" "));
}
