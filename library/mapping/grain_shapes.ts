/** Sizes and shapes of clusters as grains. */

import type { Boundary, Steps } from "./boundaries.ts";

/** What a table of grains says of a cluster. */
export interface GrainShape {
  /** In the square of the steps' unit. */
  readonly area: number;
  /** Diameter of the circle of equal area, in the steps' unit. */
  readonly equivalentDiameter: number;
  /** Long over short axis of the ellipse with the same second moments, 1 or more. */
  readonly aspectRatio: number;
  /** Number of clusters that it touches. */
  readonly neighbours: number;
}

/**
 * Shapes of all clusters.
 *
 * @param labels int32 (row, column): cluster of each probe, -1 for none
 * @param count number of clusters
 */
export function grainShapes(
  labels: Int32Array,
  columns: number,
  count: number,
  boundaries: readonly Pick<Boundary, "clusters">[],
  steps: Steps = { row: 1, column: 1 },
): GrainShape[] {
  const neighbours = new Int32Array(count);
  for (const { clusters } of boundaries) for (const cluster of clusters) neighbours[cluster]++;
  const size = new Float64Array(count), sums = new Float64Array(5 * count);
  labels.forEach((label, probe) => {
    if (label < 0) return;
    const y = Math.floor(probe / columns) * steps.row, x = probe % columns * steps.column;
    size[label]++;
    [y, x, y * y, x * x, y * x].forEach((value, index) => sums[5 * label + index] += value);
  });
  return Array.from(size, (probes, cluster) => {
    const area = probes * steps.row * steps.column;
    const [y, x, yy, xx, yx] = sums.subarray(5 * cluster, 5 * cluster + 5).map((sum) => sum / probes);
    // Each probe is a rectangle, not a point: its own moment of inertia keeps rows of probes from being infinitely long.
    const down = yy - y * y + steps.row * steps.row / 12;
    const across = xx - x * x + steps.column * steps.column / 12;
    const mixed = yx - y * x, middle = (down + across) / 2;
    const half = Math.sqrt(((down - across) / 2) * ((down - across) / 2) + mixed * mixed);
    return {
      area,
      equivalentDiameter: 2 * Math.sqrt(area / Math.PI),
      aspectRatio: Math.sqrt((middle + half) / (middle - half)),
      neighbours: neighbours[cluster],
    };
  });
}

/** Part of the probes with an orientation that each phase has; phases of clusters are `undefined` where there is none. */
export function phaseFractions(
  labels: Int32Array,
  phases: readonly (number | undefined)[],
  count: number,
): number[] {
  const probes = new Float64Array(count);
  for (const label of labels) {
    const phase = label < 0 ? undefined : phases[label];
    if (phase !== undefined) probes[phase]++;
  }
  const all = probes.reduce((sum, value) => sum + value, 0);
  return Array.from(probes, (value) => value / Math.max(1, all));
}
