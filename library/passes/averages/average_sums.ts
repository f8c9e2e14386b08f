/** Sums of the patterns of clusters while they are read: one float64 pattern a slot, in one copy or one per thread. */

import { type Address, at } from "../../engine/address.ts";
import type { Arena, PassScan } from "../../engine/pass.ts";
import { readsInParallel, workingType } from "../../engine/loaded_scan.ts";

/** What cluster averages are made of. */
export type AveragedPatterns = "raw" | "filtered" | "none";

/** What averaging asks of a cluster. */
export interface AveragedCluster {
  /** The value in the labels. */
  readonly id: number;
  /** Number of probe positions. */
  readonly size: number;
  /** First and last scan row, inclusive. */
  readonly bounds: { readonly firstRow: number; readonly lastRow: number };
}

/** A pixel that fewer of a cluster's patterns saw, as a part, has no average: one of very few is mostly noise. */
const leastSeen = 0.05;

/**
 * Whether each thread adds the patterns it has just loaded to sums of its own. Sums of integers are exact, so that it
 * does not matter who adds what.
 */
export function sumsArePrivate(scan: PassScan, average: AveragedPatterns): boolean {
  return average === "raw" && readsInParallel(scan) && workingType(scan.dtype) !== "F32";
}

/** Sums by slot. */
export class SlotSums {
  /**
   * Sums in one copy, or one copy for each thread.
   *
   * @param pixels length of a pattern
   * @param start address of a copy's first slot
   * @param copies number of copies
   * @param planes patterns of sums in a slot: with 2, the second one says how much of each pixel was seen
   */
  constructor(
    readonly arena: Arena,
    readonly pixels: number,
    readonly start: (copy: number) => Address,
    readonly copies: number,
    readonly planes: 1 | 2 = 1,
  ) {}

  /** Makes the sums of a slot zero. */
  clear(slot: number): void {
    for (let copy = 0; copy < this.copies; copy++) this.#sum(copy, slot).fill(0);
  }

  /**
   * Writes the sums of a slot, all copies together, divided by a number, or pixel by pixel by how much of it was seen: NaN
   * where that is less than one pattern in twenty.
   */
  divide(slot: number, divisor: number, into: Float32Array): void {
    const copies = Array.from({ length: this.copies }, (_, copy) => this.#sum(copy, slot));
    const [first, ...others] = copies, { pixels } = this;
    for (const other of others) for (let i = 0; i < first.length; i++) first[i] += other[i];
    if (this.planes === 1) {
      for (let i = 0; i < pixels; i++) into[i] = first[i] / divisor;
      return;
    }
    for (let i = 0; i < pixels; i++) {
      const seen = first[pixels + i];
      into[i] = seen >= leastSeen * divisor ? first[i] / seen : NaN;
    }
  }

  #sum(copy: number, slot: number): Float64Array {
    const length = this.planes * this.pixels;
    return this.arena.view(Float64Array, at(this.start(copy), 8 * slot * length), length);
  }
}
