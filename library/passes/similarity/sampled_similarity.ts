/**
 * Similarity of blurred patterns on samples of the detector, with or without the prefilter, in one pass over the scan:
 * filtering is linear, so blurred samples of raw patterns are filtered in place of whole patterns. The prefilter's
 * weights are exact: they come from all pixels, because samples cannot follow the hard edge of its weight function.
 */

import { at, nowhere } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import type { RunOptions } from "../../engine/options.ts";
import {
  chooseBand,
  type FillTable,
  type Follow,
  type PassNeeds,
  type RowBlock,
  streamRows,
} from "../../engine/rows.ts";
import { type RowStage, StagePipeline } from "../../engine/stages.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import type { PrefilterParameters, PrefilterWeights } from "../prefilter/footprint.ts";
import { ForwardRows, forwardRowsBytes } from "./forward_rows.ts";
import { FilterStage } from "../prefilter/filter_stage.ts";
import type { ForwardSimilarity } from "../../scan/neighbours.ts";
import { correlationBytes, CorrelationRows } from "../prefilter/correlation_rows.ts";
import { type PatternTap, tapBytes } from "../pattern_tap.ts";
import { SampledFeatures, type SampledSettings } from "../features/sampled_features.ts";
import { WeightedRows } from "../prefilter/weighted_rows.ts";

/** Samples summed in float32 before float64 takes over; see exactProducts for why they are few. */
const floatChunk = 32;

/** What the pass finds. */
export interface SampledResult {
  readonly forward: ForwardSimilarity;
  /** Present with the prefilter. */
  readonly weights?: PrefilterWeights;
}

/**
 * Rows by which each step follows the loading, and rows that the rings between them hold, for bands of `band` rows. A
 * step follows the one before by at most a band and the rows ahead that it wants (library/engine/stages.ts).
 */
function rings(band: number, radius: number) {
  if (radius === 0) return { features: 2 * band + 1, weighted: 0, filtered: 0 };
  return {
    // Features wait for correlating and for filtering, which looks back by the radius.
    features: 3 * band + 2 * radius,
    weighted: 2 * band + radius,
    filtered: 2 * band + 1,
  };
}

/** What {@link sampledSimilarityPass} needs, for the estimate of memory. */
export function sampledNeeds(
  scan: Pick<Scan, "shape" | "dtype">,
  settings: SampledSettings,
  prefilter: PrefilterParameters | null,
  threads: number,
): PassNeeds {
  const stage = new SampledFeatures(scan, settings);
  const weighing = prefilter ? new WeightedRows(scan, prefilter, []) : null;
  const { columns } = scan.shape;
  const radius = prefilter?.radius ?? 0;
  return {
    behind: 0,
    ahead: 0,
    followed: true,
    bytes: (band) => {
      const { features, weighted, filtered } = rings(band, radius);
      const filtering = weighing && prefilter
        ? weighing.rowBytes * weighted + weighing.tableBytes + correlationBytes(scan.shape, prefilter, band) +
          FilterStage.bytes(scan.shape, radius, band)
        : 0;
      const scratch = Math.max(stage.scratchBytes, weighing?.scratchBytes ?? 0);
      return stage.rowBytes * (features + filtered) + 8 * columns * features + stage.tableBytes +
        threads * (scratch + 64) + forwardRowsBytes(columns, 2 * band) + filtering + 1024;
    },
  };
}

/**
 * One pass over the scan.
 *
 * @param masked flat indices of detector pixels that get no weight from the prefilter
 * @param tap is shown every pattern as it is loaded
 * @throws {CorruptFile} when values are too large to be squared
 */
export async function sampledSimilarityPass(
  engine: Engine,
  scan: Scan,
  fill: FillTable,
  settings: SampledSettings,
  prefilter: PrefilterParameters | null,
  masked: readonly number[],
  tap: PatternTap | null,
  options: RunOptions,
): Promise<SampledResult> {
  const mark = engine.mark();
  try {
    const needs = sampledNeeds(scan, settings, prefilter, engine.threads);
    const band = chooseBand(
      engine.available - tapBytes(tap, engine.threads),
      scan,
      needs,
      engine.threads,
      options,
    );
    const pass = new SampledPass(engine, scan, settings, prefilter, masked, tap, band, options);
    const stream = { needs, band, fill, stage: "similarity", follow: pass.follow };
    await streamRows(engine, scan, stream, options, (block) => pass.compute(block));
    return await pass.finish();
  } finally {
    engine.release(mark);
  }
}

