/** Binned patterns of a whole scan, handed over row by row. */

import { at, nowhere } from "../../../library/engine/address.ts";
import { threadScratch } from "../../../library/engine/kernels.ts";
import type { Memory } from "../../../library/engine/memory.ts";
import type { Arena, Batches, Pass, PassScan, RowBlock } from "../../../library/engine/pass.ts";
import { rowWork } from "../../../library/engine/row_calls.ts";
import { workingBytes, workingType } from "../../../library/engine/loaded_scan.ts";
import { counts } from "../../../library/passes/detector/gain.ts";
import { scaling } from "../../../library/passes/sketch/binned_sample.ts";
import { pixelCount, type ScanShape } from "../../../library/scan/shape.ts";

/** Number of pixels of a binned pattern; what is left over at its ends is dropped. */
export function binnedPixels({ patternRows, patternColumns }: ScanShape, bin: number): number {
  return Math.floor(patternRows / bin) * Math.floor(patternColumns / bin);
}

/** Sums `bin` x `bin` detector pixels into one. */
export class BinningPass implements Pass<void> {
  readonly name = "virtual detector";
  #sums = nowhere;
  #arena!: Arena;

  /** @param take is given float32 (probe, binned pixel) of whole rows, from flat probe index `first` on */
  constructor(
    readonly scan: PassScan,
    readonly bin: number,
    readonly take: (sums: Float32Array, first: number, probes: number) => Promise<void>,
  ) {}

  get #rowBytes(): number {
    return 4 * this.scan.shape.columns * binnedPixels(this.scan.shape, this.bin);
  }

  reserve(memory: Memory, band: number): void {
    memory.scratch(4 * (this.scan.shape.patternColumns + 16));
    this.#sums = memory.allocate("binned patterns", band * this.#rowBytes);
  }

  begin(arena: Arena): void {
    this.#arena = arena;
  }

  async *block({ first, end, pointer }: RowBlock): Batches {
    const { shape, dtype } = this.scan, { columns, patternRows, patternColumns } = shape;
    const pixels = binnedPixels(shape, this.bin);
    const patternBytes = pixelCount(shape) * workingBytes(workingType(dtype));
    yield rowWork(first, end - first, columns, this.#arena.threads, (row, from, to) => [
      `binned${workingType(dtype)}`,
      at(pointer(row), from * patternBytes),
      to - from,
      patternRows,
      patternColumns,
      this.bin,
      at(this.#sums, (row - first) * this.#rowBytes + 4 * pixels * from),
      ...scaling(counts),
      threadScratch,
    ]);
    const probes = (end - first) * columns;
    await this.take(this.#arena.view(Float32Array, this.#sums, probes * pixels), first * columns, probes);
  }

  finish(): void {}
}
