/** Which reflections a crystal shows in one orientation. */

import { electronWavelength } from "../scan/electron.ts";
import { demandArgument, demandMatrix } from "../scan/demand.ts";
import { fading } from "./fading.ts";
import type { Matrix3 } from "./matrix.ts";
import type { Reflections } from "./structure_factors.ts";

/** How patterns are computed. */
export interface PatternConditions {
  /** Energy of the beam in keV. */
  readonly beamEnergy: number;
  /** Standard deviation in Å^-1 of the excitation error at which a reflection fades; default 0.02. */
  readonly excitationWidth?: number;
  /** Excitation errors beyond so many widths leave nothing; default 3. */
  readonly excitationRange?: number;
  /** Weaker spots, in Å^-4, are left out; default 1e-5. */
  readonly smallestIntensity?: number;
  /** Longest reciprocal lattice vector in Å^-1; default: those of the reflections. */
  readonly maximumLength?: number;
}

/** Spots of a pattern, in the order of the reflections. */
export interface SpotPattern {
  /** Number of spots. */
  readonly count: number;
  /** Along the rows of the detector (axis 0, drawn downwards), Å^-1. */
  readonly qRow: Float64Array;
  /** Along the columns of the detector (axis 1, drawn to the right), Å^-1. */
  readonly qColumn: Float64Array;
  /** Structure factor squared times the fading by the excitation error, Å^-4. */
  readonly intensity: Float64Array;
  /** Excitation errors in Å^-1. */
  readonly excitationError: Float64Array;
  /** Which reflections they are, int32. */
  readonly reflection: Int32Array;
}

/**
 * The distance in Å^-1, along the beam, of a reciprocal lattice point from the Ewald sphere; positive inside it.
 *
 * @param alongBeam component of g towards the source, in Å^-1
 * @param square |g|^2 in Å^-2
 * @param wavelength in Å
 *
 * @example
 * ```ts
 * import { excitationError } from "crystallite";
 *
 * // (200) of gold at exact [001] and 300 keV
 * console.assert(Math.abs(excitationError(0, (2 / 4.078) ** 2, 0.0196875) + 0.002368) < 1e-6);
 * ```
 */
export function excitationError(alongBeam: number, square: number, wavelength: number): number {
  return (2 * alongBeam - wavelength * square) / (2 - 2 * wavelength * alongBeam);
}

/**
 * The kinematic pattern of a crystal.
 *
 * The laboratory frame is x down the detector's rows, y to the right along its columns, z towards the source. Columns of
 * the orientation are these axes written in the crystal frame, so that g_lab = transpose(orientation) g.
 *
 * @param orientation proper rotation
 * @throws {BadParameter} when energy or width are none, or the orientation is no matrix of finite numbers
 *
 * @example
 * ```ts
 * import { builtInCrystal, kinematicPattern, structureFactors } from "crystallite";
 *
 * const reflections = structureFactors(await builtInCrystal("Au"), { maximumLength: 1.5 });
 * const alongCube = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const;
 * const pattern = kinematicPattern(reflections, alongCube, { beamEnergy: 300, smallestIntensity: 1e-4 });
 * console.assert(pattern.count === 29);
 * ```
 */
export function kinematicPattern(
  reflections: Reflections,
  orientation: Matrix3,
  conditions: PatternConditions,
): SpotPattern {
  const { beamEnergy, excitationWidth = 0.02, excitationRange = 3 } = conditions;
  const { smallestIntensity = 1e-5, maximumLength = Infinity } = conditions;
  demandArgument(
    beamEnergy >= 1 && beamEnergy <= 5000,
    "beamEnergy",
    "an energy in keV from 1 to 5000",
    beamEnergy,
  );
  demandArgument(excitationWidth > 0, "excitationWidth", "a width above 0 in Å^-1", excitationWidth);
  demandMatrix("orientation", orientation);
  const wavelength = electronWavelength(beamEnergy);
  const m = orientation, { vectors, lengths, intensities } = reflections;
  const rows: number[] = [], columns: number[] = [], strengths: number[] = [];
  const errors: number[] = [], which: number[] = [];
  for (let index = 0; index < reflections.count; index++) {
    if (lengths[index] > maximumLength) continue;
    const x = vectors[3 * index], y = vectors[3 * index + 1], z = vectors[3 * index + 2];
    const alongBeam = m[2] * x + m[5] * y + m[8] * z;
    const error = excitationError(alongBeam, lengths[index] * lengths[index], wavelength);
    if (Math.abs(error) > excitationRange * excitationWidth) continue;
    const intensity = intensities[index] * fading(error, excitationWidth);
    if (intensity <= smallestIntensity) continue;
    rows.push(m[0] * x + m[3] * y + m[6] * z);
    columns.push(m[1] * x + m[4] * y + m[7] * z);
    strengths.push(intensity);
    errors.push(error);
    which.push(index);
  }
  return {
    count: which.length,
    qRow: Float64Array.from(rows),
    qColumn: Float64Array.from(columns),
    intensity: Float64Array.from(strengths),
    excitationError: Float64Array.from(errors),
    reflection: Int32Array.from(which),
  };
}
