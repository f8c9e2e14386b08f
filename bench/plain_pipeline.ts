/**
 * The whole pipeline in plain TypeScript on one thread, with the scan in memory as most scripts have it: what the
 * engine and its kernels are measured against. Cosine metric, no masks, no bad pixels.
 */

import {
  halfFootprint,
  patternWeights,
  type PrefilterWeights,
} from "../library/passes/prefilter/footprint.ts";
import type { PrefilterParameters } from "../library/passes/prefilter/parameters.ts";
import { FilterTerms } from "../library/passes/prefilter/filter_terms.ts";
import { gaussianTaps } from "../library/passes/features/gaussian.ts";
import { growClusters } from "../library/cluster/growth.ts";
import { allDirections, meanSimilarity } from "../library/scan/neighbours.ts";
import type { GrowthParameters } from "./pipelines.ts";
import type { Scan } from "../library/scan/scan.ts";
import { pixelCount, type ScanShape } from "../library/scan/shape.ts";
import {
  addWeighted,
  Blur,
  correlation,
  type Pixels,
  productsPerProbe,
  similarity,
  weighted,
} from "./plain.ts";

/** Clusters a scan and averages its clusters; gives the labels. */
export function plainPipeline(scan: Scan, parameters: GrowthParameters): Int32Array {
  const { shape } = scan;
  const pixels = pixelCount(shape), rowLength = shape.columns * pixels;
  const raw = new Uint16Array(shape.rows * rowLength);
  scan.readRows(0, shape.rows, raw);
  const patterns = parameters.prefilter ? filteredScan(raw, shape, parameters.prefilter) : raw;
  const compared = parameters.blur > 0 ? blurredScan(patterns, shape, parameters.blur) : patterns;
  const all = allDirections(forwardSimilarity(compared, shape), shape.rows, shape.columns);
  const mean = meanSimilarity(all, parameters.missingNeighbour);
  const { labels, sizes } = growClusters({
    rows: shape.rows,
    columns: shape.columns,
    similarity: all,
    meanSimilarity: mean,
    mask: new Uint8Array(mean.length).fill(1),
    threshold: parameters.threshold,
    borderWidth: parameters.borderWidth,
    minimumSize: parameters.minimumSize,
  });
  const sums = new Float64Array(sizes.length * pixels);
  const averaged = parameters.average === "filtered" ? patterns : raw;
  labels.forEach((label, probe) => {
    if (label >= 0) addWeighted(averaged, probe, 1 / sizes[label], pixels, sums, label * pixels);
  });
  return labels;
}

function forwardSimilarity(patterns: Pixels, { rows, columns, ...pattern }: ScanShape): Float32Array {
  const pixels = pattern.patternRows * pattern.patternColumns, rowLength = columns * pixels;
  const row = (index: number) => patterns.subarray(index * rowLength, (index + 1) * rowLength);
  const products = new Float64Array(rows * columns * productsPerProbe);
  for (let upper = 0; upper < rows; upper++) {
    const into = products.subarray(
      upper * columns * productsPerProbe,
      (upper + 1) * columns * productsPerProbe,
    );
    similarity(row(upper), row(Math.min(upper + 1, rows - 1)), columns, pixels, into);
  }
  const result = new Float32Array(rows * columns * 4);
  const others = [1, columns - 1, columns, columns + 1];
  const square = (probe: number) => products[probe * productsPerProbe + 4];
  for (let probe = 0; probe < rows * columns; probe++) {
    others.forEach((distance, direction) => {
      const product = products[probe * productsPerProbe + direction];
      result[4 * probe + direction] = product / Math.sqrt(square(probe) * square(probe + distance));
    });
  }
  return result;
}

function blurredScan(patterns: Pixels, shape: ScanShape, sigma: number): Float32Array {
  const blurred = new Float32Array(patterns.length);
  new Blur(shape.patternRows, shape.patternColumns, gaussianTaps(sigma).weights)
    .run(patterns, blurred, shape.rows * shape.columns);
  return blurred;
}

function filteredScan(raw: Uint16Array, shape: ScanShape, parameters: PrefilterParameters): Float32Array {
  const pixels = pixelCount(shape);
  const weights = prefilterWeights(raw, shape, parameters);
  const filtered = new Float32Array(raw.length);
  const parts = new FilterTerms(weights, shape);
  for (let probe = 0; probe < shape.rows * shape.columns; probe++) {
    const count = parts.partsOf(Math.floor(probe / shape.columns), probe % shape.columns);
    for (let i = 0; i < count; i++) {
      addWeighted(raw, parts.probes[i], parts.weights[i], pixels, filtered, probe * pixels);
    }
  }
  return filtered;
}

function prefilterWeights(
  raw: Uint16Array,
  shape: ScanShape,
  parameters: PrefilterParameters,
): PrefilterWeights {
  const { rows, columns } = shape;
  const [low, high] = parameters.range;
  const offsets = halfFootprint(parameters);
  const patterns = blurredScan(raw, shape, parameters.blur);
  weighted(patterns, rows * columns, patternWeights(shape, parameters.edge));
  const values = new Float32Array(rows * columns * offsets.length);
  for (let probe = 0; probe < rows * columns; probe++) {
    const row = Math.floor(probe / columns), column = probe % columns;
    offsets.forEach(([down, right], index) => {
      if (row + down >= rows || column + right < 0 || column + right >= columns) return;
      const value = correlation(patterns, probe, probe + down * columns + right, pixelCount(shape));
      values[probe * offsets.length + index] = Math.max(0, Math.min(1, (value - low) / (high - low)));
    });
  }
  return { offsets, values };
}
