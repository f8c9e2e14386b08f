/**
 * Threads and memory of the server. A run and what the page asks for meanwhile each have an arena, which together stay
 * within the limit; where that is too small to be divided, they take turns.
 */

import { arenaLimit, processBytes } from "../../../library/engine/limits.ts";
import { Engine } from "../../../library/engine/engine.ts";
import type { RunOptions } from "../../../library/engine/options.ts";
import { Aborted, throwIfAborted } from "../../../library/scan/errors.ts";

/** Limits of the server, as `RunOptions` has them. */
export type Resources = Pick<RunOptions, "workers" | "memory">;

/** Arenas below this are not divided: half of one would often be too small for a few rows of a scan. */
const leastDivided = 128 * 2 ** 20;
/** More than this helps none of the quick answers. */
const mostForAnswers = 256 * 2 ** 20;
/** Milliseconds that threads wait for more to do. */
const idleTime = 3000;

/** Lets one after the other work. */
class Turns {
  #last: Promise<unknown> = Promise.resolve();

  async take<Result>(task: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const before = this.#last;
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    this.#last = Promise.all([before, ended]);
    try {
      await orAborted(before, signal);
      return await task();
    } finally {
      end();
    }
  }
}

/**
 * Waits for something that goes on for others too.
 *
 * @throws {Aborted} when the signal fires first
 */
export async function orAborted<Value>(
  waiting: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  throwIfAborted(signal);
  if (!signal) return await waiting;
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new Aborted());
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([waiting, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** The engines of a server. */
export class Engines {
  /** Bytes of everything together. */
  readonly memory: number;
  /** Options of a run without its engine, for estimates. */
  readonly runResources: Required<Pick<RunOptions, "memory">> & Resources;
  /** Bytes that may be kept between answers while no run goes on. */
  readonly spareBytes: number;
  readonly #answerMemory: number;
  readonly #answers = new Turns();
  readonly #runs: Turns;
  #engine: Promise<Engine> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** @throws {BadParameter} when the limit is too small for any run */
  constructor({ workers, memory = 2 ** 30 }: Resources) {
    this.memory = memory;
    const arena = arenaLimit({ memory });
    const divided = arena >= leastDivided;
    const forAnswers = divided ? Math.min(mostForAnswers, arena / 4) : arena;
    this.#answerMemory = Math.floor(processBytes + forAnswers);
    this.runResources = { workers, memory: divided ? Math.floor(memory - forAnswers) : memory };
    this.spareBytes = divided ? arena - forAnswers : 0;
    this.#runs = divided ? new Turns() : this.#answers;
  }

  /** Does something for an answer, one at a time, on threads that stay for a while. */
  async answer<Result>(
    task: (engine: Engine) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    return await this.#answers.take(async () => {
      throwIfAborted(signal);
      if (this.#closed) throw new Aborted("the server is closing");
      clearTimeout(this.#timer);
      const { workers } = this.runResources;
      const engine = await (this.#engine ??= Engine.create({ workers, memory: this.#answerMemory }));
      const mark = engine.mark();
      let sound = false;
      try {
        const result = await task(engine);
        sound = true;
        return result;
      } catch (cause) {
        // A task that was stopped leaves nothing behind; after anything else the threads start afresh.
        sound = cause instanceof Aborted;
        throw cause;
      } finally {
        engine.release(mark);
        if (!sound || this.#closed || this.#runs === this.#answers) this.#rest();
        else this.#timer = setTimeout(() => this.#rest(), idleTime);
      }
    }, signal);
  }

  /** Does a run, one at a time, which has threads and memory of its own: {@link runResources}. */
  async run<Result>(task: (resources: Resources) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    return await this.#runs.take(() => task(this.runResources), signal);
  }

  #rest(): void {
    const engine = this.#engine;
    this.#engine = null;
    // Threads that could not start have failed the task already.
    engine?.then((engine) => engine.close(), () => {});
  }

  /** Ends the threads once what goes on has ended; the signals of that must fire first. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#answers.take(() => Promise.resolve());
    await this.#runs.take(() => Promise.resolve());
    this.#rest();
  }
}