class SampledPass {
  readonly #forward: ForwardRows;
  readonly #correlations: CorrelationRows | null = null;
  readonly #pipeline: StagePipeline;
  /** What is done with patterns as soon as they are loaded. */
  readonly follow: Follow;
  /** Rows that were loaded and sampled. */
  #taken = 0;

  constructor(
    engine: Engine,
    scan: Scan,
    settings: SampledSettings,
    prefilter: PrefilterParameters | null,
    masked: readonly number[],
    tap: PatternTap | null,
    band: number,
    options: RunOptions,
  ) {
    const { shape } = scan;
    const stage = new SampledFeatures(scan, settings);
    stage.prepare(engine);
    const weighing = prefilter ? new WeightedRows(scan, prefilter, masked) : null;
    weighing?.prepare(engine);
    engine.allocateScratch(
      Math.max(stage.scratchBytes, weighing?.scratchBytes ?? 0, tap?.scratchBytes ?? 0),
    );
    const sizes = rings(band, prefilter?.radius ?? 0);
    const ring = (rows: number, bytes: number) => {
      const start = rows > 0 ? engine.allocate(rows * bytes) : nowhere;
      return (row: number) => at(start, (row % rows) * bytes);
    };
    const features = ring(sizes.features, stage.rowBytes);
    const references = ring(sizes.features, 8 * shape.columns);
    const done = (other: RowStage) => this.#pipeline.done(other);

    const weighted = ring(sizes.weighted, weighing?.rowBytes ?? 0);
    this.follow = (row, from, to, source) => {
      const sample = stage.call(
        source,
        at(features(row), from * 4 * stage.samples),
        at(references(row), 8 * from),
        to - from,
      );
      return [
        ...weighing
          ? [weighing.call(source, at(weighted(row), from * weighing.patternBytes), to - from)]
          : [],
        sample,
        ...tap ? tap.calls(row, from, to, source) : [],
      ];
    };
    const taken = () => this.#taken;
    const stages: RowStage[] = [];
    let compared = taken, patterns = features;
    if (prefilter) {
      const filtered = ring(sizes.filtered, stage.rowBytes);
      const correlations = this.#correlations = new CorrelationRows(engine, shape, prefilter, band);
      const filter = new FilterStage(shape, "F32", correlations.weights, stage.samples);
      filter.prepare(engine, band);
      const correlate: RowStage = {
        ready: taken,
        calls: (first, end) => correlations.calls(first, end, weighted, pixelCount(shape)),
        finish: (first, end) => correlations.finish(first, end),
      };
      const average: RowStage = {
        ready: () => done(correlate) === shape.rows ? shape.rows : done(correlate) - prefilter.radius,
        calls: (first, end) => filter.calls(engine, { first, end, pointer: features }, filtered),
      };
      stages.push(correlate, average);
      compared = () => done(average);
      patterns = filtered;
    }
    const forward = this.#forward = new ForwardRows(engine, scan, 2 * band, options);
    const products = { kernel: "similarityF32", samples: stage.samples, chunk: floatChunk } as const;
    stages.push({
      ready: () => compared() === shape.rows ? shape.rows : compared() - 1,
      calls: (first, end) => forward.calls(first, end, patterns, () => products),
      finish: (first, end) => forward.finish(first, end, stage.centers ? references : null),
    });
    this.#pipeline = new StagePipeline(engine, stages, shape.rows, band);
  }

  /** Moves everything one step on, now that the rows of a block were sampled. */
  async compute(block: RowBlock): Promise<void> {
    this.#taken = block.end;
    await this.#pipeline.step();
  }

  /** What is left once all rows were loaded. */
  async finish(): Promise<SampledResult> {
    await this.#pipeline.drain();
    return { forward: this.#forward.result, weights: this.#correlations?.weights };
  }
}
