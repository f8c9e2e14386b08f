/** The direct beam where a beam stop hides it: in the dark middle of a pattern that is symmetric about it (Friedel). */

import { type Disk, type PatternShape, type Place, symmetryAbout } from "./direct_beam.ts";
import { medianOf } from "../../scan/median.ts";

/** Pixels along the longer side of the pattern in which the place is looked for first. */
const coarseSide = 48;
/** The beam is looked for in this part of the rows and columns, about the middle: nearer the rim little has an opposite side. */
const middlePart = 0.6;
/** A hidden beam's place has less than this part of what its surroundings have. */
const darkness = 0.5;
/** About no place is a pattern that is less symmetric than this. */
const leastSymmetry = 0.25;
/** So much more symmetric must it be about a dark place than about a disk that may be the direct beam. */
const clearAdvantage = 0.25;
/** Radius in pixels of the smallest hole. */
const smallest = 1.5;

/**
 * The place of a beam that no disk is, where the mean pattern is clearly more symmetric about a dark place than about the disk
 * that was taken for the direct beam. It is as wide as the disks that are seen are in the median.
 *
 * @param smooth smoothed mean pattern
 * @param disks those that are seen, at least one
 * @param taken the one that is most like the direct beam
 * @returns `undefined` where the beam seems to be seen
 */
export function hiddenBeam(
  smooth: Float64Array,
  shape: PatternShape,
  bad: Uint8Array | undefined,
  disks: readonly Disk[],
  taken: Disk,
): Disk | undefined {
  const dark = (place: Place, within: number) => isDark(place, within, smooth, shape, bad);
  // What is left of a halo around a beam stop is a disk with a hole.
  const hole = (disk: Disk) => Math.max(smallest, disk.radius / 4);
  const whole = disks.filter((disk) => !dark(disk, hole(disk))), hollow = !whole.includes(taken);
  // A direct beam that is seen outshines all others, but in thick crystals.
  if (disks.length === 1 && !hollow) return undefined;
  const radius = medianOf(whole.length > 0 ? whole.map((disk) => disk.radius) : disks.map(hole));
  const symmetryAt = (place: Place) => symmetryAbout({ ...place, radius }, smooth, shape, bad);
  // What is scattered to one side of a disk and to the other too is scattered from its beam; to look further would take a while.
  const before = hollow ? 0 : symmetryAt(taken);
  if (before > leastSymmetry) return undefined;
  // Near the place all have about as much of the pattern: what there is more of towards the middle must not draw it there.
  const alike = (place: Place) => symmetryAt(place) / partWithOpposite(place, shape);
  const place = climb(coarsePlace(smooth, shape, bad, radius), alike, coarseStep(shape));
  const least = Math.max(leastSymmetry, hollow ? 0 : before + clearAdvantage);
  if (!(symmetryAt(place) >= least) || !dark(place, radius)) return undefined;
  return { ...place, radius };
}

/** The part of the detector that has an opposite side about a place. */
function partWithOpposite({ row, column }: Place, { patternRows, patternColumns }: PatternShape): number {
  const part = (place: number, side: number) => 1 - Math.abs(2 * place - (side - 1)) / side;
  return part(row, patternRows) * part(column, patternColumns);
}

/** Detector pixels along the side of a coarse one. */
function coarseStep({ patternRows, patternColumns }: PatternShape): number {
  return Math.max(1, Math.ceil(Math.max(patternRows, patternColumns) / coarseSide));
}

