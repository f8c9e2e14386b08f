/** Runs over all frames of a series: one at a time on the whole server, in the turn of other runs. */

import { join } from "node:path";
import { inNames } from "../../../library/report/plain_names.ts";
import type { RunOptions } from "../../../library/engine/options.ts";
import { Aborted } from "../../../library/scan/errors.ts";
import type { Parts } from "../../protocol/parts.ts";
import type { SeriesFrame, SeriesRunMessage } from "../../protocol/series.ts";
import { describeFailure } from "../answers.ts";
import { ServingError } from "../failures.ts";
import { refuseForeignScan } from "../items/open_item.ts";
import type { Roots } from "../files/roots.ts";
import type { Item } from "../items/item.ts";
import type { Engines } from "../runs/engines.ts";
import { planRun } from "../runs/plan_run.ts";
import type { OpenSeries } from "./open_series.ts";

/** What a run over frames starts from; words are those of the command line. */
export interface SeriesJob {
  /** File of several scans, or folder of scans. */
  readonly path: string;
  /** Words about reading, and of the method. */
  readonly input: readonly string[];
  readonly words: readonly string[];
  /** Folder of the series that is made. */
  readonly directory: string;
  readonly resources: Pick<RunOptions, "workers" | "memory">;
}

/** What it says on the way. */
export type SeriesNews =
  | { readonly frame: number; readonly stage: string; readonly part: number }
  | { readonly frame: number; readonly directory: string; readonly clusters: number }
  | { readonly frame: number; readonly error: string };

/** Makes a series of results, as `crystallite series` does; the command line lends it to the server. */
export type SeriesRunner = (
  job: SeriesJob,
  signal: AbortSignal,
  tell: (news: SeriesNews) => void,
) => Promise<void>;

type Message = SeriesRunMessage;

/** One run; who watches gets to know every frame, whenever he comes. */
class SeriesRun {
  readonly id = crypto.randomUUID().slice(0, 8);
  readonly stop = new AbortController();
  readonly #frames: Extract<Message, { kind: "frame" }>[] = [];
  #progress: Extract<Message, { kind: "progress" }> | null = null;
  #ending: Message | null = null;
  #changed = Promise.withResolvers<void>();

  /** Takes what happened. */
  tell(message: Message): void {
    if (message.kind === "frame") this.#frames.push(message);
    else if (message.kind === "progress") this.#progress = message;
    else this.#ending = message;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  /** What there is and what comes, until the run ends or nobody asks any more. */
  async *watch(signal: AbortSignal): AsyncGenerator<Parts<Message>> {
    const gone = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    let next = 0, told: Message | null = null;
    while (!signal.aborted) {
      const changed = this.#changed.promise;
      if (next < this.#frames.length) yield { header: this.#frames[next++], arrays: {} };
      else if (this.#progress !== told) {
        told = this.#progress;
        yield { header: told!, arrays: {} };
      } else if (this.#ending) return yield { header: this.#ending, arrays: {} };
      else await Promise.race([changed, gone]);
    }
  }
}

/** Runs by id: the one that goes on and the one before. */
export class SeriesRuns {
  readonly #runs: SeriesRun[] = [];
  #current: Promise<void> | null = null;

  /** @param runner absent where the server was started without one */
  constructor(readonly roots: Roots, readonly engines: Engines, readonly runner: SeriesRunner | undefined) {}

  /**
   * Starts a run over all frames.
   *
   * @param item one of the frames, for which the words are checked
   * @param folder of the series that is made
   * @throws {ServingError} when one goes on already, or something is not served
   * @throws as `planRun`
   */
  async start(series: OpenSeries, item: Item, words: readonly string[], folder: string): Promise<SeriesRun> {
    const { path, input } = series.content, runner = this.runner;
    const planned = await planRun(this.roots, item, { words }), directory = await this.roots.future(folder);
    for (const { open } of series.frames) {
      if (open) await refuseForeignScan(this.roots, open.path, open.input);
    }
    if (this.#current || !runner) throw busy(runner === undefined);
    const run = new SeriesRun();
    this.#runs.splice(0, this.#runs.length - 1);
    this.#runs.push(run);
    series.run = run.id;
    const tell = (news: SeriesNews) => {
      if ("stage" in news) return run.tell({ kind: "progress", ...news });
      const is = this.#frameOf(series, directory, news);
      series.replaceFrame(news.frame, is);
      run.tell({ kind: "frame", frame: news.frame, is });
    };
    this.#current = this.engines.run(
      (resources) =>
        runner({ path, input, words: planned.words, directory, resources }, run.stop.signal, tell),
      run.stop.signal,
    )
      .then(
        (): Message => ({ kind: "done", path: directory }),
        (cause): Message =>
          cause instanceof Aborted ? { kind: "cancelled" } : { kind: "failed", error: failureOf(cause) },
      ).then((ending) => {
        this.#current = null;
        series.run = undefined;
        run.tell(ending);
      });
    return run;
  }

  #frameOf(series: OpenSeries, directory: string, news: Exclude<SeriesNews, { stage: string }>): SeriesFrame {
    const before = series.frames[news.frame];
    if ("error" in news) return { ...before, error: inNames(news.error) };
    const open = { path: join(directory, news.directory), input: [] };
    return { ...before, open, clusters: news.clusters };
  }

  /** @throws {ServingError} when there is no such run, or not any more */
  get(id: string): SeriesRun {
    const run = this.#runs.find((run) => run.id === id);
    if (run) return run;
    throw new ServingError("NotFound", "that run is not known any more", { remedy: "open the series again" });
  }

  /** Cancels what goes on and waits for it. */
  async close(): Promise<void> {
    for (const { stop } of this.#runs) stop.abort();
    await this.#current;
  }
}

/** What went wrong, with a remedy that the page has. */
function failureOf(cause: unknown) {
  const { error } = describeFailure(cause);
  if (error.details.parameter !== "force") return error;
  return { ...error, details: { ...error.details, remedy: "choose another folder" } };
}

function busy(without: boolean): ServingError {
  return new ServingError("Busy", without ? "this server runs no series" : "a series is being made already", {
    remedy: without ? "start the viewer with crystallite serve" : "wait until it has ended, or cancel it",
  });
}
