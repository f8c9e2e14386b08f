/** Similarity of patterns as recorded, in narrow strips of the scan (engine/strips.ts says why). */

import { stripRows } from "../../engine/strips.ts";
import type { KernelCall } from "../../engine/kernels.ts";
import type { Memory } from "../../engine/memory.ts";
import type { RunOptions } from "../../engine/options.ts";
import type { Arena, Pass, RowPair } from "../../engine/pass.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import type { ForwardSimilarity } from "../../scan/neighbours.ts";
import { pixelCount } from "../../scan/shape.ts";
import { exactProducts } from "./cosines.ts";
import { type ComparedScan, ForwardRows } from "./forward_rows.ts";

/** The same results as `RowSimilarity` without blur, mask and prefilter. */
export class StripSimilarity implements Pass<ForwardSimilarity> {
  readonly name = "similarity";
  readonly #forward: ForwardRows;

  constructor(readonly scan: ComparedScan, options: Pick<RunOptions, "onSimilarity">) {
    this.#forward = new ForwardRows(scan, options);
  }

  reserve(memory: Memory): void {
    this.#forward.reserve(memory, 2 * stripRows);
  }

  begin(arena: Arena): void {
    this.#forward.begin(arena);
  }

  pairs({ row, from, to, upper, lower, upperLargest, lowerLargest }: RowPair): KernelCall[] {
    const { shape, dtype } = this.scan;
    const working = workingType(dtype), pixels = pixelCount(shape);
    const outputs = this.#forward.outputs(row);
    if (working === "U16") {
      return [[
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
      ]];
    }
    const { kernel, chunk } = exactProducts(working, 0);
    return [[kernel, upper, lower, shape.columns, from, to, pixels, chunk, ...outputs]];
  }

  done(first: number, end: number): void {
    this.#forward.finish(first, end, null);
  }

  finish(): ForwardSimilarity {
    return this.#forward.result;
  }
}
