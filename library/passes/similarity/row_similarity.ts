/** Similarity of neighbouring patterns over a whole scan, from all detector pixels (paper, Methods 1; spec stage 3). */

import type { Address } from "../../engine/address.ts";
import type { KernelCall } from "../../engine/kernels.ts";
import type { Memory, Ring } from "../../engine/memory.ts";
import type { RunOptions } from "../../engine/options.ts";
import type { Arena, Batches, Pass, RowBlock } from "../../engine/pass.ts";
import { rowCalls } from "../../engine/row_calls.ts";
import { workingType } from "../../engine/loaded_scan.ts";
import type { ForwardSimilarity } from "../../scan/neighbours.ts";
import { pixelCount } from "../../scan/shape.ts";
import { type FeatureSettings, FeatureStage } from "../features/features.ts";
import { FilterStage } from "../prefilter/filter_stage.ts";
import type { PrefilterWeights } from "../prefilter/footprint.ts";
import { exactProducts } from "./cosines.ts";
import { type ComparedScan, ForwardRows } from "./forward_rows.ts";

/** Rows of patterns, blurred, masked or filtered as asked, each compared with the row above it. */
export class RowSimilarity implements Pass<ForwardSimilarity> {
  readonly name = "similarity";
  readonly window: { readonly behind: number; readonly ahead: number };
  readonly #stage: FeatureStage;
  readonly #filter: FilterStage | null;
  readonly #forward: ForwardRows;
  /** Rows of features, where patterns are not compared as they are. */
  #features: Ring | null = null;
  #references!: Ring;
  /** Means of patterns, where they are subtracted from products of counts. */
  #means: Ring | null = null;
  #arena!: Arena;
  /** Largest count of each row, where the type needs it. */
  readonly #largest: Int32Array;

  /**
   * Each pair of patterns is compared by the same sums in the same order wherever it lies, so the result depends on the
   * patterns alone.
   *
   * @param weights of the prefilter, when filtered patterns are compared
   */
  constructor(
    readonly scan: ComparedScan,
    features: FeatureSettings,
    readonly weights: PrefilterWeights | undefined,
    options: Pick<RunOptions, "onSimilarity">,
  ) {
    const { shape, dtype } = scan;
    this.#filter = weights ? new FilterStage(shape, workingType(dtype), weights.offsets) : null;
    this.#stage = new FeatureStage(shape, this.#filter ? "F32" : workingType(dtype), features);
    this.#forward = new ForwardRows(scan, options);
    this.#largest = new Int32Array(shape.rows);
    const radius = this.#filter?.radius ?? 0;
    this.window = { behind: Math.max(1, radius), ahead: radius };
  }

  /** The largest count decides which kernel compares two rows of 16-bit counts. */
  get largest(): boolean {
    return this.#stage.working === "U16";
  }

  reserve(memory: Memory, band: number): void {
    const { columns } = this.scan.shape;
    // The rows of a block and the one above them.
    const rows = band + 1;
    this.#stage.reserve(memory);
    if (this.#filter !== null || this.#stage.rowBytes > 0) {
      const rowBytes = this.#stage.rowBytes || 4 * columns * pixelCount(this.scan.shape);
      this.#features = memory.ring("features", rows, rowBytes);
    }
    this.#references = memory.ring("references", rows, 8 * columns);
    if (this.#stage.subtracts) this.#means = memory.ring("means", rows, 8 * columns);
    this.#forward.reserve(memory, rows);
    this.#filter?.reserve(memory, rows);
  }

  begin(arena: Arena): void {
    this.#arena = arena;
    this.#forward.begin(arena);
    if (this.weights) this.#filter?.begin(arena, this.weights);
  }

  *block(block: RowBlock): Batches {
    const { threads } = this.#arena, features = this.#features;
    if (features) {
      if (this.#filter) yield this.#filter.calls(block, features);
      if (this.#stage.rowBytes > 0) {
        const source = this.#filter ? features : block.pointer;
        yield this.#stage.calls(block, threads, source, features, this.#references);
      }
    }
    if (this.#means) yield this.#meansOf(block, this.#means);
    if (this.largest) {
      for (let row = block.first; row < block.end; row++) this.#largest[row] = block.largest(row);
    }
    yield* this.#compare(block, features ?? block.pointer);
  }

  /** Calls that find the means of the rows of a block. */
  #meansOf({ first, end, pointer }: RowBlock, means: Ring): KernelCall[] {
    const { shape, dtype } = this.scan, { threads } = this.#arena;
    return rowCalls(first, end - first, shape.columns, threads, (row, from, to) => [
      `means${workingType(dtype)}`,
      pointer(row),
      from,
      to,
      pixelCount(shape),
      means(row),
      this.#references(row),
    ]);
  }

  /** Products of each row of the block with the row above it, and of the scan's last row within itself. */
  *#compare(block: RowBlock, compared: (row: number) => Address): Batches {
    const { rows } = this.scan.shape;
    const firstUpper = Math.max(0, block.first - 1);
    const endUpper = block.end === rows ? rows : block.end - 1;
    yield this.#forward.calls(firstUpper, endUpper, compared, (row, below) => {
      const largest = Math.max(this.#largest[row], this.#largest[below]);
      return { ...exactProducts(this.#stage.working, largest), samples: pixelCount(this.scan.shape) };
    }, this.#means ?? undefined);
    const { centers, rowBytes, subtracts } = this.#stage, centred = centers && (rowBytes > 0 || subtracts);
    this.#forward.finish(firstUpper, endUpper, centred ? this.#references : null);
  }

  finish(): ForwardSimilarity {
    return this.#forward.result;
  }
}
