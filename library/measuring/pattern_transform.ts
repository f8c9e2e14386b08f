/** The Fourier transform of a diffraction pattern: where its spots repeat, a peak stands. */

import { demandLength, demandSizes } from "../scan/demand.ts";
import { cosine } from "../scan/portable_math.ts";
import { complexZeros, transformPicture } from "./fourier_transform.ts";

/**
 * Amplitudes of the Fourier transform of a pattern, zero frequency in the middle at (rows >> 1, columns >> 1). The mean is
 * taken away first, and a Hann window is put over the pattern so that its edges leave no cross. Spots a distance q apart make
 * peaks at columns / q pixels from the middle. Values that are no number count as the mean.
 *
 * @param values (qy, qx)
 * @returns float32 (row, column) of the same size
 * @throws {BadParameter} when values and sizes do not fit
 *
 * @example
 * ```ts
 * import { patternTransform } from "crystallite";
 *
 * // Stripes eight pixels apart: a peak 64 / 8 pixels from the middle.
 * const stripes = Float32Array.from({ length: 64 * 64 }, (_, pixel) => pixel % 8 === 0 ? 100 : 0);
 * const amplitudes = patternTransform(stripes, { rows: 64, columns: 64 });
 * console.assert(amplitudes[32 * 64 + 32 + 8] > 100 * amplitudes[32 * 64 + 32 + 5]);
 * ```
 */
export function patternTransform(
  values: ArrayLike<number>,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Float32Array<ArrayBuffer> {
  demandSizes({ rows, columns });
  demandLength("values", values, rows * columns);
  let sum = 0, count = 0;
  for (let pixel = 0; pixel < rows * columns; pixel++) {
    if (!Number.isFinite(values[pixel])) continue;
    sum += values[pixel];
    count++;
  }
  const mean = count > 0 ? sum / count : 0, picture = complexZeros(rows * columns);
  const down = hannWindow(rows), along = hannWindow(columns);
  for (let row = 0, pixel = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, pixel++) {
      const value = Number.isFinite(values[pixel]) ? values[pixel] - mean : 0;
      picture.real[pixel] = value * down[row] * along[column];
    }
  }
  transformPicture(picture, rows, columns);
  const amplitudes = new Float32Array(rows * columns);
  for (let row = 0, pixel = 0; row < rows; row++) {
    const to = (row + (rows >> 1)) % rows * columns;
    for (let column = 0; column < columns; column++, pixel++) {
      const { real, imaginary } = picture;
      amplitudes[to + (column + (columns >> 1)) % columns] = Math.sqrt(
        real[pixel] ** 2 + imaginary[pixel] ** 2,
      );
    }
  }
  return amplitudes;
}

function hannWindow(length: number): Float64Array {
  return Float64Array.from({ length }, (_, at) => 0.5 - 0.5 * cosine(2 * Math.PI * (at + 0.5) / length));
}
