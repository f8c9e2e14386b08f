/** How much of what neighbouring patterns share within a region the mean pattern of the region does not explain. */

import { innerProbes } from "./absorb.ts";
import type { Partition } from "./grid.ts";
import { regionMeans } from "./region_means.ts";
import type { Sketch } from "../../passes/sketch/sketch.ts";

/**
 * Within a region of one pattern, what is left of two neighbouring patterns without the region's mean is their own noise,
 * which is independent, so that its inner product is 0 on average. Where it is not, patterns change within the region: a bent
 * crystal, or two crystals that are held for one.
 *
 * @param partition without the background, or with it as a region
 * @returns the inner products over the squared mean, 0 to 1, for each region and weighted by its probes; of inner probes only,
 * since those at borders hold mixed patterns
 */
export function unexplainedSignal(sketch: Sketch, partition: Partition): number {
  const { rows, columns, labels, count, background } = partition, { length, features } = sketch;
  const { sizes, means } = regionMeans(sketch, partition);
  const inner = innerProbes(labels, rows, columns);
  const rest = new Float64Array(count), explained = new Float64Array(count);
  for (let probe = 0; probe < labels.length; probe++) {
    const region = labels[probe];
    if (inner[probe] === 0 || region < 0 || region === background) continue;
    for (const other of [(probe + 1) % columns === 0 ? -1 : probe + 1, probe + columns]) {
      if (other < 0 || other >= labels.length || inner[other] === 0 || labels[other] !== region) continue;
      for (let i = 0; i < length; i++) {
        const mean = means[region * length + i];
        rest[region] += (features[probe * length + i] - mean) * (features[other * length + i] - mean);
        explained[region] += mean * mean;
      }
    }
  }
  let sum = 0, probes = 0;
  for (let region = 0; region < count; region++) {
    if (!(explained[region] > 0)) continue;
    sum += sizes[region] * Math.min(1, Math.max(0, rest[region] / explained[region]));
    probes += sizes[region];
  }
  return probes > 0 ? sum / probes : 0;
}
