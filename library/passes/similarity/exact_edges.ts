/** Similarities of chosen edges alone, bit for bit as the exact pass over the whole scan gives them. */

import type { Address } from "../../engine/address.ts";
import type { Engine } from "../../engine/engine.ts";
import { ArenaMemory } from "../../engine/memory.ts";
import type { RunOptions } from "../../engine/options.ts";
import { PatternLoader } from "../../engine/pattern_loader.ts";
import { type FillTable, workingType } from "../../engine/loaded_scan.ts";
import { rowCalls } from "../../engine/row_calls.ts";
import { turn } from "../../engine/turn.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import type { PrefilterWeights } from "../prefilter/footprint.ts";
import { cosine, exactPairs, patternNorms } from "./cosines.ts";
import { edgeEnds, type EdgeGroup, groupEdges, type GroupSize } from "./edge_groups.ts";
import { EdgeMemory } from "./edge_memory.ts";
import type { FeatureSettings, FeatureStage } from "../features/features.ts";
import { forwardOffsets } from "../../scan/neighbours.ts";

/**
 * Similarities of chosen edges, each the same float32 as `RowSimilarity` with these weights gives:
 * the same kernels make the same sums in the same order. Patterns are read where they are needed, in groups that fit
 * the memory; within a group each is read and blurred once.
 *
 * Without prefilter an edge costs the features of two patterns. With it, all patterns within the footprints of two probes
 * are read and added up, some 80 for a radius of 4.
 *
 * @param weights exact weights of the prefilter, when filtered patterns are compared
 * @param edges 4 * probe + direction, as in `ForwardSimilarity`, in any order; both ends inside the scan
 * @returns similarities in the order of `edges`
 * @throws {RangeError} when an edge leads out of the scan
 * @throws {CorruptFile} when values are not finite, or too large to be squared, or cannot be read
 * @throws {OutOfResources} when the patterns for a single edge do not fit the memory
 */
export async function exactEdges(
  engine: Engine,
  scan: Scan,
  fill: FillTable,
  features: FeatureSettings,
  weights: PrefilterWeights | undefined,
  edges: ArrayLike<number>,
  options: RunOptions,
): Promise<Float32Array> {
  checkEdges(edges, scan);
  if (edges.length === 0) return new Float32Array(0);
  const mark = engine.mark();
  try {
    return await new ExactEdges(engine, scan, fill, features, weights).run(edges, options);
  } finally {
    engine.release(mark);
  }
}

class ExactEdges {
  readonly #memory: EdgeMemory;

  constructor(
    readonly engine: Engine,
    readonly scan: Scan,
    readonly fill: FillTable,
    features: FeatureSettings,
    weights: PrefilterWeights | undefined,
  ) {
    this.#memory = new EdgeMemory(scan, features, weights);
  }

  async run(edges: ArrayLike<number>, options: RunOptions): Promise<Float32Array> {
    const { engine, scan } = this;
    const result = new Float32Array(edges.length);
    const memory = this.#memory, fixed = memory.fixedBytes(this.fill.table.byteLength, engine);
    const limit = memory.limit(engine.available, fixed);
    const loader = new PatternLoader(engine, scan, this.fill);
    try {
      const fits = (size: GroupSize) => memory.bytes(size, engine.threads) <= limit;
      let done = 0;
      for (const group of groupEdges(scan.shape, edges, memory.footprint, fits)) {
        const mark = engine.mark();
        await this.#compute(loader, group, edges, result);
        engine.release(mark);
        done += group.places.length;
        options.onProgress?.({ stage: "exact edges", done, total: edges.length });
        await turn(options.signal);
      }
    } finally {
      loader.close();
    }
    return result;
  }

