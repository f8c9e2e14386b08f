/** One averaged pattern for each cluster, in bounded memory (paper, Methods 4; spec stage 7). */

import { type Address, at, nowhere } from "../../engine/address.ts";
import { borrowEngine, type Engine } from "../../engine/engine.ts";
import { handOver } from "../../engine/hand_over.ts";
import { threadStaging } from "../../engine/kernels.ts";
import type { RunOptions } from "../../engine/options.ts";
import {
  chooseBand,
  type FillTable,
  type Follow,
  passBytes,
  type PassNeeds,
  type RowBlock,
  stagingBytes,
  streamRows,
  workingBytes,
  workingType,
} from "../../engine/rows.ts";
import { BadParameter } from "../../scan/errors.ts";
import type { Scan } from "../../scan/scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import {
  accumulateCalls,
  FilteredGathering,
  gatherRaw,
  termBytes,
  TermList,
  type TermSource,
} from "./average_terms.ts";
import { type ClusterRows, ClusterSlots } from "./average_slots.ts";
import { type AveragedCluster, type AveragedPatterns, SlotSums, sumsArePrivate } from "./average_sums.ts";
import { type BadPixels, fillTable } from "../detector/bad_pixels_and_beam.ts";
import type { PrefilterParameters, PrefilterWeights } from "../prefilter/footprint.ts";

/** A batch of cluster averages: float32 (count, qy, qx) of clusters `first` to `first + count - 1`. */
export interface AverageBatch {
  /** Id of the first cluster of the batch. */
  readonly first: number;
  /** How many clusters the batch holds. */
  readonly count: number;
  /** Their averages in counts, one pattern (qy, qx) after the other. */
  readonly patterns: Float32Array;
}

/** What averages are made from: a clustering, or as much of one. */
export interface AveragedClusters {
  /** int32 (row, column): cluster of each probe, -1 = in none. */
  readonly labels: Int32Array;
  /** In the order of their ids. */
  readonly clusters: readonly AveragedCluster[];
  /** Detector pixels to fill or leave out. */
  readonly badPixels: BadPixels;
  /** Weights of the prefilter; averages of filtered patterns need them. */
  readonly prefilterWeights?: PrefilterWeights;
  /** What is averaged, and the prefilter that the weights belong to. */
  readonly parameters: {
    readonly average: AveragedPatterns;
    readonly prefilter: PrefilterParameters | null;
  };
}

/** Sums take at most this part of the arena, and never more than the clusters need. */
const sumsShare = 0.75;
/** Bytes of averages in one batch, as long as it holds more than one. */
const batchBytes = 8 * 2 ** 20;
/** Batches that may wait while the next are summed. */
const waitingBatches = 2;

/**
 * The averaged patterns of all clusters, in batches of clusters with consecutive ids, each cluster once. Batches come in
 * the order in which clusters are complete: the scan is read once, and a cluster takes memory only from its first row to
 * its last; where that does not fit, clusters are put off to another reading of the rows they touch. Sums are float64. For
 * `average: "filtered"` the averages are those of the prefiltered patterns, summed straight from the raw ones with
 * gathered weights.
 *
 * @param scan the scan that was clustered
 * @param clustering its clusters, or any others: of it only labels, clusters, bad pixels and what is averaged are used
 * @throws {CorruptFile} when the scan cannot be read any more
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { averagePatterns, clusterScan, defaultParameters, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 12, columns: 12, grains: 3, seed: 1 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const averages = new Float32Array(clustering.clusters.length * 64 * 64);
 * for await (const { first, count, patterns } of averagePatterns(scan, clustering)) {
 *   console.assert(patterns.length === count * 64 * 64);
 *   averages.set(patterns, first * 64 * 64);
 * }
 * ```
 */
export async function* averagePatterns(
  scan: Scan,
  clustering: AveragedClusters,
  options: RunOptions = {},
): AsyncGenerator<AverageBatch> {
  const { average } = clustering.parameters;
  if (average === "none" || clustering.clusters.length === 0) return;
  if (average === "filtered" && !clustering.prefilterWeights) {
    throw new BadParameter("averages of filtered data need the prefilter's weights", {
      remedy: "cluster with the prefilter first",
    });
  }
  const { engine, release } = await borrowEngine(options);
  try {
    const pass = new AveragePass(engine, scan, clustering, options);
    yield* handOver((deliver) => pass.run(deliver), waitingBatches);
  } finally {
    release();
  }
}

