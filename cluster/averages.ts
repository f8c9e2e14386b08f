/** One averaged pattern for each cluster, in bounded memory (paper, Methods 4; spec stage 7). */

import { borrowEngine, type Engine } from "../engine/engine.ts";
import type { KernelCall } from "../engine/kernels.ts";
import type { RunOptions } from "../engine/options.ts";
import {
  chooseBand,
  type FillTable,
  passBytes,
  type PassNeeds,
  type RowBlock,
  streamRows,
  workingBytes,
  workingType,
} from "../engine/rows.ts";
import { BadParameter } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { pixelCount } from "../scan/shape.ts";
import type { AverageBatch, Clustering } from "./clustering.ts";
import { fillTable } from "./detector.ts";
import { filterTerms } from "./filter_stage.ts";

/** Bytes of a term of the `accumulate` kernels: u32 address, i32 slot, f64 weight. */
const termBytes = 16;
/** A batch of sums takes at most this part of the arena, and never more than the clusters need. */
const sumsShare = 0.75;

/**
 * The averaged patterns of all clusters, in id order, in batches that fit the memory; each batch reads the scan rows
 * that its clusters touch. Sums are float64. For `average: "filtered"` the averages are those of the prefiltered
 * patterns, summed straight from the raw ones with gathered weights.
 *
 * @param scan the scan that was clustered
 * @throws {CorruptFile} when the scan cannot be read any more
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { averagePatterns, clusterScan, defaultParameters, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 12, columns: 12, grains: 3, seed: 1 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * for await (const { first, count, patterns } of averagePatterns(scan, clustering)) {
 *   console.assert(patterns.length === count * 64 * 64 && first >= 0);
 * }
 * ```
 */
export async function* averagePatterns(
  scan: Scan,
  clustering: Clustering,
  options: RunOptions = {},
): AsyncGenerator<AverageBatch> {
  const { average } = clustering.parameters;
  if (average === "none" || clustering.clusters.length === 0) return;
  if (average === "filtered" && !clustering.prefilterWeights) {
    throw new BadParameter("averages of filtered data need the prefilter's weights", {
      remedy: "cluster with the prefilter first",
    });
  }
  const { filled, masked } = clustering.badPixels;
  const { engine, release } = await borrowEngine(options);
  try {
    const fill = fillTable(filled, masked, scan.shape);
    const batchSize = averageBatchSize(scan, clustering, engine);
    for (let first = 0; first < clustering.clusters.length; first += batchSize) {
      const count = Math.min(batchSize, clustering.clusters.length - first);
      const mark = engine.mark();
      const patterns = await accumulateBatch(engine, scan, clustering, fill, first, count, options);
      engine.release(mark);
      yield { first, count, patterns };
    }
  } finally {
    release();
  }
}

/** What accumulating a batch of `slots` clusters needs. */
function averageNeeds(scan: Scan, clustering: Clustering, slots: number): PassNeeds {
  const terms = clustering.parameters.average === "filtered"
    ? 2 * clustering.prefilterWeights!.offsets.length
    : 1;
  return {
    behind: 0,
    ahead: 0,
    bytes: (band) => 8 * slots * pixelCount(scan.shape) + band * termBytes * scan.shape.columns * terms + 512,
  };
}

/** Clusters whose float64 sums fit the arena beside the rows. */
function averageBatchSize(scan: Scan, clustering: Clustering, engine: Engine): number {
  const rows = passBytes(scan, averageNeeds(scan, clustering, 0), 1, engine.threads);
  const room = Math.min(engine.available - rows, engine.limit * sumsShare);
  return Math.max(1, Math.floor(room / (8 * pixelCount(scan.shape))));
}

