/**
 * Particles of changing thickness are put together: the pattern of a crystal changes with its thickness, and fades at some,
 * so that a round or faceted particle looks like rings around a core, or around a hole.
 */

import type { Sketch } from "../../passes/sketch/sketch.ts";
import type { Partition } from "./grid.ts";
import { meanCosine, regionMeans, touchingPairs } from "./region_means.ts";

/** A core and the ring around it are one particle from this cosine of their means on: rings share reflections, others do not. */
const ringCosine = 0.3;
/** What a ring encloses is no more than this part of its own probes if it is to be filled in. */
const largestGap = 0.5;
/** Where fewer electrons than this part of the ring's are scattered, nothing is: a hole in a film stays one. */
const emptyElectrons = 0.25;

/** Joins rings and fills gaps of particles; nothing changes where there is no background for particles to lie on. */
export function completeParticles(sketch: Sketch, partition: Partition): Partition {
  if (partition.background < 0) return partition;
  return fillGaps(sketch, joinRings(sketch, partition));
}

/**
 * Joins cores with the rings around them: a core touches nothing but its ring and lies within the scan; the ring borders
 * more on the background than on other regions.
 */
function joinRings(sketch: Sketch, partition: Partition): Partition {
  const { rows, columns, background, count } = partition;
  const atEdge = new Set<number>();
  partition.labels.forEach((region, probe) => {
    const row = Math.floor(probe / columns), column = probe - row * columns;
    if (row === 0 || column === 0 || row === rows - 1 || column === columns - 1) atEdge.add(region);
  });
  for (;;) {
    const borders = Array.from({ length: count }, () => new Map<number, number>());
    for (const { first, second, borderLength } of touchingPairs(partition)) {
      borders[first].set(second, borderLength);
      borders[second].set(first, borderLength);
    }
    const means = regionMeans(sketch, partition);
    const core = borders.findIndex((around, region) => {
      if (around.size !== 1 || region === background || atEdge.has(region)) return false;
      const [ring] = around.keys();
      if (ring === background || meanCosine(means, sketch.length, region, ring) < ringCosine) return false;
      let others = 0;
      for (const [other, border] of borders[ring]) if (other !== region) others += border;
      return 2 * (borders[ring].get(background) ?? 0) >= others && others > 0;
    });
    if (core < 0) return partition;
    const [ring] = borders[core].keys();
    partition = { ...partition, labels: partition.labels.map((region) => region === core ? ring : region) };
  }
}

/** Gives background that one region encloses to that region, as far as something is scattered there. */
function fillGaps({ noise }: Sketch, partition: Partition): Partition {
  const { background, count } = partition;
  const labels = partition.labels.slice(), seen = new Uint8Array(labels.length);
  const sizes = new Int32Array(count), electrons = new Float64Array(count);
  labels.forEach((region, probe) => {
    if (region < 0) return;
    sizes[region]++;
    electrons[region] += noise[probe];
  });
  for (let probe = 0; probe < labels.length; probe++) {
    if (partition.labels[probe] !== background || seen[probe] === 1) continue;
    const { gap, around } = gapAt(partition, probe, seen);
    if (around === null || gap.length > largestGap * sizes[around]) continue;
    const within = gap.reduce((sum, one) => sum + noise[one], 0) / gap.length;
    if (within < emptyElectrons * electrons[around] / sizes[around]) continue;
    for (const one of gap) labels[one] = around;
  }
  return { ...partition, labels };
}

/**
 * The connected piece of background that a probe lies in, and the only region around it; `null` if there are several, or if it
 * reaches the edge of the scan or probes that take no part.
 *
 * @param seen becomes 1 for all of its probes
 */
function gapAt({ rows, columns, labels, background }: Partition, start: number, seen: Uint8Array) {
  const gap = [start];
  seen[start] = 1;
  let around: number | null = null, open = false;
  for (let next = 0; next < gap.length; next++) {
    const row = Math.floor(gap[next] / columns), column = gap[next] - row * columns;
    if (row === 0 || column === 0 || row === rows - 1 || column === columns - 1) {
      open = true;
    }
    for (const [y, x] of [[row - 1, column], [row, column - 1], [row, column + 1], [row + 1, column]]) {
      if (y < 0 || x < 0 || y >= rows || x >= columns) continue;
      const other = y * columns + x, region = labels[other];
      if (region === background) {
        if (seen[other] === 0) gap.push(other);
        seen[other] = 1;
      } else if (region < 0 || around !== null && around !== region) open = true;
      else around = region;
    }
  }
  return { gap, around: open ? null : around };
}
