/** Writing a result directory. */

import { join } from "node:path";
import type { AverageBatch } from "../passes/averages/average_sweep.ts";
import type { Clustering } from "../cluster/clustering.ts";
import { askAhead } from "../engine/ask_ahead.ts";
import { encodeNpy } from "../formats/npy_writer.ts";
import { clusterColours } from "../report/colours.ts";
import type { RunFacts, ScanFacts } from "../report/content.ts";
import { renderReport } from "../report/html.ts";
import { mapMagnification, renderLabelMap } from "../report/map_image.ts";
import { encodePng } from "../report/png.ts";
import { withScaleBar } from "../report/scale_bar.ts";
import type { PixelArray } from "../scan/dtype.ts";
import { readPattern, type Scan } from "../scan/scan.ts";
import { Aborted, fromSystemError, throwIfAborted } from "../scan/errors.ts";
import { checkedArrays } from "./check.ts";
import { type SampledChecksum, sampledChecksum } from "./checksum.ts";
import { formatClustersCsv } from "./clusters_csv.ts";
import { runRecordName } from "./directory.ts";
import { editsName, formatEditLog } from "./edits_file.ts";
import type { HeldArray } from "./held_arrays.ts";
import { PendingResult } from "./pending_result.ts";
import { fileOf, type Product } from "./product.ts";
import { products } from "./products.ts";
import type { StoredResult } from "./read.ts";
import { clusterTableName, type ExportGroup, exportGroups, mapFileName, reportName } from "./result_files.ts";
import { makeRunRecord, type RunRecord, scanBytes, type StoredFile } from "./run_record.ts";
import { pairWithSeeds, writeAverages } from "./write_averages.ts";
import { copyUnedited } from "./unedited.ts";
import { version } from "./version.ts";

/** What a result directory is made from. */
export interface ResultContent {
  /** What was found. */
  readonly clustering: Clustering;
  /** What was clustered. It must still be open if it is a whole `Scan`. */
  readonly scan: ScanFacts | Scan;
  /** Cluster averages in batches, each cluster once; `null` for a result without. They are read once and not kept. */
  readonly averages: AsyncIterable<AverageBatch> | Iterable<AverageBatch> | null;
  /** The raw pattern (qy, qx) at a probe position, for the report; default: read from `scan` if it is a whole one. */
  readonly readPattern?: (row: number, column: number) => PixelArray | Promise<PixelArray>;
  /** How the run came about; default: this version of crystallite, called as a library, just now. */
  readonly run?: Partial<RunFacts>;
  /**
   * The result that this one follows from by editing. What does not depend on the labels is taken over from it: other
   * files, and what its run record says of the input, the parameters and of anything unknown here.
   */
  readonly previous?: StoredResult;
}

/** Content with nothing left to assume. */
type CompleteContent = ResultContent & { readonly run: RunFacts; readonly held: readonly HeldArray[] };

