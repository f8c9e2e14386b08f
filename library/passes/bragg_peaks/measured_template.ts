/** Probe templates from measured patterns: cleaned, measured, centred (spec of Bragg disks, 3). */

import { BadParameter } from "../../scan/errors.ts";
import { cosine } from "../../scan/portable_math.ts";
import { medianOf } from "../../scan/median.ts";
import { type ProbeTemplate, templateOf } from "./probe_template.ts";

/** A pattern, float64 (rows, columns). */
export interface ProbeImage {
  /** Its values, row by row. */
  readonly pixels: Float64Array;
  /** Pixels along qy. */
  readonly rows: number;
  /** Pixels along qx. */
  readonly columns: number;
}

/** Where a probe lies and how large it is, in detector pixels. */
export interface ProbeSize {
  /** Radius of the disk. */
  readonly radius: number;
  /** Its middle along qy. */
  readonly row: number;
  /** Its middle along qx. */
  readonly column: number;
}

/** Thresholds, as parts of the maximum, at which the area of a probe is taken. */
const thresholds = Float64Array.from({ length: 100 }, (_, index) => 0.01 + index * 0.98 / 99);
/** Pixels above this part of the maximum may belong to the probe. */
const bright = 0.2;
/** Pixels over which what surrounds a large probe fades, and rounds of opening that rid it of specks; both less for small ones. */
const fading = 12, mostOpening = 3;

/**
 * Radius and centre of a probe: the mean radius of its area over those thresholds at which it changes least, and the centre
 * of mass of what is above their mean.
 *
 * @throws {BadParameter} when nothing in the pattern stands out
 */
export function measureProbe({ pixels, rows, columns }: ProbeImage): ProbeSize {
  const most = pixels.reduce((highest, value) => Math.max(highest, value), 0);
  const radii = thresholds.map((threshold) => {
    const area = pixels.reduce((count, value) => count + (value > threshold * most ? 1 : 0), 0);
    return Math.sqrt(area / Math.PI);
  });
  const slopes = radii.map((_, index) => {
    const before = Math.max(0, index - 1), after = Math.min(radii.length - 1, index + 1);
    return (radii[after] - radii[before]) / (after - before);
  });
  // The median of all may be exactly 0 where edges are hard.
  const steep = Array.from(slopes.filter((slope) => slope !== 0), Math.abs);
  const limit = 2 * (steep.length > 0 ? medianOf(steep) : 0);
  let radius = 0, threshold = 0, trusted = 0;
  slopes.forEach((slope, index) => {
    if (slope > 0 || Math.abs(slope) > limit) return;
    radius += radii[index];
    threshold += thresholds[index];
    trusted++;
  });
  const centre = centreOfMass({ pixels, rows, columns }, threshold / trusted * most);
  const found = { radius: radius / trusted, ...centre };
  const fits = found.radius >= 0.5 && found.radius <= Math.min(rows, columns) / 4;
  if (most > 0 && trusted > 0 && fits) return found;
  throw new BadParameter("the pattern shows no probe", {
    expected: "one bright disk, its radius from 0.5 pixels to a quarter of the detector",
    found: most > 0 ? `a radius of ${found.radius.toFixed(1)} pixels` : "an empty pattern",
    parameter: "template",
    remedy: "give a pattern without specimen, or the radius of the disks",
  });
}

/** Centre of mass of what is above a number of counts. */
function centreOfMass({ pixels, columns }: ProbeImage, least: number): { row: number; column: number } {
  let mass = 0, row = 0, column = 0;
  pixels.forEach((value, index) => {
    if (!(value > least)) return;
    mass += value;
    row += value * Math.floor(index / columns);
    column += value * (index % columns);
  });
  return { row: row / mass, column: column / mass };
}

/**
 * The template of a probe that was measured: its pattern without what lies far from the disk, moved to the middle of a pixel
 * bilinearly, less its surroundings.
 *
 * @throws {BadParameter} when nothing in the pattern stands out
 *
 * @example
 * ```ts
 * import { measuredTemplate } from "crystallite";
 *
 * const pixels = Float64Array.from({ length: 64 * 64 }, (_, pixel) => {
 *   const distance = Math.hypot(Math.floor(pixel / 64) - 30.3, pixel % 64 - 33);
 *   return 100 / (1 + Math.exp(2 * (distance - 6)));
 * });
 * const { radius } = measuredTemplate({ pixels, rows: 64, columns: 64 });
 * console.assert(Math.abs(radius - 6) < 0.1);
 * ```
 */
