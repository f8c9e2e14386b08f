/** Peaks of those patterns only that their lattices leave open, in the same reading. */

import { type Address, at, nowhere } from "../../engine/address.ts";
import type { KernelCall } from "../../engine/kernels.ts";
import type { Memory } from "../../engine/memory.ts";
import type { Arena, Pass } from "../../engine/pass.ts";
import type { PeakLists, PeakPass } from "../bragg_peaks/peak_pass.ts";
import {
  beyondAt,
  disksAt,
  type LatticePass,
  type LatticeSearch,
  type PatternLattices,
  samplesAt,
} from "./lattice_pass.ts";

/** When the numbers of a lattice say so much that nobody asks for the pattern's peaks. */
export interface SettledRule {
  /** Which of its numbers must be how large at least. */
  readonly place: number;
  readonly least: number;
  /** The most that what lies beside it may be. */
  readonly most: number;
}

/** Results of few counts that fewer samples tell do not count. */
const fewestSamples = 10;
/** Nor do joint fits whose disks lie off by more than this squared, in pixels^2, beside what counting makes them. */
const mostBeyond = 0.04;

/** What settles a pattern whose lattice is looked for like this; of joint fits more disks must be seen than `minimumDisks`. */
export function settledRule(way: LatticeSearch["way"], minimumDisks: number): SettledRule {
  return way === "sampled"
    ? { place: samplesAt, least: fewestSamples, most: Infinity }
    : { place: disksAt, least: Math.floor(minimumDisks) + 1, most: mostBeyond };
}

/** Whether a lattice, given by its numbers, is settled; as `settleLattices` of assembly/joint.ts decides it. */
export function isSettled(numbers: Float32Array, { place, least, most }: SettledRule): boolean {
  return numbers[place] >= least && numbers[beyondAt] <= most;
}

/** Marks of probes: no peaks are wanted, those are that a lattice does not settle, or they are in any case. */
export const unwanted = 0, wantedIfOpen = 1, wantedAnyway = 2;

/** Lattices, and the peaks of the patterns that they do not settle. */
export class PeaksBesideLattices implements Pass<readonly [PeakLists, ...PatternLattices[]]> {
  readonly name: string;
  #wanted = nowhere;

  /**
   * @param lattices passes, and what settles a pattern by each
   * @param marks uint8 (row, column): of which probes peaks are wanted
   */
  constructor(
    readonly peaks: PeakPass,
    readonly lattices: readonly { readonly pass: LatticePass; readonly settled: SettledRule }[],
    readonly marks: Uint8Array,
  ) {
    this.name = peaks.name;
  }

  reserve(memory: Memory, band: number): void {
    for (const { pass } of this.lattices) pass.reserve(memory, band);
    this.#wanted = memory.table("probes whose peaks are wanted", this.marks.length, () => this.marks);
    this.peaks.reserve(memory, band);
  }

  begin(arena: Arena): void {
    for (const { pass } of this.lattices) pass.begin(arena);
    this.peaks.begin(arena);
  }

  /** One thread makes these calls in their order. */
  follow(row: number, from: number, to: number, patterns: Address): KernelCall[] {
    const wanted = at(this.#wanted, row * this.peaks.scan.shape.columns + from), calls: KernelCall[] = [];
    for (const { pass, settled: { place, least, most } } of this.lattices) {
      const fits = pass.follow(row, from, to, patterns);
      if (!fits) continue;
      calls.push(...fits, [
        "settleLattices",
        ...[pass.numbersAt(row, from), to - from, 4 * place, least, most, wanted] as const,
      ]);
    }
    return [...calls, ...this.peaks.follow(row, from, to, patterns, wanted)];
  }

  done(first: number, end: number): void {
    for (const { pass } of this.lattices) pass.done(first, end);
    this.peaks.done(first, end);
  }

  finish(): [PeakLists, ...PatternLattices[]] {
    return [this.peaks.finish(), ...this.lattices.map(({ pass }) => pass.finish())];
  }
}
