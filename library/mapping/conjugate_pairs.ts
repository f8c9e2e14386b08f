/** The origin of every pattern halfway between peaks that are each other's inversion (spec of Bragg disks, 5.1d). */

import type { PeakLists } from "../passes/bragg_peaks/peak_pass.ts";

/** What counts as a pair. Lengths are in detector pixels. */
export interface PairSearch {
  /** Where the origin should be at each probe, float32 (probes, 2); right to a quarter of the distance between peaks. */
  readonly guess: Float32Array;
  /** Peaks nearer to the origin are the direct beam. */
  readonly least: number;
  /** Peaks farther from it are left out; default none. */
  readonly most?: number;
  /** A partner lies at most so far from where it should, at first; a third of that in the last round. */
  readonly tolerance: number;
}

/** Rounds, each about the origin of the one before; and the fewest pairs that say anything. */
const rounds = 4, fewest = 2;

/**
 * Origins as the mean of the middles of conjugate pairs: peaks that are nearest to each other's inversion. Works without the
 * direct beam.
 *
 * @returns float32 (probes, 2): row and column in pixels, NaN where fewer than two pairs are found
 */
export function pairOrigins(peaks: PeakLists, search: PairSearch): Float32Array {
  const probes = peaks.offsets.length - 1, origins = new Float32Array(2 * probes).fill(NaN);
  for (let probe = 0; probe < probes; probe++) {
    let [row, column] = search.guess.subarray(2 * probe), pairs = 0;
    for (let round = 0; round < rounds; round++) {
      const tolerance = search.tolerance * (1 - 2 / 3 * round / (rounds - 1));
      const mean = meanOfPairs(peaks, probe, { row, column }, search, tolerance);
      pairs = mean.pairs;
      if (pairs < fewest) break;
      ({ row, column } = mean);
    }
    if (pairs >= fewest) origins.set([row, column], 2 * probe);
  }
  return origins;
}

function meanOfPairs(
  { offsets, row, column }: PeakLists,
  probe: number,
  centre: { readonly row: number; readonly column: number },
  { least, most = Infinity }: PairSearch,
  tolerance: number,
): { row: number; column: number; pairs: number } {
  const first = offsets[probe], end = offsets[probe + 1];
  const partner = (peak: number) => {
    let best = -1, nearest = tolerance * tolerance;
    const down = 2 * centre.row - row[peak], across = 2 * centre.column - column[peak];
    for (let other = first; other < end; other++) {
      const square = (row[other] - down) ** 2 + (column[other] - across) ** 2;
      if (square > nearest || other === peak) continue;
      nearest = square;
      best = other;
    }
    return best;
  };
  let down = 0, across = 0, pairs = 0;
  for (let peak = first; peak < end; peak++) {
    const distance = Math.sqrt((row[peak] - centre.row) ** 2 + (column[peak] - centre.column) ** 2);
    if (distance < least || distance > most) continue;
    const other = partner(peak);
    if (other <= peak || partner(other) !== peak) continue;
    down += (row[peak] + row[other]) / 2;
    across += (column[peak] + column[other]) / 2;
    pairs++;
  }
  return { row: down / pairs, column: across / pairs, pairs };
}