export function measuredTemplate(image: ProbeImage): ProbeTemplate & { readonly probe: ProbeSize } {
  const { rows, columns } = image, first = measureProbe(image);
  const cleaned = { ...image, pixels: cleanProbe(image, first.radius) };
  // Above a threshold whole pixels come and go; all that is left places the middle better.
  const probe = { ...measureProbe(cleaned), ...centreOfMass(cleaned, 0) }, { radius, row, column } = probe;
  // As far as the pattern reaches on the narrowest side, and no farther than the probe and its surroundings.
  const room = Math.floor(Math.min(row, column, rows - 1 - row, columns - 1 - column));
  const reach = Math.min(Math.max(2, room), Math.ceil(2 * radius + fadingOf(radius)));
  if (reach < 2 * radius) {
    throw new BadParameter("the probe lies too near to the edge of its pattern", {
      expected: `${(2 * radius).toFixed(1)} pixels around row ${row.toFixed(1)}, column ${column.toFixed(1)}`,
      found: `${room} pixels`,
      parameter: "template",
      remedy: "give a pattern with the probe in its middle, or the radius of the disks",
    });
  }
  const side = 2 * reach + 1;
  const centred = Float64Array.from({ length: side * side }, (_, index) => {
    const r = row + Math.floor(index / side) - reach, c = column + index % side - reach;
    return between(cleaned, r, c);
  });
  return { ...templateOf(centred, side, radius), probe };
}

function fadingOf(radius: number): number {
  return Math.min(fading, Math.ceil(radius));
}

/**
 * A probe without specks and what lies far from it: only the part that opening leaves of what is above a fifth of the maximum,
 * one pixel more, and around it what fades with the square of a cosine.
 *
 * @param radius in pixels, about
 */
function cleanProbe({ pixels, rows, columns }: ProbeImage, radius: number): Float64Array {
  const most = pixels.reduce((highest, value) => Math.max(highest, value), 0);
  let mask = Uint8Array.from(pixels, (value) => value > bright * most ? 1 : 0);
  // More rounds would leave nothing of a small disk.
  const opening = Math.min(mostOpening, Math.floor(radius / 3));
  for (let round = 0; round < opening; round++) mask = eroded(mask, rows, columns);
  for (let round = 0; round <= opening; round++) mask = dilated(mask, rows, columns);
  const reach = fadingOf(radius), fade = new Float64Array(pixels.length);
  for (let index = 0; index < mask.length; index++) {
    if (!mask[index]) continue;
    const row = Math.floor(index / columns), column = index % columns;
    for (let r = Math.max(0, row - reach); r <= Math.min(rows - 1, row + reach); r++) {
      for (let c = Math.max(0, column - reach); c <= Math.min(columns - 1, column + reach); c++) {
        const distance = Math.sqrt((r - row) * (r - row) + (c - column) * (c - column));
        const weight = cosine(Math.PI / 2 * Math.min(1, distance / reach));
        fade[r * columns + c] = Math.max(fade[r * columns + c], weight * weight);
      }
    }
  }
  return pixels.map((value, index) => fade[index] < 1e-12 ? 0 : value * fade[index]);
}

/** Pixels that stay when the edge of a mask is taken off; the cross of neighbours, nothing outside. */
function eroded(mask: Uint8Array, rows: number, columns: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    mask.map((value, index) => value && around(mask, index, rows, columns).every(Boolean) ? 1 : 0),
  );
}

/** A mask and the pixels that touch it. */
function dilated(mask: Uint8Array, rows: number, columns: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    mask.map((value, index) => value || around(mask, index, rows, columns).some(Boolean) ? 1 : 0),
  );
}

/** The four neighbours of a pixel, 0 beyond the edges. */
function around(mask: Uint8Array, index: number, rows: number, columns: number): number[] {
  const row = Math.floor(index / columns), column = index % columns;
  return [
    row > 0 ? mask[index - columns] : 0,
    row < rows - 1 ? mask[index + columns] : 0,
    column > 0 ? mask[index - 1] : 0,
    column < columns - 1 ? mask[index + 1] : 0,
  ];
}

/** A pattern between its pixels, bilinearly; 0 outside. */
function between({ pixels, rows, columns }: ProbeImage, row: number, column: number): number {
  const top = Math.floor(row), left = Math.floor(column), down = row - top, right = column - left;
  const at = (r: number, c: number) =>
    r < 0 || c < 0 || r >= rows || c >= columns ? 0 : pixels[r * columns + c];
  return (1 - down) * ((1 - right) * at(top, left) + right * at(top, left + 1)) +
    down * ((1 - right) * at(top + 1, left) + right * at(top + 1, left + 1));
}
