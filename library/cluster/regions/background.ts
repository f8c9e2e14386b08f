/**
 * Whether a scan shows support or liquid without crystals, and where.
 *
 * Vacuum and amorphous support scatter next to nothing that distinguishes one place from another: once what all patterns
 * share is removed (`withoutCommon`), the signal that neighbours have in common is hardly above the noise there. On its
 * logarithm the background is a lower mode that is compact, weak and separated from the crystals by a valley. The weakest
 * grains of films, far from their reflections, still have a hundredth of the signal of the others.
 */

import { forwardOffsets } from "../../scan/neighbours.ts";
import type { Sketch } from "../../passes/sketch/sketch.ts";
import { neighbourProducts, squaredLengths } from "./grid.ts";

/** Whether there is a background, and what speaks for it. */
export interface BackgroundEvidence {
  /** Whether a background was declared. */
  readonly present: boolean;
  /** Whether little would have turned the answer, in valley or ratio: look at the map. */
  readonly doubtful: boolean;
  /** Depth of the valley: probes 1 to 2 powers of e above the lower mode, relative to those within half a power. */
  readonly valley: number;
  /** Median signal of the lower mode relative to that of the upper. */
  readonly ratio: number;
  /** Part of the probes that take part which the background covers; absent in results of earlier versions. */
  readonly coverage?: number;
  /** Part of what was proposed as background that lies in regions with a pattern of their own; absent where nothing was. */
  readonly grains?: number;
}

/** The valley of a background is emptier than this, relative to the peak of the lower mode. */
const deepestValley = 0.5;
/** The background's signal is less than this fraction of the crystals', ... */
const weakestRatio = 0.006;
/** ... or than this many times what noise alone can give, as long as crystals stand out from it. */
const noiseLevels = 2, largestRatio = 0.15;
/** The background covers more than this fraction of the probes. */
const leastCoverage = 0.02;
/** Of fewer probes nothing can be said of modes and valleys. */
const fewestProbes = 32;
/** Between these values of the valley the answer is doubtful, and so it is with a ratio this many times too large or small. */
const doubtfulValley: readonly [number, number] = [0.3, 0.8];
const doubtfulFactor = 2.5;
/** The background ends this far above the median of its mode, in powers of e. */
const reach = 1.5;

/** The evidence with the maps that it rests on. */
export interface Background extends BackgroundEvidence {
  readonly coverage: number;
  /** uint8 (row, column): 1 where it was proposed probe by probe, whatever became of that. */
  readonly proposed: Uint8Array;
  /** uint8 (row, column): 1 where the background is; all 0 where none was declared. */
  readonly map: Uint8Array;
  /** float32 (row, column): signal that a probe shares with its neighbours; free of noise on average; may be negative. */
  readonly power: Float32Array;
}

/**
 * Looks for a background.
 *
 * @param inside uint8 (row, column): 1 where a probe takes part
 * @param products inner products of neighbours, of `neighbourProducts`
 */
