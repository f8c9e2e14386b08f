/** Numbers with units as the page writes them. Pure. */

import type { PixelSize } from "../../library/scan/calibration.ts";
import { formatCount, formatFixed, formatNumber } from "../../library/report/number_format.ts";
import { formatUnit } from "../../library/report/scale_bar.ts";
import { reciprocalSize } from "../../library/scan/units.ts";

export {
  formatBytes,
  formatCount,
  formatFixed,
  formatNumber,
  formatPercent,
  formatSeconds,
} from "../../library/report/number_format.ts";
export { formatUnit } from "../../library/report/scale_bar.ts";

/** A threshold or similarity: three decimals, close to 1 as many as show two digits of what is missing from it. */
export function formatSimilarity(value: number): string {
  const missing = 1 - value;
  const decimals = missing > 0 && missing < 0.01 ? Math.min(7, Math.floor(-Math.log10(missing)) + 2) : 3;
  return formatFixed(value, decimals);
}

/** A probe position or detector pixel: `(34, 52)`; fractions get one decimal. */
export function formatPlace({ row, column }: { readonly row: number; readonly column: number }): string {
  const one = (value: number) => Number.isInteger(value) ? formatCount(value) : formatFixed(value, 1);
  return `(${one(row)}, ${one(column)})`;
}

/** Counts of electrons: whole from 100 on, one decimal below where there are fractions. */
export function formatCounts(value: number): string {
  if (Number.isNaN(value)) return "not a number";
  return Number.isInteger(value) || Math.abs(value) >= 100 ? formatCount(value) : formatFixed(value, 1);
}

/** A length with its unit: `51.2 nm`, `0.123 Å⁻¹`. */
export function formatLength(value: number, unit: string, digits = 3): string {
  return `${formatNumber(value, digits)} ${formatUnit(unit)}`;
}

/** Sizes in pixels or probes: `256 × 256`. */
export function formatShape(rows: number, columns: number): string {
  return `${formatCount(rows)} × ${formatCount(columns)}`;
}

/** What a place in a pattern means. */
export interface ScatteringRead {
  /** Distance from the direct beam, such as `0.512 Å⁻¹`; in pixels where the pattern is not calibrated. */
  readonly q: string;
  /** The lattice spacing 1 / q; `∞` at the direct beam; absent where q is an angle and the beam energy is not known. */
  readonly d?: string;
}

/**
 * Reads the scattering vector at a detector pixel.
 *
 * @param pixel detector pixel (qy, qx)
 * @param centre the direct beam, in the same pixels
 * @param size of a detector pixel, where it is known
 * @param beamEnergy in keV, where it is known: it makes lattice spacings of angles
 */
export function readScattering(
  pixel: { readonly row: number; readonly column: number },
  centre: { readonly row: number; readonly column: number },
  size: PixelSize | undefined,
  beamEnergy?: number,
): ScatteringRead {
  const down = pixel.row - centre.row, right = pixel.column - centre.column;
  if (size === undefined) return { q: `${formatFixed(Math.hypot(down, right), 1)} px` };
  const q = Math.hypot(down * size.row, right * size.column);
  const read = { q: `${formatFixed(q, 3)} ${formatUnit(size.unit)}` };
  const inverse = size.unit.endsWith("^-1") ? size : reciprocalSize(size, beamEnergy);
  if (inverse === undefined) return read;
  const length = inverse.unit.slice(0, -"^-1".length);
  // Within half a pixel it is the direct beam itself.
  const near = q < Math.min(size.row, size.column) / 2;
  const d = near ? "∞" : formatFixed(size.row / inverse.row / q, 2);
  return { ...read, d: `${d} ${formatUnit(length)}` };
}

/**
 * Reads a place in the transform of a pattern: what repeats so often across the pattern repeats after these pixels, and is
 * as far apart in the crystal as the place is from the middle.
 *
 * @param pixel of the transform
 * @param shape rows and columns of the pattern
 */
export function readTransform(
  pixel: { readonly row: number; readonly column: number },
  { rows, columns }: { readonly rows: number; readonly columns: number },
  size: PixelSize | undefined,
  beamEnergy?: number,
): { readonly period: string; readonly length?: string } {
  const down = (pixel.row - (rows >> 1)) / rows, right = (pixel.column - (columns >> 1)) / columns;
  const often = Math.hypot(down, right),
    period = often > 0 ? `every ${formatFixed(1 / often, 1)} px` : "mean";
  const inverse = size && (size.unit.endsWith("^-1") ? size : reciprocalSize(size, beamEnergy));
  if (!inverse || often === 0) return { period };
  const length = Math.hypot(down / inverse.row, right / inverse.column);
  return { period, length: `${formatFixed(length, 2)} ${formatUnit(inverse.unit.slice(0, -"^-1".length))}` };
}
