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

/** What growing regions are expected to be: that of the majority of their probes (Boyer and Moore 1981). */
export class Expectations {
  readonly #expected: Int32Array;
  readonly #votes: Int32Array;

  /** @param expected int32 (row, column): name of the region that is expected at each probe, -1 = unknown */
  constructor(expected: Int32Array) {
    this.#expected = expected.slice();
    this.#votes = Int32Array.from(expected, (name) => name < 0 ? 0 : 1);
  }

  /** A region comes into another. */
  join(kept: number, lost: number): void {
    const expected = this.#expected, votes = this.#votes;
    if (expected[lost] < 0) return;
    if (expected[kept] === expected[lost]) votes[kept] += votes[lost];
    else if (expected[kept] < 0 || votes[lost] > votes[kept]) {
      votes[kept] = votes[lost] - (expected[kept] < 0 ? 0 : votes[kept]);
      expected[kept] = expected[lost];
    } else votes[kept] -= votes[lost];
  }

  /** Whether two regions are expected to be one; `undefined` where that is not known of both. */
  alike(one: number, other: number): boolean | undefined {
    const a = this.#expected[one], b = this.#expected[other];
    return a < 0 || b < 0 ? undefined : a === b;
  }
}