/** The place about which the pattern is most symmetric, to half a coarse pixel. */
function coarsePlace(
  smooth: Float64Array,
  shape: PatternShape,
  bad: Uint8Array | undefined,
  radius: number,
): Place {
  const step = coarseStep(shape),
    coarse = {
      patternRows: Math.floor(shape.patternRows / step),
      patternColumns: Math.floor(shape.patternColumns / step),
    };
  const { patternRows: rows, patternColumns: columns } = coarse;
  const sums = new Float64Array(rows * columns), hidden = new Uint8Array(rows * columns);
  for (let row = 0; row < rows * step; row++) {
    for (let column = 0; column < columns * step; column++) {
      const pixel = row * shape.patternColumns + column;
      const into = Math.floor(row / step) * columns + Math.floor(column / step);
      sums[into] += smooth[pixel];
      if (bad?.[pixel]) hidden[into] = 1;
    }
  }
  let best: Place = { row: (rows - 1) / 2, column: (columns - 1) / 2 }, most = -Infinity;
  const ends = (side: number) =>
    [(1 - middlePart) / 2, (1 + middlePart) / 2].map((part) => Math.round(2 * part * (side - 1)));
  const [top, bottom] = ends(rows), [left, right] = ends(columns);
  for (let twiceRow = top; twiceRow <= bottom; twiceRow++) {
    for (let twiceColumn = left; twiceColumn <= right; twiceColumn++) {
      const place = { row: twiceRow / 2, column: twiceColumn / 2, radius: radius / step };
      const symmetry = symmetryAbout(place, sums, coarse, hidden);
      if (symmetry > most) [best, most] = [place, symmetry];
    }
  }
  // The middle of a coarse pixel lies half of what it holds beyond its first.
  return { row: best.row * step + (step - 1) / 2, column: best.column * step + (step - 1) / 2 };
}

/** Goes to the most symmetric place near one, in steps that become smaller down to half a pixel, and between these. */
function climb(from: Place, heightAt: (place: Place) => number, reach: number): Place {
  const halves = (value: number) => Math.round(2 * value) / 2;
  let best: Place = { row: halves(from.row), column: halves(from.column) }, most = heightAt(best);
  for (let step = Math.max(0.5, halves(reach / 2));; step = Math.max(0.5, halves(step / 2))) {
    for (let better = true; better;) {
      better = false;
      const { row, column } = best;
      for (const down of [-step, 0, step]) {
        for (const across of [-step, 0, step]) {
          const place = { row: row + down, column: column + across }, height = heightAt(place);
          if (height > most) [best, most, better] = [place, height, true];
        }
      }
    }
    if (step === 0.5) break;
  }
  const { row, column } = best;
  const along = (down: number, across: number) =>
    vertex(
      heightAt({ row: row - down, column: column - across }),
      most,
      heightAt({ row: row + down, column: column + across }),
    );
  return { row: row + 0.5 * along(0.5, 0), column: column + 0.5 * along(0, 0.5) };
}

/** Where a parabola through values at -1, 0 and 1 is highest, the middle one being the largest. */
function vertex(before: number, here: number, after: number): number {
  const bend = before - 2 * here + after;
  return bend < 0 ? (before - after) / (2 * bend) : 0;
}

/** Whether less is seen at a place than around it. */
function isDark(
  { row, column }: Place,
  radius: number,
  smooth: Float64Array,
  { patternRows, patternColumns }: PatternShape,
  bad: Uint8Array | undefined,
): boolean {
  let inside = 0, insidePixels = 0, around = 0, aroundPixels = 0;
  const reach = 4 * radius;
  const [top, left] = [row, column].map((place) => Math.max(0, Math.ceil(place - reach)));
  for (let y = top; y <= Math.min(patternRows - 1, row + reach); y++) {
    for (let x = left; x <= Math.min(patternColumns - 1, column + reach); x++) {
      const distance = Math.hypot(y - row, x - column), pixel = y * patternColumns + x;
      if (distance <= radius) {
        insidePixels++;
        if (!bad?.[pixel]) inside += smooth[pixel];
      } else if (distance <= reach && !bad?.[pixel]) {
        around += smooth[pixel];
        aroundPixels++;
      }
    }
  }
  return aroundPixels > 0 && inside / Math.max(1, insidePixels) < darkness * around / aroundPixels;
}
