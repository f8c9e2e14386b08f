/** The run that goes on, and those that ended lately. */

import { Aborted } from "../../../library/scan/errors.ts";
import type { RunRequest } from "../../protocol/runs.ts";
import { describeFailure } from "../answers.ts";
import { followLive } from "../items/live_item.ts";
import { openItem } from "../items/open_item.ts";
import { planRun } from "./plan_run.ts";
import type { Engines } from "./engines.ts";
import { ServingError } from "../failures.ts";
import type { Item } from "../items/item.ts";
import type { Roots } from "../files/roots.ts";
import { type Ending, Run } from "./run.ts";
import { clusterInThread } from "./run_thread.ts";
import type { VirtualImages } from "../patterns/virtual_images.ts";

/** Ended runs that can still be watched by who was away. */
const mostEnded = 2;

/** Runs by id. */
export class Runs {
  readonly #runs = new Map<string, Run>();
  #current: Promise<void> | null = null;

  constructor(readonly roots: Roots, readonly engines: Engines, readonly virtualImages: VirtualImages) {}

  /**
   * Starts a run.
   *
   * @throws {ServingError} when one goes on already
   * @throws as `planRun`
   */
  async start(item: Item, request: RunRequest): Promise<Run> {
    item.demandScan();
    const planned = await planRun(this.roots, item, request);
    if (this.#current) {
      throw new ServingError("Busy", "a clustering is going on already", {
        remedy: "wait until it has ended, or cancel it",
      });
    }
    const run = new Run(item.id, item.shape, planned.parameters.method);
    this.#runs.set(run.id, run);
    this.#forget();
    item.run = run.id;
    const work = async (): Promise<Ending> => {
      await this.virtualImages.pause();
      const started = new Date(), source = item.demandOpening();
      const { words, parameters, drawn: mask } = planned;
      const { clustering, drawn, ...derived } = await this.engines.run(
        (resources) =>
          clusterInThread({ source, planned: { parameters, drawn: mask }, resources }, run.signal, run),
        run.signal,
      );
      item.replace({ clustering, derived, origin: { words, drawn, started } });
      item.run = undefined;
      return { kind: "done", item: item.describe() };
    };
    this.#current = work().catch((cause): Ending => {
      if (cause instanceof Aborted) return { kind: "cancelled" };
      return { kind: "failed", error: describeFailure(cause).error };
    }).then((ending) => {
      item.run = undefined;
      this.#current = null;
      this.virtualImages.resume();
      run.end(ending);
    });
    return run;
  }

  /** Follows the recording of an item, if it is of one that nobody follows yet; the page sees it as a run. */
  follow(item: Item): void {
    if (item.recording === undefined || item.run !== undefined || item.found) return;
    const run = new Run(item.id, item.shape, "growth");
    this.#runs.set(run.id, run);
    this.#forget();
    item.run = run.id;
    const { path } = item.content;
    followLive(item, run, () => openItem(this.roots, path, [])).then(
      () => run.signal.aborted ? undefined : null,
      (cause) => describeFailure(cause).error,
    ).then((failure) => {
      item.run = undefined;
      if (failure === null) run.end({ kind: "done", item: item.describe() });
      else run.end(failure ? { kind: "failed", error: failure } : { kind: "cancelled" });
    });
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