type Deliver = (batch: AverageBatch) => Promise<void>;

class AveragePass {
  readonly #pixels: number;
  readonly #fill: FillTable;
  readonly #rows: ClusterRows;
  readonly #terms = new TermList();
  /** Slot of each cluster's sums while it is being summed, else -1. */
  readonly #slotOf: Int32Array;
  readonly #source: TermSource;

  constructor(
    readonly engine: Engine,
    readonly scan: Scan,
    readonly clustering: AveragedClusters,
    readonly options: RunOptions,
  ) {
    const { labels, parameters, badPixels, clusters } = clustering;
    this.#pixels = pixelCount(scan.shape);
    this.#fill = fillTable(badPixels.filled, badPixels.masked, scan.shape);
    const reach = parameters.average === "filtered" ? parameters.prefilter!.radius : 0;
    this.#rows = {
      first: Int32Array.from(clusters, ({ bounds }) => Math.max(0, bounds.firstRow - reach)),
      end: Int32Array.from(
        clusters,
        ({ bounds }) => Math.min(scan.shape.rows, bounds.lastRow + reach + 1),
      ),
    };
    this.#slotOf = new Int32Array(clusters.length).fill(-1);
    this.#source = { shape: scan.shape, labels, slotOf: this.#slotOf };
  }

  async run(deliver: Deliver): Promise<void> {
    const { first } = this.#rows;
    let waiting = [...this.clustering.clusters].sort((a, b) => first[a.id] - first[b.id] || a.id - b.id);
    while (waiting.length > 0) {
      const mark = this.engine.mark();
      waiting = await this.#sweep(waiting, deliver);
      this.engine.release(mark);
    }
  }

  /** Reads the rows of clusters once, and gives back those that found no memory. */
  async #sweep(clusters: readonly AveragedCluster[], deliver: Deliver): Promise<AveragedCluster[]> {
    const { engine, scan } = this;
    const slots = Math.min(clusters.length, this.#mostSlots());
    const needs = this.#needs(slots);
    const band = chooseBand(engine.available, scan, needs, engine.threads, this.options);
    const sums = this.#private
      ? new SlotSums(engine, this.#pixels, (thread) => at(engine.staging(thread), stagingBytes(scan)))
      : SlotSums.shared(engine, slots, this.#pixels);
    const places = new ClusterSlots(clusters, this.#rows, this.#slotOf, sums, slots);
    const finish = async (row: number) => {
      const complete = places.takeComplete(row);
      for (const members of consecutive(complete, Math.floor(batchBytes / (4 * this.#pixels)))) {
        await deliver(this.#averages(members, sums));
      }
      places.free(complete);
    };
    const rows = [
      this.#rows.first[clusters[0].id],
      clusters.reduce((end, { id }) => Math.max(end, this.#rows.end[id]), 0),
    ] as const;
    const settings = { needs, band, fill: this.#fill, stage: "averages", rows };
    if (this.#private) {
      const follow = this.#following(band, slots, places);
      const stream = { ...settings, follow, threadBytes: 8 * slots * this.#pixels };
      // What was loaded is summed already; the next rows are loaded meanwhile.
      await streamRows(engine, scan, stream, this.options, async ({ end }) => {
        await Promise.all([engine.run([]), finish(end)]);
      });
    } else {
      const gather = this.#gathering(slots);
      await streamRows(engine, scan, settings, this.options, async (block) => {
        places.begin(block.end);
        await this.#addBlock(block, gather, sums.start(0), slots);
        await finish(block.end);
      });
    }
    return places.putOff;
  }

  get #private(): boolean {
    return sumsArePrivate(this.scan, this.clustering.parameters.average);
  }

  /** Copies of the sums. */
  get #copies(): number {
    return this.#private ? this.engine.threads : 1;
  }

  /** What a sweep with that many slots needs. */
  #needs(slots: number): PassNeeds {
    const { average } = this.clustering.parameters;
    const termsPerProbe = average === "filtered" ? 2 * this.clustering.prefilterWeights!.offsets.length : 3;
    return {
      behind: 0,
      ahead: 0,
      followed: this.#private,
      bytes: (band) =>
        8 * slots * this.#pixels * this.#copies + band * termBytes * this.scan.shape.columns * termsPerProbe +
        512,
    };
  }

  /** Clusters whose sums fit the arena beside the rows. */
  #mostSlots(): number {
    const { engine, scan } = this;
    const rows = passBytes(scan, this.#needs(0), 1, engine.threads);
    const room = Math.min(engine.available - rows, engine.limit * sumsShare);
    return Math.max(1, Math.floor(room / (8 * this.#pixels * this.#copies)));
  }

  /** The calls that add patterns to the sums of the thread that has loaded them. */
  #following(band: number, slots: number, places: ClusterSlots): Follow {
    const { engine, scan } = this, terms = this.#terms;
    const { columns } = scan.shape;
    const working = workingType(scan.dtype) as "U8" | "U16";
    const patternBytes = this.#pixels * workingBytes(working);
    // One band is summed, the calls of the next are on their way.
    const table = engine.allocate(3 * band * columns * termBytes);
    return (row, from, to) => {
      places.begin(row + 1);
      terms.clear();
      gatherRaw(this.#source, row, [from, to], nowhere, patternBytes, terms);
      if (terms.count === 0) return null;
      const address = at(table, ((row % (3 * band)) * columns + from) * termBytes);
      terms.write(engine, address, slots);
      return [[
        `accumulateStaged${working}`,
        threadStaging,
        address,
        terms.count,
        this.#pixels,
        stagingBytes(scan),
      ]];
    };
  }

  /** Adds the terms of a row, whose patterns are at an address, to the list. */
  #gathering(slots: number): (row: number, address: Address) => void {
    const source = this.#source, terms = this.#terms, { columns } = this.scan.shape;
    const patternBytes = this.#pixels * workingBytes(workingType(this.scan.dtype));
    if (this.clustering.parameters.average !== "filtered") {
      return (row, address) => gatherRaw(source, row, [0, columns], address, patternBytes, terms);
    }
    const filtered = new FilteredGathering(source, this.clustering.prefilterWeights!, slots);
    return (row, address) => filtered.gather(row, address, patternBytes, terms);
  }

  async #addBlock(
    block: RowBlock,
    gather: (row: number, address: Address) => void,
    sums: Address,
    slots: number,
  ): Promise<void> {
    const { engine } = this, terms = this.#terms;
    terms.clear();
    for (let row = block.first; row < block.end; row++) gather(row, block.pointer(row));
    if (terms.count === 0) return;
    const mark = engine.mark();
    const working = workingType(this.scan.dtype);
    await engine.run(accumulateCalls(engine, terms, working, this.#pixels, sums, slots));
    engine.release(mark);
  }

  /** Sums of complete clusters with consecutive ids, divided by their sizes. */
  #averages(clusters: readonly AveragedCluster[], sums: SlotSums): AverageBatch {
    const pixels = this.#pixels;
    const patterns = new Float32Array(clusters.length * pixels);
    clusters.forEach(({ id, size }, index) => {
      sums.divide(this.#slotOf[id], size, patterns.subarray(index * pixels, (index + 1) * pixels));
    });
    return { first: clusters[0].id, count: clusters.length, patterns };
  }
}

/** Divides clusters into runs of consecutive ids, at most `most` long where that is at least 1. */
function consecutive(clusters: readonly AveragedCluster[], most: number): AveragedCluster[][] {
  const runs: AveragedCluster[][] = [];
  for (const cluster of [...clusters].sort((a, b) => a.id - b.id)) {
    const run = runs.at(-1);
    if (run && run.length < most && run[run.length - 1].id === cluster.id - 1) run.push(cluster);
    else runs.push([cluster]);
  }
  return runs;
}
