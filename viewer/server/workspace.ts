/** What a server has open and does: everything behind the routes, without HTTP. */

import { estimateRun } from "../../library/cluster/estimate.ts";
import { BadParameter } from "../../library/scan/errors.ts";
import type { analysisRequest } from "../protocol/analyses.ts";
import type { Checked } from "../protocol/checked.ts";
import type { CommandAnswer, SavedFiles, SaveRequest } from "../protocol/exports.ts";
import type { FolderListing } from "../protocol/folders.ts";
import type { OpenedItem, OpenRequest } from "../protocol/items.ts";
import type { LabelView } from "../protocol/label_views.ts";
import type { Parts } from "../protocol/parts.ts";
import type { EstimateAnswer, RunMessage, RunRequest, StartedRun } from "../protocol/runs.ts";
import type { OpenedSeries } from "../protocol/series.ts";
import type { NoteRequest, NotesAnswer } from "../protocol/notes.ts";
import type { OpenedSession } from "../protocol/sessions.ts";
import type { DownloadedFile } from "./answers.ts";
import { ServingError } from "./failures.ts";
import { listFolder } from "./files/listing.ts";
import { Roots } from "./files/roots.ts";
import { Uploads } from "./files/uploads.ts";
import type { Item } from "./items/item.ts";
import { Items } from "./items/items.ts";
import { type ItemNamed, ItemsInUse } from "./items/items_in_use.ts";
import { keepNote, takeNotes } from "./items/notes.ts";
import { PatternSums } from "./patterns/pattern_sums.ts";
import { VirtualImages } from "./patterns/virtual_images.ts";
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

/** Open items, runs and images of one server. Close it when the server ends. */
export class Workspace {
  readonly roots: Roots;
  readonly engines: Engines;
  /** Open series, and runs over their frames. */
  readonly series: SeriesList;
  readonly seriesRuns: SeriesRuns;
  /** Files that are being copied from a browser. */
  readonly uploads: Uploads;
  /** What patterns are added up to. */
  readonly patterns: PatternSums;
  readonly #items: Items;
  readonly #inUse: ItemsInUse;
  readonly #runs: Runs;
  readonly #saving: Saving;
  /** What goes on after an answer was given. */
  readonly #afterwards = new Set<Promise<unknown>>();

  /**
   * @throws {FileUnavailable} when a root is missing or no folder
   * @throws {BadParameter} when the memory limit is too small
   */
  constructor({ roots, analysis, seriesRunner, ...resources }: WorkspaceOptions) {
    this.roots = new Roots(roots);
    this.engines = new Engines(resources);
    const virtualImages = new VirtualImages(this.engines);
    this.#items = new Items(this.roots, (file) => virtualImages.drop(file));
    this.#inUse = new ItemsInUse(this.#items);
    this.patterns = new PatternSums(this.engines, this.#inUse, virtualImages);
    this.#saving = new Saving(this.roots, this.engines);
    this.#runs = new Runs(this.roots, this.engines, virtualImages, analysis);
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

  /** Keeps a note on a cluster; not while a result is written anew. */
  async note(named: ItemNamed, note: NoteRequest): Promise<NotesAnswer> {
    if (this.#runs.busy) {
      throw new ServingError("Busy", "a run is going on", {
        remedy: "wait until it has ended, or cancel it",
      });
    }
    return await this.#inUse.using(named, (item) => keepNote(item, note));
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
    return this.#runs.get(run).watch(row, this.#inUse.until(signal));
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
    return await this.#inUse.using({ id }, async (item) => {
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
    return await this.#inUse.using(named, (item, signal) => this.#saving.save(item, request, signal), signal);
  }

  /** One file, for a download. */
  async download(named: ItemNamed, request: SaveRequest, signal?: AbortSignal): Promise<DownloadedFile> {
    return await this.#inUse.using(
      named,
      (item, signal) => this.#saving.download(item, request, signal),
      signal,
    );
  }

  /** Lets something go on after the answer, but not for longer than the workspace is open. */
  afterwards(work: Promise<unknown>): void {
    const end = () => this.#afterwards.delete(work);
    this.#afterwards.add(work);
    work.then(end, end);
  }

  /** Stops what goes on and closes everything. */
  async close(): Promise<void> {
    this.#inUse.stop();
    await Promise.allSettled(this.#afterwards);
    await this.uploads.close();
    await this.#runs.close();
    await this.seriesRuns.close();
    this.series.close();
    this.patterns.drop();
    await this.engines.close();
    this.#items.close();
  }
}
