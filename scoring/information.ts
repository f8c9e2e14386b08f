/** What one label map tells about another, in the terms of information theory. */

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
  if (first.length !== second.length || where !== undefined && where.length !== first.length) {
    throw new RangeError(`label maps of ${first.length} and ${second.length} probes cannot be compared`);
  }
  const rows = new Map<number, number>(), columns = new Map<number, number>();
  const cells = new Map<number, Map<number, number>>();
  let probes = 0;
  for (let probe = 0; probe < first.length; probe++) {
    if (where !== undefined && !where[probe]) continue;
    probes++;
    increment(rows, first[probe]);
    increment(columns, second[probe]);
    let row = cells.get(first[probe]);
    if (!row) cells.set(first[probe], row = new Map());
    increment(row, second[probe]);
  }
  const inFirst = entropy(rows.values(), probes), inSecond = entropy(columns.values(), probes);
  const together = entropy(Array.from(cells.values(), (row) => Array.from(row.values())).flat(), probes);
  // Rounding must not make equal partitions differ by 1e-16, nor anything negative.
  const variation = bijective(cells, columns) ? 0 : Math.max(0, 2 * together - inFirst - inSecond);
  const most = inFirst + inSecond;
  const normalised = variation === 0 ? 1 : (most - variation) / most;
  return { normalisedMutualInformation: Math.max(0, normalised), variationOfInformation: variation };
}

/** Whether every class of either partition is one class of the other. */
function bijective(cells: ReadonlyMap<number, Map<number, number>>, columns: ReadonlyMap<number, number>) {
  return cells.size === columns.size && Array.from(cells.values()).every((row) => row.size === 1);
}

function increment(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** In nats. */
function entropy(counts: Iterable<number>, probes: number): number {
  let sum = 0;
  for (const count of counts) sum -= count / probes * Math.log(count / probes);
  return sum;
}
