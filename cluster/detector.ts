/** What a sample of the scan tells about the detector: mean pattern, bad pixels, direct beam (spec stage 0). */

import type { FillTable } from "../engine/rows.ts";
import { turn } from "../engine/turn.ts";
import { createPixelArray } from "../scan/dtype.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount, type ScanShape } from "../scan/shape.ts";

/** Patterns that are looked at. */
const samplePatterns = 4096;
/** A sample takes at least this many scan rows, so that it is spread over the scan. */
const sampleRows = 16;
/** Larger connected bad regions are masked, not filled. */
const largestFilled = 9;
/** A dead pixel is one without a count where its neighbours predict this many. */
const deadPrediction = 20;
/** A hot pixel stands this many times its noise above the local median, and above every neighbour but one by the ratio. */
const hotDeviations = 10;
const hotRatio = 2;
/** A hot pixel keeps at least this part of its excess in every part of the scan; a diffraction spot comes and goes. */
const hotSteadiness = 0.5;
/** Parts of the scan, along its rows, that are averaged one by one. */
const sampleParts = 4;

/** Mean of patterns spread over a scan. */
export interface DetectorSample {
  /** float64 (qy, qx). */
  readonly mean: Float64Array;
  /** Means of up to four parts of the scan, one below the other, equally many patterns each but for one row. */
  readonly parts: readonly Float64Array[];
  /** Number of patterns averaged. */
  readonly patterns: number;
}

/** Averages up to 4,096 patterns spread evenly over the scan, or all if there are fewer. NaN counts as zero. */
export async function sampleDetector(scan: Scan, signal?: AbortSignal): Promise<DetectorSample> {
  const { rows, columns } = scan.shape;
  const pixels = pixelCount(scan.shape);
  const rowCount = Math.min(rows, Math.max(sampleRows, Math.ceil(samplePatterns / columns)));
  const columnCount = Math.min(columns, Math.max(1, Math.floor(samplePatterns / rowCount)));
  const buffer = createPixelArray(scan.dtype, columns * pixels);
  const partCount = Math.min(sampleParts, rowCount);
  const integers = !scan.dtype.startsWith("f");
  const sums = Array.from({ length: partCount }, () => new Float64Array(pixels));
  const rowsOfPart = new Array<number>(partCount).fill(0);
  for (let i = 0; i < rowCount; i++) {
    await turn(signal);
    scan.readRows(Math.floor((i + 0.5) * rows / rowCount), 1, buffer);
    const part = Math.floor(i * partCount / rowCount), sum = sums[part];
    rowsOfPart[part]++;
    for (let j = 0; j < columnCount; j++) {
      const start = Math.floor((j + 0.5) * columns / columnCount) * pixels;
      if (integers) { for (let pixel = 0; pixel < pixels; pixel++) sum[pixel] += buffer[start + pixel]; }
      else {
        for (let pixel = 0; pixel < pixels; pixel++) {
          const value = buffer[start + pixel];
          if (Number.isFinite(value)) sum[pixel] += value;
        }
      }
    }
  }
  const patterns = rowCount * columnCount;
  const mean = Float64Array.from(
    { length: pixels },
    (_, pixel) => sums.reduce((total, sum) => total + sum[pixel], 0) / patterns,
  );
  const parts = sums.map((sum, part) => sum.map((total) => total / (rowsOfPart[part] * columnCount)));
  return { mean, parts, patterns };
}

/**
 * Finds hot and dead pixels: hot = far above the local median, nearly alone in it, and so all over the scan; dead =
 * without a count where the mean of its neighbours predicts at least 20 in the sample.
 *
 * @param known pixels already known to be bad (1), which say nothing about their neighbours
 * @returns a map with 1 = bad, the known ones included
 */
export function findBadPixels(sample: DetectorSample, shape: ScanShape, known?: Uint8Array): Uint8Array {
  const { mean, parts, patterns } = sample;
  const bad = known ? known.slice() : new Uint8Array(mean.length);
  for (let pixel = 0; pixel < mean.length; pixel++) {
    if (known?.[pixel]) continue;
    const near = neighbours(pixel, shape, 1).filter((other) => !known?.[other]).map((other) => mean[other]);
    if (near.length < 3) continue;
    near.sort((a, b) => b - a);
    const average = near.reduce((sum, value) => sum + value, 0) / near.length;
    if (mean[pixel] === 0 && average * patterns >= deadPrediction) bad[pixel] = 1;
    if (mean[pixel] <= hotRatio * near[1]) continue;
    const wide = neighbours(pixel, shape, 2).filter((other) => !known?.[other]);
    const excess = excessOver(mean, pixel, wide);
    const spread = 1.4826 * median(wide.map((other) => Math.abs(mean[other] - mean[pixel] + excess)));
    const counting = Math.sqrt(Math.max(mean[pixel] - excess, 1 / patterns) / patterns);
    const steady = parts.every((part) => excessOver(part, pixel, wide) >= hotSteadiness * excess);
    if (steady && excess > hotDeviations * Math.max(spread, counting)) bad[pixel] = 1;
  }
  return bad;
}

