/** Azimuthal means of a diffraction pattern. */

import { demandArgument, demandLength, demandSizes } from "../scan/demand.ts";

/** A pattern and where its radii are measured from. */
export interface RadialPattern {
  /** (qy, qx). */
  readonly values: ArrayLike<number>;
  /** Detector pixels down. */
  readonly rows: number;
  /** Detector pixels to the right. */
  readonly columns: number;
  /** The direct beam in detector pixels: (0, 0) is the middle of the first pixel. */
  readonly center: { readonly row: number; readonly column: number };
  /** Sizes of a detector pixel in any unit, which radii then have; default: one pixel. */
  readonly pixelSize?: { readonly row: number; readonly column: number };
  /** Pixels that do not count: flat indices. */
  readonly masked?: Iterable<number>;
}

/** More rings than any detector has. */
const mostRings = 1_000_000;

/** Means over rings. */
export interface RadialProfile {
  /** Radius of ring k: k steps. */
  readonly step: number;
  /** float64; NaN where no pixel counts. */
  readonly mean: Float64Array;
  /** Pixels of each ring; fractions where a pixel lies between two. */
  readonly pixels: Float64Array;
}

/**
 * The azimuthal mean of a pattern: rings one pixel apart (the smaller side of it), each pixel shared by the two rings that its
 * middle lies between. A mean of linear functions of the radius is therefore that of all pixels of a ring, without steps.
 * Values that are no number do not count.
 *
 * @throws {BadParameter} when values and sizes do not fit, or the centre is nowhere or beyond a million rings
 *
 * @example
 * ```ts
 * import { radialProfile } from "crystallite";
 *
 * const values = Float32Array.from({ length: 100 }, (_, i) => Math.hypot(Math.floor(i / 10) - 5, i % 10 - 5));
 * const profile = radialProfile({ values, rows: 10, columns: 10, center: { row: 5, column: 5 } });
 * console.assert(profile.step === 1 && Math.abs(profile.mean[3] - 3) < 0.2);
 * ```
 */
export function radialProfile(
  { values, rows, columns, center, pixelSize = { row: 1, column: 1 }, masked }: RadialPattern,
): RadialProfile {
  demandSizes({ rows, columns });
  demandLength("values", values, rows * columns);
  for (const size of [pixelSize.row, pixelSize.column]) {
    demandArgument(size > 0 && size < Infinity, "pixelSize", "finite sizes above 0", size);
  }
  const step = Math.min(pixelSize.row, pixelSize.column), left = new Set(masked);
  const farthest = Math.max(
    ...[[0, 0], [0, columns - 1], [rows - 1, 0], [rows - 1, columns - 1]].map(([row, column]) =>
      Math.hypot((row - center.row) * pixelSize.row, (column - center.column) * pixelSize.column)
    ),
  );
  const rings = Math.floor(farthest / step) + 2;
  demandArgument(
    rings <= mostRings,
    "center",
    `a place within ${mostRings} pixels of the pattern`,
    Object.values(center),
  );
  const sums = new Float64Array(rings), pixels = new Float64Array(rings);
  for (let row = 0, pixel = 0; row < rows; row++) {
    const down = (row - center.row) * pixelSize.row / step;
    for (let column = 0; column < columns; column++, pixel++) {
      const value = values[pixel];
      if (!Number.isFinite(value) || left.has(pixel)) continue;
      const along = (column - center.column) * pixelSize.column / step;
      const radius = Math.sqrt(down * down + along * along), ring = Math.floor(radius), outer = radius - ring;
      sums[ring] += (1 - outer) * value;
      pixels[ring] += 1 - outer;
      sums[ring + 1] += outer * value;
      pixels[ring + 1] += outer;
    }
  }
  const last = pixels.findLastIndex((count) => count > 0) + 1;
  return {
    step,
    mean: sums.slice(0, last).map((sum, ring) => pixels[ring] > 0 ? sum / pixels[ring] : NaN),
    pixels: pixels.slice(0, last),
  };
}
