/**
 * What one electron adds to a pattern's values. Of counts it is 1; simulators write patterns that sum to 1, cameras add
 * dozens for each electron, noise of reading them out, and often a constant. Noise tells: where two neighbouring patterns are
 * equal but for it, half of (a - b)² is on average the gain times the value, and a rest that is the same everywhere.
 */

import { darkValue } from "./pixel_ranges.ts";
import { constantBelow, lift, liftedMean } from "./below_zero.ts";
import { constantUnder, lineThrough, type NoiseLevel, type NoiseLine } from "./noise_line.ts";
import type { PatternPair } from "./neighbour_pairs.ts";

/** What one electron adds, and how that is known. */
export interface Gain {
  /** In the units of the patterns; positive. */
  readonly value: number;
  /** Whether all values are whole multiples of it. */
  readonly whole: boolean;
  /**
   * Squared noise of a pixel beyond its value, in electrons: that of reading out, less the constant that values stand on; of
   * whole multiples the constant alone, so that it is above 0 only where they stand on less than that.
   */
  readonly rest: number;
}

/** A gain, and what is known of the noise of pixels. */
export interface EstimatedGain extends Gain {
  /** Squared noise over value of usual pixels, whatever it is made of: what looks for faults goes by that. */
  readonly spread: number;
}

/** Counts that are counts. */
export const counts: EstimatedGain = { value: 1, whole: true, rest: 0, spread: 1 };

/** Classes of pixels by brightness, equally many in each. */
const classes = 8;
/** Electrons that a pattern has at most: of patterns without noise nothing else would be known. */
const mostElectrons = 1e7;
/** Noise above this many times what counts in steps of the unit would have is that of a camera. */
const largestExcess = 2;
/** Counts that stand on less than 0 have at least this part of that. */
const leastExcess = 0.5;
/** Steps this small beside the largest value say nothing: float32 rounds by as much. */
const leastStep = 2 ** -18;
/** Values this many times brighter than the median of those that are not 0 are left out of that. */
const brightnessRange = 16;
/** Values that are looked at for a common step. */
const stepValues = 4096;

/** What else is known where the gain is estimated. */
export interface GainSettings {
  /** Pixels to leave out (1), because they are bad. */
  readonly left?: Uint8Array;
  /** The pairs as they were before anything was filled: what is filled may lie between steps; default: the same. */
  readonly recorded?: readonly PatternPair[];
  /** What stands at or above this in those is no value. */
  readonly limit?: number;
  /** Quantile over the pairs that is taken for their noise: less than the median where many pairs may be at fault. */
  readonly share?: number;
}

/**
 * Estimates the gain.
 *
 * @param pairs patterns of neighbouring probes
 * @param mean mean pattern of the scan
 */
export function estimateGain(
  pairs: readonly PatternPair[],
  mean: Float64Array,
  settings: GainSettings = {},
): EstimatedGain {
  const { left, recorded = pairs, limit = Infinity } = settings;
  const constant = constantBelow(recorded, mean, left);
  if (constant < 0) {
    const lifted = lift(pairs, -constant);
    const { gain, noise, line } = gainFromZero(lifted, liftedMean(mean, -constant), {
      ...settings,
      recorded: recorded === pairs ? lifted : lift(recorded, -constant),
      limit: limit - constant,
    });
    const { value, whole, spread } = gain;
    // Noise of reading out reaches below zero too, and is not that of so many counts.
    if (
      whole && quantile(noise, 0.25) >= leastExcess * value && line && line.slope <= largestExcess * value
    ) return { value, whole, rest: -constant / value, spread };
  }
  return gainFromZero(pairs, mean, settings).gain;
}

/** The gain of values that stand on nothing or more, and what their noise is: of each class of pixels, by its values, and on a line. */
function gainFromZero(
  pairs: readonly PatternPair[],
  mean: Float64Array,
  { left, recorded = pairs, limit = Infinity, share = 0.5 }: GainSettings,
): { readonly gain: EstimatedGain; readonly noise: readonly number[]; readonly line?: NoiseLine } {
  const lit: number[] = [];
  for (let pixel = 0; pixel < mean.length; pixel++) if (mean[pixel] > 0 && !left?.[pixel]) lit.push(pixel);
  const pixels = Int32Array.from(lit);
  const totals = pairs.flat().map((pattern) => {
    let total = 0;
    for (let i = 0; i < pixels.length; i++) total += pattern[pixels[i]];
    return total;
  }).filter((total) => total > 0);
  if (totals.length === 0) return { gain: counts, noise: [] };
  const levels = noiseLevels(pairs, byBrightness(pixels, mean), share);
  const noise = levels.map(({ ratio }) => ratio);
  const step = commonStep(recorded, pixels, limit), line = lineThrough(levels);
  const found = (gain: EstimatedGain) => ({ gain, noise, line });
  if (step !== undefined) {
    const least = leastValue(recorded, pixels, limit);
    // Beside a constant that all values stand on, what noise has in parts of them says little; how it rises with them does.
    const camera = noise.length > 0 && quantile(noise, 0.25) > largestExcess * step ||
      least > 0 && line !== undefined && line.slope > largestExcess * step;
    if (!camera) {
      const constant = constantUnder(levels, step, least);
      return found({ value: step, whole: true, rest: constant > 0 ? -constant : 0, spread: step });
    }
  }
  const middle = noise.length > 0 ? quantile(noise, 0.5) : 0;
  const least = quantile(totals, 0.5) / mostElectrons, spread = Math.max(middle, least);
  return found(
    line && line.slope > least
      ? { value: line.slope, whole: false, rest: line.rest / line.slope ** 2, spread }
      : { value: spread, whole: false, rest: 0, spread },
  );
}

