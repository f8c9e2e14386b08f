/** What a server has open and does: everything behind the routes, without HTTP. */

import { runPasses } from "../../library/engine/run_passes.ts";
import { type PatternStatistics, StatisticsPass } from "../../library/passes/pattern_statistics.ts";
import { forwardOffsets } from "../../library/scan/neighbours.ts";
import type { Parts } from "../protocol/parts.ts";
import type {
  AverageHeader,
  CommandAnswer,
  EstimateAnswer,
  FolderListing,
  LabelsHeader,
  LabelView,
  MapHeader,
  OpenedItem,
  OpenedSession,
  OpenRequest,
  PatternHeader,
  RunMessage,
  RunRequest,
  SavedFiles,
  SaveRequest,
  SimilarityHeader,
  StartedRun,
  VirtualHeader,
  VirtualRequest,
  WholeHeader,
} from "../protocol/protocol.ts";
import { estimateRun } from "../../library/cluster/estimate.ts";
import { readPattern } from "../../library/scan/scan.ts";
import { probeCount } from "../../library/scan/shape.ts";
import { planRun } from "./runs/plan_run.ts";
import { Engines, type Resources } from "./runs/engines.ts";
import { checkAnswerSize, groupAverages, groupsOf } from "./patterns/group_averages.ts";
import type { Item } from "./items/item.ts";
import { Items } from "./items/items.ts";
import { viewLabels } from "./views/label_view.ts";
import { listFolder } from "./files/listing.ts";
import { averagesRequestOf } from "./requests.ts";
import { Roots } from "./files/roots.ts";
import { Runs } from "./runs/runs.ts";
import { malformed } from "./answers.ts";
import { type DownloadedFile, Saving } from "./saving/saving.ts";
import { readSession, sessionSuffix } from "./saving/session_file.ts";
import { VirtualImages } from "./patterns/virtual_images.ts";

/** What a workspace is made with. */
export interface WorkspaceOptions extends Resources {
  /** Folders that are served. */
  readonly roots: readonly string[];
}

/** Open items, runs and images of one server. Close it when the server ends. */
export class Workspace {
  readonly roots: Roots;
  readonly engines: Engines;
  readonly #items: Items;
  readonly #virtualImages: VirtualImages;
  readonly #runs: Runs;
  readonly #saving: Saving;
  readonly #wholes = new WeakMap<Item, { readonly revision: number; readonly whole: PatternStatistics }>();
  readonly #closing = new AbortController();

  /**
   * @throws {FileUnavailable} when a root is missing or no folder
   * @throws {BadParameter} when the memory limit is too small
   */
  constructor({ roots, ...resources }: WorkspaceOptions) {
    this.roots = new Roots(roots);
    this.engines = new Engines(resources);
    this.#virtualImages = new VirtualImages(this.engines);
    this.#items = new Items(this.roots, (item) => this.#virtualImages.drop(item));
    this.#saving = new Saving(this.roots, this.engines);
    this.#runs = new Runs(this.roots, this.engines, this.#virtualImages);
  }

  /** A folder, or the roots. */
  list(path: string | null): Promise<FolderListing> {
    return listFolder(this.roots, path);
  }

  /** Opens a scan, a result, or what a session file names. */
  async open({ path, input = [] }: OpenRequest): Promise<OpenedItem | OpenedSession> {
    const real = await this.roots.real(path);
    if (!real.endsWith(sessionSuffix)) return (await this.#items.open(real, input)).describe();
    const { session, beside } = await readSession(real);
    const near = beside === undefined ? null : await this.roots.real(beside).catch(() => null);
    const item = await this.#items.open(near ?? await this.roots.real(session.path), session.input);
    return { item: item.describe(), view: session.view, page: session.page, run: session.run };
  }

  /** An open item; it stays the one that was used last. */
  item(id: string): Item {
    return this.#items.get(id);
  }

  /** Does something with an item, which is not closed meanwhile. */
  async using<Result>(
    id: string,
    task: (item: Item, signal: AbortSignal) => Result | Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const item = this.#items.get(id);
    item.uses++;
    try {
      return await task(item, this.#until(signal));
    } finally {
      item.uses--;
    }
  }

  #until(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
  }

  /** The map and its merge forest. */
  map(id: string): Parts<MapHeader> {
    const item = this.item(id), { clustering } = item.demandFound(), { forest } = item;
    const { labels, clusters } = viewLabels(item, { source: "method" });
    return {
      header: { revision: item.revision, clusters },
      arrays: {
        labels: Int32Array.from(labels),
        mean: Float32Array.from(clustering.meanSimilarity),
        mask: Uint8Array.from(clustering.mask),
        ...(forest && {
          probes: Uint32Array.from(forest.probes),
          similarity: Float32Array.from(forest.similarity),
        }),
        ...(clustering.regions && { margin: Float32Array.from(clustering.regions.margin) }),
      },
    };
  }

  /** Similarities in the four forward directions. */
  similarity(id: string): Parts<SimilarityHeader> {
    const item = this.item(id), { similarity } = item.demandFound().clustering;
    const forward = new Float32Array(similarity.length / 2), all = 2 * forwardOffsets.length;
    for (let probe = 0; probe < similarity.length / all; probe++) {
      // The forward directions are the last four of the eight.
      for (let k = 0; k < 4; k++) forward[4 * probe + k] = similarity[all * probe + 4 + k];
    }
    return { header: { revision: item.revision }, arrays: { forward } };
  }

  /** One pattern as recorded. */
  async pattern(id: string, row: number, column: number): Promise<Parts<PatternHeader>> {
    const item = this.item(id), scan = item.demandScan(), { rows, columns } = item.shape;
    if (row >= rows || column >= columns) {
      throw malformed(`a probe of ${rows} x ${columns}`, `row ${row}, column ${column}`);
    }
    const pattern = Float32Array.from(await readPattern(scan, row, column));
    const sum = pattern.reduce((total, count) => total + count, 0);
    return { header: { row, column, sum }, arrays: { pattern } };
  }

  /** Mean and maximum of all patterns; worked out once. */
  async whole(id: string, signal?: AbortSignal): Promise<Parts<WholeHeader>> {
    return await this.using(id, async (item, signal) => {
      const known = this.#wholes.get(item);
      const { mean, maximum } = known && known.revision === item.revision
        ? known.whole
        : await this.#computeWhole(item, signal);
      return { header: { probes: probeCount(item.shape) }, arrays: { mean, maximum } };
    }, signal);
  }

  async #computeWhole(item: Item, signal: AbortSignal): Promise<PatternStatistics> {
    const { revision } = item, scan = item.demandScan();
    const whole = await this.engines.answer(async (engine) => {
      const { fill } = await item.prepare(engine, signal);
      return (await runPasses(engine, scan, { fill }, [new StatisticsPass(scan)], { signal }))[0];
    }, signal);
    this.#wholes.set(item, { revision, whole });
    return whole;
  }

