/** Sizes and tables of the kernels' Fourier transforms. */

import type { Address } from "../../engine/address.ts";
import type { Memory } from "../../engine/memory.ts";
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
function fourierPlan(length: number): Uint8Array {
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

/** An image as transforms take it: float64 (rows, columns), its pixel (originRow, originColumn) at the origin. */
export interface PlacedImage {
  readonly pixels: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly originRow: number;
  readonly originColumn: number;
}

/** A template as such an image: side x side pixels, side odd, its middle at the origin. */
export function centredImage(pixels: Float64Array, side: number): PlacedImage {
  const middle = (side - 1) / 2;
  return { pixels, rows: side, columns: side, originRow: middle, originColumn: middle };
}

/**
 * Spectrum of an image for assembly/template.ts: divided by the number of elements, real parts, then imaginary parts,
 * float32 [wide][half] each.
 *
 * @param conjugated whether patterns are correlated with the image, or convolved
 */
export function imageSpectrum(
  { pixels, rows, columns, originRow, originColumn }: PlacedImage,
  { tall, wide, half }: CorrelogramSizes,
  conjugated: boolean,
): Float32Array {
  const kept = tall / 2 + 1, scale = 1 / (tall * wide), sign = conjugated ? -1 : 1;
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
  // First along the columns of the image, then along its rows.
  const firstRe = new Float64Array(kept * columns), firstIm = new Float64Array(kept * columns);
  for (let k = 0; k < kept; k++) {
    for (let row = 0; row < rows; row++) {
      const [re, im] = along(k, row - originRow);
      for (let column = 0; column < columns; column++) {
        const value = pixels[row * columns + column];
        firstRe[k * columns + column] += value * re;
        firstIm[k * columns + column] += value * im;
      }
    }
  }
  const spectrum = new Float32Array(2 * wide * half);
  for (let l = 0; l < wide; l++) {
    const turns = Array.from({ length: columns }, (_, column) => across(l, column - originColumn));
    for (let k = 0; k < kept; k++) {
      let re = 0, im = 0;
      for (let column = 0; column < columns; column++) {
        const [c, s] = turns[column];
        const a = firstRe[k * columns + column], b = firstIm[k * columns + column];
        re += a * c - b * s;
        im += a * s + b * c;
      }
      spectrum[l * half + k] = re * scale;
      spectrum[(wide + l) * half + k] = sign * im * scale;
    }
  }
  return spectrum;
}

/** Waves for assembly/upsampled.ts: cosines and sines of 2 pi k / (length x steps) for both lengths. */
export function upsamplingWaves({ tall, wide }: CorrelogramSizes, steps: number): Float32Array {
  const waves = new Float32Array(2 * steps * (tall + wide));
  let filled = 0;
  for (const length of [tall * steps, wide * steps]) {
    for (let k = 0; k < length; k++) {
      waves[filled++] = cosine(2 * Math.PI * k / length);
      waves[filled++] = sine(2 * Math.PI * k / length);
    }
  }
  return waves;
}

/** The plan of a transform in memory. */
export function planTable(memory: Memory, length: number): Address {
  // The twiddles of all stages together are one less than the length.
  return memory.table(`transform of ${length}`, headBytes + 8 * length, () => fourierPlan(length));
}

/** Bytes of the room that assembly/template.ts takes. */
export function templateRoom({ tall, wide, half }: CorrelogramSizes): number {
  return 8 * half * wide + 64 * Math.max(tall, wide);
}
