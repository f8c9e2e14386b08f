/** Disks of the mean pattern, and which of them is the direct beam (spec stage 0). */

import { pixelCount, type ScanShape } from "../../scan/shape.ts";
import { neighbours } from "./pixel_neighbours.ts";

/** Other disks may be the direct beam if they are at least this bright: thick crystals scatter most of it away. */
const leastBrightness = 0.3;
/** No more disks are looked at. */
const mostDisks = 16;
/** So much more symmetric must the pattern be about another disk than about the brightest. */
const clearAdvantage = 0.1;
/** Pixels within this many radii of a disk's centre show the disk itself, which is symmetric wherever it lies. */
const ownReach = 2;

/** Size of a pattern in pixels. */
export type PatternShape = Pick<ScanShape, "patternRows" | "patternColumns">;

/** A place on the detector, in pixels. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** A disk of the mean pattern, in detector pixels. */
export interface Disk extends Place {
  readonly radius: number;
}

/** The direct beam's disk. */
export interface DirectBeam extends Disk {
  /** Where it is not seen, as behind a beam stop: its place is that about which the pattern is most symmetric. */
  readonly hidden?: true;
}

/**
 * The disk about which a pattern is most symmetric: what is scattered to one side of the direct beam is scattered to the other
 * side too (Friedel). The first, unless another is clearly better.
 *
 * @param disks at least one
 * @param smooth smoothed mean pattern
 */
export function mostSymmetric(
  [brightest, ...others]: readonly Disk[],
  smooth: Float64Array,
  shape: PatternShape,
  bad: Uint8Array | undefined,
): Disk {
  if (others.length === 0) return brightest;
  let best = brightest, most = symmetryAbout(brightest, smooth, shape, bad) + clearAdvantage;
  for (const disk of others) {
    const symmetry = symmetryAbout(disk, smooth, shape, bad);
    if (symmetry > most) most = symmetry, best = disk;
  }
  return best;
}

/** Disks of falling brightness: connected pixels of more than half the brightest one's value. */
export function brightDisks(smooth: Float64Array, shape: ScanShape): Disk[] {
  const { patternColumns } = shape, seen = new Uint8Array(pixelCount(shape)), disks: Disk[] = [];
  let limit = 0;
  while (disks.length < mostDisks) {
    let brightest = -1;
    for (let pixel = 0; pixel < smooth.length; pixel++) {
      if (seen[pixel] || !(smooth[pixel] > (brightest < 0 ? limit : smooth[brightest]))) continue;
      // Beside a disk that was taken there is its slope.
      if (neighbours(pixel, shape, 1).every((other) => smooth[other] <= smooth[pixel])) brightest = pixel;
    }
    if (brightest < 0) break;
    if (disks.length === 0) limit = leastBrightness * smooth[brightest];
    const disk = [brightest];
    seen[brightest] = 1;
    for (const pixel of disk) {
      for (const other of neighbours(pixel, shape, 1)) {
        if (!seen[other] && smooth[other] > smooth[brightest] / 2) disk.push(other), seen[other] = 1;
      }
    }
    let weight = 0, row = 0, column = 0;
    for (const pixel of disk) {
      weight += smooth[pixel];
      row += smooth[pixel] * Math.floor(pixel / patternColumns);
      column += smooth[pixel] * (pixel % patternColumns);
    }
    disks.push({ row: row / weight, column: column / weight, radius: Math.sqrt(disk.length / Math.PI) });
  }
  return disks;
}

/**
 * How symmetric a pattern is about a place, to half a pixel: correlation of the roots of the values with those opposite, times
 * the part of the detector that has an opposite side there. What is near the place does not count: a disk there is symmetric.
 *
 * @param radius of the disk there
 */
export function symmetryAbout(
  { row, column, radius }: Disk,
  smooth: Float64Array,
  { patternRows, patternColumns }: PatternShape,
  bad: Uint8Array | undefined,
): number {
  const twiceRow = Math.round(2 * row), twiceColumn = Math.round(2 * column);
  let count = 0, sum = 0, squares = 0, products = 0;
  for (let y = 0; y < patternRows; y++) {
    const opposite = twiceRow - y;
    if (opposite < 0 || opposite >= patternRows) continue;
    for (let x = 0; x < patternColumns; x++) {
      const mirrored = twiceColumn - x;
      if (mirrored < 0 || mirrored >= patternColumns) continue;
      if (Math.hypot(y - row, x - column) <= ownReach * radius) continue;
      const one = y * patternColumns + x, other = opposite * patternColumns + mirrored;
      if (bad?.[one] || bad?.[other]) continue;
      const value = Math.sqrt(Math.max(0, smooth[one]));
      count++;
      sum += value;
      squares += value * value;
      products += value * Math.sqrt(Math.max(0, smooth[other]));
    }
  }
  if (count === 0) return 0;
  const variance = squares / count - (sum / count) ** 2;
  return variance > 0 ? (products / count - (sum / count) ** 2) / variance * count / smooth.length : 0;
}
