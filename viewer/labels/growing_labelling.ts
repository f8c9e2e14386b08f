/**
 * Clusters while a run goes on: rows of similarities come one after the other, and each joins what is there. Names and
 * colours stay as far as they can; once the run is done, the labels of the result take their place. Pure.
 */

import { chooseThreshold } from "../../library/cluster/automatic_threshold.ts";
import { buildForest, ProbeGroups } from "../../library/cluster/forest.ts";
import { allDirections, forwardOffsets } from "../../library/scan/neighbours.ts";
import { clusterPalette } from "../../library/report/palette.ts";
import { chooseColour, separateColours, touchedBy } from "./colours/separate_colours.ts";

/** A map so far. Clusters are numbered in the order of their first probe. */
export interface GrowingMap {
  /** int32 (row, column), -1 in no cluster, and in the rows that are still to come. */
  readonly labels: Int32Array<ArrayBuffer>;
  readonly sizes: Int32Array<ArrayBuffer>;
  /** Flat probe index that names each cluster: where the larger of its parts began. */
  readonly names: Uint32Array<ArrayBuffer>;
  /** Palette index of each cluster. */
  readonly colours: Uint8Array<ArrayBuffer>;
  /** Rows whose probes may be in clusters. */
  readonly rows: number;
  /** Probes of the mask in those rows, and those of them in no cluster. */
  readonly inMask: number;
  readonly leftOut: number;
  readonly largest: number;
}

/** Where to cut what there is. */
export interface GrowingView {
  readonly threshold: number;
  readonly minimumSize: number;
}

/** Joins rows of similarities as they come. */
export class GrowingLabelling {
  readonly rows: number;
  readonly columns: number;
  /** float32 (row, column, 4) so far, NaN beyond. */
  readonly forward: Float32Array<ArrayBuffer>;
  /** Sum and number of the similarities of each probe with those around it. */
  readonly #sums: Float32Array;
  readonly #counts: Uint8Array;
  readonly #mask: Uint8Array;
  #done = 0;
  /** The threshold at which rows are joined, and how many are; nothing is joined at NaN. */
  #threshold = NaN;
  #joined = 0;
  #groups: ProbeGroups;
  /** Probes of each group, kept at the probe that stands for it, which is its name. */
  #weights = new Int32Array(0);
  /** The colour of each name, -1 where it has none yet, and how often each is in use. */
  readonly #colours: Int16Array;
  readonly #used = new Int32Array(clusterPalette.length);

  /** @param mask uint8 (row, column) where it is known; default: all probes may be clustered */
  constructor({ rows, columns }: { readonly rows: number; readonly columns: number }, mask?: Uint8Array) {
    const size = rows * columns;
    this.rows = rows;
    this.columns = columns;
    this.forward = new Float32Array(4 * size).fill(NaN);
    this.#sums = new Float32Array(size);
    this.#counts = new Uint8Array(size);
    this.#mask = mask ?? new Uint8Array(size).fill(1);
    this.#groups = new ProbeGroups(0);
    this.#colours = new Int16Array(size).fill(-1);
  }

  /** Rows that have come. */
  get done(): number {
    return this.#done;
  }

