/** Similarity of patterns as recorded, or less their means, in narrow strips of the scan (engine/strips.ts says why). */

import type { Address } from "../../engine/address.ts";
import { stripRows, stripWidth } from "../../engine/strips.ts";
import { type KernelCall, threadScratch } from "../../engine/kernels.ts";
import type { Memory, Ring } from "../../engine/memory.ts";
import type { RunOptions } from "../../engine/options.ts";
import type { Arena, Pass, RowPair } from "../../engine/pass.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import type { ForwardSimilarity } from "../../scan/neighbours.ts";
import { pixelCount } from "../../scan/shape.ts";
import { exactProducts } from "./cosines.ts";
import { type ComparedScan, ForwardRows } from "./forward_rows.ts";

/** Bytes that the kernel takes of two float32 patterns of a column at a time. */
const scratchBytes = 1536;

/** The same results as `RowSimilarity` without blur, mask and prefilter. */
export class StripSimilarity implements Pass<ForwardSimilarity> {
  readonly name = "similarity";
  readonly #forward: ForwardRows;
  #means!: Ring;
  #squares!: Ring;

  /** @param centers whether each pattern's mean is subtracted */
  constructor(
    readonly scan: ComparedScan,
    readonly centers: boolean,
    options: Pick<RunOptions, "onSimilarity">,
  ) {
    this.#forward = new ForwardRows(scan, options);
  }

  reserve(memory: Memory): void {
    this.#forward.reserve(memory, 2 * stripRows);
    if (!this.centers) return;
    // Those of the row below a band as well.
    const rows = 2 * stripRows + 1, bytes = 8 * this.scan.shape.columns;
    this.#means = memory.ring("means", rows, bytes);
    this.#squares = memory.ring("sums of squares", rows, bytes);
    if (workingType(this.scan.dtype) === "F32") memory.scratch(scratchBytes * (stripWidth(this.scan) + 2));
  }

  begin(arena: Arena): void {
    this.#forward.begin(arena);
  }

  pairs(pair: RowPair): KernelCall[] {
    if (!this.centers) return [this.#products(pair)];
    const { row, below, from, to } = pair;
    const means = this.#meansOf(pair);
    if (workingType(this.scan.dtype) === "F32") return [...means, this.#centredFloats(pair)];
    return [...means, this.#products(pair), this.#forward.lessMeans(row, below, from, to, this.#means)];
  }

  /** The call that compares patterns as recorded. */
  #products({ row, from, to, upper, lower, upperLargest, lowerLargest }: RowPair): KernelCall {
    const { shape, dtype } = this.scan;
    const working = workingType(dtype), pixels = pixelCount(shape);
    const outputs = this.#forward.outputs(row);
    if (working === "U16") {
      return [
        "similarityKnownU16",
        upper,
        lower,
        shape.columns,
        from,
        to,
        pixels,
        upperLargest,
        lowerLargest,
        ...outputs,
      ];
    }
    const { kernel, chunk } = exactProducts(working, 0);
    return [kernel, upper, lower, shape.columns, from, to, pixels, chunk, ...outputs];
  }

  /** Calls that find the means of a pair of rows which the pair before did not find. */
  #meansOf({ row, below, begins, from, to, upper, lower }: RowPair): KernelCall[] {
    const { shape, dtype } = this.scan;
    // Strips side by side have neighbours in common, of which both find the same.
    const left = Math.max(0, from - 1), right = Math.min(shape.columns, to + 1);
    const means = (row: number, patterns: Address): KernelCall => [
      `means${workingType(dtype)}`,
      patterns,
      left,
      right,
      pixelCount(shape),
      this.#means(row),
      this.#squares(row),
    ];
    return [...begins ? [means(row, upper)] : [], ...below > row ? [means(below, lower)] : []];
  }

  /** The call that compares float32 patterns less their means. */
  #centredFloats({ row, below, from, to, upper, lower }: RowPair): KernelCall {
    const { shape } = this.scan;
    return [
      "centredF32",
      upper,
      lower,
      shape.columns,
      from,
      to,
      pixelCount(shape),
      this.#means(row),
      this.#means(below),
      ...this.#forward.outputs(row),
      threadScratch,
    ];
  }

  done(first: number, end: number): void {
    this.#forward.finish(first, end, this.centers ? this.#squares : null);
  }

  finish(): ForwardSimilarity {
    return this.#forward.result;
  }
}
