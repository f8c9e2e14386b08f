/**
 * Detector pixels that do not count but show a number: stuck at the largest value of their type, at another, or far above
 * everything around, in lines and blocks of any shape.
 */

import { fadesInto, pixelsAround, regionFrom } from "../../engine/missing_pixels.ts";
import { medianOf } from "../../scan/median.ts";
import type { DType } from "../../scan/dtype.ts";
import type { Scan } from "../../scan/scan.ts";
import type { ScanShape } from "../../scan/shape.ts";
import type { DetectorSample } from "./detector_sample.ts";
import type { PatternPair } from "./neighbour_pairs.ts";

/** Patterns in which a pixel must show the same before that says something. */
const fewestPatterns = 26;
/** Of fewer patterns, the chance that counts are all the same must be below this. */
const likelyChance = 1e-10;
/** Values that lie closer together than this part of their counting noise are not counted. */
const stillness = 0.5;
/** Share of a row or column that is stuck or bright when the whole of it is. */
const lineShare = 0.75;
/** A line is bright if its median is this many times that of the lines around it, and there are that many counts in it. */
const lineContrast = 8, lineCounts = 50;
/** Lines on each side that are compared with. */
const lineReach = 4;
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

function isOftenSaturated({ saturated, patterns }: PixelRanges, pixel: number): boolean {
  return saturated[pixel] > 0 && saturated[pixel] >= oftenSaturated * patterns;
}

/** Values up to so large that lie closer together are not counted. */
function leastVariation(largest: number, gain: number): number {
  return stillness * Math.sqrt(gain * Math.max(0, largest));
}

/** 1 where a pixel showed one and the same number other than 0 in every pattern. */
export function constantPixels({ least, largest }: PixelRanges): Uint8Array {
  const constant = new Uint8Array(least.length);
  for (let pixel = 0; pixel < least.length; pixel++) {
    if (least[pixel] === largest[pixel] && least[pixel] !== 0) constant[pixel] = 1;
  }
  return constant;
}

/** What {@link findStuckPixels} finds. */
export interface StuckPixels {
  /** 1 = bad, (qy, qx) row-major. */
  readonly bad: Uint8Array;
  /** Whether sound pixels, of the direct beam as a rule, are saturated again and again. */
  readonly saturates: boolean;
}

/**
 * Finds them. A saturated direct beam is no fault: around it patterns are bright, and nothing is brighter.
 *
 * @param gain what one electron adds to the values
 */
export function findStuckPixels(
  sample: DetectorSample,
  ranges: PixelRanges,
  shape: ScanShape,
  gain: number,
): StuckPixels {
  const { mean } = sample, { patternColumns } = shape;
  const still = stillPixels(ranges, gain);
  const bad = stillLines(shape, still);
  const suspects = still.map((value, pixel) => bad[pixel] ? 0 : value);
  const brightest = mean.reduce(
    (most, value, pixel) => still[pixel] || bad[pixel] ? most : Math.max(most, value),
    0,
  );
  const seen = new Uint8Array(mean.length);
  let saturates = false;
  for (let start = 0; start < mean.length; start++) {
    if (!suspects[start] || seen[start]) continue;
    const region = regionFrom(start, suspects, seen, patternColumns);
    const value = ranges.largest[start];
    const around = pixelsAround(region, suspects, patternColumns).filter((pixel) => !bad[pixel])
      .map((pixel) => mean[pixel]);
    const fades = fadesInto(around, value);
    if (value >= brightest && fades) saturates ||= value >= ranges.saturation;
    else for (const pixel of region) bad[pixel] = 1;
  }
  return { bad, saturates };
}

/** 1 where a pixel does not vary as counts would, or is saturated too often; nothing where hardly any pixel varies. */
function stillPixels(ranges: PixelRanges, gain: number): Uint8Array {
  const { least, largest, saturated, patterns } = ranges;
  let varying = 0, lit = 0;
  const still = new Uint8Array(least.length);
  for (let pixel = 0; pixel < least.length; pixel++) {
    const high = largest[pixel], range = high - least[pixel];
    if (high === 0 && range === 0) continue;
    lit++;
    if (range > 0) varying++;
    const size = Math.max(Math.abs(high), Math.abs(least[pixel])) / gain;
    // Of n counts of mean m, n - 1 are equal to the first with a chance below (2 pi m)^(-1/2) each.
    const chance = Math.min(1, (2 * Math.PI * size) ** (-(patterns - 1) / 2));
    const telling = patterns >= fewestPatterns || chance < likelyChance;
    if (isOftenSaturated(ranges, pixel) || telling && range <= leastVariation(high, gain)) {
      still[pixel] = 1;
    }
  }
  return 2 * varying >= lit ? still : still.map((value, pixel) => value && saturated[pixel] > 0 ? 1 : 0);
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

/** Rows, then columns: how many there are, how long they are, and where their pixels lie. */
function linesOf(
  { patternRows, patternColumns }: ScanShape,
): { readonly lines: number; readonly pixels: (line: number) => number[] }[] {
  return [
    {
      lines: patternRows,
      pixels: (row) => Array.from({ length: patternColumns }, (_, column) => row * patternColumns + column),
    },
    {
      lines: patternColumns,
      pixels: (column) => Array.from({ length: patternRows }, (_, row) => row * patternColumns + column),
    },
  ];
}

/** 1 in still pixels of rows and columns of which nearly every pixel is still. */
function stillLines(shape: ScanShape, still: Uint8Array): Uint8Array {
  const bad = new Uint8Array(still.length);
  for (const { lines, pixels } of linesOf(shape)) {
    for (let line = 0; line < lines; line++) {
      const all = pixels(line), found = all.filter((pixel) => still[pixel]);
      if (found.length >= lineShare * all.length) { for (const pixel of found) bad[pixel] = 1; }
    }
  }
  return bad;
}

/**
 * Finds rows and columns that are far brighter than those around them, from end to end and all over the scan.
 *
 * @param known pixels already known to be bad (1)
 * @param gain what one electron adds to the values
 * @returns a map with 1 = bad, the known ones not included
 */
export function findBrightLines(
  { mean, parts, patterns }: DetectorSample,
  shape: ScanShape,
  known: Uint8Array,
  gain: number,
): Uint8Array {
  const bad = new Uint8Array(mean.length);
  for (const { lines, pixels } of linesOf(shape)) {
    const good = Array.from({ length: lines }, (_, line) => pixels(line).filter((pixel) => !known[pixel]));
    const level = (of: Float64Array, line: number) => {
      const own = good[line];
      return own.length > 0 ? medianOf(own.map((pixel) => of[pixel])) : NaN;
    };
    const around = (levelOf: (line: number) => number, line: number) => {
      const near: number[] = [];
      for (let other = line - lineReach; other <= line + lineReach; other++) {
        if (other < 0 || other >= lines || other === line) continue;
        const value = levelOf(other);
        if (!Number.isNaN(value)) near.push(value);
      }
      return near.length > 0 ? medianOf(near) : Infinity;
    };
    const levels = Array.from({ length: lines }, (_, line) => level(mean, line));
    for (let line = 0; line < lines; line++) {
      const beside = around((other) => levels[other], line);
      if (!(levels[line] * patterns >= lineCounts * gain && levels[line] > lineContrast * beside)) continue;
      const everywhere = parts.every((part) =>
        level(part, line) > lineContrast * around((other) => level(part, other), line)
      );
      if (!everywhere) continue;
      for (const pixel of good[line]) if (mean[pixel] > beside) bad[pixel] = 1;
    }
  }
  return bad;
}
