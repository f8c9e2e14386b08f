/** What crystals of a simulated scan are made of: their reflections, and what symmetry makes of their orientations. */

import type { Crystal } from "../crystal/crystal.ts";
import type { Matrix3 } from "../crystal/matrix.ts";
import { largestTrace, laueGroup } from "../crystal/point_group.ts";
import { structureFactors } from "../crystal/structure_factors.ts";
import { directVector } from "../crystal/unit_cell.ts";
import { electronWavelength, relativisticMassRatio } from "../scan/electron.ts";
import { type Reflection, reflections as reflectionsOfGold } from "./gold.ts";
import type { Random } from "./random.ts";
import { cosineOfHalfDisorientation, type Quaternion, toMatrix, type Vector } from "./rotation.ts";

/** One phase. */
export interface Phase {
  /** Whether it may hold Sigma-3 twins. */
  readonly cubic: boolean;
  /** Reflections shorter than `limit` Å^-1, the direct beam is none of them. */
  reflections(limit: number, beamEnergy: number): Reflection[];
  /** The Cartesian direction [uvw] of the crystal. */
  direction(indices: Vector): Vector;
  /** Cosine of half the disorientation of two of its crystals. */
  likeness(one: Quaternion, other: Quaternion): number;
}

/** The gold that scans are made of where no crystal is given. */
const gold: Phase = {
  cubic: true,
  reflections: reflectionsOfGold,
  direction: (indices) => indices,
  likeness: cosineOfHalfDisorientation,
};

/** The phases of a scan. */
export function phasesOf(crystals: readonly Crystal[]): readonly Phase[] {
  return crystals.length === 0 ? [gold] : crystals.map(phaseOf);
}

/** Deals phases out to grains, as many grains to each, in random order. */
export function dealPhases(grains: number, phases: number, random: Random): number[] {
  return random.shuffle(Array.from({ length: grains }, (_, grain) => grain % phases));
}

function phaseOf(crystal: Crystal): Phase {
  const { laueClass, rotations } = laueGroup(crystal);
  return {
    cubic: laueClass === "m-3m" || laueClass === "m-3",
    reflections: (limit, beamEnergy) => reflectionsOf(crystal, limit, beamEnergy),
    direction: (indices) => directVector(crystal.cell, indices),
    likeness(one, other) {
      const trace = largestTrace(rotations, intoCrystal(one), intoCrystal(other));
      // trace = 1 + 2 cos(angle) = 4 cos^2(angle / 2) - 1
      return Math.sqrt(Math.min(1, Math.max(0, (1 + trace) / 4)));
    },
  };
}

/** The matrix that takes laboratory axes into the crystal's. */
function intoCrystal(orientation: Quaternion): Matrix3 {
  const m = toMatrix(orientation);
  return [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
}

function reflectionsOf(crystal: Crystal, limit: number, beamEnergy: number): Reflection[] {
  const { count, indices, vectors, lengths, intensities } = structureFactors(crystal, {
    maximumLength: limit,
    debyeWaller: true,
  });
  const perAmplitude = Math.PI / (relativisticMassRatio(beamEnergy) * electronWavelength(beamEnergy));
  const three = (values: ArrayLike<number>, index: number): Vector => [
    values[3 * index],
    values[3 * index + 1],
    values[3 * index + 2],
  ];
  return Array.from({ length: count }, (_, index): Reflection => ({
    indices: three(indices, index),
    vector: three(vectors, index),
    length: lengths[index],
    extinctionDistance: perAmplitude / Math.sqrt(intensities[index]),
  })).filter(({ length }) => length > 0);
}
