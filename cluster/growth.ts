/** Growth of clusters from the most coherent seeds (paper, Methods 3; spec stages 5 and 6). */

import { neighbourOffsets } from "./clustering.ts";

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
  const probes = Uint32Array.from(Array.from(mask.keys()).filter((probe) => mask[probe] !== 0));
  return probes.sort((a, b) => meanSimilarity[b] - meanSimilarity[a] || a - b);
}

/**
 * Grows clusters: the best unassigned probe seeds one, which takes every neighbour in the mask at least `threshold`
 * similar to one of its probes, until none is left; then the next.
 *
 * With `borderWidth` 0 the clusters are the connected components of the graph of sufficiently similar neighbours, and
 * the seeds decide only their numbers.
 */
export function growClusters(input: GrowthInput): Growth {
  const { rows, columns, similarity, mask, borderWidth, minimumSize } = input;
  const threshold = Math.fround(input.threshold);
  const labels = new Int32Array(rows * columns).fill(-1);
  const queue = new Int32Array(rows * columns);
  const seeds: number[] = [], sizes: number[] = [];
  for (const seed of seedOrder(input.meanSimilarity, mask)) {
    if (labels[seed] >= 0) continue;
    const id = seeds.length;
    let size = 1;
    labels[seed] = id;
    queue[0] = seed;
    for (let next = 0; next < size; next++) {
      const probe = queue[next];
      const row = Math.floor(probe / columns), column = probe % columns;
      for (let direction = 0; direction < 8; direction++) {
        if (!(similarity[8 * probe + direction] >= threshold)) continue;
        const otherRow = row + neighbourOffsets[direction][0],
          otherColumn = column + neighbourOffsets[direction][1];
        if (
          otherRow < borderWidth || otherColumn < borderWidth || otherRow >= rows - borderWidth ||
          otherColumn >= columns - borderWidth
        ) continue;
        const other = otherRow * columns + otherColumn;
        if (labels[other] >= 0 || mask[other] === 0) continue;
        labels[other] = id;
        queue[size++] = other;
      }
    }
    seeds.push(seed);
    sizes.push(size);
  }
  return refine({ labels, seeds: Int32Array.from(seeds), sizes: Int32Array.from(sizes) }, minimumSize);
}

/** Drops clusters smaller than `minimumSize`; the rest keep their order and are numbered 0..N-1. */
export function refine(growth: Growth, minimumSize: number): Growth {
  const renumbered = new Int32Array(growth.sizes.length).fill(-1);
  const kept = Array.from(growth.sizes.keys()).filter((id) => growth.sizes[id] >= minimumSize);
  kept.forEach((id, index) => renumbered[id] = index);
  return {
    labels: growth.labels.map((label) => label < 0 ? -1 : renumbered[label]),
    seeds: Int32Array.from(kept, (id) => growth.seeds[id]),
    sizes: Int32Array.from(kept, (id) => growth.sizes[id]),
  };
}
