/** Groups of similar neighbours among the rows that have come: what joins stays joined, so that each row is looked at once. */

import { chooseThreshold, quantileThreshold } from "../cluster/automatic_threshold.ts";
import { buildForest } from "../cluster/forest.ts";
import type { ClusterParameters } from "../cluster/parameters.ts";
import { allDirections, forwardOffsets } from "../scan/neighbours.ts";

/** Probes for which there is room from the beginning. */
const firstRoom = 2 ** 20;
/** Probes beyond which a threshold is not chosen again. */
const enough = 2 ** 17;

/** Clusters of some rows, numbered in the order in which their first probes came. */
export interface LiveLabels {
  readonly rows: number;
  /** int32 (row, column), -1 in no cluster. */
  readonly labels: Int32Array<ArrayBuffer>;
  readonly clusters: number;
  readonly threshold: number;
}

/** Groups by growth at a threshold: the one that is given, or where there is none, one that is chosen as rows come. */
export class GrowingGroups {
  readonly #parameters: ClusterParameters;
  readonly #columns: number;
  #rows = 0;
  /** float32 (row, column, 4), and 1 where a pattern is blank. */
  #forward: Float32Array<ArrayBuffer>;
  #blank: Uint8Array<ArrayBuffer>;
  /** For each probe one of its group that came before it, or itself. */
  #before: Int32Array;
  /** Rows of which the groups are made. */
  #joined = 0;
  #threshold: number | undefined;
  /** Rows with which it is chosen again. */
  #chooseAt = 2;

  constructor(parameters: ClusterParameters, rows: number, columns: number) {
    this.#parameters = parameters;
    this.#columns = columns;
    const { threshold } = parameters;
    if (typeof threshold === "number") this.#threshold = threshold;
    // A header may announce more rows than there will ever be.
    const room = Math.min(rows, Math.ceil(firstRoom / columns)) * columns;
    this.#forward = new Float32Array(4 * room);
    this.#blank = new Uint8Array(room);
    this.#before = placesTo(room);
  }

  /** Rows that have come. */
  get rows(): number {
    return this.#rows;
  }

  /** A copy of the similarities of rows first..end-1. */
  similarities(first: number, end: number): Float32Array<ArrayBuffer> {
    return this.#forward.slice(4 * first * this.#columns, 4 * end * this.#columns);
  }

  /** Forgets all rows. */
  clear(): void {
    this.#rows = 0;
    this.#chooseAt = 2;
    this.#separate();
  }

  /**
   * Takes rows first..end-1, of which the first may be the last one that was taken.
   *
   * @param forward float32 (row, column, 4) of these rows
   * @param blank uint8 (row, column) of these rows
   */
  take(first: number, end: number, forward: Float32Array, blank: Uint8Array): void {
    this.#makeRoom(end);
    this.#forward.set(forward, 4 * first * this.#columns);
    this.#blank.set(blank, first * this.#columns);
    this.#rows = end;
  }

  /** The clusters of the rows so far. */
  labels(): LiveLabels {
    const rows = this.#rows, columns = this.#columns, probes = rows * columns;
    const threshold = this.#chooseThreshold();
    this.#join(threshold);
    const before = this.#before, sizes = new Int32Array(probes);
    // What came before a probe knows the first of its group already.
    for (let probe = 0; probe < probes; probe++) sizes[before[probe] = before[before[probe]]]++;
    const least = Math.max(1, this.#parameters.minimumSize), blank = this.#blank;
    const labels = new Int32Array(probes);
    let clusters = 0;
    for (let probe = 0; probe < probes; probe++) {
      const first = before[probe];
      if (first < probe) labels[probe] = labels[first];
      else labels[probe] = sizes[probe] >= least && blank[probe] === 0 ? clusters++ : -1;
    }
    return { rows, labels, clusters, threshold };
  }

  #chooseThreshold(): number {
    const { threshold } = this.#parameters, rows = this.#rows, columns = this.#columns;
    if (typeof threshold === "number") return threshold;
    if (this.#threshold !== undefined && rows < this.#chooseAt) return this.#threshold;
    this.#chooseAt = rows * columns < enough ? 2 * rows : Infinity;
    const similarity = allDirections(this.#forward.subarray(0, 4 * rows * columns), rows, columns);
    const mask = this.#blank.subarray(0, rows * columns).map((blank) => 1 - blank);
    const chosen = threshold.kind === "auto"
      ? chooseThreshold(buildForest({ rows, columns, similarity, mask }), mask).threshold
      : quantileThreshold(similarity, mask, columns, threshold.quantile);
    if (chosen !== this.#threshold) this.#separate();
    return this.#threshold = chosen;
  }

  /** Joins the rows that were not yet. */
  #join(threshold: number): void {
    const columns = this.#columns, forward = this.#forward, blank = this.#blank, before = this.#before;
    const firstOf = (probe: number) => {
      while (before[probe] !== probe) probe = before[probe] = before[before[probe]];
      return probe;
    };
    const least = Math.fround(threshold),
      steps = forwardOffsets.map(([down, right]) => down * columns + right);
    const end = this.#rows * columns;
    // The row that was the last one has neighbours below now.
    for (let probe = Math.max(0, this.#joined - 1) * columns; probe < end; probe++) {
      if (blank[probe] === 1) continue;
      for (let direction = 0; direction < 4; direction++) {
        if (!(forward[4 * probe + direction] >= least)) continue;
        const other = probe + steps[direction];
        if (blank[other] === 1) continue;
        const one = firstOf(probe), two = firstOf(other);
        if (one < two) before[two] = one;
        else before[one] = two;
      }
    }
    this.#joined = this.#rows;
  }

  #separate(): void {
    this.#before = placesTo(this.#blank.length);
    this.#joined = 0;
  }

  /** Room for twice as many rows as there are. */
  #makeRoom(rows: number): void {
    const needed = rows * this.#columns;
    if (needed <= this.#blank.length) return;
    const forward = this.#forward, blank = this.#blank;
    this.#forward = new Float32Array(8 * needed);
    this.#forward.set(forward);
    this.#blank = new Uint8Array(2 * needed);
    this.#blank.set(blank);
    const before = this.#before;
    this.#before = placesTo(2 * needed);
    this.#before.set(before);
  }
}

function placesTo(count: number): Int32Array {
  const places = new Int32Array(count);
  for (let place = 0; place < count; place++) places[place] = place;
  return places;
}
