/**
 * Clusters at every threshold at once. Clusters grown by a threshold are the connected components of the graph of
 * sufficiently similar neighbours, so a maximum spanning forest of that graph holds those of every threshold: the edges
 * of at least that similarity join the same probes. Pure computation: browsers use it too.
 */

import { candidateEdges } from "./forest_edges.ts";
import { type Growth, seedOrder } from "./growth.ts";
import { demandArgument, demandLength } from "../scan/demand.ts";
import { forwardOffsets } from "../scan/neighbours.ts";
import { sortFalling } from "./sort_falling.ts";

/** One maximum spanning forest of the similarity edges between probes of the mask. */
export interface MergeForest {
  /** Scan rows. */
  readonly rows: number;
  /** Scan columns. */
  readonly columns: number;
  /** uint32 (edge, 2): the two probes of each edge; edges by falling similarity, ties by lower probe and direction. */
  readonly probes: Uint32Array;
  /** float32 similarity of each edge. */
  readonly similarity: Float32Array;
}

/** What a forest is built from. */
export interface ForestInput {
  /** Scan rows. */
  readonly rows: number;
  /** Scan columns. */
  readonly columns: number;
  /** float32 (row, column, 8), NaN outside the scan. */
  readonly similarity: Float32Array;
  /** uint8 (row, column): 1 where a probe may be clustered. */
  readonly mask: Uint8Array;
}

/** Groups of probes that are joined one by one. */
export class ProbeGroups {
  readonly #parents: Int32Array;

  constructor(probes: number) {
    this.#parents = new Int32Array(probes);
    for (let probe = 0; probe < probes; probe++) this.#parents[probe] = probe;
  }

  /** The probe that stands for a group. */
  find(probe: number): number {
    const parents = this.#parents;
    while (parents[probe] !== probe) {
      parents[probe] = parents[parents[probe]];
      probe = parents[probe];
    }
    return probe;
  }

  /** Joins two groups, given by the probes that stand for them; `root` stands for both. */
  join(root: number, other: number): void {
    this.#parents[other] = root;
  }
}

/**
 * Builds the forest.
 *
 * @throws {BadParameter} when maps and sizes do not fit
 *
 * @example
 * ```ts
 * import { buildForest, clusterScan, cutForest, defaultParameters, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 12, columns: 12, grains: 3, seed: 1 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const forest = buildForest({ rows: 12, columns: 12, ...clustering });
 * const { sizes } = cutForest(forest, { ...clustering, threshold: 0.9, minimumSize: 4 });
 * console.assert(sizes.length === clustering.clusters.length);
 * ```
 */
export function buildForest({ rows, columns, similarity, mask }: ForestInput): MergeForest {
  // There may be no row yet, of a scan that grows.
  const counts = [rows, columns].every((size) => Number.isSafeInteger(size) && size >= 0);
  demandArgument(counts, "rows and columns", "whole numbers", `${rows}, ${columns}`);
  demandLength("similarity", similarity, 8 * rows * columns);
  demandLength("mask", mask, rows * columns);
  const steps = forwardOffsets.map(([down, right]) => down * columns + right);
  const { edges, values } = candidateEdges({ rows, columns, similarity, mask });
  const order = sortFalling(values);
  const groups = new ProbeGroups(mask.length);
  const probes = new Uint32Array(2 * mask.length), kept = new Float32Array(mask.length);
  let size = 0;
  // A forest that joins all there is needs no further edge.
  const most = mask.reduce((sum, inside) => sum + inside, 0) - 1;
  for (let place = 0; place < order.length && size < most; place++) {
    const edge = edges[order[place]], probe = edge >>> 2, other = probe + steps[edge & 3];
    const first = groups.find(probe), second = groups.find(other);
    if (first === second) continue;
    groups.join(first, second);
    probes[2 * size] = probe;
    probes[2 * size + 1] = other;
    kept[size++] = values[order[place]];
  }
  return { rows, columns, probes: probes.slice(0, 2 * size), similarity: kept.slice(0, size) };
}

/** Where to cut a forest, and what numbers the clusters. */
export interface ForestCut {
  /** Edges at least this similar join; compared as float32. */
  readonly threshold: number;
  /** Clusters with fewer probes are dropped. */
  readonly minimumSize: number;
  /** float32 (row, column): clusters are numbered by their most similar probe. */
  readonly meanSimilarity: Float32Array;
  /** The mask that the forest was built with. */
  readonly mask: Uint8Array;
}