async function accumulateBatch(
  engine: Engine,
  scan: Scan,
  clustering: Clustering,
  fill: FillTable,
  first: number,
  count: number,
  options: RunOptions,
): Promise<Float32Array> {
  const pixels = pixelCount(scan.shape);
  const filtered = clustering.parameters.average === "filtered";
  const needs = averageNeeds(scan, clustering, count);
  const band = chooseBand(engine.available, scan, needs, engine.threads, options);
  const gather = filtered ? filteredTerms(clustering, first, count) : rawTerms(clustering, first, count);
  const sums = engine.allocate(8 * count * pixels);
  engine.view(Float64Array, sums, count * pixels).fill(0);
  const members = clustering.clusters.slice(first, first + count);
  const reach = filtered ? clustering.parameters.prefilter!.radius : 0;
  const top = Math.max(
    0,
    members.reduce((row, { bounds }) => Math.min(row, bounds.firstRow), Infinity) - reach,
  );
  const bottom = members.reduce((row, { bounds }) => Math.max(row, bounds.lastRow), 0) + 1 + reach;
  const settings = {
    needs,
    band,
    fill,
    stage: "averages",
    rows: [top, Math.min(scan.shape.rows, bottom)] as const,
  };
  await streamRows(
    engine,
    scan,
    settings,
    options,
    (block) => accumulateBlock(engine, scan, block, gather, sums),
  );
  const result = new Float32Array(count * pixels);
  members.forEach(({ size }, slot) => {
    const sum = engine.view(Float64Array, sums + 8 * slot * pixels, pixels);
    for (let pixel = 0; pixel < pixels; pixel++) result[slot * pixels + pixel] = sum[pixel] / size;
  });
  return result;
}

async function accumulateBlock(
  engine: Engine,
  scan: Scan,
  block: RowBlock,
  gather: (row: number) => Term[],
  sums: number,
): Promise<void> {
  const pixels = pixelCount(scan.shape), working = workingType(scan.dtype);
  const patternBytes = pixels * workingBytes(working);
  const rows = Array.from({ length: block.end - block.first }, (_, i) => ({
    terms: gather(block.first + i),
    address: block.pointer(block.first + i),
  }));
  const count = rows.reduce((sum, { terms }) => sum + terms.length, 0);
  if (count === 0) return;
  const mark = engine.mark();
  const table = engine.allocate(termBytes * count);
  const integers = engine.view(Uint32Array, table, 4 * count);
  const weights = engine.view(Float64Array, table, 2 * count);
  let i = 0;
  for (const { terms, address } of rows) {
    for (const { column, slot, weight } of terms) {
      integers[4 * i] = address + column * patternBytes;
      integers[4 * i + 1] = slot;
      weights[2 * i + 1] = weight;
      i++;
    }
  }
  // Each thread sums its own range of pixels over all probes, so the order of the sums is always the same.
  const share = 4 * Math.ceil(pixels / engine.threads / 4);
  await engine.run(
    Array.from({ length: Math.ceil(pixels / share) }, (_, part): KernelCall => [
      `accumulate${working}`,
      ...[table, count, pixels, part * share, Math.min(pixels, (part + 1) * share), sums],
    ]),
  );
  engine.release(mark);
}

interface Term {
  readonly column: number;
  readonly slot: number;
  readonly weight: number;
}

/** The probes of a row that belong to a cluster of the batch. */
function rawTerms({ labels, shape }: Clustering, first: number, count: number): (row: number) => Term[] {
  return (row) => {
    const terms: Term[] = [];
    for (let column = 0; column < shape.columns; column++) {
      const slot = labels[row * shape.columns + column] - first;
      if (slot >= 0 && slot < count) terms.push({ column, slot, weight: 1 });
    }
    return terms;
  };
}

/**
 * The part that each raw pattern of a row has in the filtered patterns of the batch's clusters. Rows are asked for in
 * rising order; each probe's terms are worked out once and handed to the rows they belong to.
 */
function filteredTerms(clustering: Clustering, first: number, count: number): (row: number) => Term[] {
  const { labels, shape, prefilterWeights } = clustering;
  const radius = clustering.parameters.prefilter!.radius;
  const waiting = new Map<number, Map<number, number>>();
  let next = 0;
  const distribute = (row: number) => {
    for (let column = 0; column < shape.columns; column++) {
      const slot = labels[row * shape.columns + column] - first;
      if (slot < 0 || slot >= count) continue;
      for (const term of filterTerms(prefilterWeights!, shape, row, column)) {
        let parts = waiting.get(term.row);
        if (!parts) waiting.set(term.row, parts = new Map());
        const key = term.column * count + slot;
        parts.set(key, (parts.get(key) ?? 0) + term.weight);
      }
    }
  };
  return (row) => {
    for (; next < Math.min(shape.rows, row + radius + 1); next++) distribute(next);
    const parts = waiting.get(row);
    waiting.delete(row);
    if (!parts) return [];
    return Array.from(parts).sort(([a], [b]) => a - b)
      .map(([key, weight]) => ({ column: Math.floor(key / count), slot: key % count, weight }));
  };
}
