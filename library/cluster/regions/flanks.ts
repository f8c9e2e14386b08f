/** Mean features on both sides of the border between two regions, at several distances from it. */

import { innerProbes } from "./absorb.ts";
import { featureSums } from "./feature_sums.ts";
import { neighboursOf, type Partition } from "./grid.ts";
import type { TouchingPair } from "./region_means.ts";
import type { Sketch } from "../../passes/sketch/sketch.ts";

/**
 * Distances from the other region, in steps of the scan, first and last: beside the rim of mixed patterns, and twice deeper
 * in the region.
 */
export const flankDistances: readonly (readonly [number, number])[] = [[2, 3], [4, 5], [6, 7]];

/** Sums over the probes of one region at some distance from another. */
export interface Layer {
  /** float64, k numbers. */
  readonly sum: Float64Array;
  readonly noise: number;
  readonly probes: number;
}

/** One side of a border: its layers, those at the border first. */
export type Flank = readonly Layer[];

/** Steps to other probes within the largest distance, nearest first. */
const reach = flankDistances[flankDistances.length - 1][1];
const steps = Array.from({ length: (2 * reach + 1) ** 2 }, (_, i) => ({
  down: Math.floor(i / (2 * reach + 1)) - reach,
  right: i % (2 * reach + 1) - reach,
}))
  .map((step) => ({ ...step, square: step.down ** 2 + step.right ** 2 }))
  .filter(({ square }) => square > 0 && square <= reach ** 2)
  .sort((a, b) => a.square - b.square);

/** The first step that is at least so far, for every whole distance up to one more than the largest. */
const firstSteps = Array.from({ length: reach + 2 }, (_, distance) => {
  const first = steps.findIndex(({ square }) => square >= distance ** 2);
  return first < 0 ? steps.length : first;
});

/** The layer that a squared distance belongs to; -1 between layers. */
const layerOf = Array.from(
  { length: reach ** 2 + 1 },
  (_, square) => flankDistances.findIndex(([first, last]) => square >= first ** 2 && square <= last ** 2),
);

/**
 * The flanks of every pair. In the deeper layers a probe counts only beside the region that is nearest to it, so that the
 * rim of a third one is left out.
 *
 * @returns by (region times count plus other region): the flank of the first at the border with the second
 */
export function collectFlanks(
  sketch: Sketch,
  { rows, columns, labels, count }: Partition,
  pairs: readonly TouchingPair[],
): Map<number, Flank> {
  const flanks = new LayerList(sketch, count, pairs);
  const rim = flankDistances[0][1] ** 2;
  const clearances = clearanceMap(labels, rows, columns);
  const seen: number[] = [];
  for (let probe = 0; probe < labels.length; probe++) {
    const region = labels[probe];
    if (region < 0) continue;
    const row = Math.floor(probe / columns), column = probe - row * columns;
    seen.length = 0;
    let nearest = Infinity;
    for (let step = firstSteps[clearances[probe]]; step < steps.length; step++) {
      const { down, right, square } = steps[step];
      if (square > rim && square > nearest) break;
      const y = row + down, x = column + right;
      if (y < 0 || x < 0 || y >= rows || x >= columns) continue;
      const other = labels[y * columns + x];
      if (other < 0 || other === region || seen.includes(other)) continue;
      // Steps come nearest first, so this is the distance from the other region.
      seen.push(other);
      nearest = Math.min(nearest, square);
      if (layerOf[square] >= 0) flanks.add(region, other, layerOf[square], probe);
    }
  }
  return flanks.sums();
}

/** The layers of pairs, and a list of the probes in each. */
class LayerList {
  readonly #flanks = new Map<number, number>();
  readonly #noise: Float64Array;
  readonly #probes: Int32Array;
  #layers = new Int32Array(1024);
  #members = new Int32Array(1024);
  #size = 0;

  constructor(readonly sketch: Sketch, readonly count: number, pairs: readonly TouchingPair[]) {
    for (const { first, second } of pairs) {
      this.#flanks.set(first * count + second, this.#flanks.size);
      this.#flanks.set(second * count + first, this.#flanks.size);
    }
    const layers = this.#flanks.size * flankDistances.length;
    this.#noise = new Float64Array(layers);
    this.#probes = new Int32Array(layers);
  }

  /** Adds a probe of a region to a layer of its flank at another, if that is asked for. */
  add(region: number, other: number, layer: number, probe: number): void {
    const flank = this.#flanks.get(region * this.count + other);
    if (flank === undefined) return;
    const place = flank * flankDistances.length + layer;
    if (this.#size === this.#layers.length) {
      this.#layers = twice(this.#layers);
      this.#members = twice(this.#members);
    }
    this.#layers[this.#size] = place;
    this.#members[this.#size++] = probe;
    this.#noise[place] += this.sketch.noise[probe];
    this.#probes[place]++;
  }

  /** The flanks by pair. */
  sums(): Map<number, Flank> {
    const { length } = this.sketch;
    const [layers, members] = [this.#layers, this.#members].map((list) => list.subarray(0, this.#size));
    const sums = featureSums(this.sketch, layers, members, this.#probes.length);
    const layer = (place: number): Layer => ({
      sum: sums.subarray(place * length, (place + 1) * length),
      noise: this.#noise[place],
      probes: this.#probes[place],
    });
    const flanks = new Map<number, Flank>();
    for (const [pair, flank] of this.#flanks) {
      flanks.set(pair, flankDistances.map((_, depth) => layer(flank * flankDistances.length + depth)));
    }
    return flanks;
  }
}

function twice(list: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(2 * list.length);
  longer.set(list);
  return longer;
}

/**
 * No other region is nearer to a probe than this, in rows or columns whichever is more; at most one more than the largest
 * distance of layers. Probes that take no part count as regions' borders.
 */
function clearanceMap(labels: Int32Array, rows: number, columns: number): Uint8Array {
  const neighbours = new Int32Array(8);
  const clearances = new Uint8Array(labels.length);
  const inner = innerProbes(labels, rows, columns);
  const settle = (probe: number) => {
    if (inner[probe] === 0) return 1;
    let least = reach;
    const found = neighboursOf(probe, rows, columns, neighbours);
    for (let i = 0; i < found; i++) least = Math.min(least, clearances[neighbours[i]]);
    return least + 1;
  };
  // Once down and once up the scan: the shortest way to a border has no other turns.
  clearances.fill(reach);
  for (let probe = 0; probe < labels.length; probe++) clearances[probe] = settle(probe);
  for (let probe = labels.length - 1; probe >= 0; probe--) clearances[probe] = settle(probe);
  return clearances;
}
