/** How far two label maps agree, for scans whose truth is known. */

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
  if (first.length !== second.length || where !== undefined && where.length !== first.length) {
    throw new RangeError(`label maps of ${first.length} and ${second.length} probes cannot be compared`);
  }
  const cells = new Map<string, number>();
  const rows = new Map<number, number>(), columns = new Map<number, number>();
  let probes = 0;
  for (let probe = 0; probe < first.length; probe++) {
    if (where !== undefined && !where[probe]) continue;
    probes++;
    increment(cells, `${first[probe]},${second[probe]}`);
    increment(rows, first[probe]);
    increment(columns, second[probe]);
  }
  const together = sumOfPairs(cells), inFirst = sumOfPairs(rows), inSecond = sumOfPairs(columns);
  const chance = probes > 1 ? inFirst * inSecond / pairs(probes) : 0;
  const most = (inFirst + inSecond) / 2;
  return most === chance ? 1 : (together - chance) / (most - chance);
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function pairs(count: number): number {
  return count * (count - 1) / 2;
}

function sumOfPairs(counts: ReadonlyMap<unknown, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += pairs(count);
  return sum;
}
