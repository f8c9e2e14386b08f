/**
 * Regions by joining neighbours, always the pair whose mean patterns differ least significantly, until what is left differs
 * visibly as well.
 *
 * Features are linear in the counts, so the mean features of a region are those of its mean pattern, and their noise is
 * known. For two regions with means m, squared noise b of the means and effectively f independent components of noise
 *
 *     z = (|m1 - m2|^2 - b1 - b2) / ((b1 + b2) sqrt(2 / f))
 *
 * is about standard normal where both have the same pattern. It gives the order of the mergers. It cannot end them: with
 * enough electrons any two probes differ significantly. The cosine of the means, freed of noise, does not depend on the
 * dose and ends them.
 */

import { ProbeGroups } from "../forest.ts";
import { forwardOffsets } from "../../scan/neighbours.ts";
import { EdgeHeap } from "./edge_heap.ts";
import { innerProduct, type Sketch } from "../../passes/sketch/sketch.ts";
import { neighbourProducts } from "./grid.ts";
import { differentCosine, Expectations, sameCosine } from "./hint.ts";

/** Regions with a lower cosine of their means than this are different. */
export const leastCosine = 0.75;
/** Regions that differ by no more than this many standard deviations may merge whatever their cosine. */
export const significance = 3;
/** Squared signals below this fraction of the noise are taken as this. */
export const leastSignal = 0.05;
/** Noise counts as at least this fraction of the squared lengths, so that features free of noise have an order too. */
const leastNoise = 1e-12;

/** Regions found by linkage. */
export interface LinkedRegions {
  /** int32 (row, column): region 0..count-1 in the order of their first probes, -1 where a probe takes no part. */
  readonly labels: Int32Array;
  readonly count: number;
}

/**
 * Joins neighbouring probes, then regions, until all that touch differ significantly and in their cosine.
 *
 * Takes about (probes x neighbours of a region) inner products of length k.
 *
 * @param inside uint8 (row, column): 1 where a probe takes part
 * @param products inner products of neighbours, of `neighbourProducts`; those of probes that take no part are not used
 * @param expected int32 (row, column): which region another frame expects at each probe, -1 = unknown
 */
export function linkRegions(
  sketch: Sketch,
  inside: Uint8Array,
  products: Float64Array = neighbourProducts(sketch, inside),
  expected?: Int32Array,
): LinkedRegions {
  const { rows, columns } = sketch;
  const graph = new RegionGraph(sketch, inside, products, expected);
  graph.mergeAll();
  const labels = new Int32Array(rows * columns).fill(-1), ids = new Int32Array(rows * columns).fill(-1);
  let count = 0;
  for (let probe = 0; probe < labels.length; probe++) {
    if (inside[probe] === 0) continue;
    const region = graph.regionOf(probe);
    if (ids[region] < 0) ids[region] = count++;
    labels[probe] = ids[region];
  }
  return { labels, count };
}

/** Regions named by one of their probes, and the edges between those that touch. */
class RegionGraph {
  readonly #length: number;
  /** sqrt(2 / f): standard deviation of the squared noise relative to its mean. */
  readonly #spread: number;
  /** Sums over each region: features, noise, probes. */
  readonly #sums: Float32Array;
  readonly #noise: Float64Array;
  readonly #sizes: Float64Array;
  /** Of each region's mean features: squared length, and what noise adds to it on average. */
  readonly #meanSquares: Float64Array;
  readonly #meanNoise: Float64Array;
  readonly #groups: ProbeGroups;
  /** Edge e has the ends 2e and 2e + 1: the region of each, and the next end in that region's list. */
  readonly #regions: Int32Array;
  readonly #next: Int32Array;
  readonly #first: Int32Array;
  readonly #degrees: Int32Array;
  readonly #gone: Uint8Array;
  readonly #keys: Float64Array;
  readonly #heap: EdgeHeap;
  /** The last merger in which a region was seen as a neighbour. */
  readonly #seen: Int32Array;
  #mergers = 0;
  readonly #expectations: Expectations | undefined;