  /**
   * Takes rows of similarities; rows that are there already are passed over.
   *
   * @param forward float32 (row, column, 4) of `count` rows from `first` on
   * @throws {RangeError} when rows between are missing, or the similarities do not fit
   */
  addRows(first: number, count: number, forward: Float32Array): void {
    const { rows, columns } = this, end = first + count;
    if (first > this.#done || end > rows || forward.length !== 4 * count * columns) {
      throw new RangeError(`rows ${first} to ${end - 1} do not follow row ${this.#done - 1} of ${rows}`);
    }
    if (end <= this.#done) return;
    const known = this.#done;
    this.forward.set(forward.subarray(4 * (known - first) * columns), 4 * known * columns);
    this.#done = end;
    const steps = forwardOffsets.map(([down, right]) => down * columns + right);
    for (let probe = known * columns; probe < end * columns; probe++) {
      for (let direction = 0; direction < 4; direction++) {
        const value = this.forward[4 * probe + direction];
        // NaN, which stands for neighbours that are not there, differs from itself.
        if (value === value) {
          for (const end of [probe, probe + steps[direction]]) {
            this.#sums[end] += value;
            this.#counts[end]++;
          }
        }
      }
    }
  }

  /** float32 (row, column): mean similarity with the neighbours so far, NaN where no row has come. */
  meanSimilarity(): Float32Array<ArrayBuffer> {
    const end = this.#done * this.columns, mean = new Float32Array(this.rows * this.columns).fill(NaN);
    for (let probe = 0; probe < end; probe++) {
      mean[probe] = this.#counts[probe] > 0 ? this.#sums[probe] / this.#counts[probe] : 0;
    }
    return mean;
  }

  /** The threshold that would be chosen from the rows so far. Takes as long as building their forest. */
  automatic(): number {
    const { columns } = this, rows = this.#done, size = rows * columns;
    const similarity = allDirections(this.forward.subarray(0, 4 * size), rows, columns);
    const mask = this.#mask.subarray(0, size);
    return chooseThreshold(buildForest({ rows, columns, similarity, mask }), mask).threshold;
  }

  /** The clusters so far. */
  view({ threshold, minimumSize }: GrowingView): GrowingMap {
    this.#join(threshold);
    const { columns } = this, size = this.rows * columns, end = this.#done * columns;
    const labels = new Int32Array(size).fill(-1), idOf = new Int32Array(end).fill(-1);
    const sizes: number[] = [], names: number[] = [];
    let inMask = 0, leftOut = 0, largest = 0;
    for (let probe = 0; probe < end; probe++) {
      if (this.#mask[probe] === 0) continue;
      inMask++;
      const root = this.#groups.find(probe), weight = this.#weights[root];
      if (weight < minimumSize) {
        leftOut++;
        continue;
      }
      if (idOf[root] < 0) {
        idOf[root] = sizes.push(weight) - 1;
        names.push(root);
        if (weight > largest) largest = weight;
      }
      labels[probe] = idOf[root];
    }
    const map = { labels, sizes: Int32Array.from(sizes), names: Uint32Array.from(names) };
    return { ...map, colours: this.#colour(map), rows: this.#done, inMask, leftOut, largest };
  }

  /** Joins the rows that are not joined yet; at another threshold, all of them. */
  #join(threshold: number): void {
    const { columns } = this, size = this.rows * columns, limit = Math.fround(threshold);
    if (limit !== this.#threshold) {
      this.#threshold = limit;
      this.#joined = 0;
      this.#groups = new ProbeGroups(size);
      this.#weights = new Int32Array(size).fill(1);
    }
    // A pair is joined with the later of its rows, so that no cluster holds probes of a row that has not come.
    for (let row = this.#joined; row < this.#done; row++) {
      for (let column = 0; column < columns; column++) {
        const probe = row * columns + column;
        this.#joinPair(probe, 0, 1);
        if (row === 0) continue;
        for (let direction = 1; direction < 4; direction++) {
          this.#joinPair(probe - columns, direction, columns + forwardOffsets[direction][1]);
        }
      }
    }
    this.#joined = this.#done;
  }

  #joinPair(probe: number, direction: number, step: number): void {
    if (!(this.forward[4 * probe + direction] >= this.#threshold)) return;
    const other = probe + step;
    if (this.#mask[probe] === 0 || this.#mask[other] === 0) return;
    const first = this.#groups.find(probe), second = this.#groups.find(other);
    if (first === second) return;
    const weights = this.#weights;
    const [large, small] = weights[first] >= weights[second] ? [first, second] : [second, first];
    this.#groups.join(large, small);
    weights[large] += weights[small];
  }

  /** Names keep the colour that they have, unless it comes to touch its own. */
  #colour(map: { labels: Int32Array; sizes: Int32Array; names: Uint32Array }): Uint8Array<ArrayBuffer> {
    const { rows, columns } = this, { sizes, names } = map, known = this.#colours;
    const fresh = Array.from(names.keys()).filter((id) => known[names[id]] < 0);
    if (fresh.length > 0) {
      const around = touchedBy({ rows, columns, ...map }, fresh);
      for (const id of fresh.sort((a, b) => sizes[b] - sizes[a] || a - b)) {
        const taken = new Set<number>();
        for (const other of around.get(id)!) if (known[names[other]] >= 0) taken.add(known[names[other]]);
        const colour = known[names[id]] = chooseColour(taken, [], this.#used);
        if (colour < this.#used.length) this.#used[colour]++;
      }
    }
    const colours = Uint8Array.from(names, (name) => known[name]);
    for (const id of separateColours({ rows, columns, ...map, colours })) known[names[id]] = colours[id];
    return colours;
  }
}
