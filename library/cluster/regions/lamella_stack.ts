/** Whether two regions beside a third are lamellae of one stack: long along it, and close to each other. */

import { forEachForwardPair } from "../../scan/neighbours.ts";
import type { Partition } from "./grid.ts";

/** Squared signals of lamellae of one stack differ by no more than this factor. */
const largestFactor = 2;
/** A border of so many pairs of neighbours is about one probe long. */
const pairsOfProbe = 3;
/** Lamellae are at least this many times as long, along what lies between, as they are far from each other. */
const leastLength = 1;

/** Regions of a partition, and how far they are from each other. */
export class LamellaStack {
  /** Probes of each region that touch another, by region; made when first asked for. */
  #rims: Int32Array[] | null = null;

  /**
   * @param squares squared signal of each region
   * @param borders pairs of neighbours that each region has with others
   */
  constructor(
    readonly partition: Partition,
    readonly squares: ArrayLike<number>,
    readonly borders: readonly ReadonlyMap<number, number>[],
  ) {}

  /** Whether two regions have about the same signal and are close to each other for the length of their border with a third. */
  near(between: number, one: number, other: number): boolean {
    const { squares, borders } = this;
    if (squares[one] > largestFactor * squares[other] || squares[other] > largestFactor * squares[one]) {
      return false;
    }
    const border = Math.min(borders[between].get(one) ?? 0, borders[between].get(other) ?? 0);
    const most = border / pairsOfProbe / 2 / leastLength;
    return this.#reach(one, other, most);
  }

  /** Whether some probes of two regions are no more than a number of rows and columns apart. */
  #reach(one: number, other: number, most: number): boolean {
    const { columns } = this.partition, rims = this.#rims ??= rimsOf(this.partition), beside = rims[other];
    // Rims are in the order of rows: what is above one probe's reach is above that of all further ones.
    let first = 0;
    return rims[one].some((probe) => {
      const row = Math.floor(probe / columns), column = probe - row * columns;
      while (first < beside.length && beside[first] < (row - most) * columns) first++;
      for (let next = first; next < beside.length; next++) {
        const down = Math.floor(beside[next] / columns);
        if (down > row + most) return false;
        if (down >= row - most && Math.abs(beside[next] - down * columns - column) <= most) return true;
      }
      return false;
    });
  }
}

/** Probes of each region that touch another. */
function rimsOf({ rows, columns, labels, count }: Partition): Int32Array[] {
  const rim = new Uint8Array(labels.length);
  forEachForwardPair(rows, columns, (probe, neighbour) => {
    if (labels[probe] !== labels[neighbour]) rim[probe] = rim[neighbour] = 1;
  });
  const rims: number[][] = Array.from({ length: count }, () => []);
  rim.forEach((touches, probe) => {
    if (touches === 1 && labels[probe] >= 0) rims[labels[probe]].push(probe);
  });
  return rims.map((probes) => Int32Array.from(probes));
}
