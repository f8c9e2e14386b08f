/** Where a crystal in its matched orientation has its spots on the detector. */

import { kinematicPattern } from "../crystal/kinematic_pattern.ts";
import { type Matrix3, type Vector3, vectorAt } from "../crystal/matrix.ts";
import type { Reflections } from "../crystal/structure_factors.ts";
import { cosine, sine } from "../scan/portable_math.ts";
import { type Ellipse, stretched } from "./ellipse.ts";

/** A spot of a crystal on the detector. */
export interface DetectorSpot {
  /** Row and column in detector pixels, to a fraction. */
  readonly row: number;
  readonly column: number;
  /** Intensity as a part of that of the strongest spot but the direct beam. */
  readonly intensity: number;
  /** Miller indices. */
  readonly indices: Vector3;
  /** Whether it lies on one of the lowest shells that the pattern shows, whose indices tell the others. */
  readonly low: boolean;
}

/** What a matched pattern is made of. */
export interface MatchedPattern {
  readonly reflections: Reflections;
  readonly orientation: Matrix3;
  /** Energy of the beam in keV. */
  readonly beamEnergy: number;
  /** Width in Å^-1 at which spots fade with their excitation error. */
  readonly excitationWidth: number;
  /** Å^-1 per detector pixel. */
  readonly qPixelSize: number;
  /** How patterns are stretched; default not. */
  readonly ellipse?: Ellipse;
  /** The direct beam in detector pixels. */
  readonly origin: { readonly row: number; readonly column: number };
}

/** Spots on this many shells from the direct beam are low. */
const lowShells = 3;
/** Spots that are excited as little as strain still takes them for spots are shown: least width in Å^-1. */
const leastWidth = 0.01;
/** Excitation widths within which spots are shown, and weaker ones that are not, in Å^-4. */
const shownSpots = { excitationRange: 3, smallestIntensity: 1e-4 } as const;

/** The spots on a detector of some size, the direct beam among them. */
export function matchedSpots(
  { reflections, orientation, beamEnergy, excitationWidth, qPixelSize, ellipse, origin }: MatchedPattern,
  detector: { readonly patternRows: number; readonly patternColumns: number },
): DetectorSpot[] {
  const { qRow, qColumn, reflection, intensity } = kinematicPattern(reflections, orientation, {
    ...shownSpots,
    ...{ beamEnergy, excitationWidth: Math.max(excitationWidth, leastWidth) },
  });
  const lengthOf = (index: number) => Math.round(1000 * reflections.lengths[index]);
  const shells = [...new Set(Array.from(reflection, lengthOf))].filter((length) => length > 0)
    .sort((one, other) => one - other);
  const last = shells[Math.min(lowShells, shells.length) - 1] ?? 0;
  const turn = ellipse && { cosine: cosine(ellipse.angle), sine: sine(ellipse.angle) };
  const strongest = intensity.reduce(
    (most, value, spot) => lengthOf(reflection[spot]) > 0 ? Math.max(most, value) : most,
    0,
  );
  return Array.from(reflection, (index, spot): DetectorSpot => {
    const down = qRow[spot] / qPixelSize, right = qColumn[spot] / qPixelSize;
    const [row, column] = turn ? stretched(ellipse, turn, down, right) : [down, right];
    return {
      row: origin.row + row,
      column: origin.column + column,
      intensity: strongest > 0 ? Math.min(1, intensity[spot] / strongest) : 1,
      indices: vectorAt(reflections.indices, 3 * index),
      low: lengthOf(index) > 0 && lengthOf(index) <= last,
    };
  }).filter(({ row, column }) =>
    row >= 0 && column >= 0 && row <= detector.patternRows - 1 && column <= detector.patternColumns - 1
  );
}
