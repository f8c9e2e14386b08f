/** What a server has open and does: everything behind the routes, without HTTP. */

import { estimateRun } from "../../library/cluster/estimate.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import type { analysisRequest } from "../protocol/analyses.ts";
import type { Checked } from "../protocol/checked.ts";
import type { CommandAnswer, SavedFiles, SaveRequest } from "../protocol/exports.ts";
import type { DeflectionHeader, DeflectionRequest } from "../protocol/deflections.ts";
import type { FolderListing } from "../protocol/folders.ts";
import type { OpenedItem, OpenRequest } from "../protocol/items.ts";
import type { LabelView } from "../protocol/label_views.ts";
import type { Parts } from "../protocol/parts.ts";
import type {
  AverageHeader,
  AveragesRequest,
  BadPixelsHeader,
  LikenessHeader,
  LikenessRequest,
  WholeHeader,
} from "../protocol/patterns.ts";
import type { EstimateAnswer, RunMessage, RunRequest, StartedRun } from "../protocol/runs.ts";
import type { OpenedSeries } from "../protocol/series.ts";
import type { NoteRequest, NotesAnswer } from "../protocol/notes.ts";
import type { OpenedSession } from "../protocol/sessions.ts";
import type { VirtualHeader, VirtualRequest } from "../protocol/virtual_images.ts";
import type { DownloadedFile } from "./answers.ts";
import { ServingError } from "./failures.ts";
import { listFolder } from "./files/listing.ts";
import { Roots } from "./files/roots.ts";
import { Uploads } from "./files/uploads.ts";
import type { Item } from "./items/item.ts";
import { keepNote, takeNotes } from "./items/notes.ts";
import { Items } from "./items/items.ts";
import { deflectionParts } from "./patterns/deflections.ts";
import { checkAnswerSize, groupAverages, groupsOf } from "./patterns/group_averages.ts";
import { likenessBin, likenessVectors } from "./patterns/likeness.ts";
import { VirtualImages } from "./patterns/virtual_images.ts";
import { WholeScans } from "./patterns/whole_scans.ts";
import { malformed } from "./requests.ts";
import { Engines, type Resources } from "./runs/engines.ts";
import { planRun } from "./runs/plan_run.ts";
import { Runs } from "./runs/runs.ts";
import { Saving } from "./saving/saving.ts";
import { SeriesList } from "./series/series_list.ts";
import { type SeriesRunner, SeriesRuns } from "./series/series_runs.ts";
import { readSession, sessionSuffix } from "./saving/session_file.ts";

/** What a workspace is made with. */
export interface WorkspaceOptions extends Resources {
  /** Folders that are served. */
  readonly roots: readonly string[];
  /** Module of the thread that finds orientations and strain; without it, nobody can ask for these. */
  readonly analysis?: URL;
  /** What makes a series of results; without it, none can be made. */
  readonly seriesRunner?: SeriesRunner;
}

/** An open item by its id, and the run that it is to be of; default: the last one. */
export interface ItemNamed {
  readonly id: string;
  readonly revision?: number;
}

/** Open items, runs and images of one server. Close it when the server ends. */
export class Workspace {
  readonly roots: Roots;
  readonly engines: Engines;
  /** Open series, and runs over their frames. */
  readonly series: SeriesList;
  readonly seriesRuns: SeriesRuns;
  /** Files that are being copied from a browser. */
  readonly uploads: Uploads;
  readonly #items: Items;
  readonly #virtualImages: VirtualImages;
  readonly #runs: Runs;
  readonly #saving: Saving;
  readonly #wholes: WholeScans;
  readonly #closing = new AbortController();

