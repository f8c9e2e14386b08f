/** Least and largest values of detector pixels, what they cannot exceed, and what pixels show where they are sound. */

import { medianOf } from "../../scan/median.ts";
import type { DType } from "../../scan/dtype.ts";
import type { Scan } from "../../scan/scan.ts";
import type { PatternPair } from "./neighbour_pairs.ts";

/** Values that lie closer together than this part of their counting noise are not counted. */
const stillness = 0.5;
/** Share of the patterns in which a pixel at the largest value is so for good. */
const oftenSaturated = 0.1;
/** Share of the patterns in which a pixel must be sound for its mean there to say something. */
const soundShare = 0.25;

/** Largest values that converters of so many bits give. */
const saturations = [10, 12, 14, 15, 16, 20, 24, 31, 32].map((bits) => 2 ** bits - 1);

/** Least and largest values of every detector pixel in some patterns. */
export interface PixelRanges {
  readonly least: Float32Array;
  readonly largest: Float32Array;
  /** Number of patterns in which a pixel shows the saturation, or more. */
  readonly saturated: Int32Array;
  /** Least value of a pixel among those. */
  readonly leastSaturated: Float32Array;
  /** Number of patterns looked at. */
  readonly patterns: number;
  /** What no pixel can exceed, as the values are computed: see {@link saturationOf}. */
  readonly saturation: number;
}

/**
 * The largest value that pixels can have: that which their file says, or that of their type, or of fewer bits if the
 * largest value seen is one; `Infinity` where none is known. 32-bit numbers are computed as float32, so that their largest
 * are 2^31 and 2^32.
 *
 * @param largest largest value that was seen
 */
export function saturationOf(
  { dtype, saturation = Infinity }: Pick<Scan, "dtype" | "saturation">,
  largest: number,
): number {
  return Math.min(Math.fround(saturation), ofNumbers(dtype, largest));
}

function ofNumbers(dtype: DType, largest: number): number {
  if (dtype === "f32" || dtype === "f64") {
    return saturations.find((value) => Math.fround(value) === largest) ?? Infinity;
  }
  const ofType = Math.fround({ u8: 255, u16: 65535, i16: 32767, u32: 2 ** 32 - 1, i32: 2 ** 31 - 1 }[dtype]);
  return saturations.find((value) => Math.fround(value) === largest) ?? ofType;
}

/**
 * The brightest pixel of a pattern, as patterns go: the median over those that are not blank. What single patterns hold by
 * fault does not count.
 *
 * @param left pixels to leave out (1)
 */
export function usualMaximum(pairs: readonly PatternPair[], left: Uint8Array): number {
  const maxima = pairs.flat().map((pattern) => {
    let largest = 0;
    for (let pixel = 0; pixel < pattern.length; pixel++) {
      if (pattern[pixel] > largest && !left[pixel]) largest = pattern[pixel];
    }
    return largest;
  }).filter((largest) => largest > 0);
  return maxima.length > 0 ? medianOf(maxima) : 0;
}

/** Looks at every pixel in the patterns of pairs. */
export function pixelRanges(pairs: readonly PatternPair[], pixels: number, saturation: number): PixelRanges {
  const least = new Float32Array(pixels).fill(Infinity), largest = new Float32Array(pixels).fill(-Infinity);
  const saturated = new Int32Array(pixels), leastSaturated = new Float32Array(pixels).fill(Infinity);
  for (const pair of pairs) {
    for (const pattern of pair) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        const value = pattern[pixel];
        if (value < least[pixel]) least[pixel] = value;
        if (value > largest[pixel]) largest[pixel] = value;
        if (value < saturation) continue;
        saturated[pixel]++;
        if (value < leastSaturated[pixel]) leastSaturated[pixel] = value;
      }
    }
  }
  return { least, largest, saturated, leastSaturated, patterns: 2 * pairs.length, saturation };
}

/**
 * Whether pixels go on counting beyond the saturation: most of those that often are beyond it vary there as counts do.
 *
 * @param gain what one electron adds to the values
 */
export function countsBeyond(ranges: PixelRanges, gain: number): boolean {
  let often = 0, varying = 0;
  ranges.largest.forEach((largest, pixel) => {
    if (!isOftenSaturated(ranges, pixel)) return;
    often++;
    if (largest - ranges.leastSaturated[pixel] > leastVariation(largest, gain)) varying++;
  });
  return 2 * varying > often;
}

/** Whether a pixel is saturated in so many patterns that this is no chance. */
export function isOftenSaturated({ saturated, patterns }: PixelRanges, pixel: number): boolean {
  return saturated[pixel] > 0 && saturated[pixel] >= oftenSaturated * patterns;
}

/** Values up to so large that lie closer together are not counted. */
export function leastVariation(largest: number, gain: number): number {
  return stillness * Math.sqrt(gain * Math.max(0, largest));
}

/**
 * What pixels show without an electron: the least value that half of them or more share, where there is one; else 0. Counts that
 * stand on a constant below zero show that.
 */
export function darkValue({ least, saturation }: Pick<PixelRanges, "least" | "saturation">): number {
  // Most detectors show 0 in most pixels, which need not be sorted to know.
  const dark = least.reduce((count, value) => value === 0 ? count + 1 : count, 0);
  if (dark > least.length >> 1) return 0;
  const sorted = least.slice().sort();
  // Half of all and more lie about the middle.
  const middle = sorted[sorted.length >> 1] ?? 0;
  const shared = least.reduce((count, value) => value === middle ? count + 1 : count, 0);
  return middle < saturation && 2 * shared >= least.length ? middle : 0;
}

/** 1 where a pixel showed one and the same number, other than what it shows without an electron, in every pattern. */
export function constantPixels(ranges: PixelRanges): Uint8Array {
  const { least, largest } = ranges, dark = darkValue(ranges);
  const constant = new Uint8Array(least.length);
  for (let pixel = 0; pixel < least.length; pixel++) {
    if (least[pixel] === largest[pixel] && least[pixel] !== dark) constant[pixel] = 1;
  }
  return constant;
}

/** A mean pattern, and in which pixels nothing is known of it. */
export interface SoundMean {
  /** float64 (qy, qx). */
  readonly mean: Float64Array;
  /** 1 = unknown. */
  readonly unknown: Uint8Array;
}

/**
 * The mean pattern in which pixels that are saturated in some patterns only are those of the others: where a fault comes and
 * goes over the direct beam, the beam is seen in between.
 *
 * @param mean mean pattern, whatever it has in bad pixels
 * @param bad pixels that are bad (1)
 * @param ranges of the patterns of `pairs`
 */
export function meanWhereSound(
  mean: Float64Array,
  bad: Uint8Array,
  { saturated, patterns, saturation }: PixelRanges,
  pairs: readonly PatternPair[],
): SoundMean {
  const known = mean.slice(), unknown = bad.slice();
  for (let pixel = 0; pixel < mean.length; pixel++) {
    const sound = patterns - saturated[pixel];
    if (!bad[pixel] || saturated[pixel] === 0 || sound < soundShare * patterns) continue;
    let sum = 0;
    for (const pair of pairs) for (const { [pixel]: value } of pair) if (value < saturation) sum += value;
    known[pixel] = sum / sound;
    unknown[pixel] = 0;
  }
  return { mean: known, unknown };
}
