/** The counts of every pattern on a part of the detector, summed while other passes read the scan. */

import { type Address, at, nowhere } from "../engine/address.ts";
import type { KernelCall } from "../engine/kernels.ts";
import { workingType } from "../engine/loaded_scan.ts";
import type { Memory } from "../engine/memory.ts";
import type { Arena, Pass, PassScan } from "../engine/pass.ts";
import { pixelCount, probeCount } from "../scan/shape.ts";

/** Sums the counts of patterns as they pass by; alone, `VirtualImagePass` needs less memory. */
export class PassingImage implements Pass<Float32Array> {
  readonly name = "virtual image";
  #weights = nowhere;
  #sums = nowhere;
  #arena!: Arena;

  /** @param detector 1 where pixels are summed; `null` means all */
  constructor(readonly scan: PassScan, readonly detector: Uint8Array | null) {}

  reserve(memory: Memory): void {
    const { detector } = this, pixels = pixelCount(this.scan.shape);
    const weights = () => Float32Array.from({ length: pixels }, (_, pixel) => detector?.[pixel] ?? 1);
    this.#weights = memory.table("detector", 4 * pixels, weights);
    this.#sums = memory.allocate("sums of counts", 8 * probeCount(this.scan.shape));
  }

  begin(arena: Arena): void {
    this.#arena = arena;
  }

  follow(row: number, from: number, to: number, patterns: Address): KernelCall[] {
    const { shape, dtype } = this.scan;
    const sums = at(this.#sums, 8 * (row * shape.columns + from));
    return [[
      `virtual${workingType(dtype)}`,
      patterns,
      0,
      to - from,
      pixelCount(shape),
      this.#weights,
      sums,
    ]];
  }

  /** float32 (row, column): sums of counts, NaN where they are beyond float32. */
  finish(): Float32Array {
    const sums = this.#arena.view(Float64Array, this.#sums, probeCount(this.scan.shape));
    return Float32Array.from(sums, (sum) => Math.abs(sum) < 3.4e38 ? sum : NaN);
  }
}
