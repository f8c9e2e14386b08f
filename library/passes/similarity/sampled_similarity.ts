/**
 * Similarity of blurred patterns on samples of the detector, with or without the prefilter, in one reading of the scan:
 * filtering is linear, so blurred samples of raw patterns are filtered in place of whole patterns. The prefilter's
 * weights are those of its own pass: where that takes them from nodes, their samples are compared too.
 */

import { type Address, at } from "../../engine/address.ts";
import type { KernelCall } from "../../engine/kernels.ts";
import type { Memory, Ring } from "../../engine/memory.ts";
import type { RunOptions } from "../../engine/options.ts";
import type { Arena, Batches, Pass, RowBlock } from "../../engine/pass.ts";
import { type RowStage, StagePipeline } from "../../engine/stages.ts";
import type { ForwardSimilarity } from "../../scan/neighbours.ts";
import { SampledFeatures, type SampledSettings } from "../features/sampled_features.ts";
import { CorrelationRows } from "../prefilter/correlation_rows.ts";
import { FilterStage } from "../prefilter/filter_stage.ts";
import { NodeRows } from "../prefilter/node_rows.ts";
import type { PatternNodes } from "../prefilter/nodes/pattern_nodes.ts";
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

/** A prefilter and how its weights are found. */
export interface SampledPrefilter {
  readonly parameters: PrefilterParameters;
  /** Flat indices of detector pixels that get no weight. */
  readonly masked: readonly number[];
  /** Where patterns are weighed, and sampled; `null`: they are weighed on all pixels. */
  readonly nodes: PatternNodes | null;
}

/** The parts that the prefilter adds, and the rings between them. */
interface Prefilter {
  readonly weighing: NodeRows | WeightedRows;
  readonly correlations: CorrelationRows;
  /** There once memory is reserved. */
  weighted?: Ring;
  filtered?: Ring;
}

function prefilterParts(scan: ComparedScan, { parameters, masked, nodes }: SampledPrefilter): Prefilter {
  return {
    weighing: nodes ? new NodeRows(scan, nodes) : new WeightedRows(scan, parameters, masked),
    correlations: new CorrelationRows(scan.shape, parameters),
  };
}

/** Samples are made as patterns are loaded, and compared row by row. */
export class SampledSimilarity implements Pass<SampledResult> {
  readonly name = "similarity";
  readonly #stage: SampledFeatures;
  readonly #forward: ForwardRows;
  readonly #prefilter: Prefilter | null;
  readonly #filter: FilterStage | null;
  /** Floats of a pattern's samples. */
  readonly #samples: number;
  #features!: Ring;
  #references!: Ring;
  #band = 0;
  #pipeline!: StagePipeline;
  /** Rows that were loaded and sampled. */
  #taken = 0;

  constructor(
    readonly scan: ComparedScan,
    readonly settings: SampledSettings,
    readonly prefilter: SampledPrefilter | null,
    options: Pick<RunOptions, "onSimilarity">,
  ) {
    this.#stage = new SampledFeatures(scan, settings);
    this.#forward = new ForwardRows(scan, options);
    const parts = this.#prefilter = prefilter && prefilterParts(scan, prefilter);
    this.#samples = parts?.weighing instanceof NodeRows ? parts.weighing.samples : this.#stage.samples;
    this.#filter = parts && new FilterStage(scan.shape, "F32", parts.correlations.weights.offsets, this.#samples);
  }

  reserve(memory: Memory, band: number): void {
    const { columns } = this.scan.shape, prefilter = this.#prefilter;
    const sizes = rings(band, this.prefilter?.parameters.radius ?? 0), rowBytes = 4 * columns * this.#samples;
    this.#band = band;
    if (!(prefilter?.weighing instanceof NodeRows)) this.#stage.reserve(memory);
    this.#features = memory.ring("samples", sizes.features, rowBytes);
    this.#references = memory.ring("references", sizes.features, 8 * columns);
    this.#forward.reserve(memory, 2 * band);
    if (!prefilter) return;
    prefilter.weighing.reserve(memory);
    prefilter.weighted = memory.ring(
      "weighted patterns",
      sizes.weighted,
      4 * columns * prefilter.weighing.length,
    );
    prefilter.filtered = memory.ring("filtered samples", sizes.filtered, rowBytes);
    prefilter.correlations.reserve(memory, band);
    this.#filter!.reserve(memory, band);
  }

  begin(arena: Arena): void {
    this.#forward.begin(arena);
    const { shape } = this.scan, prefilter = this.#prefilter;
    prefilter?.correlations.begin(arena);
    if (prefilter) this.#filter!.begin(arena, prefilter.correlations.weights);
    const before = prefilter ? this.#filtering(prefilter, this.#filter!) : [], filtered = before.at(-1);
    const compared = () => filtered ? this.#pipeline.done(filtered) : this.#taken;
    const patterns = prefilter?.filtered ?? this.#features;
    const products = { kernel: "similarityF32", samples: this.#samples, chunk: floatChunk } as const;
    const compare: RowStage = {
      ready: () => compared() === shape.rows ? shape.rows : compared() - 1,
      calls: (first, end) => this.#forward.calls(first, end, patterns, () => products),
      finish: (first, end) => this.#forward.finish(first, end, this.#stage.centers ? this.#references : null),
    };
    this.#pipeline = new StagePipeline([...before, compare], shape.rows, this.#band);
  }

  /** The steps of the prefilter: correlate what was weighed, then average the samples. */
  #filtering({ weighing, correlations, weighted, filtered }: Prefilter, filter: FilterStage): RowStage[] {
    const { shape } = this.scan;
    const correlate: RowStage = {
      ready: () => this.#taken,
      calls: (first, end) => correlations.calls(first, end, weighted!, weighing.length),
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
    const stage = this.#stage, prefilter = this.#prefilter, count = to - from;
    const samples = at(this.#features(row), from * 4 * this.#samples);
    const references = at(this.#references(row), 8 * from);
    if (!prefilter) return [stage.call(patterns, samples, references, count)];
    const { weighing, weighted } = prefilter;
    const destination = at(weighted!(row), 4 * from * weighing.length);
    if (weighing instanceof NodeRows) {
      const target = { samples, references, centered: stage.centers };
      return [weighing.call(patterns, destination, count, target)];
    }
    return [
      weighing.call(patterns, destination, count),
      stage.call(patterns, samples, references, count),
    ];
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
