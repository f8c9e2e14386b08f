/** Growth of clusters from the most coherent seeds (paper, Methods 3; spec stages 5 and 6). */

import { neighbourOffsets } from "../scan/neighbours.ts";
import { sortFalling } from "./sort_falling.ts";

/** What growth works on. */
export interface GrowthInput {
  readonly rows: number;
  readonly columns: number;
  /** float32 (row, column, 8), NaN outside the scan. */
  readonly similarity: Float32Array;
  /** float32 (row, column): the order of the seeds. */
  readonly meanSimilarity: Float32Array;
  /** 1 where a probe may be clustered. */
  readonly mask: Uint8Array;
  /** Compared with the similarity as float32. */
  readonly threshold: number;
  /** Probes this close to the border are never added to a cluster (they may seed one). */
  readonly borderWidth: number;
  /** Clusters with fewer probes are dropped. */
  readonly minimumSize: number;
}

/** Clusters in seed order. */
export interface Growth {
  /** int32 (row, column); -1 where a probe is in no cluster. */
  readonly labels: Int32Array;
  /** Flat probe index of each cluster's seed. */
  readonly seeds: Int32Array;
  /** Number of probes of each cluster. */
  readonly sizes: Int32Array;
}

/** Probes in the mask by falling mean similarity; ties by index. */
export function seedOrder(meanSimilarity: Float32Array, mask: Uint8Array): Uint32Array {
  const probes = new Uint32Array(mask.length), values = new Float32Array(mask.length);
  let count = 0;
  for (let probe = 0; probe < mask.length; probe++) {
    if (mask[probe] === 0) continue;
    values[count] = meanSimilarity[probe];
    probes[count++] = probe;
  }
  return sortFalling(values.subarray(0, count)).map((place) => probes[place]);
}

/** The probe of highest mean similarity of each cluster, ties by index; -1 where a cluster has no probe. */
export function clusterSeeds(labels: Int32Array, count: number, meanSimilarity: Float32Array): Int32Array {
  const seeds = new Int32Array(count).fill(-1);
  labels.forEach((label, probe) => {
    if (label < 0) return;
    if (seeds[label] < 0 || meanSimilarity[probe] > meanSimilarity[seeds[label]]) seeds[label] = probe;
  });
  return seeds;
}

/**
 * Grows clusters: the best unassigned probe seeds one, which takes every neighbour in the mask at least `threshold`
 * similar to one of its probes, until none is left; then the next.
 *
 * With `borderWidth` 0 the clusters are the connected components of the graph of sufficiently similar neighbours, and
 * the seeds decide only their numbers.
 */
export function growClusters(input: GrowthInput): Growth {
  const { rows, columns, similarity, mask, minimumSize } = input;
  const threshold = Math.fround(input.threshold);
  const labels = new Int32Array(rows * columns).fill(-1);
  const joinable = joinableProbes(input);
  const steps = Int32Array.from(neighbourOffsets, ([down, right]) => down * columns + right);
  const queue = new Int32Array(rows * columns);
  const order = seedOrder(input.meanSimilarity, mask);
  const seeds = new Int32Array(order.length), sizes = new Int32Array(order.length);
  let count = 0;
  for (let place = 0; place < order.length; place++) {
    const seed = order[place];
    if (labels[seed] >= 0) continue;
    const id = count++;
    let size = 1;
    labels[seed] = id;
    queue[0] = seed;
    for (let next = 0; next < size; next++) {
      const probe = queue[next];
      for (let direction = 0; direction < 8; direction++) {
        // NaN, which stands for neighbours outside the scan, is not similar.
        if (!(similarity[8 * probe + direction] >= threshold)) continue;
        const other = probe + steps[direction];
        if (labels[other] >= 0 || joinable[other] === 0) continue;
        labels[other] = id;
        queue[size++] = other;
      }
    }
    seeds[id] = seed;
    sizes[id] = size;
  }
  return refine({ labels, seeds: seeds.slice(0, count), sizes: sizes.slice(0, count) }, minimumSize);
}

/** 1 where a probe may be added to a cluster: in the mask and not too close to the border. */
function joinableProbes({ rows, columns, mask, borderWidth }: GrowthInput): Uint8Array {
  if (borderWidth === 0) return mask;
  return mask.map((inside, probe) => {
    const row = Math.floor(probe / columns), column = probe % columns;
    const nearest = Math.min(row, column, rows - 1 - row, columns - 1 - column);
    return inside && nearest >= borderWidth ? 1 : 0;
  });
}

/** Drops clusters smaller than `minimumSize`; the rest keep their order and are numbered 0..N-1. */
export function refine(growth: Growth, minimumSize: number): Growth {
  const { labels, seeds, sizes } = growth;
  const renumbered = new Int32Array(sizes.length).fill(-1);
  const kept = sizes.map((_, id) => id).filter((id) => sizes[id] >= minimumSize);
  kept.forEach((id, index) => renumbered[id] = index);
  const relabelled = new Int32Array(labels.length);
  for (let probe = 0; probe < labels.length; probe++) {
    relabelled[probe] = labels[probe] < 0 ? -1 : renumbered[labels[probe]];
  }
  return { labels: relabelled, seeds: kept.map((id) => seeds[id]), sizes: kept.map((id) => sizes[id]) };
}