/** Divides bad pixels into those that can be filled and those in regions of more than 9 pixels, which are masked. */
export function divideBadPixels(bad: Uint8Array, shape: ScanShape): { filled: number[]; masked: number[] } {
  const seen = new Uint8Array(bad.length);
  const filled: number[] = [], masked: number[] = [];
  for (let start = 0; start < bad.length; start++) {
    if (!bad[start] || seen[start]) continue;
    const region = [start];
    seen[start] = 1;
    for (const pixel of region) {
      for (const other of neighbours(pixel, shape, 1)) {
        if (bad[other] && !seen[other]) region.push(other), seen[other] = 1;
      }
    }
    const kind = region.length > largestFilled ? masked : filled;
    for (const pixel of region) kind.push(pixel);
  }
  const numerically = (a: number, b: number) => a - b;
  return { filled: filled.sort(numerically), masked: masked.sort(numerically) };
}

/** Bad pixels as the kernels take them: good neighbours at distance 1, or at distance 2 where there are none. */
export function fillTable(filled: readonly number[], masked: readonly number[], shape: ScanShape): FillTable {
  const bad = new Set([...filled, ...masked]);
  const count = filled.length + masked.length;
  const table = new Int32Array(26 * count);
  filled.forEach((pixel, entry) => {
    const good = [1, 2].map((reach) => neighbours(pixel, shape, reach).filter((other) => !bad.has(other)));
    const chosen = good[0].length > 0 ? good[0] : good[1];
    table.set([pixel, chosen.length, ...chosen], 26 * entry);
  });
  // Without neighbours a masked pixel becomes zero.
  masked.forEach((pixel, i) => table.set([pixel, 0], 26 * (filled.length + i)));
  return { table, count };
}

/** The direct beam: centre of mass and radius, in detector pixels, of the brightest disk of the mean pattern. */
export function findDirectBeam(
  { mean }: DetectorSample,
  shape: ScanShape,
  bad?: Uint8Array,
): { row: number; column: number; radius: number } {
  const { patternColumns } = shape;
  const good = (pixel: number) => !bad?.[pixel];
  const smooth = mean.map((value, pixel) => {
    const values = neighbours(pixel, shape, 1).filter(good).map((other) => mean[other]);
    if (good(pixel)) values.push(value);
    return values.length ? values.reduce((sum, each) => sum + each, 0) / values.length : 0;
  });
  const brightest = smooth.reduce((best, value, pixel) => value > smooth[best] ? pixel : best, 0);
  const disk = [brightest], seen = new Set(disk);
  for (const pixel of disk) {
    for (const other of neighbours(pixel, shape, 1)) {
      if (!seen.has(other) && smooth[other] > smooth[brightest] / 2) disk.push(other), seen.add(other);
    }
  }
  let weight = 0, row = 0, column = 0;
  for (const pixel of disk) {
    weight += smooth[pixel];
    row += smooth[pixel] * Math.floor(pixel / patternColumns);
    column += smooth[pixel] * (pixel % patternColumns);
  }
  // A dark scan has no beam: the first pixel would be as good as any, the centre is better.
  if (!(weight > 0)) return { row: (shape.patternRows - 1) / 2, column: (patternColumns - 1) / 2, radius: 1 };
  return { row: row / weight, column: column / weight, radius: Math.sqrt(disk.length / Math.PI) };
}

/** How far a pixel stands above the median of others. */
function excessOver(mean: Float64Array, pixel: number, others: readonly number[]): number {
  return mean[pixel] - median(others.map((other) => mean[other]));
}

/** Pixels within `reach` rows and columns of a pixel, itself left out, in index order. */
function neighbours(pixel: number, shape: ScanShape, reach: number): number[] {
  const row = Math.floor(pixel / shape.patternColumns), column = pixel % shape.patternColumns;
  const found: number[] = [];
  for (let y = Math.max(0, row - reach); y <= Math.min(shape.patternRows - 1, row + reach); y++) {
    for (let x = Math.max(0, column - reach); x <= Math.min(shape.patternColumns - 1, column + reach); x++) {
      if (y !== row || x !== column) found.push(y * shape.patternColumns + x);
    }
  }
  return found;
}

function median(values: number[]): number {
  const sorted = values.slice().sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
