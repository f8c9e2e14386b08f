/** What became of each true grain: found, split or merged with another. */

/** Smaller grains do not count: they are hardly more than their own rim. */
const leastGrain = 9;
/** Share of a grain that its largest cluster must hold, else it is split. */
const whole = 0.75;
/** Share of a grain above which its largest cluster hosts it. */
const hosted = 0.5;

/** How many true grains were split or merged. */
export interface GrainErrors {
  /** True grains of at least 9 probes. */
  readonly grains: number;
  /** Those of which no cluster holds 75 %. */
  readonly split: number;
  /** Grains too many in a cluster that holds more than half of several of them; -1 is a host like any other. */
  readonly merged: number;
}

/**
 * Counts splits and merges of true grains.
 *
 * @param labels label per probe, -1 in no cluster
 * @param truth grain per probe; negative = no grain
 */
export function grainErrors(labels: ArrayLike<number>, truth: ArrayLike<number>): GrainErrors {
  const parts = new Map<number, Map<number, number>>();
  for (let probe = 0; probe < truth.length; probe++) {
    if (truth[probe] < 0) continue;
    let counts = parts.get(truth[probe]);
    if (!counts) parts.set(truth[probe], counts = new Map());
    counts.set(labels[probe], (counts.get(labels[probe]) ?? 0) + 1);
  }
  let grains = 0, split = 0, merged = 0;
  const hosts = new Set<number>();
  for (const counts of parts.values()) {
    let size = 0, host = 0, largest = 0;
    for (const [label, count] of counts) {
      size += count;
      if (count > largest) [host, largest] = [label, count];
    }
    if (size < leastGrain) continue;
    grains++;
    if (largest < whole * size) split++;
    if (largest <= hosted * size) continue;
    if (hosts.has(host)) merged++;
    hosts.add(host);
  }
  return { grains, split, merged };
}
