/** Bad pixels and the direct beam, from the means of a sample (spec stage 0). */

import type { FillTable } from "../../engine/loaded_scan.ts";
import { turn } from "../../engine/turn.ts";
import { medianOf } from "../../scan/median.ts";
import type { ScanShape } from "../../scan/shape.ts";
import type { DetectorSample } from "./detector_sample.ts";
import { brightDisks, type DirectBeam, mostSymmetric } from "./direct_beam.ts";
import { hiddenBeam } from "./hidden_beam.ts";
import { neighbours } from "./pixel_neighbours.ts";

/** Detector pixels that were treated as bad. */
export interface BadPixels {
  /** Where they came from. */
  readonly source: string;
  /** Flat (qy * Qx + qx) indices replaced by the median of their good neighbours. */
  readonly filled: readonly number[];
  /** Flat indices of larger bad regions, left out of every comparison. */
  readonly masked: readonly number[];
  /**
   * Values from here on are missing where they stand alone in a pattern, and are filled in it; absent: all is believed.
   */
  readonly largestBelieved?: number;
}

/** The map of bad pixels: 1 where one is filled or masked. */
export function badPixelMap({ filled, masked }: BadPixels, pixels: number): Uint8Array {
  const bad = new Uint8Array(pixels);
  for (const pixel of [...filled, ...masked]) bad[pixel] = 1;
  return bad;
}

/** Larger connected bad regions are masked, not filled. */
const largestFilled = 9;
/** A dead pixel is one without a count where its neighbours predict this many. */
const deadPrediction = 20;
/** A hot pixel stands this many times its noise above the local median, and above every neighbour but one by the ratio. */
const hotDeviations = 10;
const hotRatio = 2;
/** A hot pixel keeps at least this part of its excess in every part of the scan; a diffraction spot comes and goes. */
const hotSteadiness = 0.5;
/** Fewer good neighbours than this say nothing. */
const fewestNeighbours = 3;

/**
 * Finds hot and dead pixels: hot = far above the local median, nearly alone in it, and so all over the scan; dead =
 * without a count where the mean of its neighbours predicts at least 20 in the sample.
 *
 * @param known pixels already known to be bad (1), which say nothing about their neighbours
 * @param gain what one electron adds to the values
 * @returns a map with 1 = bad, the known ones included
 * @throws {Aborted} when the signal fires
 */
export async function findBadPixels(
  sample: DetectorSample,
  shape: ScanShape,
  known?: Uint8Array,
  signal?: AbortSignal,
  gain = 1,
): Promise<Uint8Array> {
  const { mean, patterns } = sample;
  const { patternRows, patternColumns } = shape;
  const bad = known ? known.slice() : new Uint8Array(mean.length);
  const ignored = known ?? new Uint8Array(mean.length);
  for (let row = 0; row < patternRows; row++) {
    await turn(signal);
    const top = Math.max(0, row - 1), bottom = Math.min(patternRows - 1, row + 1);
    for (let column = 0; column < patternColumns; column++) {
      const pixel = row * patternColumns + column, value = mean[pixel];
      if (ignored[pixel]) continue;
      const left = Math.max(0, column - 1), right = Math.min(patternColumns - 1, column + 1);
      // The two beside it settle most pixels, the two largest of the neighbours all but a few.
      const beside = left < column && column < right && !ignored[pixel - 1] && !ignored[pixel + 1];
      if (
        beside && value > 0 && value <= hotRatio * mean[pixel - 1] && value <= hotRatio * mean[pixel + 1]
      ) continue;
      let largest = -Infinity, second = -Infinity;
      for (let y = top; y <= bottom; y++) {
        for (let other = y * patternColumns + left; other <= y * patternColumns + right; other++) {
          if (other === pixel || ignored[other]) continue;
          const near = mean[other];
          if (near > largest) {
            second = largest;
            largest = near;
          } else if (near > second) second = near;
        }
      }
      const maybeDead = value === 0 && 2 * largest * patterns >= deadPrediction * gain;
      const maybeHot = value > hotRatio * second;
      if (!maybeDead && !maybeHot) continue;
      const near = neighbours(pixel, shape, 1).filter((other) => !known?.[other]);
      if (near.length < fewestNeighbours) continue;
      if (isDead(sample, pixel, near, gain) || (maybeHot && isHot(sample, pixel, shape, known, gain))) {
        bad[pixel] = 1;
      }
    }
  }
  return bad;
}

