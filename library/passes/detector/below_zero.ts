/** Counts that stand on a constant below zero, such as what a dark reference took away: dark pixels show it. */

import type { DetectorSample } from "./detector_sample.ts";
import type { PatternPair } from "./neighbour_pairs.ts";
import { darkValue } from "./pixel_ranges.ts";

/** The value below 0 that pixels show without an electron; 0 where they show none. */
export function constantBelow(
  pairs: readonly PatternPair[],
  mean: Float64Array,
  left: Uint8Array | undefined,
): number {
  // Types without a sign have nothing below 0.
  if (!pairs.some(([one, other]) => one instanceof Float32Array || other instanceof Float32Array)) return 0;
  const pixels = Int32Array.from(mean.keys()).filter((pixel) => mean[pixel] !== 0 && !left?.[pixel]);
  const least = new Float32Array(pixels.length).fill(Infinity);
  for (const pattern of pairs.flat()) {
    for (let i = 0; i < pixels.length; i++) least[i] = Math.min(least[i], pattern[pixels[i]]);
  }
  return Math.min(0, darkValue({ least, saturation: Infinity }));
}

/** The same patterns with something added to all values. */
export function lift(pairs: readonly PatternPair[], by: number): readonly PatternPair[] {
  if (by === 0) return pairs;
  const lifted = (pattern: PatternPair[0]) => Float32Array.from(pattern, (value) => value + by);
  return pairs.map(([one, other]) => [lifted(one), lifted(other)]);
}

/** A mean pattern with something added where anything was recorded. */
export function liftedMean(mean: Float64Array, by: number): Float64Array {
  if (by === 0) return mean;
  return mean.map((value) => value === 0 ? 0 : value + by);
}

/** The same of a sample. */
export function liftedSample({ mean, parts, patterns }: DetectorSample, by: number): DetectorSample {
  return { mean: liftedMean(mean, by), parts: parts.map((part) => liftedMean(part, by)), patterns };
}
