/**
 * Similarity of blurred patterns on samples of the detector, with or without the prefilter, in one reading of the scan:
 * filtering is linear, so blurred samples of raw patterns are filtered in place of whole patterns. The prefilter's
 * weights are exact: they come from all pixels, because samples cannot follow the hard edge of its weight function.
 */

import { type Address, at } from "../../engine/address.ts";
import type { KernelCall } from "../../engine/kernels.ts";
import type { Memory, Ring } from "../../engine/memory.ts";
import type { RunOptions } from "../../engine/options.ts";
import type { Arena, Batches, Pass, RowBlock } from "../../engine/pass.ts";
import { type RowStage, StagePipeline } from "../../engine/stages.ts";
import type { ForwardSimilarity } from "../../scan/neighbours.ts";
import { pixelCount } from "../../scan/shape.ts";
import { SampledFeatures, type SampledSettings } from "../features/sampled_features.ts";
import { CorrelationRows } from "../prefilter/correlation_rows.ts";
import { FilterStage } from "../prefilter/filter_stage.ts";
import type { PrefilterParameters } from "../prefilter/parameters.ts";
import type { PrefilterWeights } from "../prefilter/footprint.ts";
import { WeightedRows } from "../prefilter/weighted_rows.ts";
import { type ComparedScan, ForwardRows } from "./forward_rows.ts";

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
 * step follows the one before by at most a band and the rows ahead that it wants (engine/stages.ts).
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

/** The parts that the prefilter adds, and the rings between them. */
interface Prefilter {
  readonly weighing: WeightedRows;
  readonly correlations: CorrelationRows;
  readonly filter: FilterStage;
  /** There once memory is reserved. */
  weighted?: Ring;
  filtered?: Ring;
}

function prefilterParts(
  scan: ComparedScan,
  parameters: PrefilterParameters,
  masked: readonly number[],
  samples: number,
): Prefilter {
  const correlations = new CorrelationRows(scan.shape, parameters);
  return {
    weighing: new WeightedRows(scan, parameters, masked),
    correlations,
    filter: new FilterStage(scan.shape, "F32", correlations.weights.offsets, samples),
  };
}

/** Samples are made as patterns are loaded, and compared row by row. */
export class SampledSimilarity implements Pass<SampledResult> {
  readonly name = "similarity";
  readonly #stage: SampledFeatures;
  readonly #forward: ForwardRows;
  readonly #prefilter: Prefilter | null;
  #features!: Ring;
  #references!: Ring;
  #band = 0;
  #pipeline!: StagePipeline;
  /** Rows that were loaded and sampled. */
  #taken = 0;

  /** @param masked flat indices of detector pixels that get no weight from the prefilter */
  constructor(
    readonly scan: ComparedScan,
    settings: SampledSettings,
    readonly parameters: PrefilterParameters | null,
    masked: readonly number[],
    options: Pick<RunOptions, "onSimilarity">,
  ) {
    this.#stage = new SampledFeatures(scan, settings);
    this.#forward = new ForwardRows(scan, options);
    this.#prefilter = parameters && prefilterParts(scan, parameters, masked, this.#stage.samples);
  }

  reserve(memory: Memory, band: number): void {
    const { columns } = this.scan.shape, stage = this.#stage, prefilter = this.#prefilter;
    const sizes = rings(band, this.parameters?.radius ?? 0);
    this.#band = band;
    stage.reserve(memory);
    this.#features = memory.ring("samples", sizes.features, stage.rowBytes);
    this.#references = memory.ring("references", sizes.features, 8 * columns);
    this.#forward.reserve(memory, 2 * band);
    if (!prefilter) return;
    prefilter.weighing.reserve(memory);
    prefilter.weighted = memory.ring("weighted patterns", sizes.weighted, prefilter.weighing.rowBytes);
    prefilter.filtered = memory.ring("filtered samples", sizes.filtered, stage.rowBytes);
    prefilter.correlations.reserve(memory, band);
    prefilter.filter.reserve(memory, band);
  }

  begin(arena: Arena): void {
    this.#forward.begin(arena);
    const { shape } = this.scan, prefilter = this.#prefilter;
    prefilter?.correlations.begin(arena);
    prefilter?.filter.begin(arena, prefilter.correlations.weights);
    const before = prefilter ? this.#filtering(prefilter) : [], filtered = before.at(-1);
    const compared = () => filtered ? this.#pipeline.done(filtered) : this.#taken;
    const patterns = prefilter?.filtered ?? this.#features;
    const products = { kernel: "similarityF32", samples: this.#stage.samples, chunk: floatChunk } as const;
    const compare: RowStage = {
      ready: () => compared() === shape.rows ? shape.rows : compared() - 1,
      calls: (first, end) => this.#forward.calls(first, end, patterns, () => products),
      finish: (first, end) => this.#forward.finish(first, end, this.#stage.centers ? this.#references : null),
    };
    this.#pipeline = new StagePipeline([...before, compare], shape.rows, this.#band);
  }

  /** The steps of the prefilter: correlate what was weighed, then average the samples. */
  #filtering({ correlations, filter, weighted, filtered }: Prefilter): RowStage[] {
    const { shape } = this.scan;
    const correlate: RowStage = {
      ready: () => this.#taken,
      calls: (first, end) => correlations.calls(first, end, weighted!, pixelCount(shape)),
      finish: (first, end) => correlations.finish(first, end),
    };
    const done = () => this.#pipeline.done(correlate);
    const average: RowStage = {
      ready: () => done() === shape.rows ? shape.rows : done() - filter.radius,
      calls: (first, end) => filter.calls({ first, end, pointer: this.#features }, filtered!),
    };
    return [correlate, average];
  }

  follow(row: number, from: number, to: number, patterns: Address): KernelCall[] {
    const stage = this.#stage, prefilter = this.#prefilter;
    const sample = stage.call(
      patterns,
      at(this.#features(row), from * 4 * stage.samples),
      at(this.#references(row), 8 * from),
      to - from,
    );
    if (!prefilter) return [sample];
    const { weighing, weighted } = prefilter;
    return [weighing.call(patterns, at(weighted!(row), from * weighing.patternBytes), to - from), sample];
  }

  /** Moves everything one step on, now that the rows of a block were sampled. */
  *block({ end }: RowBlock): Batches {
    this.#taken = end;
    yield* this.#pipeline.step();
  }

  rest(): Batches {
    return this.#pipeline.drain();
  }

  finish(): SampledResult {
    return { forward: this.#forward.result, weights: this.#prefilter?.correlations.weights };
  }
}