export function findBackground(
  sketch: Sketch,
  inside: Uint8Array,
  products: Float64Array = neighbourProducts(sketch, inside),
): Background {
  const power = sharedPower(sketch, products);
  const map = new Uint8Array(inside.length);
  const probes = new Int32Array(inside.length).map((_, probe) => probe).filter((probe) =>
    inside[probe] === 1
  );
  const none = {
    present: false,
    doubtful: false,
    valley: 1,
    ratio: 1,
    coverage: 0,
    map,
    proposed: map,
    power,
  };
  if (probes.length === 0) return none;
  const noise = noisePower(sketch, probes);
  const level = logarithms(probes, power, noise);
  const sorted = level.toSorted();
  const split = otsuSplit(sorted);
  if (split === 0) return none;
  const low = medianOf(sorted.subarray(0, split)), high = medianOf(sorted.subarray(split));
  const within = (from: number, to: number) => countBelow(sorted, to) - countBelow(sorted, from);
  const valley = within(low + 1, low + 2) / Math.max(1, within(low - 0.5, low + 0.5));
  const ratio = Math.exp(low - high);
  const limit = Math.max(weakestRatio, Math.min(largestRatio, noiseLevels * noise * Math.exp(-high)));
  const sizeable = split > leastCoverage * sorted.length;
  const told = sizeable && (ratio < weakestRatio || ratio < limit && valley < deepestValley);
  const present = told && probes.length >= fewestProbes;
  const thinkable = sizeable && ratio < doubtfulFactor * limit && valley < doubtfulValley[1];
  const doubtful = told && !present ||
    thinkable && (ratio > limit / doubtfulFactor || valley > doubtfulValley[0]);
  let coverage = 0;
  if (present) {
    const end = Math.min(low + reach, (low + high) / 2);
    probes.forEach((probe, i) => map[probe] = level[i] < end ? 1 : 0);
    coverage = countBelow(sorted, end) / sorted.length;
  }
  return { present, doubtful, valley, ratio, coverage, map, proposed: map, power };
}

/**
 * Mean over a probe's neighbours of the inner product of their features: the noise of two patterns is independent, so it
 * adds nothing on average. A probe without neighbours has only its own squared length, less the noise expected in it.
 */
function sharedPower(sketch: Sketch, products: Float64Array): Float32Array {
  const { rows, columns, noise } = sketch;
  const sum = new Float64Array(rows * columns), count = new Uint8Array(rows * columns);
  forwardOffsets.forEach(([down, right], direction) => {
    const step = down * columns + right;
    for (let probe = 0; probe < rows * columns; probe++) {
      const product = products[4 * probe + direction];
      // Only NaN, which stands for a missing neighbour, differs from itself.
      if (product !== product) continue;
      sum[probe] += product;
      sum[probe + step] += product;
      count[probe]++;
      count[probe + step]++;
    }
  });
  const own = count.includes(0) ? squaredLengths(sketch) : sum;
  return new Float32Array(sum.length).map((_, probe) =>
    count[probe] > 0 ? sum[probe] / count[probe] : own[probe] - noise[probe]
  );
}

/** Standard deviation that noise gives the power of a probe. */
function noisePower({ noise, degreesOfFreedom }: Sketch, probes: Int32Array): number {
  const mean = probes.reduce((sum, probe) => sum + noise[probe], 0) / probes.length;
  return mean / Math.sqrt(8 * degreesOfFreedom);
}

/** Natural logarithm of the power of each probe, held above what noise alone can give. */
function logarithms(probes: Int32Array, power: Float32Array, noise: number): Float64Array {
  const sorted = new Float32Array(probes.length).map((_, i) => power[probes[i]]).sort();
  const floor = Math.max(noise, 1e-5 * sorted[Math.floor(0.9 * (sorted.length - 1))], Number.MIN_VALUE);
  return new Float64Array(probes.length).map((_, i) => Math.log(Math.max(power[probes[i]], floor)));
}

/**
 * Number of values in the lower of the two classes with the largest variance between them (Otsu 1979, DOI
 * 10.1109/TSMC.1979.4310076), over all gaps between rising values; 0 when all are equal.
 */
export function otsuSplit(sorted: Float64Array): number {
  const total = sorted.reduce((sum, value) => sum + value, 0);
  let best = 0, most = 0, below = 0;
  for (let count = 1; count < sorted.length; count++) {
    below += sorted[count - 1];
    if (sorted[count] === sorted[count - 1]) continue;
    const distance = below / count - (total - below) / (sorted.length - count);
    const between = distance * distance * count * (sorted.length - count);
    if (between > most) {
      most = between;
      best = count;
    }
  }
  return best;
}

/** Median of rising values: mean of the middle two if their number is even. */
function medianOf(sorted: Float64Array): number {
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Number of rising values below a limit. */
function countBelow(sorted: Float64Array, limit: number): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
