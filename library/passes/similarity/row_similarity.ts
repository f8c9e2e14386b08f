/** Similarity of neighbouring patterns over a whole scan (paper, Methods 1; spec stage 3). */

import { type Address, at, nowhere } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import type { RunOptions } from "../../engine/options.ts";
import {
  chooseBand,
  type FillTable,
  type PassNeeds,
  type RowBlock,
  streamRows,
  workingType,
} from "../../engine/rows.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import type { PrefilterWeights } from "../prefilter/footprint.ts";
import { exactProducts } from "./cosines.ts";
import { type FeatureSettings, FeatureStage } from "../features/features.ts";
import { FilterStage } from "../prefilter/filter_stage.ts";
import { ForwardRows, forwardRowsBytes } from "./forward_rows.ts";
import type { ForwardSimilarity } from "../../scan/neighbours.ts";
import { type PatternTap, showBlock, tapBytes } from "../pattern_tap.ts";

/**
 * One pass over the scan. Each pair of patterns is compared by the same sums in the same order wherever it lies, so
 * the result depends on the patterns alone.
 *
 * @param weights of the prefilter, when filtered patterns are compared
 * @param tap is shown every pattern
 * @throws {CorruptFile} when values are too large to be squared
 */
export async function similarityPass(
  engine: Engine,
  scan: Scan,
  fill: FillTable,
  features: FeatureSettings,
  weights: PrefilterWeights | undefined,
  tap: PatternTap | null,
  options: RunOptions,
): Promise<ForwardSimilarity> {
  const mark = engine.mark();
  try {
    return await new SimilarityPass(engine, scan, fill, features, weights, tap, options).run();
  } finally {
    engine.release(mark);
  }
}

/** What {@link similarityPass} needs, for the estimate of memory. */
export function similarityNeeds(
  scan: Pick<Scan, "shape" | "dtype">,
  features: FeatureSettings,
  prefilterRadius: number,
  threads: number,
): PassNeeds {
  const input = prefilterRadius > 0 ? "F32" : workingType(scan.dtype);
  const stage = new FeatureStage(scan.shape, input, features);
  const featureRow = prefilterRadius > 0
    ? Math.max(stage.rowBytes, 4 * scan.shape.columns * pixelCount(scan.shape))
    : stage.rowBytes;
  return {
    behind: Math.max(1, prefilterRadius),
    ahead: prefilterRadius,
    bytes: (band) =>
      featureRow * (band + 1) + stage.tableBytes +
      threads * (stage.scratchBytes + 64) +
      8 * scan.shape.columns * (band + 1) + forwardRowsBytes(scan.shape.columns, band + 1) +
      FilterStage.bytes(scan.shape, prefilterRadius, band + 1),
  };
}

class SimilarityPass {
  readonly #stage: FeatureStage;
  readonly #filter: FilterStage | null;
  readonly #needs: PassNeeds;
  readonly #band: number;
  readonly #featureRows: number;
  #features = nowhere;
  #references = nowhere;
  #forward!: ForwardRows;
  /** Largest count of each row, where the type needs it. */
  readonly #largest: Int32Array;

  constructor(
    readonly engine: Engine,
    readonly scan: Scan,
    readonly fill: FillTable,
    features: FeatureSettings,
    weights: PrefilterWeights | undefined,
    readonly tap: PatternTap | null,
    readonly options: RunOptions,
  ) {
    const { shape } = scan;
    this.#filter = weights ? new FilterStage(shape, workingType(scan.dtype), weights) : null;
    this.#stage = new FeatureStage(shape, this.#filter ? "F32" : workingType(scan.dtype), features);
    this.#needs = similarityNeeds(scan, features, this.#filter?.radius ?? 0, engine.threads);
    const available = engine.available - tapBytes(tap, engine.threads);
    this.#band = chooseBand(available, scan, this.#needs, engine.threads, options);
    // The rows of a block and the one above them.
    this.#featureRows = this.#band + 1;
    this.#largest = new Int32Array(shape.rows);
  }

  async run(): Promise<ForwardSimilarity> {
    const { engine, scan, fill, options } = this;
    const { columns } = scan.shape;
    this.#stage.prepare(engine);
    engine.allocateScratch(Math.max(this.#stage.scratchBytes, this.tap?.scratchBytes ?? 0));
    const copies = this.#filter !== null || this.#stage.rowBytes > 0;
    if (copies) this.#features = engine.allocate(this.#featureRows * this.#featureRowBytes);
    this.#references = engine.allocate(8 * columns * this.#featureRows);
    this.#forward = new ForwardRows(engine, scan, this.#featureRows, this.options);
    this.#filter?.prepare(engine, this.#featureRows);
    const settings = {
      needs: this.#needs,
      band: this.#band,
      fill,
      stage: "similarity",
      largest: this.#countsDecide,
    };
    await streamRows(engine, scan, settings, options, (block) => this.#compute(block));
    return this.#forward.result;
  }

  /** Whether the largest count decides which kernel compares two rows. */
  get #countsDecide(): boolean {
    return this.#stage.working === "U16";
  }

  get #featureRowBytes(): number {
    return this.#stage.rowBytes || 4 * this.scan.shape.columns * pixelCount(this.scan.shape);
  }

  async #compute(block: RowBlock): Promise<void> {
    const { engine, tap } = this;
    if (tap) showBlock(engine, tap, block, this.scan.shape.columns);
    let compared = block.pointer;
    if (this.#features !== nowhere) {
      const features = (row: number) => at(this.#features, (row % this.#featureRows) * this.#featureRowBytes);
      if (this.#filter) {
        await engine.run(this.#filter.calls(engine, block, features));
        if (this.#stage.rowBytes > 0) {
          await engine.run(this.#stage.calls(block, engine.threads, features, features, this.#referencesOf));
        }
      } else {
        await engine.run(
          this.#stage.calls(block, engine.threads, block.pointer, features, this.#referencesOf),
        );
      }
      compared = features;
    }
    if (this.#countsDecide) {
      for (let row = block.first; row < block.end; row++) this.#largest[row] = block.largest(row);
    }
    await this.#compare(block, compared);
  }

  /** Products of each row of the block with the row above it, and of the scan's last row within itself. */
  async #compare(block: RowBlock, compared: (row: number) => Address): Promise<void> {
    const { engine } = this;
    const { rows } = this.scan.shape;
    const firstUpper = Math.max(0, block.first - 1);
    const endUpper = block.end === rows ? rows : block.end - 1;
    await engine.run(this.#forward.calls(firstUpper, endUpper, compared, (row, below) => {
      const largest = Math.max(this.#largest[row], this.#largest[below]);
      return { ...exactProducts(this.#stage.working, largest), samples: pixelCount(this.scan.shape) };
    }));
    const centred = this.#stage.centers && this.#stage.rowBytes > 0;
    this.#forward.finish(firstUpper, endUpper, centred ? this.#referencesOf : null);
  }

  readonly #referencesOf = (row: number): Address =>
    at(this.#references, 8 * this.scan.shape.columns * (row % this.#featureRows));
}
