/** A clustering that goes on, and what anybody who watches gets to see of it. */

import type { Failure } from "../../protocol/failure.ts";
import type { OpenedItem } from "../../protocol/items.ts";
import type { RunMessage } from "../../protocol/runs.ts";
import type { Parts } from "../../protocol/parts.ts";
import type { Progress } from "../../../library/engine/options.ts";
import type { ScanShape } from "../../../library/scan/shape.ts";
import { type PlannedStage, RemainingTime } from "./remaining_time.ts";

/** Bytes of rows in one message: hundreds of watchers may each have one on its way. */
const messageBytes = 128 * 2 ** 10;
/** Milliseconds between reports of progress within a stage. */
const progressInterval = 100;

/** How a run ended. */
export type Ending =
  | { readonly kind: "done"; readonly item: OpenedItem }
  | { readonly kind: "failed"; readonly error: Failure["error"] }
  | { readonly kind: "cancelled" };

type ProgressMessage = Extract<RunMessage, { kind: "progress" }>;

/**
 * One run. Similarities lie in one buffer, whoever watches; a watcher is a place in it, and is told what is new when it
 * asks for more. Slow watchers and those that come back miss nothing and cost nothing.
 */
export class Run {
  readonly id = crypto.randomUUID().slice(0, 8);
  readonly #stop = new AbortController();
  readonly #started = performance.now();
  readonly #remaining: RemainingTime;
  readonly #forward: Float32Array<ArrayBuffer>;
  readonly #columns: number;
  /** Rows that are finished, and how often they began anew. */
  #rows = 0;
  #beginnings = 0;
  #progress: ProgressMessage | null = null;
  #reported = 0;
  #ending: Ending | null = null;
  #watchers = 0;
  #changed = Promise.withResolvers<void>();

  /** @param stages what it will do, in the order */
  constructor(
    readonly itemId: string,
    { rows, columns }: ScanShape,
    stages: readonly PlannedStage[] = [],
  ) {
    this.#remaining = new RemainingTime(stages);
    this.#columns = columns;
    this.#forward = new Float32Array(4 * rows * columns).fill(NaN);
  }

  /** Fires when the run is cancelled. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Those who watch now. */
  get watchers(): number {
    return this.#watchers;
  }

  get ended(): boolean {
    return this.#ending !== null;
  }

  /** Takes rows of similarities as `RunOptions.onSimilarity` gives them. */
  readonly takeRows = (first: number, rows: number, forward: Float32Array): void => {
    if (first < this.#rows) this.#beginnings++;
    this.#forward.set(forward, 4 * first * this.#columns);
    this.#rows = first + rows;
    this.#tell();
  };

  /** Takes progress; what follows shortly after the same stage is left out. */
  readonly takeProgress = ({ stage, done, total }: Progress): void => {
    const now = performance.now();
    const left = this.#remaining.report(stage, done, total, now);
    const soon = now - this.#reported < progressInterval && stage === this.#progress?.stage && done < total;
    if (soon) return;
    this.#reported = now;
    const elapsed = (now - this.#started) / 1000;
    this.#progress = { kind: "progress", stage, done, total, elapsed, left };
    this.#tell();
  };

  cancel(): void {
    this.#stop.abort();
  }

  end(ending: Ending): void {
    this.#ending = ending;
    this.#tell();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  /** What there is from a row on, and what comes, until the run ends or nobody asks any more. */
  async *watch(row: number, signal: AbortSignal): AsyncGenerator<Parts<RunMessage>> {
    const most = Math.max(1, Math.floor(messageBytes / (16 * this.#columns)));
    let next = row, beginning = this.#beginnings, told: ProgressMessage | null = null;
    this.#watchers++;
    try {
      while (!signal.aborted) {
        if (beginning !== this.#beginnings) {
          beginning = this.#beginnings;
          next = 0;
        }
        const changed = this.#changed.promise;
        if (this.#progress !== told) {
          told = this.#progress!;
          yield { header: told, arrays: {} };
        } else if (next < this.#rows) {
          const first = next, count = Math.min(most, this.#rows - first);
          next += count;
          const start = 4 * first * this.#columns;
          const forward = this.#forward.subarray(start, start + 4 * count * this.#columns);
          yield { header: { kind: "rows", first, count }, arrays: { forward } };
        } else if (this.#ending) {
          yield { header: this.#ending, arrays: {} };
          return;
        } else await Promise.race([changed, aborted(signal)]);
      }
    } finally {
      this.#watchers--;
    }
  }
}

const waiting = new WeakMap<AbortSignal, Promise<void>>();

/** Resolves when a signal fires; one promise for each signal, however often it is asked for. */
function aborted(signal: AbortSignal): Promise<void> {
  const known = waiting.get(signal);
  if (known) return known;
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve(), { once: true });
  waiting.set(signal, promise);
  return promise;
}
