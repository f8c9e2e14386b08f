/** Plain twins of the detector's clean-up: the definitions, without a thought for speed. */

import type { DetectorSample } from "../../library/passes/detector/detector_sample.ts";
import type { ScanShape } from "../../library/scan/shape.ts";
import { median } from "./oracles.ts";

/** Pixels within `reach` rows and columns of a pixel that are not known to be bad, without itself. */
function goodNeighbours(pixel: number, shape: ScanShape, reach: number, known?: Uint8Array): number[] {
  const { patternRows, patternColumns } = shape;
  return Array.from({ length: patternRows * patternColumns }, (_, other) => other).filter((other) =>
    other !== pixel && !known?.[other] &&
    Math.abs(Math.floor(other / patternColumns) - Math.floor(pixel / patternColumns)) <= reach &&
    Math.abs(other % patternColumns - pixel % patternColumns) <= reach
  );
}

/** Bad pixels as the method wants them: see `findBadPixels`. */
export function plainBadPixels(sample: DetectorSample, shape: ScanShape, known?: Uint8Array): Uint8Array {
  const { mean, parts, patterns } = sample;
  return mean.reduce((bad, value, pixel) => {
    const near = goodNeighbours(pixel, shape, 1, known).map((other) => mean[other]).sort((a, b) => b - a);
    if (known?.[pixel]) bad[pixel] = 1;
    if (known?.[pixel] || near.length < 3) return bad;
    const average = near.reduce((sum, each) => sum + each, 0) / near.length;
    if (value === 0 && average * patterns >= 20) bad[pixel] = 1;
    if (value <= 2 * near[1]) return bad;
    const wide = goodNeighbours(pixel, shape, 2, known);
    const level = (pattern: Float64Array) => median(wide.map((other) => pattern[other]));
    const excess = value - level(mean);
    const spread = 1.4826 * median(wide.map((other) => Math.abs(mean[other] - value + excess)));
    const counting = Math.sqrt(Math.max(value - excess, 1 / patterns) / patterns);
    const steady = parts.every((part) => part[pixel] - level(part) >= 0.5 * excess);
    if (steady && excess > 10 * Math.max(spread, counting)) bad[pixel] = 1;
    return bad;
  }, new Uint8Array(mean.length));
}

/** Means of all patterns of a scan, by rows of probes in four equal parts; what is not finite counts as zero. */
export function plainSample(data: ArrayLike<number>, { rows, columns }: ScanShape): DetectorSample {
  const pixels = data.length / rows / columns;
  const meanOf = (firstRow: number, endRow: number) => {
    const probes = Array.from({ length: (endRow - firstRow) * columns }, (_, i) => firstRow * columns + i);
    return Float64Array.from({ length: pixels }, (_, pixel) => {
      const values = probes.map((probe) => data[probe * pixels + pixel]).filter(Number.isFinite);
      return values.reduce((sum, value) => sum + value, 0) / probes.length;
    });
  };
  const parts = [0, 1, 2, 3].map((part) => meanOf(part * rows / 4, (part + 1) * rows / 4));
  return { mean: meanOf(0, rows), parts, patterns: rows * columns };
}
