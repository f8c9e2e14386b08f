/** Which clusters have memory for their sums while the rows of a scan go by. */

import type { AveragedCluster, SlotSums } from "./average_sums.ts";

/** The scan rows that each cluster takes patterns from, by id: the first, and the row after the last. */
export interface ClusterRows {
  readonly first: Int32Array;
  readonly end: Int32Array;
}

/** Gives clusters a slot from their first row to their last. */
export class ClusterSlots {
  /** Clusters that found no slot. */
  readonly putOff: AveragedCluster[] = [];
  readonly #free: number[];
  #next = 0;
  #active: AveragedCluster[] = [];

  /**
   * @param clusters by rising first row
   * @param slotOf slot of each cluster while it has one, else -1; kept up to date
   * @param slots number of slots
   */
  constructor(
    readonly clusters: readonly AveragedCluster[],
    readonly rows: ClusterRows,
    readonly slotOf: Int32Array,
    readonly sums: SlotSums,
    slots: number,
  ) {
    // The slot that was given back last comes first: its memory is in the cache.
    this.#free = Array.from({ length: slots }, (_, i) => slots - 1 - i);
  }

  /** Gives slots to the clusters that begin before a row. */
  begin(row: number): void {
    const { clusters, rows } = this;
    for (; this.#next < clusters.length && rows.first[clusters[this.#next].id] < row; this.#next++) {
      const cluster = clusters[this.#next], slot = this.#free.pop();
      if (slot === undefined) this.putOff.push(cluster);
      else {
        this.sums.clear(slot);
        this.slotOf[cluster.id] = slot;
        this.#active.push(cluster);
      }
    }
  }

  /** Takes out the clusters that end at a row or before it; they keep their slots. */
  takeComplete(row: number): AveragedCluster[] {
    const complete = this.#active.filter(({ id }) => this.rows.end[id] <= row);
    this.#active = this.#active.filter(({ id }) => this.rows.end[id] > row);
    return complete;
  }

  /** Takes the slots of clusters back. */
  free(clusters: readonly AveragedCluster[]): void {
    for (const { id } of clusters) {
      this.#free.push(this.slotOf[id]);
      this.slotOf[id] = -1;
    }
  }
}
