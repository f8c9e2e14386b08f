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
   */
  constructor(
    readonly arena: Arena,
    readonly pixels: number,
    readonly start: (copy: number) => Address,
    readonly copies: number,
  ) {}

  /** Makes the sums of a slot zero. */
  clear(slot: number): void {
    for (let copy = 0; copy < this.copies; copy++) this.#sum(copy, slot).fill(0);
  }

  /** Writes the sums of a slot, all copies together, divided by a number. */
  divide(slot: number, divisor: number, into: Float32Array): void {
    const copies = Array.from({ length: this.copies }, (_, copy) => this.#sum(copy, slot));
    const [first, ...others] = copies;
    for (const other of others) for (let i = 0; i < first.length; i++) first[i] += other[i];
    for (let i = 0; i < first.length; i++) into[i] = first[i] / divisor;
  }

  #sum(copy: number, slot: number): Float64Array {
    return this.arena.view(Float64Array, at(this.start(copy), 8 * slot * this.pixels), this.pixels);
  }
}
