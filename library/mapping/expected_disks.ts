/** The disks that patterns of a cluster show, and how bright they are, as its average tells. */

import { deformationOf, inverse2, type Matrix2, multiply2 } from "../crystal/strain/deformation.ts";
import { fitLattice, type StrainFitOptions } from "../crystal/strain/fit.ts";
import type { Places } from "../crystal/strain/pairs.ts";
import type { DiffractionPeaks } from "../crystal/peaks.ts";
import type { ExpectedDisk } from "../passes/lattices/lattice_tables.ts";
import { cosine, sine } from "../scan/portable_math.ts";
import type { DetectorCalibration } from "./calibrated_peaks.ts";
import { type DiskDetector, diskPixels } from "./disk_intensities.ts";
import { stretched } from "./ellipse.ts";

/** An average that disks are measured on. */
export interface DiskAverage {
  /** Electrons per pixel, (qy, qx). */
  readonly pattern: ArrayLike<number>;
  readonly detector: DiskDetector;
  /** Patterns that it is the mean of. */
  readonly patterns: number;
  /** The direct beam in pixels. */
  readonly origin: readonly [row: number, column: number];
  /** Its peaks in Å^-1. */
  readonly peaks: DiffractionPeaks;
}

/** What a cluster's patterns are compared with. */
export interface ExpectedLattice {
  /** The map of the crystal's undeformed spots to those of the average, in Å^-1. */
  readonly matrix: Matrix2;
  readonly disks: readonly ExpectedDisk[];
}

/** A disk is there when its electrons are so many times their standard error. */
const leastSure = 4;
/** Less than this part of a disk's pixels on the detector says too little of it. */
const leastSeen = 0.3;
/** Pixels of a ring so many standard deviations above its mean show something else. */
const farAbove = 4;
/** Disks nearer to a brighter one than their diameter and so many pixels are left out. */
const apart = 2;
/**
 * An average knows places so well that spots nearer to one line than those of single patterns may tell a lattice; what its patterns
 * then leave open their errors tell.
 */
const flattest = 0.02;
/** Most disks of a cluster. */
const most = 200;

/** The matrix that takes places in Å^-1 to detector pixels. */
export function toPixels({ qPixelSize, ellipse }: Omit<DetectorCalibration, "origin">): Matrix2 {
  const turn = ellipse && { cosine: cosine(ellipse.angle), sine: sine(ellipse.angle) };
  const pixelsOf = (row: number, column: number) => {
    const [down, across] = [row / qPixelSize.row, column / qPixelSize.column];
    return turn ? stretched(ellipse, turn, down, across) : [down, across];
  };
  const [a, c] = pixelsOf(1, 0), [b, d] = pixelsOf(0, 1);
  return [a, b, c, d];
}

/**
 * Finds the lattice of an average from its peaks, and measures the disks at its spots.
 *
 * @param spots of the crystal in its orientation, undeformed
 * @returns `undefined` where the peaks tell no lattice
 */
export function expectedLattice(
  average: DiskAverage,
  spots: Places,
  radius: number,
  calibration: Omit<DetectorCalibration, "origin">,
  options: StrainFitOptions = {},
): ExpectedLattice | undefined {
  const found = fitLattice(average.peaks, spots, { flattest, ...options });
  if (!found) return undefined;
  // F of the real lattice is the transposed inverse of the map, and the other way round.
  const matrix = deformationOf(found.fit.deformation), pixels = toPixels(calibration);
  const [m11, m12, m21, m22] = multiply2(pixels, matrix);
  const beamRow = average.origin[0] + pixels[0] * found.fit.offset[0] + pixels[1] * found.fit.offset[1];
  const beamColumn = average.origin[1] + pixels[2] * found.fit.offset[0] + pixels[3] * found.fit.offset[1];
  const seen = Array.from(spots.qRow, (qRow, spot) => {
    const row = m11 * qRow + m12 * spots.qColumn[spot], column = m21 * qRow + m22 * spots.qColumn[spot];
    const measured = diskOf(average, beamRow + row, beamColumn + column, radius);
    return measured ? [{ row, column, ...measured }] : [];
  }).flat().sort((one, other) => other.height - one.height || one.row - other.row);
  const disks: ExpectedDisk[] = [], least = 2 * radius + apart;
  for (const disk of seen) {
    const hidden = disks.some((other) =>
      (disk.row - other.row) * (disk.row - other.row) +
          (disk.column - other.column) * (disk.column - other.column) < least * least
    );
    if (!hidden && disks.length < most) disks.push(disk);
  }
  return { matrix, disks };
}

/** The deformation of a pattern's lattice whose disks lie at w + D w where those of the average lie at w. */
export function deformationBeside(
  { matrix }: ExpectedLattice,
  d: Matrix2,
  calibration: Omit<DetectorCalibration, "origin">,
): Matrix2 {
  const pixels = toPixels(calibration), moved: Matrix2 = [1 + d[0], d[1], d[2], 1 + d[3]];
  return deformationOf(multiply2(inverse2(pixels), multiply2(moved, multiply2(pixels, matrix))));
}

/** Height and background of a disk; `undefined` where too little of it is on the detector, or it does not stand out. */
function diskOf(
  { pattern, detector, patterns }: DiskAverage,
  row: number,
  column: number,
  radius: number,
): Pick<ExpectedDisk, "height" | "ground"> | undefined {
  const { sum, pixels, ring } = diskPixels(pattern, detector, row, column, radius);
  if (!(pixels >= leastSeen * Math.PI * radius * radius) || ring.length === 0) return undefined;
  const ground = groundOf(ring, patterns), electrons = sum - pixels * ground;
  const variance = (Math.max(0, electrons) + 2 * pixels * ground + 1 / patterns) / patterns;
  return electrons > leastSure * Math.sqrt(variance) ? { height: electrons / pixels, ground } : undefined;
}

/** The mean of a ring without what belongs to other disks; medians of few electrons are 0. */
function groundOf(ring: readonly number[], patterns: number): number {
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  let mean = meanOf(ring);
  for (let round = 0; round < 4; round++) {
    const limit = mean + farAbove * Math.sqrt(mean / patterns) + 1.5 / patterns;
    const kept = ring.filter((value) => value <= limit);
    if (kept.length === 0) break;
    mean = meanOf(kept);
  }
  // Where no electron was seen, some may still come.
  return mean + 0.5 / (patterns * ring.length);
}
