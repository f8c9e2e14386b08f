/** Labels that change, with the members of each cluster at hand. */

/**
 * A label map in which probes move from cluster to cluster. Members are kept in doubly linked lists, so that an edit
 * costs what it moves, not what the scan holds.
 */
export class LabelMap {
  /** Cluster of each probe, -1 where it is in none. Ids never change their meaning; empty clusters keep theirs. */
  readonly labels: Int32Array;
  readonly #first: number[] = [];
  readonly #sizes: number[] = [];
  readonly #next: Int32Array;
  readonly #previous: Int32Array;

  /** @param labels cluster of each probe, -1 where it is in none; they are copied */
  constructor(labels: Int32Array) {
    const probes = labels.length;
    this.labels = new Int32Array(probes).fill(-1);
    this.#next = new Int32Array(probes).fill(-1);
    this.#previous = new Int32Array(probes).fill(-1);
    for (let probe = probes - 1; probe >= 0; probe--) {
      if (labels[probe] < 0) continue;
      while (this.#sizes.length <= labels[probe]) this.create();
      this.#insert(probe, labels[probe]);
    }
  }

  /** Number of ids in use, empty clusters included. */
  get count(): number {
    return this.#sizes.length;
  }

  /** Number of probes of a cluster. */
  size(id: number): number {
    return this.#sizes[id];
  }

  /** Begins an empty cluster and returns its id. */
  create(): number {
    this.#first.push(-1);
    return this.#sizes.push(0) - 1;
  }

  /** Flat indices of a cluster's probes, rising. */
  members(id: number): Int32Array {
    const members = new Int32Array(this.#sizes[id]);
    let count = 0;
    for (let probe = this.#first[id]; probe >= 0; probe = this.#next[probe]) members[count++] = probe;
    return members.sort();
  }

  /** Puts a probe into another cluster, or into none (-1). */
  move(probe: number, id: number): void {
    this.#remove(probe);
    if (id >= 0) this.#insert(probe, id);
  }

  /** Makes one cluster of two and returns its id, that of the larger one. */
  join(one: number, other: number): number {
    const [smaller, larger] = this.#sizes[one] < this.#sizes[other] ? [one, other] : [other, one];
    while (this.#first[smaller] >= 0) this.move(this.#first[smaller], larger);
    return larger;
  }

  #insert(probe: number, id: number): void {
    const first = this.#first[id];
    this.#next[probe] = first;
    this.#previous[probe] = -1;
    if (first >= 0) this.#previous[first] = probe;
    this.#first[id] = probe;
    this.#sizes[id]++;
    this.labels[probe] = id;
  }

  #remove(probe: number): void {
    const id = this.labels[probe];
    if (id < 0) return;
    const next = this.#next[probe], previous = this.#previous[probe];
    if (previous >= 0) this.#next[previous] = next;
    else this.#first[id] = next;
    if (next >= 0) this.#previous[next] = previous;
    this.#sizes[id]--;
    this.labels[probe] = -1;
  }
}