  constructor(sketch: Sketch, inside: Uint8Array, products: Float64Array, expected?: Int32Array) {
    const { rows, columns, length, features } = sketch;
    const probes = rows * columns;
    this.#expectations = expected && new Expectations(expected);
    this.#length = length;
    this.#spread = Math.sqrt(2 / sketch.degreesOfFreedom);
    this.#sums = features.slice();
    this.#noise = Float64Array.from(sketch.noise);
    this.#sizes = new Float64Array(probes).fill(1);
    this.#meanNoise = this.#noise.slice();
    this.#meanSquares = Float64Array.from(
      inside,
      (taken, probe) => taken ? innerProduct(features, probe * length, features, probe * length, length) : 0,
    );
    this.#groups = new ProbeGroups(probes);
    this.#first = new Int32Array(probes).fill(-1);
    this.#degrees = new Int32Array(probes);
    this.#seen = new Int32Array(probes).fill(-1);
    this.#regions = new Int32Array(8 * probes);
    this.#next = new Int32Array(8 * probes);
    this.#gone = new Uint8Array(4 * probes);
    this.#keys = new Float64Array(4 * probes);
    const mergeable = new Uint8Array(4 * probes);
    const steps = forwardOffsets.map(([down, right]) => down * columns + right);
    for (let edge = 0; edge < products.length; edge++) {
      const probe = edge >> 2, other = probe + steps[edge & 3];
      // Beyond the rim of the scan products are NaN, which alone differs from itself.
      if (products[edge] !== products[edge] || inside[probe] === 0 || inside[other] === 0) continue;
      this.#regions[2 * edge] = probe;
      this.#regions[2 * edge + 1] = other;
      this.#attach(2 * edge);
      this.#attach(2 * edge + 1);
      mergeable[edge] = this.#judge(edge, products[edge]) ? 1 : 0;
    }
    this.#heap = new EdgeHeap(this.#keys, mergeable);
  }

  /** The region that a probe has come into. */
  regionOf(probe: number): number {
    return this.#groups.find(probe);
  }

  /** Merges until no edge is left that may go. */
  mergeAll(): void {
    while (this.#heap.size > 0) {
      const edge = this.#heap.take();
      const one = this.#regions[2 * edge], other = this.#regions[2 * edge + 1];
      this.#gone[edge] = 1;
      // The longer list of neighbours stays.
      if (this.#degrees[one] < this.#degrees[other]) this.#merge(other, one);
      else this.#merge(one, other);
    }
  }

  /** Adds an end to the list of its region. */
  #attach(end: number): void {
    const region = this.#regions[end];
    this.#next[end] = this.#first[region];
    this.#first[region] = end;
    this.#degrees[region]++;
  }

  #merge(kept: number, lost: number): void {
    const length = this.#length, sums = this.#sums;
    for (let i = 0; i < length; i++) sums[kept * length + i] += sums[lost * length + i];
    const size = this.#sizes[kept] += this.#sizes[lost];
    this.#noise[kept] += this.#noise[lost];
    this.#expectations?.join(kept, lost);
    this.#meanNoise[kept] = this.#noise[kept] / (size * size);
    this.#meanSquares[kept] = innerProduct(sums, kept * length, sums, kept * length, length) / (size * size);
    this.#groups.join(kept, lost);
    this.#joinLists(kept, lost);
    for (let end = this.#first[kept]; end >= 0; end = this.#next[end]) {
      const edge = end >> 1, other = this.#regions[end ^ 1];
      const product = innerProduct(sums, kept * length, sums, other * length, length);
      if (this.#judge(edge, product)) this.#heap.update(edge, this.#keys[edge]);
      else this.#heap.remove(edge);
    }
  }

  /** One edge to every neighbour of either region; where there were two, the lost region's goes. */
  #joinLists(kept: number, lost: number): void {
    const merger = this.#mergers++;
    const regions = this.#regions, gone = this.#gone, seen = this.#seen;
    const old = this.#first[kept], added = this.#first[lost];
    this.#first[kept] = -1;
    this.#degrees[kept] = 0;
    for (let end = old, next; end >= 0; end = next) {
      next = this.#next[end];
      if (gone[end >> 1] === 1) continue;
      seen[regions[end ^ 1]] = merger;
      this.#attach(end);
    }
    for (let end = added, next; end >= 0; end = next) {
      next = this.#next[end];
      const edge = end >> 1, other = regions[end ^ 1];
      if (gone[edge] === 1) continue;
      if (seen[other] === merger) {
        gone[edge] = 1;
        this.#heap.remove(edge);
        this.#degrees[other]--;
        continue;
      }
      regions[end] = kept;
      this.#attach(end);
    }
  }

  /**
   * Sets the key of an edge from the inner product of the sums of its two regions.
   *
   * @returns whether the two may merge
   */
  #judge(edge: number, product: number): boolean {
    const one = this.#regions[2 * edge], other = this.#regions[2 * edge + 1];
    const noiseOne = this.#meanNoise[one], noiseOther = this.#meanNoise[other];
    const squareOne = this.#meanSquares[one], squareOther = this.#meanSquares[other];
    const mean = product / (this.#sizes[one] * this.#sizes[other]);
    const excess = squareOne + squareOther - 2 * mean - noiseOne - noiseOther;
    const noise = Math.max(noiseOne + noiseOther, leastNoise * (squareOne + squareOther));
    const key = noise > 0 ? excess / (noise * this.#spread) : 0;
    this.#keys[edge] = key;
    const alike = this.#expectations?.alike(one, other);
    if (key <= significance && alike !== false) return true;
    const least = alike === undefined ? leastCosine : alike ? sameCosine : differentCosine;
    const signal = Math.max(squareOne - noiseOne, leastSignal * noiseOne) *
      Math.max(squareOther - noiseOther, leastSignal * noiseOther);
    return signal > 0 && mean >= least * Math.sqrt(signal);
  }
}
