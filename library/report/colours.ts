/** Which cluster gets which colour: neighbours always differ, and differ clearly where the palette allows. */

import type { Clustering } from "../cluster/clustering.ts";
import { clusterPalette, colourDistance } from "./palette.ts";

/** Distance below which two colours count as alike. */
const alikeBelow = 0.24;

/** Probes this far apart still look like neighbours on a map. */
const nearRadius = 2;

/**
 * Deals palette indices to clusters, largest first (ties: lower id), each taking the cheapest colour: never that of a
 * cluster it touches (8 neighbours), hardly ever that of one within two probes, rather not one alike, else the least
 * used. Equal labels always give equal colours.
 *
 * @param labels cluster id per probe, (row, column) row-major, -1 = in none
 * @param sizes number of probes of each cluster
 * @returns index for {@link paletteColour} of each cluster
 */
export function assignColours(
  labels: Int32Array,
  shape: { readonly rows: number; readonly columns: number },
  sizes: readonly number[],
): Uint32Array {
  const { rows, columns } = shape;
  const { starts, probes } = probesByCluster(labels, sizes.length);
  const colours = new Int32Array(sizes.length).fill(-1);
  const used = new Float64Array(clusterPalette.length);
  const order = sizes.map((_, id) => id).sort((a, b) => sizes[b] - sizes[a] || a - b);
  for (const id of order) {
    const touching = new Set<number>();
    const near = new Set<number>();
    for (let place = starts[id]; place < starts[id + 1]; place++) {
      const row = Math.floor(probes[place] / columns), column = probes[place] % columns;
      const lastRow = Math.min(row + nearRadius, rows - 1);
      const lastColumn = Math.min(column + nearRadius, columns - 1);
      for (let y = Math.max(row - nearRadius, 0); y <= lastRow; y++) {
        for (let x = Math.max(column - nearRadius, 0); x <= lastColumn; x++) {
          const other = labels[y * columns + x];
          if (other < 0 || other === id || colours[other] < 0) continue;
          const touches = Math.abs(y - row) <= 1 && Math.abs(x - column) <= 1;
          (touches ? touching : near).add(colours[other]);
        }
      }
    }
    const colour = cheapestColour(touching, near, used);
    colours[id] = colour;
    if (colour < used.length) used[colour]++;
  }
  return Uint32Array.from(colours);
}

/** The colours of the clusters of a run; see {@link assignColours}. */
export function clusterColours({ labels, shape, clusters }: Clustering): Uint32Array {
  return assignColours(labels, shape, clusters.map((cluster) => cluster.size));
}

const alike: readonly (readonly number[])[] = clusterPalette.map((colour) =>
  clusterPalette.map((other) => Math.max(0, 1 - colourDistance(colour, other) / alikeBelow))
);

function cheapestColour(touching: Set<number>, near: Set<number>, used: Float64Array): number {
  const total = used.reduce((sum, count) => sum + count, 1);
  let best = -1, bestCost = Infinity;
  for (let candidate = 0; candidate < clusterPalette.length; candidate++) {
    if (touching.has(candidate)) continue;
    let cost = 6 * used[candidate] / total + (near.has(candidate) ? 8 : 0);
    for (const other of touching) cost += 2 * (alike[candidate][other] ?? 0);
    for (const other of near) cost += alike[candidate][other] ?? 0;
    if (cost < bestCost) {
      best = candidate;
      bestCost = cost;
    }
  }
  if (best >= 0) return best;
  let extra = clusterPalette.length;
  while (touching.has(extra)) extra++;
  return extra;
}

/** The probes of cluster k are `probes[starts[k]]` to `probes[starts[k + 1] - 1]` (counting sort by label). */
function probesByCluster(labels: Int32Array, count: number): { starts: Uint32Array; probes: Uint32Array } {
  const starts = new Uint32Array(count + 1);
  for (const label of labels) if (label >= 0) starts[label + 1]++;
  for (let id = 0; id < count; id++) starts[id + 1] += starts[id];
  const next = starts.slice(0, count);
  const probes = new Uint32Array(starts[count]);
  labels.forEach((label, probe) => {
    if (label >= 0) probes[next[label]++] = probe;
  });
  return { starts, probes };
}
