/**
 * The tilt of a crystal from how strong its reflections are.
 *
 * Places of disks hardly tell it: a lattice that is tilted looks like one that is strained. How reflections fade with their
 * excitation error tells it to a tenth of a degree, if no model of their strengths is taken for granted: reflections of one
 * length and structure factor, as symmetry makes them equal, have one amplitude of their own.
 */

import { cosine, sine } from "../../scan/portable_math.ts";
import { excitationError } from "../kinematic_pattern.ts";
import { type Matrix3, multiply } from "../matrix.ts";

/** Reflections whose strengths are known. */
export interface MeasuredReflections {
  /** x, y, z in the crystal's frame, Å^-1, one reflection after another. */
  readonly vectors: Float64Array;
  /** Roots of the intensities that were measured, 0 where nothing was. */
  readonly amplitudes: Float64Array;
  /** Absolute structure factors in Å^-2. */
  readonly structureFactors: Float64Array;
}

/** How a tilt is looked for. */
export interface TiltSearch {
  /** Wavelength in Å. */
  readonly wavelength: number;
  /** Excitation errors in Å^-1 at which amplitudes fade to half; those that are tried. */
  readonly widths: readonly number[];
  /** Largest tilts that are tried about each axis, in radians. */
  readonly reach: number;
}

/** A tilt that was found. */
export interface FoundTilt {
  /** The orientation after it. */
  readonly orientation: Matrix3;
  /** Turns in radians about the detector's axes that led there. */
  readonly turns: readonly [aboutRows: number, aboutColumns: number];
  /** The width that agrees best, in Å^-1. */
  readonly width: number;
  /** Part of the measured intensity that the fit leaves, and that before the tilt, at the same width. */
  readonly misfit: number;
  readonly before: number;
}

/** Tilts are tried in steps of this, in radians, and refined to the second. */
const coarseStep = Math.PI / 720, finestStep = Math.PI / 36_000;
/** Widths are refined to so many times the narrowest and the widest that are tried: where one disk says all, any width would do. */
const beyond = 2;
/** How firmly amplitudes of equal reflections are held to those of the crystal, in full-strength reflections. */
const hold = 1;
/** Lengths in Å^-1, and parts of structure factors, that differ by less belong to equal reflections. */
const sameLength = 1e-3, sameFactor = 0.02;

/**
 * Finds the tilt about the detector's axes at which the reflections fade as measured: amplitudes A / (1 + (s / width)^2) at
 * excitation errors s, least squares over tilt, width, and A of each kind of reflections. Crystals fade with ripples; what has
 * none has no minima beside that of the right tilt either.
 */
export function findTilt(
  measured: MeasuredReflections,
  orientation: Matrix3,
  { wavelength, widths, reach }: TiltSearch,
): FoundTilt {
  const misfitOf = misfits(measured, orientation, wavelength);
  const steps = Math.round(reach / coarseStep);
  let best = { x: 0, y: 0, width: widths[0], misfit: Infinity };
  const tryAt = (x: number, y: number, width: number): boolean => {
    const misfit = misfitOf(x, y, width);
    if (!(misfit < best.misfit)) return false;
    best = { x, y, width, misfit };
    return true;
  };
  const narrowest = Math.min(...widths) / beyond, widest = Math.max(...widths) * beyond;
  for (const width of widths) {
    for (let down = -steps; down <= steps; down++) {
      for (let across = -steps; across <= steps; across++) {
        tryAt(down * coarseStep, across * coarseStep, width);
      }
    }
  }
  let step = coarseStep / 2, factor = 1.2;
  while (step > finestStep) {
    const { x, y, width } = best;
    const moved = [
      ...[[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 1], [1, -1], [1, 0], [1, 1]].map(([down, across]) =>
        tryAt(x + down * step, y + across * step, width)
      ),
      ...(widths.length > 1 ? [factor, 1 / factor] : []).map((by) =>
        width * by >= narrowest && width * by <= widest && tryAt(x, y, width * by)
      ),
    ];
    if (moved.includes(true)) continue;
    step /= 2;
    factor = Math.sqrt(factor);
  }
  return {
    orientation: multiply(orientation, tilted(best.x, best.y)),
    ...{ turns: [best.x, best.y], width: best.width, misfit: best.misfit },
    before: misfitOf(0, 0, best.width),
  };
}

/** Turns about the first axis and the second one. */
function tilted(x: number, y: number): Matrix3 {
  const c = cosine(x), s = sine(x), d = cosine(y), t = sine(y);
  return [d, 0, t, s * t, c, -s * d, -c * t, s, c * d];
}

/** Part of the intensity that is left over at a tilt and a width. */
function misfits(
  { vectors, amplitudes, structureFactors }: MeasuredReflections,
  orientation: Matrix3,
  wavelength: number,
): (x: number, y: number, width: number) => number {
  const count = amplitudes.length, squares = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    for (let axis = 0; axis < 3; axis++) {
      squares[index] += vectors[3 * index + axis] * vectors[3 * index + axis];
    }
  }
  const kinds = kindsOf(squares, structureFactors),
    kindCount = 1 + kinds.reduce((most, kind) => Math.max(most, kind), -1);
  const all = amplitudes.reduce((sum, value) => sum + value * value, 0);
  const shape = new Float64Array(count),
    seen = new Float64Array(kindCount),
    norm = new Float64Array(kindCount);
  const factor = new Float64Array(kindCount);
  kinds.forEach((kind, index) => factor[kind] = structureFactors[index]);
  return (x, y, width) => {
    const m = multiply(orientation, tilted(x, y));
    seen.fill(0);
    norm.fill(0);
    let likeness = 0, strength = 0;
    for (let index = 0; index < count; index++) {
      const along = m[2] * vectors[3 * index] + m[5] * vectors[3 * index + 1] + m[8] * vectors[3 * index + 2];
      const relative = excitationError(along, squares[index], wavelength) / width;
      const value = 1 / (1 + relative * relative), expected = value * structureFactors[index];
      shape[index] = value;
      seen[kinds[index]] += value * amplitudes[index];
      norm[kinds[index]] += value * value;
      likeness += expected * amplitudes[index];
      strength += expected * expected;
    }
    const common = strength > 0 ? likeness / strength : 0;
    let left = 0;
    for (let kind = 0; kind < kindCount; kind++) {
      const expected = common * factor[kind],
        amplitude = (seen[kind] + hold * expected) / (norm[kind] + hold);
      left += hold * (amplitude - expected) * (amplitude - expected);
      // What the amplitudes leave of the squares, without going over the reflections again.
      left += amplitude * (amplitude * norm[kind] - 2 * seen[kind]);
    }
    return (all + left) / all;
  };
}

/** Numbers from 0 on, equal for reflections of one length and structure factor. */
function kindsOf(squares: Float64Array, structureFactors: Float64Array): Int32Array {
  const known: { length: number; factor: number }[] = [];
  return Int32Array.from(squares, (square, index) => {
    const length = Math.sqrt(square), factor = structureFactors[index];
    const kind = known.findIndex((one) =>
      Math.abs(one.length - length) < sameLength && Math.abs(one.factor - factor) < sameFactor * one.factor
    );
    return kind >= 0 ? kind : known.push({ length, factor }) - 1;
  });
}
