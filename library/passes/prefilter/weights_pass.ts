/** The prefilter's weights in a pass of their own (paper, "Correlative prefiltering"; spec stage 2). */

import { type Address, at } from "../../engine/address.ts";
import type { KernelCall } from "../../engine/kernels.ts";
import type { Memory, Ring } from "../../engine/memory.ts";
import type { Arena, Batches, Pass, PassScan, RowBlock } from "../../engine/pass.ts";
import { CorrelationRows } from "./correlation_rows.ts";
import { NodeRows } from "./node_rows.ts";
import { choosePatternNodes, type PatternNodes } from "./nodes/pattern_nodes.ts";
import type { PrefilterParameters } from "./parameters.ts";
import type { PrefilterWeights } from "./footprint.ts";
import { type Weighing, WeightedRows } from "./weighted_rows.ts";

/** Correlates every pattern with its neighbours. */
export class PrefilterWeightsPass implements Pass<PrefilterWeights> {
  readonly name = "prefilter";
  readonly #stage: Weighing;
  readonly #correlations: CorrelationRows;
  #patterns!: Ring;

  /**
   * @param masked flat indices of detector pixels that get no weight
   * @param nodes where patterns are weighed; `null`: on all pixels
   */
  constructor(
    readonly scan: PassScan,
    readonly parameters: PrefilterParameters,
    masked: readonly number[],
    readonly nodes: PatternNodes | null = choosePatternNodes(scan.shape, parameters, masked),
  ) {
    this.#stage = nodes ? new NodeRows(scan, nodes) : new WeightedRows(scan, parameters, masked);
    this.#correlations = new CorrelationRows(scan.shape, parameters);
  }

  reserve(memory: Memory, band: number): void {
    this.#stage.reserve(memory);
    // The next band is weighed while this one is correlated.
    const ring = 2 * band + this.parameters.radius;
    this.#patterns = memory.ring("weighted patterns", ring, 4 * this.scan.shape.columns * this.#stage.length);
    this.#correlations.reserve(memory, band);
  }

  begin(arena: Arena): void {
    this.#correlations.begin(arena);
  }

  follow(row: number, from: number, to: number, patterns: Address): KernelCall[] {
    const weighted = at(this.#patterns(row), 4 * from * this.#stage.length);
    return [this.#stage.call(patterns, weighted, to - from)];
  }

  *block({ first, end }: RowBlock): Batches {
    yield this.#correlations.calls(first, end, this.#patterns, this.#stage.length);
    this.#correlations.finish(first, end);
  }

  finish(): PrefilterWeights {
    return this.#correlations.weights;
  }
}
