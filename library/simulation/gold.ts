/** Gold, the crystal that every grain is made of: face-centred cubic, strongly scattering. */

import { electronWavelength, relativisticMassRatio } from "../scan/electron.ts";
import { exponential } from "../scan/portable_math.ts";
import type { Vector } from "./rotation.ts";

/** Edge of the cubic unit cell in Å. */
export const latticeParameter = 4.0782;

/** Debye-Waller parameter B in Å^2 at room temperature. */
const debyeWaller = 0.6;

/** Electron form factor of gold, [amplitude in Å, width in Å^2] (Doyle and Turner, Acta Cryst. A24, 390, 1968). */
const formFactorTerms = [[2.388, 42.866], [4.226, 9.743], [2.689, 2.264], [1.255, 0.307]] as const;

/** The four {111} planes, on which gold twins. */
export const twinPlanes: readonly Vector[] = [[1, 1, 1], [-1, 1, 1], [1, -1, 1], [1, 1, -1]];

/** One reflection of the crystal. */
export interface Reflection {
  /** Miller indices. */
  readonly indices: Vector;
  /** Reciprocal lattice vector in Å^-1, crystal axes. */
  readonly vector: Vector;
  /** Its length in Å^-1. */
  readonly length: number;
  /** Extinction distance in Å: the thickness in which the beam swings over and back. */
  readonly extinctionDistance: number;
}

/** Electron form factor in Å of a gold atom that vibrates thermally, for a scattering vector of `length` Å^-1. */
function formFactor(length: number): number {
  const s2 = length * length / 4;
  let sum = 0;
  for (const [amplitude, width] of formFactorTerms) sum += amplitude * exponential(-width * s2);
  return sum * exponential(-debyeWaller * s2);
}

/**
 * All allowed reflections shorter than `limit` Å^-1 in the order of their indices: the direct beam is none of them.
 *
 * @param beamEnergy in keV
 */
export function reflections(limit: number, beamEnergy: number): Reflection[] {
  const wavelength = electronWavelength(beamEnergy);
  const massRatio = relativisticMassRatio(beamEnergy);
  const cellVolume = latticeParameter * latticeParameter * latticeParameter;
  const largest = Math.floor(limit * latticeParameter);
  const found: Reflection[] = [];
  for (let h = -largest; h <= largest; h++) {
    for (let k = -largest; k <= largest; k++) {
      if ((h - k) % 2 !== 0) continue; // face-centred: indices all even or all odd
      for (let l = -largest; l <= largest; l++) {
        const length = Math.sqrt(h * h + k * k + l * l) / latticeParameter;
        if ((h - l) % 2 !== 0 || length === 0 || length >= limit) continue;
        const structureFactor = 4 * formFactor(length);
        found.push({
          indices: [h, k, l],
          vector: [h / latticeParameter, k / latticeParameter, l / latticeParameter],
          length,
          extinctionDistance: Math.PI * cellVolume / (massRatio * wavelength * structureFactor),
        });
      }
    }
  }
  return found;
}
