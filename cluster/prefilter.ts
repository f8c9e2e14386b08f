/** Weights of the correlative prefilter (paper, "Correlative prefiltering"; spec stage 2). */

import type { Engine } from "../engine/engine.ts";
import { threadScratch } from "../engine/kernels.ts";
import type { RunOptions } from "../engine/options.ts";
import {
  chooseBand,
  type FillTable,
  type PassNeeds,
  type RowBlock,
  rowCalls,
  streamRows,
  workingType,
} from "../engine/rows.ts";
import { BadParameter } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount, type ScanShape } from "../scan/shape.ts";
import type { PrefilterWeights } from "./clustering.ts";
import { correlationBytes, CorrelationRows } from "./correlation_rows.ts";
import { blurScratchBytes } from "./features.ts";
import { type GaussianTaps, gaussianTaps } from "./gaussian.ts";
import type { PrefilterParameters } from "./parameters.ts";

/**
 * The weight function w(q) = |q - q_mean|^2 / (Qy Qx), zero within `edge` pixels of the border and on masked pixels.
 *
 * @throws {BadParameter} when nothing is left
 */
export function patternWeights(shape: ScanShape, edge: number, masked: readonly number[] = []): Float32Array {
  const { patternRows, patternColumns } = shape;
  const weights = new Float32Array(pixelCount(shape));
  for (let row = edge; row < patternRows - edge; row++) {
    for (let column = edge; column < patternColumns - edge; column++) {
      const squared = (row - (patternRows - 1) / 2) ** 2 + (column - (patternColumns - 1) / 2) ** 2;
      weights[row * patternColumns + column] = squared / (patternRows * patternColumns);
    }
  }
  for (const pixel of masked) weights[pixel] = 0;
  if (!weights.some((weight) => weight > 0)) {
    throw new BadParameter(`a prefilter edge of ${edge} pixels leaves nothing of this detector`, {
      expected: `an edge below ${Math.ceil(Math.min(patternRows, patternColumns) / 2)} pixels`,
      found: String(edge),
      remedy: "lower --prefilter-edge",
    });
  }
  return weights;
}

/** What the pass over the scan needs, for the estimate of memory. */
export function prefilterNeeds(
  scan: Pick<Scan, "shape" | "dtype">,
  parameters: PrefilterParameters,
  threads: number,
): PassNeeds {
  const pixels = pixelCount(scan.shape), { columns } = scan.shape;
  const radius = gaussianTaps(parameters.blur).radius;
  return {
    behind: 0,
    ahead: 0,
    bytes: (band) =>
      4 * columns * pixels * (band + parameters.radius) + correlationBytes(scan.shape, parameters, band) +
      8 * pixels + 1024 +
      threads * (blurScratchBytes(scan.shape, radius) + 64),
  };
}

/** Correlates every pattern with its neighbours in one pass over the scan. */
export async function prefilterPass(
  engine: Engine,
  scan: Scan,
  fill: FillTable,
  masked: readonly number[],
  parameters: PrefilterParameters,
  options: RunOptions,
): Promise<PrefilterWeights> {
  const mark = engine.mark();
  try {
    return await new PrefilterPass(engine, scan, fill, masked, parameters, options).run();
  } finally {
    engine.release(mark);
  }
}

class PrefilterPass {
  readonly #taps: GaussianTaps;
  readonly #needs: PassNeeds;
  readonly #band: number;
  #patterns = 0;
  #correlations!: CorrelationRows;
  #weights = 0;
  #weightSum = 0;
  #tapsPointer = 0;

  constructor(
    readonly engine: Engine,
    readonly scan: Scan,
    readonly fill: FillTable,
    readonly masked: readonly number[],
    readonly parameters: PrefilterParameters,
    readonly options: RunOptions,
  ) {
    this.#taps = gaussianTaps(parameters.blur);
    this.#needs = prefilterNeeds(scan, parameters, engine.threads);
    this.#band = chooseBand(engine.available, scan, this.#needs, engine.threads, options);
  }

  async run(): Promise<PrefilterWeights> {
    const { engine, scan, parameters } = this;
    const { shape } = scan;
    const weights = patternWeights(shape, parameters.edge, this.masked);
    this.#weights = engine.place(weights);
    this.#weightSum = weights.reduce((sum, weight) => sum + weight, 0);
    this.#tapsPointer = engine.place(this.#taps.weights);
    engine.allocateScratch(blurScratchBytes(shape, this.#taps.radius));
    this.#patterns = engine.allocate(this.#ring * 4 * shape.columns * pixelCount(shape));
    this.#correlations = new CorrelationRows(engine, shape, parameters, this.#band);
    const settings = { needs: this.#needs, band: this.#band, fill: this.fill, stage: "prefilter" };
    await streamRows(engine, scan, settings, this.options, (block) => this.#compute(block));
    return this.#correlations.weights;
  }

  /** Rows of weighted patterns that are in memory at once. */
  get #ring(): number {
    return this.#band + this.parameters.radius;
  }

  async #compute(block: RowBlock): Promise<void> {
    const { engine } = this;
    const { columns, patternRows, patternColumns } = this.scan.shape;
    const pixels = patternRows * patternColumns;
    const pattern = (row: number) => this.#patterns + (row % this.#ring) * 4 * columns * pixels;
    await engine.run(
      rowCalls(block.first, block.end - block.first, columns, engine.threads, (row, from, to) => [
        `weighted${workingType(this.scan.dtype)}`,
        ...[block.pointer(row), pattern(row), from, to, patternRows, patternColumns, this.#tapsPointer],
        ...[this.#taps.radius, this.#weights, this.#weightSum, threadScratch],
      ]),
    );
    await engine.run(this.#correlations.calls(block.first, block.end, pattern, pixels));
    this.#correlations.finish(block.first, block.end);
  }
}
