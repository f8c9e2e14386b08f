/** Patterns in which nothing was counted: probes that were not recorded, or at which the beam was off. */

import { type Address, at, nowhere } from "../engine/address.ts";
import type { KernelCall } from "../engine/kernels.ts";
import type { Memory } from "../engine/memory.ts";
import type { Arena, Pass, PassScan } from "../engine/pass.ts";
import { workingType } from "../engine/loaded_scan.ts";
import { pixelCount, probeCount } from "../scan/shape.ts";

/** A pattern with this many electrons on average is hardly ever empty by chance: once in 10^13. */
const fewestElectrons = 30;

/** Finds them while they pass by. */
export class BlankPass implements Pass<Uint8Array> {
  readonly name = "blank patterns";
  #flags = nowhere;
  #arena!: Arena;

  /** @param electrons in a mean pattern, if known: where they are few, empty patterns are patterns like others */
  constructor(readonly scan: PassScan, readonly electrons: number = Infinity) {}

  reserve(memory: Memory): void {
    this.#flags = memory.allocate("blank patterns", probeCount(this.scan.shape));
  }

  begin(arena: Arena): void {
    this.#arena = arena;
  }

  follow(row: number, from: number, to: number, patterns: Address): KernelCall[] {
    const flags = at(this.#flags, row * this.scan.shape.columns + from);
    return [[
      `blank${workingType(this.scan.dtype)}`,
      patterns,
      to - from,
      pixelCount(this.scan.shape),
      flags,
    ]];
  }

  /** uint8 (row, column): 1 where a pattern holds nothing but zeros. */
  finish(): Uint8Array {
    const probes = probeCount(this.scan.shape);
    if (this.electrons < fewestElectrons) return new Uint8Array(probes);
    return this.#arena.view(Uint8Array, this.#flags, probes).slice();
  }
}
