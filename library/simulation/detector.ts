/** What the support and the camera add to the crystals' diffraction. */

import type { DetectorGeometry } from "./geometry.ts";
import type { SimulationParameters } from "./parameters.ts";
import { exponential, power, squared } from "../scan/portable_math.ts";
import type { Random } from "./random.ts";

/** Diffuse scattering as the detector sees it; each array sums to 1, (qy, qx) row-major. */
export interface DiffuseScattering {
  /** Of the amorphous support: a central peak and two broad rings. */
  readonly halo: Float32Array;
  /** Of the crystals' thermal vibrations: a broad peak. */
  readonly thermal: Float32Array;
}

/** Computes the diffuse scattering at each detector pixel. */
export function diffuseScattering(
  { patternRows, patternColumns, ellipse }: SimulationParameters,
  { center, qPixelSize }: DetectorGeometry,
): DiffuseScattering {
  const gaussian = (q: number, middle: number, sigma: number) =>
    exponential(-0.5 * squared((q - middle) / sigma));
  const lorentzian = (q: number, width: number, exponent: number) => power(1 + squared(q / width), -exponent);
  const lengths = Float64Array.from({ length: patternRows * patternColumns }, (_, pixel) => {
    const row = (Math.floor(pixel / patternColumns) - center[0]) / ellipse;
    const column = pixel % patternColumns - center[1];
    return Math.sqrt(row * row + column * column) * qPixelSize;
  });
  return {
    halo: normalised(
      lengths,
      (q) =>
        0.55 * lorentzian(q, 0.16, 1.6) + 0.3 * gaussian(q, 0.33, 0.075) + 0.1 * gaussian(q, 0.62, 0.13) +
        0.01,
    ),
    thermal: normalised(lengths, (q) => lorentzian(q, 0.25, 1.5)),
  };
}

function normalised(lengths: Float64Array, profile: (q: number) => number): Float32Array {
  const values = lengths.map(profile);
  const sum = values.reduce((total, value) => total + value, 0);
  return Float32Array.from(values, (value) => value / sum);
}

/** A detector pixel that counts too much. */
export interface HotPixel {
  /** Index of the pixel, (qy, qx) row-major. */
  readonly pixel: number;
  /** Excess counts per pattern, part of the dose. */
  readonly rate: number;
}

/** Distinct hot pixels in ascending order. */
export function drawHotPixels(
  { hotPixels, patternRows, patternColumns }: SimulationParameters,
  random: Random,
): HotPixel[] {
  const rates = new Map<number, number>();
  while (rates.size < hotPixels) {
    const pixel = random.below(patternRows * patternColumns);
    if (!rates.has(pixel)) rates.set(pixel, random.between(0.002, 0.02));
  }
  return [...rates].map(([pixel, rate]) => ({ pixel, rate })).sort((one, other) => one.pixel - other.pixel);
}

/** Shift of the pattern (row, column) in pixels at a probe position given as part of the scan, 0 to 1. */
export type Descan = (row: number, column: number) => readonly [row: number, column: number];

/** A shift linear in the probe position, at most `descan` / 2 to either side of the scan's middle. */
export function drawDescan({ descan }: SimulationParameters, random: Random): Descan {
  const [a, b, c, d] = Array.from({ length: 4 }, () => random.normal());
  const scale = descan / Math.max(Math.abs(a) + Math.abs(b), Math.abs(c) + Math.abs(d), 1e-9);
  return (row, column) => [
    scale * (a * (row - 0.5) + b * (column - 0.5)),
    scale * (c * (row - 0.5) + d * (column - 0.5)),
  ];
}

/** The pixels behind the beam stop. */
export function stoppedPixels(
  { beamStopRadius, patternRows, patternColumns }: SimulationParameters,
  { center }: DetectorGeometry,
): Int32Array {
  const stopped: number[] = [];
  for (let pixel = 0; pixel < patternRows * patternColumns; pixel++) {
    const row = Math.floor(pixel / patternColumns) - center[0], column = pixel % patternColumns - center[1];
    if (row * row + column * column < squared(beamStopRadius)) stopped.push(pixel);
  }
  return Int32Array.from(stopped);
}
