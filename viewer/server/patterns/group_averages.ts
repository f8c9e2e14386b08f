/** Averaged patterns of any groups of probes: those of the page's clusters, whatever was done to them. */

import type { AveragedClusters } from "../../../library/passes/averages/average_sweep.ts";
import { averagePatterns } from "../../../library/passes/averages/averages.ts";
import type { Cluster } from "../../../library/cluster/cluster.ts";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import { OutOfResources } from "../../../library/scan/errors.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { pixelCount, probeCount, type ScanShape } from "../../../library/scan/shape.ts";
import type { AverageHeader, AveragesRequest } from "../../protocol/patterns.ts";
import type { Parts } from "../../protocol/parts.ts";
import { malformed } from "../requests.ts";
import type { Engines } from "../runs/engines.ts";
import type { Item } from "../items/item.ts";
import { alignedFile, openStoredAverages, runFile } from "./stored_averages.ts";

/** Bytes of averages in one answer: they wait in memory for a page that may be slow. */
const mostBytes = 128 * 2 ** 20;

/** Groups of probes as labels: the place of the group, -1 in none. */
export interface Groups {
  readonly labels: Int32Array;
  readonly clusters: readonly Cluster[];
}

/**
 * The groups of a request.
 *
 * @throws {BadParameter} when they overlap or are not of the scan
 */
export function groupsOf(shape: ScanShape, sizes: readonly number[], probes: Uint32Array): Groups {
  const labels = new Int32Array(probeCount(shape)).fill(-1);
  const clusters: Cluster[] = [];
  let next = 0;
  for (const [id, size] of sizes.entries()) {
    const members = probes.subarray(next, next += size);
    if (members.length < size) throw malformed(`${next} probes`, `${probes.length} probes`);
    for (const probe of members) {
      if (probe >= labels.length) throw malformed(`probes below ${labels.length}`, String(probe));
      if (labels[probe] >= 0) throw malformed("each probe once", `probe ${probe} twice`);
      labels[probe] = id;
    }
    clusters.push(clusterOf(id, members, shape.columns));
  }
  if (next !== probes.length) throw malformed(`${next} probes`, `${probes.length} probes`);
  return { labels, clusters };
}

/** Of a cluster, what averages depend on: size and bounds. */
function clusterOf(id: number, probes: Uint32Array, columns: number): Cluster {
  let firstRow = Infinity, lastRow = -1, firstColumn = Infinity, lastColumn = -1, rows = 0, sum = 0;
  for (const probe of probes) {
    const row = Math.floor(probe / columns), column = probe % columns;
    firstRow = Math.min(firstRow, row);
    lastRow = Math.max(lastRow, row);
    firstColumn = Math.min(firstColumn, column);
    lastColumn = Math.max(lastColumn, column);
    rows += row;
    sum += column;
  }
  const size = probes.length;
  return {
    id,
    size,
    seed: { row: Math.floor(probes[0] / columns), column: probes[0] % columns },
    centroid: { row: rows / size, column: sum / size },
    bounds: { firstRow, lastRow, firstColumn, lastColumn },
    meanSimilarity: 0,
  };
}

/** What the averages of groups of an item are: as its clustering averaged, where that can still be done. */
function averagedGroups(
  { found }: Pick<Item, "found">,
  groups: Groups,
  badPixels: Clustering["badPixels"],
): AveragedClusters {
  const clustering = found?.clustering;
  const filtered = clustering?.parameters.average === "filtered" && clustering.prefilterWeights;
  return {
    ...groups,
    badPixels,
    parameters: {
      average: filtered ? "filtered" : "raw",
      prefilter: filtered ? clustering.parameters.prefilter : null,
    },
    prefilterWeights: filtered ? clustering.prefilterWeights : undefined,
  };
}

/** Bytes of one answer, checked before anything is read. */
export function checkAnswerSize(shape: ScanShape, { sizes, bin }: Required<AveragesRequest>): void {
  const { patternRows, patternColumns } = binned(shape, bin);
  const bytes = 4 * sizes.length * patternRows * patternColumns;
  if (bytes <= mostBytes) return;
  throw new OutOfResources("so many averages do not fit into one answer", {
    expected: `${mostBytes} bytes`,
    found: `${bytes} bytes`,
    remedy: "ask for fewer at a time, or save them",
  });
}

