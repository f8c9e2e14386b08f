/** One reading of a scan that sums the patterns of as many clusters as have memory for their sums. */

import { type Address, at, nowhere } from "../../engine/address.ts";
import { type KernelCall, threadStaging } from "../../engine/kernels.ts";
import type { Memory } from "../../engine/memory.ts";
import type { Arena, Batches, Pass, PassScan, RowBlock } from "../../engine/pass.ts";
import { workingBytes, workingType } from "../../engine/loaded_scan.ts";
import { pixelCount } from "../../scan/shape.ts";
import type { BadPixels } from "../detector/bad_pixels_and_beam.ts";
import type { PrefilterParameters } from "../prefilter/parameters.ts";
import type { PrefilterWeights } from "../prefilter/footprint.ts";
import { type ClusterRows, ClusterSlots } from "./average_slots.ts";
import { type AveragedCluster, type AveragedPatterns, SlotSums, sumsArePrivate } from "./average_sums.ts";
import {
  accumulateCalls,
  FilteredGathering,
  gatherRaw,
  termBytes,
  TermList,
  type TermSource,
} from "./average_terms.ts";

/** A batch of cluster averages: float32 (count, qy, qx) of clusters `first` to `first + count - 1`. */
export interface AverageBatch {
  /** Id of the first cluster of the batch. */
  readonly first: number;
  /** How many clusters the batch holds. */
  readonly count: number;
  /** Their averages in counts, one pattern (qy, qx) after the other; NaN where an aligned average saw nothing. */
  readonly patterns: Float32Array;
}

/** What averages are made from: a clustering, or as much of one. */
export interface AveragedClusters {
  /** int32 (row, column): cluster of each probe, -1 = in none. */
  readonly labels: Int32Array;
  /** In the order of their ids. */
  readonly clusters: readonly AveragedCluster[];
  /**
   * float32 (row, column, 2): rows and columns in pixels by which the direct beam of each probe lies beyond the common
   * place that averages are made about; default: patterns are added as they are. Only raw patterns can be moved.
   */
  readonly shifts?: Float32Array;
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

/** Takes finished averages. */
export type Deliver = (batch: AverageBatch) => Promise<void>;

/** Bytes of averages in one batch, as long as it holds more than one. */
const batchBytes = 8 * 2 ** 20;

/** What a sweep is made of. */
export interface SweepSettings {
  readonly clustering: Omit<AveragedClusters, "clusters">;
  /** Clusters still to be summed, by rising first row. */
  readonly clusters: readonly AveragedCluster[];
  /** The scan rows that each cluster takes patterns from. */
  readonly rows: ClusterRows;
  /** Clusters that are summed at a time. */
  readonly slots: number;
  readonly deliver: Deliver;
}

/** What all kinds of sweeps do: clusters begin, are complete, and are delivered. */
export abstract class Sweep {
  readonly name = "averages";
  protected readonly pixels: number;
  protected readonly terms = new TermList();
  protected readonly source: TermSource;
  /** Slot of each cluster's sums while it is being summed, else -1. */
  readonly #slotOf: Int32Array;
  #sums!: SlotSums;
  #places!: ClusterSlots;

  constructor(readonly scan: PassScan, readonly settings: SweepSettings) {
    this.pixels = pixelCount(scan.shape);
    this.#slotOf = new Int32Array(settings.rows.first.length).fill(-1);
    this.source = { shape: scan.shape, labels: settings.clustering.labels, slotOf: this.#slotOf };
  }

  /** Once memory for the sums is there: where each copy of them begins. */
  protected start(arena: Arena, sums: (copy: number) => Address, copies: number, planes: 1 | 2 = 1): void {
    const { clusters, rows, slots } = this.settings;
    this.#sums = new SlotSums(arena, this.pixels, sums, copies, planes);
    this.#places = new ClusterSlots(clusters, rows, this.#slotOf, this.#sums, slots);
  }

  /** Gives slots to the clusters that begin before a row. */
  protected beginBefore(row: number): void {
    this.#places.begin(row);
  }

  /** Delivers the clusters that end at a row or before it. */
  protected async deliverUntil(row: number): Promise<void> {
    const complete = this.#places.takeComplete(row);
    for (const members of consecutive(complete, Math.floor(batchBytes / (4 * this.pixels)))) {
      await this.settings.deliver(this.#averages(members));
    }
    this.#places.free(complete);
  }

  /** Sums of complete clusters with consecutive ids, divided by their sizes. */
  #averages(clusters: readonly AveragedCluster[]): AverageBatch {
    const { pixels } = this;
    const patterns = new Float32Array(clusters.length * pixels);
    clusters.forEach(({ id, size }, index) => {
      const average = patterns.subarray(index * pixels, (index + 1) * pixels);
      this.#sums.divide(this.#slotOf[id], size, average);
    });
    return { first: clusters[0].id, count: clusters.length, patterns };
  }

  finish(): AveragedCluster[] {
    return this.#places.putOff;
  }
}

/** The sweep of filtered patterns, or of raw ones as they are; its result is the clusters that found no memory. */
export function averageSweep(scan: PassScan, settings: SweepSettings): Pass<AveragedCluster[]> {
  const { average } = settings.clustering.parameters;
  return sumsArePrivate(scan, average) ? new PassingSweep(scan, settings) : new KeptSweep(scan, settings);
}

/** Each thread adds the patterns that it has loaded to sums of its own. */
class PassingSweep extends Sweep implements Pass<AveragedCluster[]> {
  #sums = 0;
  #table = nowhere;
  #tableRows = 0;
  #arena!: Arena;

