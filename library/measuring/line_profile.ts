/** Values along a line across a map or a pattern. */

import { demandArgument, demandLength, demandSizes } from "../scan/demand.ts";

/** Where a line goes: places with (0, 0) in the middle of the first pixel. */
export interface ProfileLine {
  /** Where it begins. */
  readonly from: { readonly row: number; readonly column: number };
  /** Where it ends. */
  readonly to: { readonly row: number; readonly column: number };
  /** Pixels across the line that are averaged; default: 1. */
  readonly width?: number;
}

/** Longer lines, and wider ones, belong to no picture. */
const mostPixels = 500_000;

/** Values at equal distances. */
export interface LineProfile {
  /** Distance from one value to the next, in pixels; 0 for a line without length. */
  readonly step: number;
  /** float64; NaN outside the picture, and where there is no number. */
  readonly values: Float64Array;
}

/**
 * Values along a line, at most half a pixel apart, between pixels by bilinear interpolation, averaged over lines a pixel apart
 * within its width. Only what lies within the picture, and is a number, counts.
 *
 * @param values (row, column)
 * @throws {BadParameter} when values and sizes do not fit, or the line has no place, or more than a million steps
 *
 * @example
 * ```ts
 * import { lineProfile } from "crystallite";
 *
 * const ramp = Float32Array.from({ length: 64 }, (_, i) => i % 8);
 * const line = { from: { row: 1, column: 0 }, to: { row: 6, column: 7 } };
 * const { values } = lineProfile(ramp, { rows: 8, columns: 8 }, line);
 * console.assert(values[0] === 0 && Math.abs(values.at(-1)! - 7) < 1e-12);
 * ```
 */
export function lineProfile(
  values: ArrayLike<number>,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  { from, to, width = 1 }: ProfileLine,
): LineProfile {
  demandSizes({ rows, columns });
  demandLength("values", values, rows * columns);
  demandArgument(width >= 0 && width <= mostPixels, "width", `0 to ${mostPixels} pixels`, width);
  const down = to.row - from.row, right = to.column - from.column, length = Math.hypot(down, right);
  demandArgument(
    length <= mostPixels,
    "line",
    `a line of finite places, ${mostPixels} pixels long at most`,
    length,
  );
  const steps = Math.ceil(2 * length), lines = Math.max(1, Math.round(width));
  // One pixel to the side.
  const aside = length > 0 ? { row: right / length, column: -down / length } : { row: 0, column: 0 };
  const found = Float64Array.from({ length: steps + 1 }, (_, at) => {
    const share = steps > 0 ? at / steps : 0;
    let sum = 0, count = 0;
    for (let line = 0; line < lines; line++) {
      const away = line - (lines - 1) / 2;
      const value = between(values, rows, columns, {
        row: from.row + share * down + away * aside.row,
        column: from.column + share * right + away * aside.column,
      });
      if (!Number.isFinite(value)) continue;
      sum += value;
      count++;
    }
    return count > 0 ? sum / count : NaN;
  });
  return { step: steps > 0 ? length / steps : 0, values: found };
}

/** The value at a place between four pixels; at the picture's border that of the nearest. */
function between(
  values: ArrayLike<number>,
  rows: number,
  columns: number,
  { row, column }: { readonly row: number; readonly column: number },
): number {
  if (row < -0.5 || column < -0.5 || row > rows - 0.5 || column > columns - 0.5) return NaN;
  const y = Math.min(rows - 1, Math.max(0, row)), x = Math.min(columns - 1, Math.max(0, column));
  const top = Math.min(Math.floor(y), Math.max(0, rows - 2)),
    left = Math.min(Math.floor(x), Math.max(0, columns - 2));
  const below = y - top, beside = x - left;
  let sum = 0;
  for (
    const [r, c, weight] of [
      [top, left, (1 - below) * (1 - beside)],
      [top, left + 1, (1 - below) * beside],
      [top + 1, left, below * (1 - beside)],
      [top + 1, left + 1, below * beside],
    ]
  ) {
    // What has no weight may lie outside, or be no number.
    if (weight > 0) sum += weight * values[r * columns + c];
  }
  return sum;
}
