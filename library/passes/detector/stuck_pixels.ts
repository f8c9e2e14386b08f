/**
 * Detector pixels that do not count but show a number: stuck at the largest value of their type, at another, or far above
 * everything around, in lines and blocks of any shape.
 */

import { fadesInto, pixelsAround, regionFrom } from "../../engine/missing_pixels.ts";
import type { ScanShape } from "../../scan/shape.ts";
import type { DetectorSample } from "./detector_sample.ts";
import { linesOf } from "./detector_lines.ts";
import { darkValue, isOftenSaturated, leastVariation, type PixelRanges } from "./pixel_ranges.ts";

/** Patterns in which a pixel must show the same before that says something. */
const fewestPatterns = 26;
/** Of fewer patterns, the chance that counts are all the same must be below this. */
const likelyChance = 1e-10;
/** Share of a row or column that is stuck or bright when the whole of it is. */
const lineShare = 0.75;

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
  const { least, largest, saturated, patterns } = ranges, dark = darkValue(ranges);
  let varying = 0, lit = 0;
  const still = new Uint8Array(least.length);
  for (let pixel = 0; pixel < least.length; pixel++) {
    const high = largest[pixel] - dark, range = largest[pixel] - least[pixel];
    if (high === 0 && range === 0) continue;
    lit++;
    if (range > 0) varying++;
    const size = Math.max(Math.abs(high), Math.abs(least[pixel] - dark)) / gain;
    // Of n counts of mean m, n - 1 are equal to the first with a chance below (2 pi m)^(-1/2) each.
    const chance = Math.min(1, (2 * Math.PI * size) ** (-(patterns - 1) / 2));
    const telling = patterns >= fewestPatterns || chance < likelyChance;
    if (isOftenSaturated(ranges, pixel) || telling && range <= leastVariation(high, gain)) {
      still[pixel] = 1;
    }
  }
  return 2 * varying >= lit ? still : still.map((value, pixel) => value && saturated[pixel] > 0 ? 1 : 0);
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
