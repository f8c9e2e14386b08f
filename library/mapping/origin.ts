/** Where the direct beam falls at every probe: measured, and smooth over the scan. */

import { CorruptFile } from "../scan/errors.ts";
import type { PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import {
  agreeingProbes,
  fitSurface,
  type OriginModel,
  squaredDistances,
  termsOf,
  valueAt,
} from "./origin_surface.ts";

/** Every way in which an origin is known: by a fit, or given. */
export const originModels: readonly (OriginModel | "fixed")[] = ["constant", "plane", "parabola", "fixed"];

export type { OriginModel } from "./origin_surface.ts";

/** The origin at every probe, in detector pixels. */
export interface OriginMap {
  /** What was fitted. */
  readonly model: OriginModel | "fixed";
  /** float32 (rows, columns, 2): row and column of the fitted origin. */
  readonly fitted: Float32Array;
  /** float32 (rows, columns, 2): as measured, NaN where no peak is near. */
  readonly measured: Float32Array;
  /** Root mean square distance in pixels of measured from fitted, those that were left out aside. */
  readonly residual: number;
  /** Standard error of the fitted origin in pixels, root mean square over the scan; 0 where it was given. */
  readonly error: number;
  /** Part of the probes that were looked at, by which the fit goes. */
  readonly used: number;
  /** Largest distance in pixels of the fitted origin from its mean: how far descan moves patterns. */
  readonly descan: number;
}

/** Rounds of leaving out what is more than two rms away, after those that agree were found. */
const rounds = 2;

/**
 * Takes at every probe the highest peak near where the beam is expected, and fits as {@link fitOriginMap}.
 *
 * @param guess expected place in detector pixels
 * @param reach distance in pixels within which the direct beam is looked for
 * @throws {CorruptFile} when hardly any pattern has a peak there
 */
export function fitOrigin(
  peaks: PeakLists,
  shape: { readonly rows: number; readonly columns: number },
  guess: { readonly row: number; readonly column: number },
  reach: number,
  model: OriginModel = "plane",
): OriginMap {
  const probes = shape.rows * shape.columns, measured = new Float32Array(2 * probes).fill(NaN);
  for (let probe = 0; probe < probes; probe++) {
    const peak = highestNear(peaks, probe, guess, reach);
    if (peak !== undefined) measured.set([peaks.row[peak], peaks.column[peak]], 2 * probe);
  }
  const expected = `a peak within ${reach.toFixed(1)} pixels of row ${guess.row.toFixed(1)}, column ${
    guess.column.toFixed(1)
  }`;
  return fitOriginMap(measured, shape, model, expected);
}

/**
 * Fits constant, plane or parabola through rows and columns to measured origins. Grains in which another disk is brighter than
 * the direct beam, up to half of the probes, do not count: the fit begins with the surface from which half of the probes
 * are least away (least median of squares; P. J. Rousseeuw, J. Am. Stat. Assoc. 79, 871, 1984; doi:10.2307/2288718), and goes
 * on by least squares, in rounds that leave out what is more than twice the rms away.
 *
 * @param measured float32 (rows, columns, 2): row and column in detector pixels, NaN where it is not known
 * @param expected what was looked for, for the error
 * @param looked number of probes that were looked at; default: all
 * @throws {CorruptFile} when it is known at hardly any probe
 */
export function fitOriginMap(
  measured: Float32Array,
  shape: { readonly rows: number; readonly columns: number },
  model: OriginModel = "plane",
  expected = "a direct beam",
  looked = shape.rows * shape.columns,
): OriginMap {
  const probes = shape.rows * shape.columns, terms = termsOf(model, shape), size = terms(0).length;
  let known = Array.from({ length: probes }, (_, probe) => probe).filter((probe) =>
    !Number.isNaN(measured[2 * probe])
  );
  const found = known.length;
  if (found < 2 * size) throw noBeam(found, looked, expected);
  known = agreeingProbes(known, terms, measured);
  let surfaces: readonly Float64Array[] = [], rms = 0;
  for (let round = 0; round <= rounds; round++) {
    surfaces = [0, 1].map((axis) => fitSurface(known, terms, (probe) => measured[2 * probe + axis]));
    const squares = squaredDistances(known, terms, measured, surfaces);
    rms = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / known.length);
    if (round === rounds) break;
    const kept = known.filter((_, index) => squares[index] <= 4 * rms * rms);
    if (kept.length === known.length || kept.length < 2 * size) break;
    known = kept;
  }
  const fitted = new Float32Array(2 * probes);
  for (let probe = 0; probe < probes; probe++) {
    fitted[2 * probe] = valueAt(surfaces[0], terms(probe));
    fitted[2 * probe + 1] = valueAt(surfaces[1], terms(probe));
  }
  // The mean over the fitted probes of the variance of a fit is that of a measurement times terms over probes.
  const error = rms * Math.sqrt(size / Math.max(1, known.length - size));
  const used = known.length / looked;
  return { model, fitted, measured, residual: rms, error, used, descan: farthest(fitted) };
}

/** The origin where it is given: the same at every probe. */
export function fixedOrigin(
  { rows, columns }: { readonly rows: number; readonly columns: number },
  { row, column }: { readonly row: number; readonly column: number },
): OriginMap {
  const fitted = new Float32Array(2 * rows * columns).map((_, index) => index % 2 === 0 ? row : column);
  const measured = new Float32Array(fitted.length).fill(NaN);
  return { model: "fixed", fitted, measured, residual: 0, error: 0, used: 0, descan: 0 };
}

/** The highest peak of a probe within `reach` pixels of a place; `undefined` where there is none. */
export function highestNear(
  { offsets, row, column }: PeakLists,
  probe: number,
  guess: { readonly row: number; readonly column: number },
  reach: number,
): number | undefined {
  for (let peak = offsets[probe]; peak < offsets[probe + 1]; peak++) {
    const down = row[peak] - guess.row, across = column[peak] - guess.column;
    if (down * down + across * across <= reach * reach) return peak;
  }
  return undefined;
}

function farthest(fitted: Float32Array): number {
  const probes = fitted.length / 2;
  let row = 0, column = 0, most = 0;
  for (let probe = 0; probe < probes; probe++) {
    row += fitted[2 * probe] / probes;
    column += fitted[2 * probe + 1] / probes;
  }
  for (let probe = 0; probe < probes; probe++) {
    const down = fitted[2 * probe] - row, across = fitted[2 * probe + 1] - column;
    most = Math.max(most, down * down + across * across);
  }
  return Math.sqrt(most);
}

function noBeam(found: number, probes: number, expected: string): CorruptFile {
  return new CorruptFile("the direct beam is not found in enough patterns", {
    expected,
    found: `${found} of ${probes} patterns`,
    parameter: "center",
    remedy: "give the direct beam's place with `center`",
  });
}