  /**
   * @throws {FileUnavailable} when a root is missing or no folder
   * @throws {BadParameter} when the memory limit is too small
   */
  constructor({ roots, analysis, seriesRunner, ...resources }: WorkspaceOptions) {
    this.roots = new Roots(roots);
    this.engines = new Engines(resources);
    this.#virtualImages = new VirtualImages(this.engines);
    this.#items = new Items(this.roots, (file) => this.#virtualImages.drop(file));
    this.#wholes = new WholeScans(this.engines);
    this.#saving = new Saving(this.roots, this.engines);
    this.#runs = new Runs(this.roots, this.engines, this.#virtualImages, analysis);
    this.uploads = new Uploads(this.roots);
    this.series = new SeriesList(this.roots);
    this.seriesRuns = new SeriesRuns(this.roots, this.engines, seriesRunner);
  }

  /** A folder, or the roots. */
  list(path: string | null): Promise<FolderListing> {
    return listFolder(this.roots, path);
  }

  /** Opens a scan, a result, a series, or what a session file names. */
  async open(request: OpenRequest): Promise<OpenedItem | OpenedSession | OpenedSeries> {
    const { path, input = [], scan, frames } = request;
    const real = await this.roots.real(path);
    if (!real.endsWith(sessionSuffix)) {
      const series = frames && scan === undefined && await this.series.openFolder(real, input);
      if (series) return series.describe();
      try {
        const item = await this.#items.open(real, { input, scan });
        this.#runs.follow(item);
        return item.describe();
      } catch (cause) {
        // Several scans, of which none was chosen.
        if (!(cause instanceof BadParameter && cause.details.parameter === "frame")) throw cause;
        if (!frames || input.includes("--frames")) throw cause;
        return (await this.series.openFile(real, input)).describe();
      }
    }
    const { session, beside } = await readSession(real);
    const near = beside === undefined ? null : await this.roots.real(beside).catch(() => null);
    const item = await this.#items.open(near ?? await this.roots.real(session.path), session);
    await takeNotes(item, session.notes);
    return { item: item.describe(), view: session.view, page: session.page, run: session.run };
  }

  /** An open item; it stays the one that was used last. */
  item(id: string, revision?: number): Item {
    return this.#items.get(id, revision);
  }

  /** The number of the last run of an open file. */
  newestRevision(id: string): number | undefined {
    return this.#items.newest(id);
  }

  /** Does something with an item, which is not closed meanwhile. */
  async using<Result>(
    { id, revision }: ItemNamed,
    task: (item: Item, signal: AbortSignal) => Result | Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const item = this.#items.get(id, revision), { file } = item;
    file.uses++;
    try {
      return await task(item, this.#until(signal));
    } finally {
      file.uses--;
    }
  }

  #until(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
  }

  /** Mean and maximum of all patterns; worked out once. */
  async whole(named: ItemNamed, recorded: boolean, signal?: AbortSignal): Promise<Parts<WholeHeader>> {
    return await this.using(named, (item, signal) => this.#wholes.parts(item, recorded, signal), signal);
  }

  /** Bad pixels, looked for where that was not done before. */
  async badPixels(named: ItemNamed, signal?: AbortSignal): Promise<Parts<BadPixelsHeader>> {
    return await this.using(named, async (item, signal) => {
      const { source, filled, masked } = item.knownBadPixels ??
        (await this.engines.answer((engine) => item.prepare(engine, signal), signal)).badPixels;
      return {
        header: { source },
        arrays: { filled: Uint32Array.from(filled), masked: Uint32Array.from(masked) },
      };
    }, signal);
  }

  /** Averages of groups of probes as they are ready. What is wrong with the request is thrown before the first. */
  averages(
    { id, revision }: ItemNamed,
    { header, arrays: { probes } }: Parts<Required<AveragesRequest>>,
    signal: AbortSignal,
  ): AsyncGenerator<Parts<AverageHeader>> {
    const item = this.item(id, revision);
    if (!(probes instanceof Uint32Array)) throw malformed("probes as u32", typeof probes);
    checkAnswerSize(item.shape, header);
    const groups = groupsOf(item.shape, header.sizes, probes);
    return this.#whileUsed(item, groupAverages(this.engines, item, groups, header.bin, this.#until(signal)));
  }

  /** Vectors that tell how alike averages of groups are. */
  async likeness(
    named: ItemNamed,
    { header, arrays: { probes } }: Parts<LikenessRequest>,
    signal?: AbortSignal,
  ): Promise<Parts<LikenessHeader>> {
    return await this.using(named, async (item, signal) => {
      if (!(probes instanceof Uint32Array)) throw malformed("probes as u32", typeof probes);
      const bin = likenessBin(item.shape, header);
      return await likenessVectors(
        this.engines,
        item,
        groupsOf(item.shape, header.sizes, probes),
        bin,
        signal,
      );
    }, signal);
  }

  async *#whileUsed<Piece>(item: Item, pieces: AsyncGenerator<Piece>): AsyncGenerator<Piece> {
    item.file.uses++;
    try {
      yield* pieces;
    } finally {
      item.file.uses--;
    }
  }

