/** Similarities row by row, as the inner products of the rows come in. */

import type { Address } from "../../engine/address.ts";
import type { SimilarityCall } from "../../engine/kernel_calls.ts";
import type { KernelCall, Work } from "../../engine/kernels.ts";
import type { RunOptions } from "../../engine/options.ts";
import type { Memory, Ring } from "../../engine/memory.ts";
import type { Arena, PassScan } from "../../engine/pass.ts";
import { rowWork } from "../../engine/row_calls.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import { cosine, patternNorms } from "./cosines.ts";
import { forwardOffsets, type ForwardSimilarity } from "../../scan/neighbours.ts";

/** A scan whose patterns are compared; where it came from is for errors. */
export type ComparedScan = PassScan & Pick<Scan, "source">;

/** What compares two rows: a `similarity` kernel, the samples of a pattern, and how many its narrow sums can take. */
export interface RowProducts {
  readonly kernel: SimilarityCall[0];
  readonly samples: number;
  readonly chunk: number;
}

/** Makes the calls that compare rows with the rows below them, and similarities of what the calls leave. */
export class ForwardRows {
  #result: ForwardSimilarity = new Float32Array(0);
  #dots!: Ring;
  #squares!: Ring;
  #arena!: Arena;
  /** Products and norms of one row, kept until the norms of the next are known. */
  #pending: { dots: Float64Array; norms: Float64Array } | null = null;
  /** Rows that `onSimilarity` was shown. */
  #shown = 0;

  constructor(readonly scan: ComparedScan, readonly options: Pick<RunOptions, "onSimilarity">) {}

  /** @param ring rows whose products are in the arena at once */
  reserve(memory: Memory, ring: number): void {
    const { columns } = this.scan.shape;
    this.#dots = memory.ring("inner products", ring, 32 * columns);
    this.#squares = memory.ring("squared norms", ring, 8 * columns);
  }

  begin(arena: Arena): void {
    const { rows, columns } = this.scan.shape;
    this.#arena = arena;
    this.#result = new Float32Array(4 * rows * columns).fill(NaN);
  }

  /** Filled row by row. */
  get result(): ForwardSimilarity {
    return this.#result;
  }

  /**
   * Calls that compare rows first..end-1 with those below; the scan's last row has none below.
   *
   * @param means address of a row's means, where they are to be subtracted from counts
   */
  calls(
    first: number,
    end: number,
    patterns: (row: number) => Address,
    products: (row: number, below: number) => RowProducts,
    means?: (row: number) => Address,
  ): Work[] {
    const { rows, columns } = this.scan.shape;
    return rowWork<Work>(first, end - first, columns, this.#arena.threads, (row, from, to) => {
      const below = Math.min(row + 1, rows - 1);
      const { kernel, samples, chunk } = products(row, below);
      const call = [
        kernel,
        patterns(row),
        patterns(below),
        columns,
        from,
        to,
        samples,
        chunk,
        ...this.outputs(row),
      ] as const;
      return means ? [call, this.lessMeans(row, below, from, to, means)] : call;
    });
  }

  /** The call that makes products of counts those of counts less their means. */
  lessMeans(
    row: number,
    below: number,
    from: number,
    to: number,
    means: (row: number) => Address,
  ): KernelCall {
    const { shape } = this.scan;
    return [
      "lessMeans",
      shape.columns,
      from,
      to,
      pixelCount(shape),
      means(row),
      means(below),
      ...this.outputs(row),
    ];
  }

  /** Addresses at which calls leave the products and squared norms of a row. */
  outputs(row: number): [dots: Address, squares: Address] {
    return [this.#dots(row), this.#squares(row)];
  }

  /**
   * Takes the products of rows first..end-1 once the calls are made; rows come in order.
   *
   * @param references address of a row's sums of squares before centring; `null` where nothing was centred
   * @throws {CorruptFile} when a pattern is too bright to be squared
   */
  finish(first: number, end: number, references: ((row: number) => Address) | null): void {
    const { rows, columns } = this.scan.shape;
    for (let row = first; row < end; row++) {
      const [dotsOfRow, squaresOfRow] = this.outputs(row);
      const dots = this.#arena.view(Float64Array, dotsOfRow, 4 * columns);
      const squares = this.#arena.view(Float64Array, squaresOfRow, columns);
      const before = references && this.#arena.view(Float64Array, references(row), columns);
      const norms = patternNorms(this.scan, squares, before, (column) => row * columns + column);
      if (this.#pending) this.#complete(row - 1, this.#pending, norms);
      this.#pending = { dots: dots.slice(), norms };
    }
    if (end === rows && this.#pending) this.#complete(rows - 1, this.#pending, null);
    this.#show(end === rows ? rows : end - 1);
  }

  /** Shows the rows before `end` that were not shown yet. */
  #show(end: number): void {
    const first = this.#shown, rowLength = 4 * this.scan.shape.columns;
    if (end <= first) return;
    this.#shown = end;
    this.options.onSimilarity?.(
      first,
      end - first,
      this.#result.subarray(first * rowLength, end * rowLength),
    );
  }

  #complete(
    row: number,
    upper: { dots: Float64Array; norms: Float64Array },
    below: Float64Array | null,
  ): void {
    const { columns } = this.scan.shape;
    forwardOffsets.forEach(([down, right], direction) => {
      if (down && !below) return;
      const norms = down ? below! : upper.norms;
      for (let column = Math.max(0, -right); column < columns - Math.max(0, right); column++) {
        this.#result[4 * (row * columns + column) + direction] = cosine(
          upper.dots[4 * column + direction],
          upper.norms[column] * norms[column + right],
        );
      }
    });
  }
}
