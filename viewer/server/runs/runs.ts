/** The run that goes on, and those that ended lately. */

import { Aborted } from "../../../library/scan/errors.ts";
import type { analysisRequest } from "../../protocol/analyses.ts";
import type { Checked } from "../../protocol/checked.ts";
import type { OpenedItem } from "../../protocol/items.ts";
import type { RunRequest } from "../../protocol/runs.ts";
import { describeFailure } from "../answers.ts";
import { followLive } from "../items/live_file.ts";
import { openFile } from "../items/open_item.ts";
import { analyseInThread } from "./analysis_thread.ts";
import { analysisWords } from "./analysis_words.ts";
import { planRun } from "./plan_run.ts";
import type { Engines } from "./engines.ts";
import { ServingError } from "../failures.ts";
import type { Item } from "../items/item.ts";
import type { Roots } from "../files/roots.ts";
import { type Ending, Run } from "./run.ts";
import { type PlannedStage, stagesOf } from "./remaining_time.ts";
import { clusterInThread } from "./run_thread.ts";
import type { VirtualImages } from "../patterns/virtual_images.ts";

/** Ended runs that can still be watched by who was away. */
const mostEnded = 2;

/** Runs by id. */
export class Runs {
  readonly #runs = new Map<string, Run>();
  #current: Promise<void> | null = null;

  constructor(
    readonly roots: Roots,
    readonly engines: Engines,
    readonly virtualImages: VirtualImages,
    readonly analysis?: URL,
  ) {}

  /**
   * Starts a run.
   *
   * @throws {ServingError} when one goes on already
   * @throws as `planRun`
   */
  async start(item: Item, request: RunRequest): Promise<Run> {
    const scan = item.demandScan(), { file } = item;
    const planned = await planRun(this.roots, item, request);
    return this.#begin(item, stagesOf(scan, planned), async (run) => {
      file.run = run.id;
      try {
        const started = new Date(), source = item.demandOpening();
        const { words, parameters, drawn: mask } = planned;
        const { clustering, drawn, ...derived } = await this.engines.run(
          (resources) =>
            clusterInThread({ source, planned: { parameters, drawn: mask }, resources }, run.signal, run),
          run.signal,
        );
        const found = file.add({ clustering, derived, origin: { words, drawn, started } });
        file.run = undefined;
        return found.describe();
      } finally {
        file.run = undefined;
      }
    });
  }

  /**
   * Starts to find orientations or strain of a result.
   *
   * @param reopen gives the result with what was found
   * @throws {ServingError} when a run goes on already, or the server finds no such things
   * @throws as `analysisWords`
   */
  async analyse(
    item: Item,
    request: Checked<typeof analysisRequest>,
    reopen: () => Promise<OpenedItem>,
  ): Promise<Run> {
    const { analysis } = this;
    if (analysis === undefined) {
      throw new ServingError("Refused", "this server finds no orientations", {
        remedy: `run crystallite ${request.kind} on the result`,
      });
    }
    const start = await analysisWords(this.roots, item, request, this.engines.runResources);
    return this.#begin(item, [], async (run) => {
      await this.engines.run(
        () => analyseInThread(analysis, start, run.signal, run.takeProgress),
        run.signal,
      );
      return await reopen();
    });
  }

  /** Whether a run goes on. */
  get busy(): boolean {
    return this.#current !== null;
  }

  /** Does one piece of work at a time, which everybody may watch. */
  #begin(item: Item, stages: readonly PlannedStage[], work: (run: Run) => Promise<OpenedItem>): Run {
    if (this.#current) {
      throw new ServingError("Busy", "a run is going on already", {
        remedy: "wait until it has ended, or cancel it",
      });
    }
    const run = new Run(item.id, item.shape, stages);
    this.#runs.set(run.id, run);
    this.#forget();
    item.file.uses++;
    const all = async (): Promise<Ending> => {
      await this.virtualImages.pause();
      return { kind: "done", item: await work(run) };
    };
    this.#current = all().catch((cause): Ending => {
      if (cause instanceof Aborted) return { kind: "cancelled" };
      return { kind: "failed", error: describeFailure(cause).error };
    }).then((ending) => {
      item.file.uses--;
      this.#current = null;
      this.virtualImages.resume();
      run.end(ending);
    });
    return run;
  }

  /** Follows the recording of an item, if it is of one that nobody follows yet; the page sees it as a run. */
  follow(item: Item): void {
    const { file, content: { path, recording } } = item;
    if (recording === undefined || file.run !== undefined || item.found) return;
    const run = new Run(item.id, item.shape, []);
    this.#runs.set(run.id, run);
    this.#forget();
    file.run = run.id;
    followLive(item, run, () => openFile(this.roots, path, { input: [] })).then(
      (found): Ending => {
        file.run = undefined;
        return found ? { kind: "done", item: found.describe() } : { kind: "cancelled" };
      },
      (cause): Ending => {
        file.run = undefined;
        return { kind: "failed", error: describeFailure(cause).error };
      },
    ).then((ending) => run.end(ending));
  }

  /** @throws {ServingError} when there is no such run, or not any more */
  get(id: string): Run {
    const run = this.#runs.get(id);
    if (run) return run;
    throw new ServingError("NotFound", "that run is not known any more", {
      remedy: "look at what the file holds now, or run again",
    });
  }

  #forget(): void {
    const ended = [...this.#runs.values()].filter((run) => run.ended);
    for (const run of ended.slice(0, Math.max(0, ended.length - mostEnded))) this.#runs.delete(run.id);
  }

  /** Cancels what goes on and waits for it. */
  async close(): Promise<void> {
    for (const run of this.#runs.values()) run.cancel();
    await this.#current;
  }
}
