/** Mean features of regions, how similar they are, and which regions touch. */

import { forEachForwardPair } from "../../scan/neighbours.ts";
import { innerProduct, type Sketch } from "../../passes/sketch/sketch.ts";
import { featureSums } from "./feature_sums.ts";
import type { Partition } from "./grid.ts";
import { leastSignal } from "./linkage.ts";

/** Mean features of each region of a partition. */
export interface RegionMeans {
  /** Probes of each region. */
  readonly sizes: Int32Array;
  /** float32 (region, k); 0 for empty regions. */
  readonly means: Float32Array;
  /** Expected squared length of the noise in each mean. */
  readonly noise: Float64Array;
  /** Squared length of each mean less its noise: on average that of the mean free of noise. May be negative. */
  readonly squares: Float64Array;
}

/** Mean features of each region. */
export function regionMeans(sketch: Sketch, { labels, count }: Partition): RegionMeans {
  const { length, features } = sketch;
  const sizes = new Int32Array(count), noise = new Float64Array(count);
  for (let probe = 0; probe < labels.length; probe++) {
    const region = labels[probe];
    if (region < 0) continue;
    sizes[region]++;
    noise[region] += sketch.noise[probe];
  }
  const sums = featureSums({ features, length }, labels, null, count);
  const means = new Float32Array(count * length), squares = new Float64Array(count);
  for (let region = 0; region < count; region++) {
    const size = Math.max(1, sizes[region]);
    for (let i = region * length; i < (region + 1) * length; i++) means[i] = sums[i] / size;
    noise[region] /= size * size;
    squares[region] = innerProduct(means, region * length, means, region * length, length) - noise[region];
  }
  return { sizes, means, noise, squares };
}

/** Cosine of the means of two regions, freed of noise; about -1 to 1, 0 where there is no signal. */
export function meanCosine(means: RegionMeans, length: number, first: number, second: number): number {
  const product = innerProduct(means.means, first * length, means.means, second * length, length);
  const signal = Math.max(means.squares[first], leastSignal * means.noise[first]) *
    Math.max(means.squares[second], leastSignal * means.noise[second]);
  return signal > 0 ? product / Math.sqrt(signal) : 0;
}

/** Two regions that touch. */
export interface TouchingPair {
  readonly first: number;
  /** The larger of the two. */
  readonly second: number;
  /** Pairs of neighbouring probes, diagonals included, one in each. */
  readonly borderLength: number;
}

/** All pairs of regions that touch, by first and second; the background counts as a region. */
export function touchingPairs({ rows, columns, labels, count }: Partition): TouchingPair[] {
  const lengths = new Map<number, number>();
  forEachForwardPair(rows, columns, (probe, neighbour) => {
    const one = labels[probe], other = labels[neighbour];
    if (one === other || one < 0 || other < 0) return;
    const key = one < other ? one * count + other : other * count + one;
    lengths.set(key, (lengths.get(key) ?? 0) + 1);
  });
  return Array.from(lengths)
    .sort(([a], [b]) => a - b)
    .map(([key, borderLength]) => ({
      first: Math.floor(key / count),
      second: key % count,
      borderLength,
    }));
}