  reserve(memory: Memory, band: number): void {
    this.#sums = memory.perThread("sums of clusters", 8 * this.settings.slots * this.pixels);
    // One band is summed, the calls of the next are on their way.
    this.#tableRows = 3 * band;
    this.#table = memory.allocate("terms", this.#tableRows * this.scan.shape.columns * termBytes);
  }

  begin(arena: Arena): void {
    this.#arena = arena;
    this.start(arena, (thread) => at(arena.staging(thread), this.#sums), arena.threads);
  }

  follow(row: number, from: number, to: number): KernelCall[] | null {
    const { terms, pixels, scan: { shape, dtype } } = this;
    const working = workingType(dtype) as "U8" | "U16";
    this.beginBefore(row + 1);
    terms.clear();
    gatherRaw(this.source, row, [from, to], nowhere, pixels * workingBytes(working), terms);
    if (terms.count === 0) return null;
    const address = at(this.#table, ((row % this.#tableRows) * shape.columns + from) * termBytes);
    terms.write(this.#arena, address, this.settings.slots);
    return [[`accumulateStaged${working}`, threadStaging, address, terms.count, pixels, this.#sums]];
  }

  /** What was loaded is summed already; the next rows are loaded meanwhile. */
  done(_first: number, end: number): Promise<void> {
    return this.deliverUntil(end);
  }
}

/** All threads add the patterns of a band to the same sums, each a range of pixels. */
class KeptSweep extends Sweep implements Pass<AveragedCluster[]> {
  #sums = nowhere;
  #table = nowhere;
  #arena!: Arena;

  reserve(memory: Memory, band: number): void {
    const { slots, clustering: { parameters, prefilterWeights } } = this.settings;
    const termsPerProbe = parameters.average === "filtered" ? 2 * prefilterWeights!.offsets.length : 1;
    this.#sums = memory.allocate("sums of clusters", 8 * slots * this.pixels);
    this.#table = memory.allocate("terms", band * this.scan.shape.columns * termsPerProbe * termBytes);
  }

  begin(arena: Arena): void {
    this.#arena = arena;
    this.start(arena, () => this.#sums, 1);
    this.#gather = this.#gathering();
  }

  #gather!: (row: number, address: Address) => void;

  /** Adds the terms of a row, whose patterns are at an address, to the list. */
  #gathering(): (row: number, address: Address) => void {
    const { source, terms, scan: { shape: { columns }, dtype } } = this;
    const { clustering: { parameters, prefilterWeights }, slots } = this.settings;
    const patternBytes = this.pixels * workingBytes(workingType(dtype));
    if (parameters.average !== "filtered") {
      return (row, address) => gatherRaw(source, row, [0, columns], address, patternBytes, terms);
    }
    const filtered = new FilteredGathering(source, prefilterWeights!, slots);
    return (row, address) => filtered.gather(row, address, patternBytes, terms);
  }

  async *block({ first, end, pointer }: RowBlock): Batches {
    const { terms, settings: { slots } } = this, working = workingType(this.scan.dtype);
    this.beginBefore(end);
    terms.clear();
    for (let row = first; row < end; row++) this.#gather(row, pointer(row));
    if (terms.count > 0) {
      yield accumulateCalls(this.#arena, terms, this.#table, working, this.pixels, this.#sums, slots);
    }
    await this.deliverUntil(end);
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