function isDead(
  { mean, patterns }: DetectorSample,
  pixel: number,
  near: readonly number[],
  gain: number,
): boolean {
  if (mean[pixel] !== 0) return false;
  const values = near.map((other) => mean[other]).sort((a, b) => b - a);
  return values.reduce((sum, value) => sum + value, 0) / values.length * patterns >= deadPrediction * gain;
}

function isHot(
  { mean, parts, patterns }: DetectorSample,
  pixel: number,
  shape: ScanShape,
  known: Uint8Array | undefined,
  gain: number,
): boolean {
  const wide = neighbours(pixel, shape, 2).filter((other) => !known?.[other]);
  const excess = excessOver(mean, pixel, wide);
  const spread = 1.4826 * medianOf(wide.map((other) => Math.abs(mean[other] - mean[pixel] + excess)));
  const counting = Math.sqrt(Math.max(mean[pixel] - excess, gain / patterns) * gain / patterns);
  if (!(excess > hotDeviations * Math.max(spread, counting))) return false;
  return parts.every((part) => excessOver(part, pixel, wide) >= hotSteadiness * excess);
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

/** What was found to be wrong with the detector, as loading mends it. */
export function cleaningOf({ filled, masked, largestBelieved }: BadPixels, shape: ScanShape): FillTable {
  return { ...fillTable(filled, masked, shape), largestBelieved };
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

/**
 * The direct beam: centre of mass and radius, in detector pixels, of the brightest disk of the mean pattern; where there are
 * others nearly as bright, of that about which the mean pattern is most symmetric. `hidden` where that is a place without a disk:
 * a beam stop's.
 */
export function findDirectBeam(
  { mean }: Pick<DetectorSample, "mean">,
  shape: ScanShape,
  bad?: Uint8Array,
): DirectBeam {
  const smooth = smoothed(mean, shape, bad);
  const disks = brightDisks(smooth, shape);
  // A dark scan has no beam: the first pixel would be as good as any, the centre is better.
  if (disks.length === 0) {
    return { row: (shape.patternRows - 1) / 2, column: (shape.patternColumns - 1) / 2, radius: 1 };
  }
  const taken = mostSymmetric(disks, smooth, shape, bad);
  const hidden = hiddenBeam(smooth, shape, bad, disks, taken);
  return hidden ? { ...hidden, hidden: true } : taken;
}

/** Means of the good pixels among each pixel and those around it; 0 where there are none. */
function smoothed(
  mean: Float64Array,
  { patternRows, patternColumns }: ScanShape,
  bad: Uint8Array | undefined,
): Float64Array {
  const smooth = new Float64Array(mean.length);
  for (let row = 0, pixel = 0; row < patternRows; row++) {
    const top = Math.max(0, row - 1), bottom = Math.min(patternRows - 1, row + 1);
    for (let column = 0; column < patternColumns; column++, pixel++) {
      const left = Math.max(0, column - 1), right = Math.min(patternColumns - 1, column + 1);
      let sum = 0, count = 0;
      for (let y = top; y <= bottom; y++) {
        for (let other = y * patternColumns + left; other <= y * patternColumns + right; other++) {
          if (other === pixel || bad?.[other]) continue;
          sum += mean[other];
          count++;
        }
      }
      if (!bad?.[pixel]) {
        sum += mean[pixel];
        count++;
      }
      if (count > 0) smooth[pixel] = sum / count;
    }
  }
  return smooth;
}

/** How far a pixel stands above the median of others. */
function excessOver(mean: Float64Array, pixel: number, others: readonly number[]): number {
  return mean[pixel] - medianOf(others.map((other) => mean[other]));
}