  /** Averages of groups of probes as they are ready. What is wrong with the request is thrown before the first. */
  averages(
    id: string,
    { header, arrays }: Parts<unknown>,
    signal: AbortSignal,
  ): AsyncGenerator<Parts<AverageHeader>> {
    const item = this.item(id), request = averagesRequestOf(header);
    const { probes } = arrays;
    if (!(probes instanceof Uint32Array)) throw malformed("probes as u32", typeof probes);
    checkAnswerSize(item.shape, request);
    const groups = groupsOf(item.shape, request.sizes, probes);
    return this.#whileUsed(item, groupAverages(this.engines, item, groups, request.bin, this.#until(signal)));
  }

  async *#whileUsed<Piece>(item: Item, pieces: AsyncGenerator<Piece>): AsyncGenerator<Piece> {
    item.uses++;
    try {
      yield* pieces;
    } finally {
      item.uses--;
    }
  }

  /** The image of a virtual detector. */
  async virtual(
    id: string,
    { detector, draft }: Required<VirtualRequest>,
    signal?: AbortSignal,
  ): Promise<Parts<VirtualHeader>> {
    const { inner = 0, ...disk } = detector;
    return await this.using(
      id,
      (item, signal) => this.#virtualImages.image(item, { inner, ...disk }, draft, signal),
      signal,
    );
  }

  /** Starts a run. */
  async start(id: string, request: RunRequest): Promise<StartedRun> {
    return { run: (await this.#runs.start(this.item(id), request)).id };
  }

  /** What happens in a run from a row on. */
  watch(run: string, row: number, signal: AbortSignal): AsyncGenerator<Parts<RunMessage>> {
    return this.#runs.get(run).watch(row, this.#until(signal));
  }

  /** How many watch a run. */
  watchers(run: string): number {
    return this.#runs.get(run).watchers;
  }

  cancel(run: string): void {
    this.#runs.get(run).cancel();
  }

  /** What a run would take: seconds, and the peak memory of the server. */
  async estimate(id: string, request: RunRequest): Promise<EstimateAnswer> {
    return await this.using(id, async (item) => {
      const { parameters } = await planRun(this.roots, item, request);
      const { seconds, memory } = estimateRun(item.demandScan(), parameters, this.engines.runResources);
      return { seconds, bytes: memory };
    });
  }

  /** The labels of a view. */
  labels(id: string, view: LabelView): Parts<LabelsHeader> {
    const { labels, clusters } = viewLabels(this.item(id), view);
    return { header: { clusters: clusters.length }, arrays: { labels: Int32Array.from(labels) } };
  }

  /** What reproduces a view. */
  command(id: string, view: LabelView): CommandAnswer {
    return this.#saving.command(this.item(id), view);
  }

  /** Saves files into a served folder. */
  async save(id: string, request: SaveRequest, signal?: AbortSignal): Promise<SavedFiles> {
    return await this.using(id, (item, signal) => this.#saving.save(item, request, signal), signal);
  }

  /** One file, for a download. */
  async download(id: string, request: SaveRequest, signal?: AbortSignal): Promise<DownloadedFile> {
    return await this.using(id, (item, signal) => this.#saving.download(item, request, signal), signal);
  }

  /** Stops what goes on and closes everything. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#runs.close();
    this.#virtualImages.drop();
    await this.engines.close();
    this.#items.close();
  }
}