  async #compute(
    loader: PatternLoader,
    group: EdgeGroup,
    edges: ArrayLike<number>,
    result: Float32Array,
  ): Promise<void> {
    const { engine } = this;
    const { ends } = group;
    const count = ends.length;
    const raw = await loader.load(group.patterns);
    const { filter } = this.#memory, stage = this.#memory.stage(count), memory = new ArenaMemory(engine, 0);
    stage.reserve(memory);
    filter?.reserve(memory, group.patterns.length);
    memory.settle();
    const references = engine.allocate(8 * count);
    const row = { first: 0, end: 1 };
    let source = raw.address, compared = raw.address;
    if (filter) {
      source = compared = engine.allocate(4 * count * pixelCount(this.scan.shape));
      await filter.run(engine, group, raw.address, compared);
    } else if (stage.rowBytes > 0) compared = engine.allocate(stage.rowBytes);
    if (stage.rowBytes > 0) {
      await engine.run(stage.calls(row, engine.threads, () => source, () => compared, () => references));
    }
    const { norms, products } = await this.#products(group, edges, stage, compared, raw.largest);
    if (stage.subtracts) await this.#subtractMeans(group, edges, compared, references, norms, products);
    const judged = patternNorms(
      this.scan,
      norms,
      stage.centers && (stage.rowBytes > 0 || stage.subtracts)
        ? engine.view(Float64Array, references, count)
        : null,
      (index) => ends[index],
    );
    const slotOf = slots(ends);
    group.places.forEach((place, i) => {
      const [first, second] = edgeEnds(edges[place], this.scan.shape.columns);
      result[place] = cosine(products[i], judged[slotOf.get(first)!] * judged[slotOf.get(second)!]);
    });
  }

  /** Squared norms of the ends, and the inner product of each edge. */
  async #products(
    { places, ends }: EdgeGroup,
    edges: ArrayLike<number>,
    { working }: FeatureStage,
    compared: Address,
    largest: number,
  ): Promise<{ norms: Float64Array; products: Float64Array }> {
    const { engine } = this;
    const { columns } = this.scan.shape;
    const count = ends.length, pairs = count + places.length;
    const { kernel, chunk } = exactPairs(working, largest);
    const list = engine.allocate(8 * pairs), found = engine.allocate(8 * pairs);
    const slotOf = slots(ends), slotsOfPairs = engine.view(Uint32Array, list, 2 * pairs);
    // The norm of a pattern is its product with itself.
    for (let slot = 0; slot < count; slot++) slotsOfPairs.fill(slot, 2 * slot, 2 * slot + 2);
    places.forEach((place, i) => {
      const joined = edgeEnds(edges[place], columns).map((probe) => slotOf.get(probe)!);
      slotsOfPairs.set(joined, 2 * (count + i));
    });
    await engine.run(rowCalls(0, 1, pairs, engine.threads, (_, from, to) => [
      kernel,
      compared,
      pixelCount(this.scan.shape),
      list,
      from,
      to,
      chunk,
      found,
    ]));
    const sums = engine.view(Float64Array, found, pairs);
    return { norms: sums.slice(0, count), products: sums.slice(count) };
  }

  /** Norms and products of counts become those of counts less their means, as the kernel `lessMeans` makes them. */
  async #subtractMeans(
    { places, ends }: EdgeGroup,
    edges: ArrayLike<number>,
    patterns: Address,
    references: Address,
    norms: Float64Array,
    products: Float64Array,
  ): Promise<void> {
    const { engine, scan: { shape, dtype } } = this;
    const count = ends.length, pixels = pixelCount(shape), place = engine.allocate(8 * count);
    await engine.run(rowCalls(0, 1, count, engine.threads, (_, from, to) => [
      `means${workingType(dtype)}`,
      patterns,
      from,
      to,
      pixels,
      place,
      references,
    ]));
    const means = engine.view(Float64Array, place, count), slotOf = slots(ends);
    for (let i = 0; i < count; i++) norms[i] -= pixels * means[i] * means[i];
    places.forEach((edge, i) => {
      const [first, second] = edgeEnds(edges[edge], shape.columns).map((probe) => means[slotOf.get(probe)!]);
      products[i] -= pixels * first * second;
    });
  }
}

/** Places of probes in a list. */
function slots(probes: Int32Array): Map<number, number> {
  return new Map(Array.from(probes, (probe, slot) => [probe, slot]));
}

function checkEdges(edges: ArrayLike<number>, { shape: { rows, columns } }: Scan): void {
  for (let i = 0; i < edges.length; i++) {
    const edge = edges[i];
    const [down, right] = forwardOffsets[edge & 3];
    const row = Math.floor((edge >> 2) / columns) + down, column = (edge >> 2) % columns + right;
    if (!(Number.isInteger(edge) && edge >= 0 && row < rows && column >= 0 && column < columns)) {
      throw new RangeError(`edge ${edge} is not inside a scan of ${rows} x ${columns} probes`);
    }
  }
}
