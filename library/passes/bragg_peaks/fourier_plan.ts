/** Sizes and tables of the kernels' Fourier transforms. */

import { cosine, sine } from "../../scan/portable_math.ts";

/** Bytes before the twiddles: the number of stages and up to fifteen radices. */
const headBytes = 64;

/** The smallest multiple of 8 from `least` on that is made of 2, 3 and 5. */
export function transformSize(least: number): number {
  for (let size = 8 * Math.max(2, Math.ceil(least / 8));; size += 8) {
    let rest = size;
    for (const prime of [2, 3, 5]) while (rest % prime === 0) rest /= prime;
    if (rest === 1) return size;
  }
}

/** Radices of the stages of a length: fours first, since they are the cheapest. */
function radicesOf(length: number): number[] {
  const radices: number[] = [];
  let rest = length;
  for (const radix of [4, 2, 3, 5]) {
    while (rest % radix === 0 && (radix !== 2 || rest % 4 !== 0)) {
      radices.push(radix);
      rest /= radix;
    }
  }
  return radices;
}

/** The plan of a transform of `length`, as assembly/fft.ts reads it. */
export function fourierPlan(length: number): Uint8Array {
  const radices = radicesOf(length), twiddles: number[] = [];
  let rest = length;
  for (const radix of radices) {
    for (let k = 0; k < rest / radix; k++) {
      for (let j = 1; j < radix; j++) {
        const angle = -2 * Math.PI * j * k / rest;
        twiddles.push(cosine(angle), sine(angle));
      }
    }
    rest /= radix;
  }
  const plan = new Uint8Array(headBytes + 4 * twiddles.length);
  new Int32Array(plan.buffer, 0, 16).set([radices.length, ...radices]);
  new Float32Array(plan.buffer, headBytes).set(twiddles);
  return plan;
}

/** Sizes of correlograms of patterns of rows x columns pixels. */
export interface CorrelogramSizes {
  /** Rows and columns that patterns are extended to with zeros. */
  readonly tall: number;
  readonly wide: number;
  /** Rows of the kept half of the spectrum, and up to three more. */
  readonly half: number;
}

/** The sizes for a detector. */
export function correlogramSizes(rows: number, columns: number): CorrelogramSizes {
  const tall = transformSize(rows), wide = transformSize(columns);
  return { tall, wide, half: 4 * Math.ceil((tall / 2 + 1) / 4) };
}

/**
 * Spectrum of a template for assembly/template.ts: conjugated and divided by the number of elements, real parts, then
 * imaginary parts, float32 [wide][half] each.
 *
 * @param template float64 (side, side), its middle pixel at the origin; side is odd
 */
export function templateSpectrum(
  template: Float64Array,
  side: number,
  { tall, wide, half }: CorrelogramSizes,
): Float32Array {
  const middle = (side - 1) / 2, kept = tall / 2 + 1, scale = 1 / (tall * wide);
  const waves = (length: number) => {
    const cosines = Float64Array.from({ length }, (_, index) => cosine(2 * Math.PI * index / length));
    const sines = Float64Array.from({ length }, (_, index) => sine(2 * Math.PI * index / length));
    // e^(-2 pi i k x / length), for any x.
    return (k: number, x: number) => {
      const index = ((k * x) % length + length) % length;
      return [cosines[index], -sines[index]] as const;
    };
  };
  const along = waves(tall), across = waves(wide);
  // First along the columns of the template, then along its rows.
  const firstRe = new Float64Array(kept * side), firstIm = new Float64Array(kept * side);
  for (let k = 0; k < kept; k++) {
    for (let row = 0; row < side; row++) {
      const [re, im] = along(k, row - middle);
      for (let column = 0; column < side; column++) {
        const value = template[row * side + column];
        firstRe[k * side + column] += value * re;
        firstIm[k * side + column] += value * im;
      }
    }
  }
  const spectrum = new Float32Array(2 * wide * half);
  for (let l = 0; l < wide; l++) {
    for (let k = 0; k < kept; k++) {
      let re = 0, im = 0;
      for (let column = 0; column < side; column++) {
        const [c, s] = across(l, column - middle);
        const a = firstRe[k * side + column], b = firstIm[k * side + column];
        re += a * c - b * s;
        im += a * s + b * c;
      }
      spectrum[l * half + k] = re * scale;
      spectrum[(wide + l) * half + k] = -im * scale;
    }
  }
  return spectrum;
}
