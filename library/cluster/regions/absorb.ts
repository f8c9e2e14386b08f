/** Small and thin regions are given to their neighbours: rims of mixed patterns between grains. Lamellae stay. */

import { innerProduct, type Sketch } from "../../passes/sketch/sketch.ts";
import { neighboursOf, type Partition } from "./grid.ts";
import { ownPatterns } from "./own_patterns.ts";
import { type RegionMeans, regionMeans } from "./region_means.ts";

/** Regions below this many probes are absorbed unless the settings say otherwise. */
export const leastRegion = 5;
/** After this many rounds what is left stays. */
const rounds = 20;

/**
 * Dissolves regions with too few probes, and those without any probe whose neighbours all belong to it unless they have a
 * pattern of their own. Each of their probes goes to the neighbouring region whose mean is nearest to it, round after
 * round, outermost probes first. The background stays as it is, and so does a region without lasting neighbours.
 *
 * @param leastSize regions with fewer probes are dissolved
 */
export function absorbSmall(sketch: Sketch, partition: Partition, leastSize: number): Partition {
  const { length, features } = sketch;
  const { rows, columns, count, background } = partition;
  const neighbours = new Int32Array(8);
  let labels = partition.labels;
  for (let round = 0; round < rounds; round++) {
    const current = { ...partition, labels };
    const found = regionMeans(sketch, current);
    const bad = regionsToAbsorb(sketch, current, found, leastSize);
    if (bad === null) break;
    const { means, squares } = found;
    const next = labels.slice();
    let changed = false;
    for (let probe = 0; probe < labels.length; probe++) {
      if (labels[probe] < 0 || bad[labels[probe]] === 0) continue;
      const around = neighboursOf(probe, rows, columns, neighbours);
      let best = -Infinity;
      for (let i = 0; i < around; i++) {
        const region = labels[neighbours[i]];
        if (region < 0 || bad[region] === 1) continue;
        // The squared distance to the mean, less what all regions have in common, with the sign turned.
        const score = 2 * innerProduct(means, region * length, features, probe * length, length) -
          squares[region];
        if (score < best || score === best && region >= next[probe]) continue;
        best = score;
        next[probe] = region;
        changed = true;
      }
    }
    labels = next;
    if (!changed) break;
  }
  return { rows, columns, labels, count, background };
}

/** 1 for each region to be dissolved; `null` when there is none or nothing would remain. */
function regionsToAbsorb(sketch: Sketch, partition: Partition, means: RegionMeans, leastSize: number) {
  const { rows, columns, labels, count, background } = partition;
  const { sizes } = means;
  const cores = new Uint8Array(count);
  const inner = innerProbes(labels, rows, columns);
  for (let probe = 0; probe < labels.length; probe++) {
    if (inner[probe] === 1) cores[labels[probe]] = 1;
  }
  const bad = Uint8Array.from(sizes, (size, region) => {
    if (region === background || size === 0) return 0;
    return size < leastSize || cores[region] === 0 ? 1 : 0;
  });
  ownPatterns(sketch, partition, means, bad).forEach((own, region) => {
    if (own === 1 && sizes[region] >= leastSize) bad[region] = 0;
  });
  const lasting = sizes.some((size, region) => size > 0 && bad[region] === 0);
  return lasting && bad.includes(1) ? bad : null;
}

/** 1 where every neighbour that takes part belongs to the same region as the probe. */
export function innerProbes(labels: Int32Array, rows: number, columns: number): Uint8Array {
  const inner = new Uint8Array(labels.length);
  for (let row = 0, probe = 0; row < rows; row++) {
    const top = row > 0 ? -columns : 0, bottom = row < rows - 1 ? columns : 0;
    for (let column = 0; column < columns; column++, probe++) {
      const region = labels[probe];
      if (region < 0) continue;
      const left = column > 0 ? -1 : 0, right = column < columns - 1 ? 1 : 0;
      let same = true;
      for (let first = probe + top; same && first <= probe + bottom; first += columns) {
        for (let other = first + left; other <= first + right; other++) {
          if (labels[other] !== region && labels[other] >= 0) same = false;
        }
      }
      if (same) inner[probe] = 1;
    }
  }
  return inner;
}
