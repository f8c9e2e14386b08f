/** Weights of the correlative prefilter (paper, "Correlative prefiltering"; spec stage 2). */

import type { Engine } from "../engine/engine.ts";
import { type KernelCall, threadScratch } from "../engine/kernels.ts";
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
import { blurScratchBytes } from "./features.ts";
import { type GaussianTaps, gaussianTaps } from "./gaussian.ts";
import type { PrefilterParameters } from "./parameters.ts";

/** Weights at most this large are dropped. */
const smallestWeight = 1e-3;

/**
 * Half of the footprint: (0, 0), then (0, 1).. and the offsets of the rows below; the other half follows from
 * R(p, p + i) = R(p + i, p). A circle of radius 4 has 69 offsets in full.
 */
export function halfFootprint({ radius, footprint }: PrefilterParameters): [number, number][] {
  const offsets: [number, number][] = [];
  for (let row = 0; row <= radius; row++) {
    for (let column = row === 0 ? 0 : -radius; column <= radius; column++) {
      if (footprint === "square" || row * row + column * column <= (radius + 0.5) ** 2) {
        offsets.push([row, column]);
      }
    }
  }
  return offsets;
}

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
  const offsets = halfFootprint(parameters).length;
  return {
    behind: 0,
    ahead: 0,
    bytes: (band) =>
      (4 * columns * pixels + 4 * columns * offsets + 128) * (band + parameters.radius) + 8 * pixels + 1024 +
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
  readonly #offsets: [number, number][];
  readonly #needs: PassNeeds;
  readonly #band: number;
  readonly #values: Float32Array;
  #patterns = 0;
  #correlations = 0;
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
    this.#offsets = halfFootprint(parameters);
    this.#needs = prefilterNeeds(scan, parameters, engine.threads);
    this.#band = chooseBand(engine.available, scan, this.#needs, engine.threads, options);
    this.#values = new Float32Array(scan.shape.rows * scan.shape.columns * this.#offsets.length);
  }

  async run(): Promise<PrefilterWeights> {
    const { engine, scan, parameters } = this;
    const { shape } = scan;
    const weights = patternWeights(shape, parameters.edge, this.masked);
    this.#weights = engine.place(weights);
    this.#weightSum = weights.reduce((sum, weight) => sum + weight, 0);
    this.#tapsPointer = engine.place(this.#taps.weights);
    engine.allocateScratch(blurScratchBytes(shape, this.#taps.radius));
    const ring = this.#band + parameters.radius;
    this.#patterns = engine.allocate(ring * 4 * shape.columns * pixelCount(shape));
    this.#correlations = engine.allocate(ring * 4 * shape.columns * this.#offsets.length);
    const settings = { needs: this.#needs, band: this.#band, fill: this.fill, stage: "prefilter" };
    await streamRows(engine, scan, settings, this.options, (block) => this.#compute(block));
    return { offsets: this.#offsets, values: this.#values };
  }

  async #compute(block: RowBlock): Promise<void> {
    const { engine, parameters } = this;
    const { rows, columns, patternRows, patternColumns } = this.scan.shape;
    const pixels = patternRows * patternColumns;
    const ring = this.#band + parameters.radius;
    const pattern = (row: number) => this.#patterns + (row % ring) * 4 * columns * pixels;
    const rowLength = columns * this.#offsets.length;
    const correlations = (row: number) => this.#correlations + (row % ring) * 4 * rowLength;
    for (let row = block.first; row < block.end; row++) {
      engine.view(Float32Array, correlations(row), rowLength).fill(0);
    }
    await engine.run(
      rowCalls(block.first, block.end - block.first, columns, engine.threads, (row, from, to) => [
        `weighted${workingType(this.scan.dtype)}`,
        ...[block.pointer(row), pattern(row), from, to, patternRows, patternColumns, this.#tapsPointer],
        ...[this.#taps.radius, this.#weights, this.#weightSum, threadScratch],
      ]),
    );
    await engine.run(this.#correlationCalls(block, pattern, correlations));
    // A row is complete once the last row that it reaches has come.
    const complete = block.end === rows ? rows : block.end - parameters.radius;
    for (let row = Math.max(0, block.first - parameters.radius); row < complete; row++) {
      this.#values.set(
        engine.view(Float32Array, correlations(row), rowLength).map(this.#weight),
        row * rowLength,
      );
    }
  }

  #correlationCalls(
    block: RowBlock,
    pattern: (row: number) => number,
    correlations: (row: number) => number,
  ): KernelCall[] {
    const { columns } = this.scan.shape;
    const calls: KernelCall[] = [];
    for (let down = 0; down <= this.parameters.radius; down++) {
      const index = this.#offsets.findIndex(([row]) => row === down);
      const inRow = this.#offsets.filter(([row]) => row === down);
      const first = Math.max(down, block.first);
      calls.push(
        ...rowCalls(first, block.end - first, columns, this.engine.threads, (row, from, to) => [
          "correlate",
          ...[pattern(row - down), pattern(row), columns, from, to, pixelCount(this.scan.shape)],
          ...[
            inRow[0][1],
            inRow[inRow.length - 1][1],
            correlations(row - down) + 4 * index,
            this.#offsets.length,
          ],
        ]),
      );
    }
    return calls;
  }

  /** R^ = clip((R - Rmin) / (Rmax - Rmin), 0, 1), dropped when tiny. */
  readonly #weight = (correlation: number): number => {
    const [low, high] = this.parameters.range;
    const weight = Math.min(1, (correlation - low) / (high - low));
    return weight > smallestWeight ? weight : 0;
  };
}
