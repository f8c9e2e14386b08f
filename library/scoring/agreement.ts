/** How far two label maps agree, for scans whose truth is known. */

import { cellCounts, contingency } from "./contingency.ts";

/**
 * Adjusted Rand index of two partitions of the same probes: 1 = equal up to numbering, 0 = no better than chance. Every
 * value counts as a class of its own, -1 too; leave probes out with `where`.
 *
 * @param first label per probe
 * @param second label per probe, as many
 * @param where nonzero for probes that count; default: all
 * @returns 1 when there is nothing to disagree about (both are one class, or all classes are single probes)
 * @throws {RangeError} when the lengths differ
 *
 * @see Hubert and Arabie, J. Classif. 2 (1985), doi:10.1007/BF01908075
 */
export function adjustedRandIndex(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  where?: ArrayLike<number>,
): number {
  const counts = contingency(first, second, where);
  const { probes } = counts;
  const together = sumOfPairs(cellCounts(counts));
  const inFirst = sumOfPairs(counts.first.values()), inSecond = sumOfPairs(counts.second.values());
  const chance = probes > 1 ? inFirst * inSecond / pairs(probes) : 0;
  const most = (inFirst + inSecond) / 2;
  return most === chance ? 1 : (together - chance) / (most - chance);
}

function pairs(count: number): number {
  return count * (count - 1) / 2;
}

function sumOfPairs(counts: Iterable<number>): number {
  let sum = 0;
  for (const count of counts) sum += pairs(count);
  return sum;
}