/** What all values of these pixels reach, or what half of the pixels show at least, where faults fall below that. */
function leastValue(pairs: readonly PatternPair[], pixels: Int32Array, saturation: number): number {
  const least = new Float32Array(pixels.length).fill(Infinity);
  for (const pattern of pairs.flat()) {
    for (let i = 0; i < pixels.length; i++) least[i] = Math.min(least[i], pattern[pixels[i]]);
  }
  return Math.max(darkValue({ least, saturation }), least.reduce((a, b) => Math.min(a, b), Infinity));
}

/** Pixels in classes of rising mean, about equally many in each; pixels of one mean are in one class. */
function byBrightness(pixels: Int32Array, mean: Float64Array): Int32Array[] {
  const sorted = new Float64Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) sorted[i] = mean[pixels[i]];
  sorted.sort();
  const limits = Array.from({ length: classes }, (_, i) => sorted[Math.floor(i * sorted.length / classes)]);
  return limits.map((limit, i) => {
    const next = limits[i + 1] ?? Infinity;
    return pixels.filter((pixel) => mean[pixel] >= limit && mean[pixel] < next);
  });
}

/** Noise of each class of pixels that has any signal, a quantile over the pairs. */
function noiseLevels(
  pairs: readonly PatternPair[],
  pixelClasses: readonly Int32Array[],
  share: number,
): (NoiseLevel & { readonly ratio: number })[] {
  return pixelClasses.flatMap((pixels) => {
    const ratios: number[] = [], means: number[] = [], variances: number[] = [];
    for (const [a, b] of pairs) {
      let squares = 0, sums = 0;
      for (let i = 0; i < pixels.length; i++) {
        const x = a[pixels[i]], y = b[pixels[i]];
        squares += (x - y) * (x - y);
        sums += x + y;
      }
      if (!(sums > 0)) continue;
      ratios.push(squares / sums);
      means.push(sums / (2 * pixels.length));
      variances.push(squares / (2 * pixels.length));
    }
    if (ratios.length === 0 || 2 * ratios.length < pairs.length) return [];
    return [{
      ratio: quantile(ratios, share),
      mean: quantile(means, 0.5),
      variance: quantile(variances, share),
    }];
  });
}

/** The largest number of which all values are whole multiples, as far as float32 can tell; `undefined` if none is. */
function commonStep(
  pairs: readonly PatternPair[],
  pixels: Int32Array,
  limit: number,
): number | undefined {
  const values: number[] = [];
  const stride = Math.max(1, Math.ceil(2 * pairs.length * pixels.length / stepValues));
  let place = 0;
  for (const pattern of pairs.flat()) {
    for (; place < pixels.length; place += stride) {
      const value = Math.abs(pattern[pixels[place]]);
      if (value > 0 && value < limit) values.push(value);
    }
    place -= pixels.length;
  }
  if (values.length === 0) return undefined;
  values.sort((a, b) => a - b);
  // The brightest may be anything, such as marks of what is missing in one pattern.
  const trusted = values.filter((value) => value <= brightnessRange * values[values.length >> 1]);
  const largest = trusted[trusted.length - 1];
  const least = trusted.every(Number.isInteger) ? 0.5 : leastStep * largest;
  let step = trusted[0];
  for (const value of trusted) step = commonDivisor(step, value, least);
  if (!(step > 2 * least || Number.isInteger(step))) return undefined;
  // The step by the brightest is the most exact.
  return largest / Math.round(largest / step);
}

/** Euclid's algorithm for numbers with rounding errors: remainders below `least` are none. */
function commonDivisor(a: number, b: number, least: number): number {
  while (b > least) {
    const rest = Math.abs(a - b * Math.round(a / b));
    a = b;
    b = rest;
  }
  return a;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.slice().sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))];
}
