/**
 * What another frame of a series says about where regions end: hysteresis in time. Two neighbours that were one region a
 * frame ago are joined more readily, two that were two less readily, so that what is on the edge does not go to and fro.
 */

import type { Partition } from "./grid.ts";

/** Cosines from which regions may merge that are expected to be one, and that are expected to be two. */
export const sameCosine = 0.6, differentCosine = 0.8;

/** The expectation of most probes of each region, -1 where none has any; of equal ones the lowest. */
export function majorities({ labels, count }: Partition, expected: Int32Array): Int32Array {
  const counts = Array.from({ length: count }, () => new Map<number, number>());
  labels.forEach((region, probe) => {
    if (region < 0 || expected[probe] < 0) return;
    counts[region].set(expected[probe], (counts[region].get(expected[probe]) ?? 0) + 1);
  });
  return Int32Array.from(counts, (votes) => {
    let best = -1, most = 0;
    for (const [name, count] of votes) {
      if (count > most || count === most && name < best) best = name, most = count;
    }
    return best;
  });
}