/** Options of {@link writeResult}. */
export interface WriteOptions {
  /** Replace an older result of ours. */
  readonly force?: boolean;
  /** Whether the caller keeps other runs out of the folder already. */
  readonly locked?: boolean;
  /** Which files to write; default: all. The run record is always written. */
  readonly exports?: ReadonlySet<ExportGroup>;
  /** The arrays to write; default: all that crystallite knows. Reading them back takes the same table. */
  readonly products?: readonly Product[];
  /** Stops the call, which then throws `Aborted` and leaves nothing behind. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a complete result directory, or nothing: on any failure the directory is as it was before.
 *
 * @returns the content of its `run.json`
 * @throws {FileUnavailable} when the folder cannot be written, or holds a result and `force` is off, when another run holds
 *   it, or when files of the scan were changed since it was opened
 * @throws {BadParameter} when the folder holds anything but a result of ours
 * @throws {OutOfResources} when the disk is full
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { clusterScan, defaultParameters, simulateScan, writeResult } from "crystallite";
 *
 * const scan = simulateScan({ rows: 8, columns: 8, grains: 2, seed: 1 });
 * const clustering = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * const directory = `${await Deno.makeTempDir()}/result`;
 * const exports = new Set(["npy", "csv"] as const);
 * const { files } = await writeResult(directory, { scan, clustering, averages: null }, { exports });
 * console.assert(files.some(({ name }) => name === "labels.npy"));
 * ```
 */
export async function writeResult(
  directory: string,
  content: ResultContent,
  options: WriteOptions = {},
): Promise<RunRecord> {
  const held = checkedArrays(content.clustering, options.products ?? products);
  throwIfAborted(options.signal);
  const { scan, clustering } = content;
  const complete = {
    ...content,
    held,
    run: { version, command: [], workingDirectory: Deno.cwd(), started: new Date(), ...content.run },
    averages: clustering.parameters.average === "none" ? null : content.averages,
    readPattern: content.readPattern ?? ("readRows" in scan ? readPattern.bind(null, scan) : undefined),
  };
  const pending = await PendingResult.create(directory, options);
  const { averages } = complete;
  // Other threads sum patterns while this one writes what needs no average.
  const ahead = averages !== null && Symbol.asyncIterator in averages ? askAhead(averages) : null;
  try {
    const record = await writeFiles(
      pending.path,
      ahead ? { ...complete, averages: ahead.items } : complete,
      options,
    );
    throwIfAborted(options.signal);
    await pending.commit(options.signal);
    return record;
  } finally {
    await ahead?.end();
    // After a commit there is nothing left to remove.
    await pending.discard();
  }
}

/** What a record says of analyses of the labels before an edit; their files go as well. */
const gone = { orientation: undefined, strain: undefined };

async function writeFiles(
  folder: string,
  content: CompleteContent,
  options: WriteOptions,
): Promise<RunRecord> {
  const { clustering, held, scan, run } = content;
  const { exports = new Set(exportGroups), signal } = options;
  const started = performance.now();
  const put = (name: string, bytes: Uint8Array) => writeFile(join(folder, name), bytes);

  if (exports.has("npy")) {
    for (const { product, array, lengths } of held) {
      await put(fileOf(product), encodeNpy(product.type, lengths, array));
    }
  }
  if (clustering.edits) {
    await put(editsName, new TextEncoder().encode(formatEditLog(clustering.edits.log)));
  }
  if (exports.has("csv")) {
    const { clusters, labels, shape: { columns } } = clustering;
    const table = formatClustersCsv(clusters, { notes: run.clusterNotes, labels, columns });
    await put(clusterTableName, new TextEncoder().encode(table));
  }
  const colours = exports.has("png") || exports.has("html") ? clusterColours(clustering) : undefined;
  if (exports.has("png")) await put(mapFileName, renderMapFile(clustering, scan, colours!));
  const averages = await writeAverages(folder, content, exports, signal);
  const averaged = (performance.now() - started) / 1000;
  const bytesOut = (await listFiles(folder)).reduce((sum, file) => sum + file.bytes, 0);
  const timings = () => ({
    ...clustering.timings,
    "averages and files": averaged,
    "total": (Date.now() - run.started.getTime()) / 1000,
  });
  if (exports.has("html")) {
    const patterns = averages && await pairWithSeeds(averages, content, signal);
    const bytesIn = scanBytes(scan);
    const facts = { clustering, scan, run, bytesIn, bytesOut, timings: timings() };
    const report = renderReport({ ...facts, patterns, colours });
    await put(reportName, new TextEncoder().encode(report));
  }
  const warnings = [...scan.warnings, ...clustering.warnings];
  const { previous } = content;
  if (previous) {
    const written = new Set((await listFiles(folder)).map(({ name }) => name));
    await copyUnedited(previous, folder, written, options.products ?? products);
  }
  const checksum = previous ? previous.run.input.checksum : await inputChecksum(scan, warnings, signal);
  // What the checksum is of must be what was clustered.
  if ("requireUnchanged" in scan) scan.requireUnchanged?.();
  const files = await listFiles(folder);
  const record = makeRunRecord({
    clustering,
    scan,
    run,
    checksum,
    timings: timings(),
    files,
    bytesOut,
    warnings,
  });
  const complete = previous
    ? { ...previous.run, ...gone, ...record, parameters: previous.run.parameters }
    : record;
  await put(runRecordName, new TextEncoder().encode(`${JSON.stringify(complete, null, 2)}\n`));
  return complete;
}

function renderMapFile(clustering: Clustering, scan: ScanFacts, colours: Uint32Array): Uint8Array {
  const { shape } = clustering;
  const map = renderLabelMap({ ...clustering, colours }, mapMagnification(shape), "light");
  return encodePng(withScaleBar(map, shape.columns, scan.calibration.pixelSize));
}

/** The checksum of the input; `null` for data that never were in a file. A vanished input is a warning, not a failure. */
async function inputChecksum(
  scan: ScanFacts,
  warnings: string[],
  signal: AbortSignal | undefined,
): Promise<SampledChecksum | null> {
  if (scan.source.bytes === undefined) return null;
  try {
    return await sampledChecksum(scan.source.path, signal);
  } catch (cause) {
    if (cause instanceof Aborted) throw cause;
    warnings.push(`${scan.source.path} could not be read again for its checksum`);
    return null;
  }
}

async function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await Deno.writeFile(path, bytes, { createNew: true });
  } catch (cause) {
    throw fromSystemError(cause, path, "write");
  }
}

/** Files written so far, by name. */
async function listFiles(folder: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    files.push({ name, bytes: (await Deno.stat(join(folder, name))).size });
  }
  return files.sort((a, b) => a.name < b.name ? -1 : 1);
}
