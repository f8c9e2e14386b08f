/**
 * What stands for blurred patterns within a mask of the detector: samples under a smooth window, and all pixels of the
 * narrow strips along the mask's edges, each with a weight. The mask itself is the same hard one as on all pixels.
 */

import type { ScanShape } from "../../scan/shape.ts";
import { gaussianTaps } from "./gaussian.ts";
import { maskWindow } from "./mask_window.ts";
import { coverPixels } from "./pixel_boxes.ts";
import {
  type AxisSampling,
  chooseAxis,
  largestStep,
  type PatternSampling,
  smallestSide,
} from "./sampling.ts";

/** The window has frequencies of its own, so that samples lie nearer than for whole patterns: sigma by the step. */
const leastRatio = 1.15;
/** More values than this part of the pixels are not worth their while. */
const mostValues = 0.5;

/** Places of a pattern that are blurred together: some rows times some columns, and what each place counts. */
export interface MaskedPart {
  readonly sampling: PatternSampling;
  /** float64 (column node, row node): a value squared counts this much in the sum over the mask; 0 = not at all. */
  readonly weights: Float64Array;
}

/** Samples and strips of a masked pattern. */
export interface MaskedSampling {
  /** Standard deviation of the blur in pixels. */
  readonly sigma: number;
  readonly parts: readonly MaskedPart[];
}

/**
 * The values that stand for masked patterns blurred by `sigma` pixels; `undefined` where all pixels are needed: blurs of less
 * than 2.3 pixels, sides of less than 64, masks that are mostly edges.
 *
 * @param keep (row, column): 1 where a pixel takes part
 */
export function chooseMaskedSampling(
  { patternRows, patternColumns }: Pick<ScanShape, "patternRows" | "patternColumns">,
  sigma: number,
  keep: Uint8Array,
): MaskedSampling | undefined {
  const step = Math.min(largestStep, Math.floor(sigma / leastRatio));
  if (!(step >= 2) || Math.min(patternRows, patternColumns) < smallestSide) return undefined;
  const window = maskWindow(keep, patternRows, patternColumns, sigma);
  const strip = keep.map((kept, pixel) => kept && window[pixel] < 1 ? 1 : 0);
  const parts: MaskedPart[] = [];
  if (window.some((value) => value > 0)) {
    const rows = chooseAxis(patternRows, step, sigma), columns = chooseAxis(patternColumns, step, sigma);
    parts.push(weighted({ sigma, rows, columns }, (pixel) => window[pixel]));
  }
  const { radius } = gaussianTaps(sigma);
  for (const { top, bottom, left, right } of coverPixels(strip, patternRows, patternColumns, radius)) {
    const sampling = {
      sigma,
      rows: every(patternRows, top, bottom),
      columns: every(patternColumns, left, right),
    };
    parts.push(weighted(sampling, (pixel) => strip[pixel] ? 1 - window[pixel] : 0));
  }
  const values = parts.reduce(
    (sum, { weights }) => sum + weights.reduce((n, weight) => n + (weight > 0 ? 1 : 0), 0),
    0,
  );
  return values <= mostValues * keep.length ? { sigma, parts } : undefined;
}

/** Every pixel of an axis from one to another. */
function every(side: number, first: number, last: number): AxisSampling {
  const nodes = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return { side, step: 1, nodes, weights: new Float64Array(nodes.length).fill(1) };
}

/** The places with the weights of the axes times those of a map. */
function weighted(sampling: PatternSampling, weight: (pixel: number) => number): MaskedPart {
  const { rows, columns } = sampling, weights = new Float64Array(rows.nodes.length * columns.nodes.length);
  columns.nodes.forEach((column, j) =>
    rows.nodes.forEach((row, i) =>
      weights[j * rows.nodes.length + i] = rows.weights[i] * columns.weights[j] *
        weight(row * columns.side + column)
    )
  );
  return { sampling, weights };
}
