/** Discrete Fourier transforms of any length, in float64 and with portable sines: the same bits on every machine. */

import { cosine, sine } from "../scan/portable_math.ts";

/** Complex numbers: real and imaginary parts. */
export interface Complex {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** So many zeros. */
export function complexZeros(length: number): Complex {
  return { real: new Float64Array(length), imaginary: new Float64Array(length) };
}

/** Transforms sequences of one length in place: X[k] = sum over n of x[n] exp(-2 pi i k n / length). */
export type FourierTransform = (values: Complex) => void;

/**
 * The transform of a length: by halving where it is a power of two, else as a convolution of such a length (Bluestein, IEEE
 * Transactions on Audio and Electroacoustics 18 (1970) 451). The inverse is the transform with real and imaginary parts
 * exchanged, divided by the length.
 */
export function fourierTransform(length: number): FourierTransform {
  return Number.isInteger(Math.log2(length)) ? byHalving(length) : byConvolution(length);
}

/** exp(-2 pi i k / length) for k below count. */
function roots(count: number, length: number): Complex {
  const found = complexZeros(count);
  for (let k = 0; k < count; k++) {
    found.real[k] = cosine(2 * Math.PI * k / length);
    found.imaginary[k] = -sine(2 * Math.PI * k / length);
  }
  return found;
}

function byHalving(length: number): FourierTransform {
  const { real: cosines, imaginary: sines } = roots(length >> 1, length);
  return ({ real, imaginary }) => {
    for (let at = 1, mirrored = 0; at < length; at++) {
      let bit = length >> 1;
      for (; mirrored & bit; bit >>= 1) mirrored ^= bit;
      mirrored ^= bit;
      if (at >= mirrored) continue;
      [real[at], real[mirrored]] = [real[mirrored], real[at]];
      [imaginary[at], imaginary[mirrored]] = [imaginary[mirrored], imaginary[at]];
    }
    for (let half = 1; half < length; half *= 2) {
      const stride = length / (2 * half);
      for (let first = 0; first < length; first += 2 * half) {
        for (let k = 0; k < half; k++) {
          const upper = first + k, lower = upper + half, c = cosines[k * stride], s = sines[k * stride];
          const re = real[lower] * c - imaginary[lower] * s, im = real[lower] * s + imaginary[lower] * c;
          real[lower] = real[upper] - re;
          imaginary[lower] = imaginary[upper] - im;
          real[upper] += re;
          imaginary[upper] += im;
        }
      }
    }
  };
}

function byConvolution(length: number): FourierTransform {
  let padded = 1;
  while (padded < 2 * length - 1) padded *= 2;
  const transform = byHalving(padded);
  // exp(-pi i n^2 / length); n^2 is taken modulo the period, where sines are exact.
  const chirp = complexZeros(length), filter = complexZeros(padded), work = complexZeros(padded);
  for (let n = 0; n < length; n++) {
    const angle = Math.PI * (n * n % (2 * length)) / length;
    chirp.real[n] = cosine(angle);
    chirp.imaginary[n] = -sine(angle);
    for (const place of n === 0 ? [0] : [n, padded - n]) {
      filter.real[place] = chirp.real[n];
      filter.imaginary[place] = -chirp.imaginary[n];
    }
  }
  transform(filter);
  return ({ real, imaginary }) => {
    work.real.fill(0);
    work.imaginary.fill(0);
    for (let n = 0; n < length; n++) {
      work.real[n] = real[n] * chirp.real[n] - imaginary[n] * chirp.imaginary[n];
      work.imaginary[n] = real[n] * chirp.imaginary[n] + imaginary[n] * chirp.real[n];
    }
    transform(work);
    for (let k = 0; k < padded; k++) {
      const re = work.real[k] * filter.real[k] - work.imaginary[k] * filter.imaginary[k];
      const im = work.real[k] * filter.imaginary[k] + work.imaginary[k] * filter.real[k];
      // Exchanged, so that the next transform is the inverse.
      work.real[k] = im;
      work.imaginary[k] = re;
    }
    transform(work);
    for (let k = 0; k < length; k++) {
      const re = work.imaginary[k] / padded, im = work.real[k] / padded;
      real[k] = re * chirp.real[k] - im * chirp.imaginary[k];
      imaginary[k] = re * chirp.imaginary[k] + im * chirp.real[k];
    }
  };
}

/** Transforms every row and then every column of a picture (row, column) in place. */
export function transformPicture({ real, imaginary }: Complex, rows: number, columns: number): void {
  const along = fourierTransform(columns), down = fourierTransform(rows);
  for (let row = 0; row < rows; row++) {
    const from = row * columns, to = from + columns;
    along({ real: real.subarray(from, to), imaginary: imaginary.subarray(from, to) });
  }
  const line = complexZeros(rows);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      line.real[row] = real[row * columns + column];
      line.imaginary[row] = imaginary[row * columns + column];
    }
    down(line);
    for (let row = 0; row < rows; row++) {
      real[row * columns + column] = line.real[row];
      imaginary[row * columns + column] = line.imaginary[row];
    }
  }
}
