/** The map whose gradient is a field: what integrates the shifts of the centre of mass (iCoM). */

import { demandArgument, demandLength, demandSizes } from "../scan/demand.ts";
import { cosine, sine } from "../scan/portable_math.ts";
import { type Complex, complexZeros, fourierTransform } from "./fourier_transform.ts";

/** A field over all probes, float32 or float64 (row, column) each; what is no number counts as zero. */
export interface ProbeField {
  /** Down the scan. */
  readonly row: ArrayLike<number>;
  /** To the right. */
  readonly column: ArrayLike<number>;
}

/**
 * Integrates a field by least squares: of all maps, the one whose differences between neighbouring probes are closest to the
 * means of the field there. The map has the mean zero, and no assumption is made about what lies outside the scan, where a
 * Fourier integration takes the scan for periodic. Its part of a field that has no potential is zero. The least squares are
 * solved exactly, by cosine transforms.
 *
 * @param step distances of probes along rows and columns, whose unit the map gets; default: one probe
 * @returns float32 (row, column), in units of the field times those of the distances
 * @throws {BadParameter} when field and sizes do not fit, or a distance is none
 *
 * @example
 * ```ts
 * import { integratedField } from "crystallite";
 *
 * // The gradient of (row - 3.5)^2 / 2.
 * const row = Float32Array.from({ length: 64 }, (_, i) => Math.floor(i / 8) - 3.5), column = new Float32Array(64);
 * const map = integratedField({ row, column }, { rows: 8, columns: 8 });
 * console.assert(Math.abs(map[0] - map[27] - (3.5 ** 2 - 0.5 ** 2) / 2) < 1e-5);
 * ```
 */
export function integratedField(
  field: ProbeField,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  step: { readonly row: number; readonly column: number } = { row: 1, column: 1 },
): Float32Array<ArrayBuffer> {
  demandSizes({ rows, columns });
  for (const axis of ["row", "column"] as const) {
    demandLength(`field.${axis}`, field[axis], rows * columns);
    demandArgument(
      step[axis] > 0 && step[axis] < Infinity,
      `step.${axis}`,
      "a finite distance above 0",
      step[axis],
    );
  }
  const number = (value: number) => Number.isFinite(value) ? value : 0;
  // What flows into each probe less what flows out: the right side of the normal equations.
  const sums = new Float64Array(rows * columns);
  for (let row = 0, probe = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, probe++) {
      if (row + 1 < rows) {
        const mean = (number(field.row[probe]) + number(field.row[probe + columns])) / 2 / step.row;
        sums[probe] -= mean;
        sums[probe + columns] += mean;
      }
      if (column + 1 < columns) {
        const mean = (number(field.column[probe]) + number(field.column[probe + 1])) / 2 / step.column;
        sums[probe] -= mean;
        sums[probe + 1] += mean;
      }
    }
  }
  cosinePicture(sums, rows, columns, cosineTransform);
  const along = eigenvalues(columns, step.column), down = eigenvalues(rows, step.row);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const value = down[row] + along[column];
      sums[at] = value > 0 ? sums[at] / value : 0;
    }
  }
  cosinePicture(sums, rows, columns, inverseCosine);
  return Float32Array.from(sums);
}

/** Changes a line in place. */
type LineChange = (line: Float64Array) => void;

function cosinePicture(
  values: Float64Array,
  rows: number,
  columns: number,
  changeOf: (length: number) => LineChange,
): void {
  const along = changeOf(columns), down = changeOf(rows), line = new Float64Array(rows);
  for (let row = 0; row < rows; row++) along(values.subarray(row * columns, (row + 1) * columns));
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) line[row] = values[row * columns + column];
    down(line);
    for (let row = 0; row < rows; row++) values[row * columns + column] = line[row];
  }
}

/** Of second differences along a line, by the cosines that they belong to. */
function eigenvalues(length: number, step: number): Float64Array {
  return Float64Array.from({ length }, (_, k) => (2 - 2 * cosine(Math.PI * k / length)) / step ** 2);
}

/** exp(pi i k / (2 length)). */
function halfTurns(length: number): Complex {
  const turns = complexZeros(length);
  for (let k = 0; k < length; k++) {
    turns.real[k] = cosine(Math.PI * k / (2 * length));
    turns.imaginary[k] = sine(Math.PI * k / (2 * length));
  }
  return turns;
}

/** X[k] = sum over n of x[n] cos(pi k (n + 1/2) / length). */
function cosineTransform(length: number): LineChange {
  const transform = fourierTransform(2 * length), work = complexZeros(2 * length), turns = halfTurns(length);
  return (line) => {
    work.imaginary.fill(0);
    for (let n = 0; n < length; n++) work.real[n] = work.real[2 * length - 1 - n] = line[n];
    transform(work);
    for (let k = 0; k < length; k++) {
      line[k] = (work.real[k] * turns.real[k] + work.imaginary[k] * turns.imaginary[k]) / 2;
    }
  };
}

/** Undoes {@link cosineTransform}. */
function inverseCosine(length: number): LineChange {
  const transform = fourierTransform(2 * length), work = complexZeros(2 * length), turns = halfTurns(length);
  return (line) => {
    work.real.fill(0);
    work.imaginary.fill(0);
    for (let k = 0; k < length; k++) {
      const value = k === 0 ? line[0] / 2 : line[k];
      // The conjugate: sums of exp(-i) are those of exp(i) mirrored, and only the real part counts.
      work.real[k] = value * turns.real[k];
      work.imaginary[k] = -value * turns.imaginary[k];
    }
    transform(work);
    for (let n = 0; n < length; n++) line[n] = 2 * work.real[n] / length;
  };
}