  /** The image of a virtual detector. */
  async virtual(
    named: ItemNamed,
    { detector, draft = false, coarse = false, recorded = false }: VirtualRequest,
    signal?: AbortSignal,
  ): Promise<Parts<VirtualHeader>> {
    const { inner = 0, ...disk } = detector;
    return await this.using(
      named,
      (item, signal) =>
        this.#virtualImages.image(item, { inner, ...disk }, { draft, coarse, recorded }, signal),
      signal,
    );
  }

  /** Shifts of the centre of mass. */
  async deflection(
    named: ItemNamed,
    { detector, recorded = false }: DeflectionRequest,
    signal?: AbortSignal,
  ): Promise<Parts<DeflectionHeader>> {
    const wanted = detector ? { ...detector, inner: detector.inner ?? 0 } : null;
    return await this.using(
      named,
      (item, signal) => deflectionParts(this.engines, item, wanted, recorded, signal),
      signal,
    );
  }

  /** Keeps a note on a cluster; not while a result is written anew. */
  async note(named: ItemNamed, note: NoteRequest): Promise<NotesAnswer> {
    if (this.#runs.busy) {
      throw new ServingError("Busy", "a run is going on", {
        remedy: "wait until it has ended, or cancel it",
      });
    }
    return await this.using(named, (item) => keepNote(item, note));
  }

  /** Starts a run. */
  async start(id: string, request: RunRequest): Promise<StartedRun> {
    return { run: (await this.#runs.start(this.item(id), request)).id };
  }

  /** Starts to find orientations or strain; the item that it ends with is the result opened anew. */
  async analyse(id: string, request: Checked<typeof analysisRequest>): Promise<StartedRun> {
    const item = this.item(id), { path, asked } = item.content;
    const run = await this.#runs.analyse(item, request, async () => {
      return (await this.#items.open(path, asked)).describe();
    });
    return { run: run.id };
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
    return await this.using({ id }, async (item) => {
      const { parameters } = await planRun(this.roots, item, request);
      const { seconds, memory } = estimateRun(item.demandScan(), parameters, this.engines.runResources);
      return { seconds, bytes: memory };
    });
  }

  /** What reproduces a view. */
  command({ id, revision }: ItemNamed, view: LabelView): CommandAnswer {
    return this.#saving.command(this.item(id, revision), view);
  }

  /** Saves files into a served folder. */
  async save(named: ItemNamed, request: SaveRequest, signal?: AbortSignal): Promise<SavedFiles> {
    return await this.using(named, (item, signal) => this.#saving.save(item, request, signal), signal);
  }

  /** One file, for a download. */
  async download(named: ItemNamed, request: SaveRequest, signal?: AbortSignal): Promise<DownloadedFile> {
    return await this.using(named, (item, signal) => this.#saving.download(item, request, signal), signal);
  }

  /** Stops what goes on and closes everything. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.uploads.close();
    await this.#runs.close();
    await this.seriesRuns.close();
    this.series.close();
    this.#virtualImages.drop();
    await this.engines.close();
    this.#items.close();
  }
}
