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

/** Bytes that rings aim at with the prefilter, and most rows that its steps compute at once. */
const ringBytes = 320 * 2 ** 20, mostRows = 8;

/** Rows that rings hold, and that the prefilter's steps compute at once so that they share the patterns around them. */
interface RingSizes {
  readonly step: number;
  readonly features: number;
  readonly weighted: number;
  readonly filtered: number;
}

/**
 * Rings for bands of `band` rows and steps of `step`. Of T rows taken, while a band more is loaded, all but the last band
 * and less than a step were correlated before. Filtering follows likewise, a band and less than a step behind that and the
 * rows ahead that it wants, and looks back by the radius (engine/stages.ts).
 */
function rings(band: number, step: number, radius: number): RingSizes {
  if (radius === 0) return { step: band, features: 2 * band + 1, weighted: 0, filtered: 0 };
  return {
    step,
    features: 3 * band + 2 * (step - 1) + 2 * radius,
    weighted: 2 * band + step - 1 + radius,
    filtered: 2 * step + 1,
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
  #step = 0;
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
    this.#filter = parts &&
      new FilterStage(scan.shape, "F32", parts.correlations.weights.offsets, this.#samples);
  }

  reserve(memory: Memory, band: number): void {
    const { columns } = this.scan.shape, prefilter = this.#prefilter;
    const sizes = this.#sizes(band), rowBytes = 4 * columns * this.#samples;
    this.#step = sizes.step;
    if (!(prefilter?.weighing instanceof NodeRows)) this.#stage.reserve(memory);
    this.#features = memory.ring("samples", sizes.features, rowBytes);
    // Norms are judged when rows are compared, a step after they were filtered.
    this.#references = memory.ring("references", sizes.features + 2 * sizes.step + 1, 8 * columns);
    this.#forward.reserve(memory, 2 * sizes.step);
    if (!prefilter) return;
    prefilter.weighing.reserve(memory);
    prefilter.weighted = memory.ring(
      "weighted patterns",
      sizes.weighted,
      4 * columns * prefilter.weighing.length,
    );
    prefilter.filtered = memory.ring("filtered samples", sizes.filtered, rowBytes);
    prefilter.correlations.reserve(memory, sizes.step);
    this.#filter!.reserve(memory, sizes.step);
  }

  /** Steps of as many rows as the rings have room for, at least a band. */
  #sizes(band: number): RingSizes {
    const { columns } = this.scan.shape, radius = this.prefilter?.parameters.radius ?? 0;
    const bytes = ({ features, weighted, filtered }: RingSizes) =>
      4 * columns *
      ((features + filtered) * this.#samples + weighted * (this.#prefilter?.weighing.length ?? 0));
    let step = Math.max(band, mostRows);
    while (step > band && bytes(rings(band, step, radius)) > ringBytes) step--;
    return rings(band, step, radius);
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
    this.#pipeline = new StagePipeline([...before, compare], shape.rows, this.#step);
  }

  /** The steps of the prefilter: correlate what was weighed, then average the samples. */
  #filtering({ weighing, correlations, weighted, filtered }: Prefilter, filter: FilterStage): RowStage[] {
    const { shape } = this.scan;
    const correlate: RowStage = {
      ready: () => this.#wholeSteps(this.#taken),
      calls: (first, end) => correlations.calls(first, end, weighted!, weighing.length),
      finish: (first, end) => correlations.finish(first, end),
    };
    const done = () => this.#pipeline.done(correlate);
    const average: RowStage = {
      ready: () => done() === shape.rows ? shape.rows : this.#wholeSteps(done() - filter.radius),
      calls: (first, end) => filter.calls({ first, end, pointer: this.#features }, filtered!),
    };
    return [correlate, average];
  }

  /** Rows that can be computed in whole steps, or all. */
  #wholeSteps(rows: number): number {
    return rows === this.scan.shape.rows ? rows : rows - rows % this.#step;
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
