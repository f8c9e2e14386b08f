/** Which edges and probes must be known better for the clusters and their order to be certain. */

import { forwardOffsets } from "../../scan/neighbours.ts";
import { joinGroups, settleGroups } from "../../scan/probe_groups.ts";
import type { SimilarityBounds } from "./similarity_bounds.ts";

/** Edges between probes that may be in the mask, of which it is open whether they reach the threshold. */
export function uncertainEdges(bounds: SimilarityBounds, possible: Uint8Array, threshold: number): number[] {
  const { rows, columns, similarity } = bounds;
  const least = Math.fround(threshold);
  const uncertain: number[] = [];
  forwardOffsets.forEach(([down, right], direction) => {
    const step = down * columns + right;
    for (let row = 0; row < rows - down; row++) {
      const end = row * columns + columns - Math.max(0, right);
      for (let probe = row * columns + Math.max(0, -right); probe < end; probe++) {
        const edge = 4 * probe + direction, value = similarity[edge], error = bounds.errorOf(edge);
        if (value - error >= least || value + error < least) continue;
        if (possible[probe] && possible[probe + step]) uncertain.push(edge);
      }
    }
  });
  return uncertain;
}

/**
 * Probes of which it is open whether they are the seed of their cluster, and seeds of which it is open which comes
 * first. Clusters smaller than `minimumSize` are dropped, so that their seeds do not matter.
 *
 * Clusters are the connected components of the similar neighbours in the mask. The seed of each is its probe of largest
 * mean similarity, of lowest index among equals, and clusters are numbered in the order of their seeds.
 */
export function uncertainSeeds(
  bounds: SimilarityBounds,
  mask: Uint8Array,
  threshold: number,
  minimumSize: number,
): number[] {
  const { low, high } = bounds;
  const { root, sizes } = components(bounds, mask, threshold);
  const probes = low.length;
  // The probe whose lower bound is largest: none can be the seed whose upper bound is less.
  const best = new Int32Array(probes).fill(-1);
  for (let probe = 0; probe < probes; probe++) {
    const cluster = root[probe];
    if (cluster < 0 || sizes[cluster] < minimumSize) continue;
    if (best[cluster] < 0 || low[probe] > low[best[cluster]]) best[cluster] = probe;
  }
  const uncertain: number[] = [];
  for (let probe = 0; probe < probes; probe++) {
    const rival = root[probe] < 0 ? -1 : best[root[probe]];
    if (rival < 0 || rival === probe) continue;
    // The rival itself is only computed again when that does not settle it.
    if (high[probe] > low[rival] || high[probe] === low[rival] && probe < rival) uncertain.push(probe);
  }
  // While a seed is open, the best probe stands for it.
  const seeds = Array.from(best).filter((probe) => probe >= 0);
  return uncertain.concat(uncertainOrder(seeds, low, high)).filter((probe) => low[probe] < high[probe]);
}

/** Seeds that may come before one whose lower bound is larger, or the same at a lower index. */
function uncertainOrder(seeds: number[], low: Float32Array, high: Float32Array): number[] {
  seeds.sort((a, b) => low[b] - low[a] || a - b);
  return seeds.filter((seed, i) => i > 0 && high[seed] >= low[seeds[i - 1]]);
}

/** Connected components of similar neighbours in the mask: the lowest probe of each, -1 outside, and their sizes. */
function components(
  { rows, columns, similarity }: SimilarityBounds,
  mask: Uint8Array,
  threshold: number,
): { root: Int32Array; sizes: Int32Array } {
  const least = Math.fround(threshold);
  const parent = new Int32Array(rows * columns);
  for (let probe = 0; probe < parent.length; probe++) parent[probe] = mask[probe] ? probe : -1;
  const steps = forwardOffsets.map(([down, right]) => down * columns + right);
  for (let probe = 0; probe < parent.length; probe++) {
    if (!mask[probe]) continue;
    for (let direction = 0; direction < 4; direction++) {
      // NaN stands for neighbours outside the scan, and is not similar.
      if (!(similarity[4 * probe + direction] >= least) || !mask[probe + steps[direction]]) continue;
      joinGroups(parent, probe, probe + steps[direction]);
    }
  }
  settleGroups(parent);
  const sizes = new Int32Array(parent.length);
  for (const lowest of parent) if (lowest >= 0) sizes[lowest]++;
  return { root: parent, sizes };
}
