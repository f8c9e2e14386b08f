/**
 * Diffraction by one crystal: which beams leave it, where to and how strong.
 *
 * Two-beam intensity I = sin^2(pi t s') / (s' xi)^2 with s'^2 = s^2 + 1/xi^2 (thickness t, excitation error s,
 * extinction distance xi), averaged over the cone of the convergent probe and a spread of thickness. Reflections that
 * together would take more than there is share 3/4 of the beam.
 */

import { type Crystal, fieldAt } from "./crystals.ts";
import type { DetectorGeometry } from "./geometry.ts";
import { latticeParameter, type Reflection } from "./gold.ts";
import type { Grain } from "./grains.ts";
import type { SimulationParameters } from "./parameters.ts";
import { exponential, sine, squared } from "../scan/portable_math.ts";
import type { Phase } from "./phases.ts";
import { rotate } from "./rotation.ts";
import { largestStretch, stretchAt } from "./stretches.ts";

/** Thicknesses to average over: the surfaces are rough. */
const relativeThicknesses = [0.8, 1, 1.2];
/** Tilts to average over in standard deviations of the cone, and their Gaussian weights. */
const tilts = [-1.5, -0.75, 0, 0.75, 1.5];
const tiltWeights = (() => {
  const weights = tilts.map((tilt) => exponential(-0.5 * tilt * tilt));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
})();
/** Most of the beam that the reflections may take together. */
const saturation = 0.75;
/** Beams with less of the incident electrons are left in the direct beam. */
const weakest = 5e-5;
/** Excitation errors in reciprocal thicknesses beyond which rough surfaces leave nothing of a reflection. */
const rockingWidth = 1.6;

/** The beams behind a crystal, parts of the electrons that fell on it. Arrays are longer than `count`. */
export interface Beams {
  count: number;
  /** Reciprocal lattice vectors in Å^-1: x along columns, y along rows. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly intensities: Float64Array;
  /** The direct beam. */
  direct: number;
  /** Scattered diffusely about the direct beam. As much again is scattered past the detector. */
  diffuse: number;
}

/** The reflections of each phase of an experiment, and room for the beams of one crystal at a time. */
export interface DiffractionConditions {
  readonly reflections: readonly (readonly Reflection[])[];
  readonly beams: Beams;
}

/** Prepares the diffraction of any number of crystals. */
export function diffractionConditions(
  phases: readonly Phase[],
  parameters: SimulationParameters,
  geometry: DetectorGeometry,
): DiffractionConditions {
  // Strain moves reflections by a few percent of their length at most.
  const limit = geometry.reach * (1 + largestStretch(parameters)) + 0.1 / latticeParameter;
  const all = phases.map((phase) => phase.reflections(limit, parameters.beamEnergy));
  const most = Math.max(...all.map(({ length }) => length));
  const room = () => new Float64Array(most);
  return {
    reflections: all,
    beams: { count: 0, x: room(), y: room(), intensities: room(), direct: 0, diffuse: 0 },
  };
}

/** A crystal's reflections near the Ewald sphere, in laboratory axes. */
export class DiffractingCrystal {
  readonly #crystal: Crystal;
  readonly #grain: Grain;
  readonly #parameters: SimulationParameters;
  readonly #beams: Beams;
  /** Standard deviation of the directions in the probe, in radians. */
  readonly #cone: number;
  /** x, y, length, excitation error and extinction distance of each reflection. */
  readonly #excited: Float64Array;

  constructor(
    crystal: Crystal,
    grain: Grain,
    parameters: SimulationParameters,
    geometry: DetectorGeometry,
    conditions: DiffractionConditions,
  ) {
    this.#crystal = crystal;
    this.#grain = grain;
    this.#parameters = parameters;
    this.#beams = conditions.beams;
    this.#cone = parameters.convergenceAngle * 1e-3 / 2;
    const width = rockingWidth / (10 * parameters.thickness);
    const tilt = 4 * this.#cone + 2.5 * parameters.bend * Math.PI / 180;
    const excited: number[] = [];
    for (const { vector, length, extinctionDistance } of conditions.reflections[crystal.phase]) {
      const [x, y, z] = rotate(crystal.orientation, vector);
      const error = -z - length * length * geometry.wavelength / 2;
      if (Math.abs(error) > width + tilt * length) continue;
      excited.push(x, y, length, error, extinctionDistance);
    }
    this.#excited = Float64Array.from(excited);
  }

  /**
   * The beams behind the crystal at a probe position in scan steps.
   *
   * @param thickness part of the layer's thickness
   * @returns the beams, valid until the next call for any crystal of the same conditions
   */
  beamsAt(row: number, column: number, thickness: number): Beams {
    const beams = this.#beams;
    const t = 10 * this.#parameters.thickness * thickness;
    const transmitted = exponential(-t / (10 * this.#parameters.absorptionLength));
    const v = (row - this.#grain.row) / this.#grain.radius;
    const u = (column - this.#grain.column) / this.#grain.radius;
    const { strainXX, strainYY, strainXY, rotation, bend } = this.#crystal.deformation;
    const xx = fieldAt(strainXX, v, u), yy = fieldAt(strainYY, v, u);
    const shear = fieldAt(strainXY, v, u), turn = fieldAt(rotation, v, u);
    const aboutX = fieldAt(bend[0], v, u), aboutY = fieldAt(bend[1], v, u);
    const map = stretchAt(this.#crystal.stretch, this.#parameters, row, column);
    const excited = this.#excited;
    let total = 0;
    beams.count = 0;
    for (let i = 0; i < excited.length; i += 5) {
      const x = excited[i], y = excited[i + 1], length = excited[i + 2];
      const error = excited[i + 3] - (aboutX * y - aboutY * x);
      const intensity = this.#meanIntensity(error, this.#cone * length, t, excited[i + 4]);
      if (intensity < weakest) continue;
      const beam = beams.count++;
      // A strained lattice has the reciprocal vectors g' = (1 - strain)^T g.
      beams.x[beam] = x - (xx * x + (shear + turn) * y);
      beams.y[beam] = y - (yy * y + (shear - turn) * x);
      if (map) {
        const right = beams.x[beam], down = beams.y[beam];
        beams.y[beam] = map[0] * down + map[1] * right;
        beams.x[beam] = map[2] * down + map[3] * right;
      }
      beams.intensities[beam] = intensity;
      total += intensity;
    }
    const scale = transmitted * Math.min(1, saturation / Math.max(total, 1e-9));
    for (let beam = 0; beam < beams.count; beam++) beams.intensities[beam] *= scale;
    beams.direct = transmitted - total * scale;
    beams.diffuse = (1 - transmitted) / 2;
    return beams;
  }

  /** Two-beam intensity at an excitation error in Å^-1, averaged over the spread that the cone gives the error. */
  #meanIntensity(error: number, spread: number, thickness: number, extinctionDistance: number): number {
    const inverse2 = 1 / squared(extinctionDistance);
    let mean = 0;
    for (let i = 0; i < tilts.length; i++) {
      const effective2 = squared(error + tilts[i] * spread) + inverse2;
      const phase = Math.PI * thickness * Math.sqrt(effective2);
      let sum = 0;
      for (const relative of relativeThicknesses) sum += squared(sine(relative * phase));
      mean += tiltWeights[i] * sum / effective2;
    }
    return mean * inverse2 / relativeThicknesses.length;
  }
}
