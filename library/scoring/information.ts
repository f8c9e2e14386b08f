/** What one label map tells about another, in the terms of information theory. */

import { cellCounts, type Contingency, contingency } from "./contingency.ts";

/** Entropies of two partitions of the same probes, in nats. */
export interface PartitionInformation {
  /** Mutual information over the mean of both entropies: 1 = equal up to numbering, 0 = independent. */
  readonly normalisedMutualInformation: number;
  /** What each partition tells that the other does not, in nats: 0 = equal up to numbering. */
  readonly variationOfInformation: number;
}

/**
 * Normalised mutual information, 2 I / (H1 + H2), and variation of information, H1 + H2 - 2 I, of two partitions. Every
 * value counts as a class of its own, -1 too. Two partitions into one class each, or of no probes, are equal.
 *
 * @param first label per probe
 * @param second label per probe, as many
 * @param where nonzero for probes that count; default: all
 * @throws {RangeError} when the lengths differ
 *
 * @see Vinh, Epps and Bailey, J. Mach. Learn. Res. 11 (2010), 2837; Meila, J. Multivar. Anal. 98 (2007), 873
 */
export function partitionInformation(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  where?: ArrayLike<number>,
): PartitionInformation {
  const counts = contingency(first, second, where);
  const { probes } = counts;
  const inFirst = entropy(counts.first.values(), probes), inSecond = entropy(counts.second.values(), probes);
  const together = entropy(cellCounts(counts), probes);
  // Rounding must not make equal partitions differ by 1e-16, nor anything negative.
  const variation = bijective(counts) ? 0 : Math.max(0, 2 * together - inFirst - inSecond);
  const most = inFirst + inSecond;
  const normalised = variation === 0 ? 1 : (most - variation) / most;
  return { normalisedMutualInformation: Math.max(0, normalised), variationOfInformation: variation };
}

/** Whether every class of either partition is one class of the other. */
function bijective({ cells, second }: Contingency): boolean {
  return cells.size === second.size && Array.from(cells.values()).every((row) => row.size === 1);
}

/** In nats. */
function entropy(counts: Iterable<number>, probes: number): number {
  let sum = 0;
  for (const count of counts) sum -= count / probes * Math.log(count / probes);
  return sum;
}
