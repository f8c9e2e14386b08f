/**
 * The merge forest laid out so that a cut is two walks through memory: probes in the order of the dendrogram, the heavier
 * part of each merge first. The clusters of every threshold are runs of neighbours in that order, and each run begins
 * with the probe that names it (library/cluster/cluster_names.ts). Pure.
 */

import { type MergeForest, ProbeGroups } from "../../library/cluster/forest.ts";
import { type Growth, seedOrder } from "../../library/cluster/growth.ts";

/** Clusters in seed order, with the name of each: the probe where its heavy path ends. */
export interface NamedGrowth extends Growth {
  /** uint32, flat probe index for each cluster. */
  readonly names: Uint32Array;
}

/** Sizes of the two parts that each edge of the forest joins, in the order of its edges. */
export interface Merges {
  readonly larger: Int32Array;
  readonly smaller: Int32Array;
}

/** One forest, cut again and again. Gives what `ForestCutter` and `nameClusters` give. */
export class MergeOrder {
  readonly forest: MergeForest;
  /** Probes of the mask. */
  readonly probes: number;
  readonly merges: Merges;
  /** Flat probe index at each place of the order. */
  readonly #leaves: Int32Array;
  /** The similarity at which a place is joined to the next one; NaN, which is at least nothing, where it never is. */
  readonly #links: Float32Array;
  /** Probes in the order in which they would seed clusters, and the place in it of each leaf. */
  readonly #seeds: Uint32Array;
  readonly #ranks: Int32Array;

  /**
   * @param mask uint8 (row, column) the forest was built with
   * @param meanSimilarity float32 (row, column): clusters are numbered by their most similar probe
   */
  constructor(forest: MergeForest, mask: Uint8Array, meanSimilarity: Float32Array) {
    const { probes: ends, similarity } = forest;
    const size = mask.length, edges = similarity.length;
    const groups = new ProbeGroups(size), weights = new Int32Array(size).fill(1);
    // The leaves of each group as a chain from its name on, kept at the probe that stands for it.
    const names = new Int32Array(size), tails = new Int32Array(size), next = new Int32Array(size).fill(-1);
    for (let probe = 0; probe < size; probe++) names[probe] = tails[probe] = probe;
    const links = new Float32Array(size).fill(NaN);
    const larger = new Int32Array(edges), smaller = new Int32Array(edges);
    for (let edge = 0; edge < edges; edge++) {
      let large = groups.find(ends[2 * edge]), small = groups.find(ends[2 * edge + 1]);
      const swap = weights[large] < weights[small] ||
        weights[large] === weights[small] && names[small] < names[large];
      if (swap) [large, small] = [small, large];
      groups.join(large, small);
      larger[edge] = weights[large];
      smaller[edge] = weights[small];
      weights[large] += weights[small];
      next[tails[large]] = names[small];
      links[tails[large]] = similarity[edge];
      tails[large] = tails[small];
    }
    this.forest = forest;
    this.merges = { larger, smaller };
    this.#seeds = seedOrder(meanSimilarity, mask);
    this.probes = this.#seeds.length;
    const rankOf = new Int32Array(size);
    this.#seeds.forEach((probe, rank) => rankOf[probe] = rank);
    this.#leaves = new Int32Array(this.probes);
    this.#links = new Float32Array(this.probes);
    this.#ranks = new Int32Array(this.probes);
    let place = 0;
    for (let probe = 0; probe < size; probe++) {
      if (mask[probe] === 0 || groups.find(probe) !== probe) continue;
      for (let leaf = names[probe]; leaf >= 0; leaf = next[leaf]) {
        this.#leaves[place] = leaf;
        this.#links[place] = links[leaf];
        this.#ranks[place++] = rankOf[leaf];
      }
    }
  }

  /** The clusters at a threshold, numbered in seed order: edges of at least that similarity, as float32, join. */
  cut(threshold: number, minimumSize: number): NamedGrowth {
    const ranks = this.#ranks, leaves = this.#leaves, runs = this.runs(threshold, minimumSize);
    const count = runs.length / 2;
    // Runs, one higher so that 0 is none, by the rank of their best probe.
    const byRank = new Int32Array(this.probes);
    for (let run = 0; run < count; run++) {
      let best = this.probes;
      for (let place = runs[2 * run]; place < runs[2 * run + 1]; place++) {
        if (ranks[place] < best) best = ranks[place];
      }
      byRank[best] = run + 1;
    }
    const labels = new Int32Array(this.forest.rows * this.forest.columns).fill(-1);
    const seeds = new Int32Array(count), sizes = new Int32Array(count), names = new Uint32Array(count);
    for (let rank = 0, id = 0; id < count; rank++) {
      const run = byRank[rank] - 1;
      if (run < 0) continue;
      const first = runs[2 * run], end = runs[2 * run + 1];
      for (let place = first; place < end; place++) labels[leaves[place]] = id;
      seeds[id] = this.#seeds[rank];
      sizes[id] = end - first;
      names[id++] = leaves[first];
    }
    return { labels, seeds, sizes, names };
  }

  /**
   * Writes into each probe the name of its cluster at a threshold, -1 where it is in none, and raises `largest` of each
   * name to the size of its cluster.
   */
  paint(threshold: number, minimumSize: number, into: Int32Array, largest: Int32Array): void {
    const runs = this.runs(threshold, minimumSize), leaves = this.#leaves;
    into.fill(-1);
    for (let run = 0; run < runs.length; run += 2) {
      const first = runs[run], end = runs[run + 1], name = leaves[first];
      for (let place = first; place < end; place++) into[leaves[place]] = name;
      if (end - first > largest[name]) largest[name] = end - first;
    }
  }

  /** First place and the one past the last of each cluster of at least `minimumSize` probes, one after the other. */
  runs(threshold: number, minimumSize: number): Int32Array {
    const limit = Math.fround(threshold), links = this.#links, end = this.probes;
    const runs = new Int32Array(2 * Math.floor(end / Math.max(1, minimumSize)));
    let found = 0;
    for (let place = 0, first = 0; place < end; place++) {
      if (links[place] >= limit) continue;
      if (place + 1 - first >= minimumSize) {
        runs[found++] = first;
        runs[found++] = place + 1;
      }
      first = place + 1;
    }
    return runs.subarray(0, found);
  }
}