/**
 * The clusters at a threshold: the same labels, numbers and seeds as growth at that threshold.
 *
 * @returns int32 labels (row, column), -1 in no cluster; flat indices of seeds; sizes in probes
 * @throws {BadParameter} when maps are not of the forest's scan, its edges are none, or threshold or size are no numbers
 *
 * @example
 * ```ts
 * import { cutForest } from "crystallite";
 *
 * // Two probes side by side, 0.8 similar.
 * const forest = { rows: 1, columns: 2, probes: Uint32Array.of(0, 1), similarity: Float32Array.of(0.8) };
 * const cut = { minimumSize: 1, meanSimilarity: Float32Array.of(0.8, 0.8), mask: Uint8Array.of(1, 1) };
 * console.assert(cutForest(forest, { ...cut, threshold: 0.7 }).sizes.length === 1);
 * console.assert(cutForest(forest, { ...cut, threshold: 0.9 }).sizes.length === 2);
 * ```
 */
export function cutForest(forest: MergeForest, cut: ForestCut): Growth {
  const { rows, columns, probes, similarity } = forest, { threshold, minimumSize } = cut;
  demandLength("mask", cut.mask, rows * columns);
  demandLength("meanSimilarity", cut.meanSimilarity, rows * columns);
  demandLength("forest.probes", probes, 2 * similarity.length);
  const beyond = probes.find((probe) => probe >= rows * columns);
  demandArgument(beyond === undefined, "forest.probes", `probes below ${rows * columns}`, beyond);
  demandArgument(!Number.isNaN(threshold), "threshold", "a number", threshold);
  demandArgument(minimumSize >= 0, "minimumSize", "a number of probes", minimumSize);
  return new ForestCutter(forest, cut).cut(cut.threshold, cut.minimumSize);
}

/** Cuts one forest again and again; what does not depend on the threshold is done once. */
export class ForestCutter {
  readonly #forest: MergeForest;
  /** Probes of the mask in the order in which they would seed clusters. */
  readonly #order: Uint32Array;
  /** The place of each probe of the mask in that order; -1 outside. */
  readonly #ranks: Int32Array;
  /** For each edge, the probe that stood for a group until then, and the one that stands for it from then on. */
  readonly #ended: Uint32Array;
  readonly #heirs: Uint32Array;

  constructor(forest: MergeForest, { meanSimilarity, mask }: Pick<ForestCut, "meanSimilarity" | "mask">) {
    const { rows, columns, probes, similarity } = forest;
    this.#forest = forest;
    this.#order = seedOrder(meanSimilarity, mask);
    this.#ranks = new Int32Array(rows * columns).fill(-1);
    this.#order.forEach((probe, place) => this.#ranks[probe] = place);
    this.#ended = new Uint32Array(similarity.length);
    this.#heirs = new Uint32Array(similarity.length);
    const groups = new ProbeGroups(rows * columns);
    for (let edge = 0; edge < similarity.length; edge++) {
      const heir = groups.find(probes[2 * edge]), ended = groups.find(probes[2 * edge + 1]);
      groups.join(heir, ended);
      this.#heirs[edge] = heir;
      this.#ended[edge] = ended;
    }
  }

  /** The clusters at a threshold, numbered in seed order. */
  cut(threshold: number, minimumSize: number): Growth {
    const order = this.#order, ranks = this.#ranks;
    const roots = this.#roots(threshold);
    // Of each group, kept at its root: probes, and the best place in the order of the seeds.
    const weights = new Int32Array(roots.length), best = new Int32Array(roots.length).fill(order.length);
    for (let probe = 0; probe < roots.length; probe++) {
      const rank = ranks[probe];
      if (rank < 0) continue;
      const root = roots[probe];
      weights[root]++;
      if (rank < best[root]) best[root] = rank;
    }
    // Groups that are kept, one higher so that 0 is none, by the place of their seed.
    const byPlace = new Int32Array(order.length);
    let count = 0;
    for (let root = 0; root < roots.length; root++) {
      if (weights[root] < minimumSize || weights[root] === 0) continue;
      byPlace[best[root]] = root + 1;
      count++;
    }
    const seeds = new Int32Array(count), sizes = new Int32Array(count);
    const numbers = new Int32Array(roots.length).fill(-1);
    for (let place = 0, id = 0; id < count; place++) {
      if (byPlace[place] === 0) continue;
      const root = byPlace[place] - 1;
      seeds[id] = order[place];
      sizes[id] = weights[root];
      numbers[root] = id++;
    }
    return { labels: roots.map((root) => numbers[root]), seeds, sizes };
  }

  /** For each probe the one that stands for its group. */
  #roots(threshold: number): Int32Array {
    const { rows, columns, similarity } = this.#forest;
    const limit = Math.fround(threshold);
    let edges = 0;
    while (edges < similarity.length && similarity[edges] >= limit) edges++;
    const roots = new Int32Array(rows * columns);
    for (let probe = 0; probe < roots.length; probe++) roots[probe] = probe;
    // An heir ends later than whom it followed, so that its own root is known first.
    const ended = this.#ended, heirs = this.#heirs;
    for (let edge = edges - 1; edge >= 0; edge--) roots[ended[edge]] = roots[heirs[edge]];
    return roots;
  }
}
