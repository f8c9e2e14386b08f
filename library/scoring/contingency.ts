/** How many probes two label maps have in each pair of classes: what every comparison of partitions starts from. */

/** Counts of probes. Every value is a class of its own, -1 too. */
export interface Contingency {
  readonly probes: number;
  /** By class of the first map, and of the second. */
  readonly first: ReadonlyMap<number, number>;
  readonly second: ReadonlyMap<number, number>;
  /** By class of the first map, then of the second; only pairs that occur. */
  readonly cells: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

/**
 * Counts the probes of two partitions.
 *
 * @param first label per probe
 * @param second label per probe, as many
 * @param where nonzero for probes that count; default: all
 * @throws {RangeError} when the lengths differ
 */
export function contingency(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  where?: ArrayLike<number>,
): Contingency {
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
  return { probes, first: rows, second: columns, cells };
}

/** The counts of all pairs of classes that occur. */
export function cellCounts({ cells }: Contingency): number[] {
  return Array.from(cells.values(), (row) => Array.from(row.values())).flat();
}

function increment(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