/** The averages as messages, each group as it is ready; from the files of the result where they are those. */
export async function* groupAverages(
  engines: Engines,
  item: Item,
  groups: Groups,
  bin: number,
  signal: AbortSignal,
): AsyncGenerator<Parts<AverageHeader>> {
  const stored = storedAverages(item, groups);
  const { shape } = item;
  const message = (place: number, kind: AverageHeader["kind"], pattern: Float32Array) => ({
    header: { place, kind },
    arrays: { pattern: binPattern(pattern, shape, bin) },
  });
  if (stored) {
    try {
      for (const [place, id] of stored.ids.entries()) yield message(place, stored.kind, stored.read(id));
    } finally {
      stored.close();
    }
    return;
  }
  const scan = item.demandScan();
  const pieces = collect(engines, item, scan, groups, message, signal);
  yield* pieces;
}

type MakeMessage = (
  place: number,
  kind: AverageHeader["kind"],
  pattern: Float32Array,
) => Parts<AverageHeader>;

/** Averages go on being made while a slow page takes those before: it must not hold up the threads. */
async function* collect(
  engines: Engines,
  item: Item,
  scan: Scan,
  groups: Groups,
  message: MakeMessage,
  signal: AbortSignal,
): AsyncGenerator<Parts<AverageHeader>> {
  const ready: Parts<AverageHeader>[] = [], pixels = pixelCount(scan.shape);
  let more = Promise.withResolvers<void>(), ended = false;
  const work = engines.answer(async (engine) => {
    const { badPixels } = await item.prepare(engine, signal);
    const averaged = averagedGroups(item, groups, badPixels);
    const kind = averaged.parameters.average === "filtered" ? "filtered" : "raw";
    for await (const { first, count, patterns } of averagePatterns(scan, averaged, { engine, signal })) {
      for (let index = 0; index < count; index++) {
        const pattern = patterns.slice(index * pixels, (index + 1) * pixels);
        ready.push(message(first + index, kind, pattern));
      }
      more.resolve();
    }
  }, signal).finally(() => {
    ended = true;
    more.resolve();
  });
  // It is awaited below; until then a failure is not unhandled.
  work.catch(() => {});
  while (true) {
    while (ready.length > 0) yield ready.shift()!;
    if (ended) break;
    await more.promise;
    more = Promise.withResolvers<void>();
    if (ended && ready.length === 0) break;
  }
  await work;
}

/** The stored averages of exactly these groups, those that spots of orientations lie on first; `null` where there are none. */
function storedAverages({ found }: Item, { labels, clusters }: Groups) {
  const stored = found?.origin.stored;
  if (!stored) return null;
  const ids = clusters.map(({ seed }) => stored.labels[seed.row * stored.shape.columns + seed.column]);
  const same = ids.every((id, place) => id >= 0 && stored.clusters[id].size === clusters[place].size) &&
    labels.every((place, probe) => place < 0 || stored.labels[probe] === ids[place]);
  const file = same && openStoredAverages(stored, [alignedFile, runFile]);
  return file ? { ids, ...file } : null;
}

/** Sizes of binned patterns. */
export function binned({ patternRows, patternColumns }: ScanShape, bin: number) {
  return {
    patternRows: Math.max(1, Math.floor(patternRows / bin)),
    patternColumns: Math.max(1, Math.floor(patternColumns / bin)),
  };
}

/** Sums of `bin` x `bin` pixels; what is left over at the far edges is dropped. */
export function binPattern(pattern: Float32Array, shape: ScanShape, bin: number): Float32Array<ArrayBuffer> {
  if (bin === 1) return Float32Array.from(pattern);
  const small = binned(shape, bin), { patternRows, patternColumns } = shape;
  const sums = new Float32Array(small.patternRows * small.patternColumns);
  for (let row = 0; row < Math.min(patternRows, small.patternRows * bin); row++) {
    const to = Math.floor(row / bin) * small.patternColumns;
    for (let column = 0; column < Math.min(patternColumns, small.patternColumns * bin); column++) {
      sums[to + Math.floor(column / bin)] += pattern[row * patternColumns + column];
    }
  }
  return sums;
}
