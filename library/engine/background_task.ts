/** A long task in a thread of its own, so that the thread that started it stays free for others. */

import {
  Aborted,
  CrystalliteError,
  OutOfResources,
  type PlainError,
  restoreError,
  throwIfAborted,
} from "../scan/errors.ts";
import { spawnByRequest, startThread } from "./spawn.ts";

/** Milliseconds that a task has to end by itself once it was stopped; then its thread ends without asking. */
const patience = 400;

/** Tells a task to stop. */
const stopWord = "stop";

/** What a task says: news on the way, and in the end its result or why there is none. */
type Said<News, Result> =
  | { readonly news: News }
  | { readonly result: Result }
  | { readonly error: PlainError }
  | { readonly failure: string }
  /** Asks for a thread that runs a module for the task and talks by the port. */
  | { readonly spawn: MessagePort; readonly module: string; readonly thread: number }
  /** Asks to end such a thread. */
  | { readonly end: number };

/**
 * Runs the task of a module (see {@link offerTask}) in a new thread.
 *
 * @param start what it starts from, which is copied
 * @throws {Aborted} when the signal fires, however busy the task is
 */
export function runTask<Start, News, Result>(
  module: URL,
  start: Start,
  signal: AbortSignal,
  onNews: (news: News) => void,
): Promise<Result> {
  throwIfAborted(signal);
  const worker = new Worker(module, { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    worker.postMessage(stopWord);
    timer = setTimeout(() => reject(new Aborted()), patience);
  };
  const threads = new Map<number, Worker>();
  const fail = (event: ErrorEvent) => {
    event.preventDefault();
    reject(new OutOfResources(`a thread of the task stopped: ${event.message}`, { remedy: "try again" }));
  };
  worker.onmessage = ({ data }: MessageEvent<Said<News, Result>>) => {
    if ("news" in data) onNews(data.news);
    else if ("spawn" in data) {
      const thread = startThread(data.module, data.spawn);
      thread.onerror = fail;
      threads.set(data.thread, thread);
    } else if ("end" in data) {
      threads.get(data.end)?.terminate();
      threads.delete(data.end);
    } else if ("result" in data) resolve(data.result);
    else reject("error" in data ? restoreError(data.error) : new Error(data.failure));
  };
  worker.onerror = fail;
  signal.addEventListener("abort", stop);
  worker.postMessage(start);
  return promise.finally(() => {
    signal.removeEventListener("abort", stop);
    clearTimeout(timer);
    for (const thread of [worker, ...threads.values()]) thread.terminate();
  });
}

/** What a task can do beside its work. */
export interface TaskContext<News> {
  /** Fires when the task is to stop. */
  readonly signal: AbortSignal;
  tell(news: News): void;
}

/** The thread that a task runs in, as far as it is used here. */
interface TaskThread {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** Offers a task to {@link runTask}: the last thing that its module does. */
export function offerTask<Start, News, Result>(
  task: (start: Start, context: TaskContext<News>) => Promise<Result>,
): void {
  const thread = globalThis as unknown as TaskThread;
  const stop = new AbortController();
  let spawned = 0;
  spawnByRequest((module, port) => {
    const number = spawned++;
    thread.postMessage({ spawn: port, module, thread: number }, [port]);
    return () => thread.postMessage({ end: number }, []);
  });
  const say = (said: Said<News, Result>, transfer: Transferable[] = []) => thread.postMessage(said, transfer);
  thread.onmessage = ({ data }: MessageEvent<Start | typeof stopWord>) => {
    if (data === stopWord) return stop.abort();
    task(data as Start, { signal: stop.signal, tell: (news) => say({ news }) }).then(
      (result) => say({ result }, buffersOf(result)),
      (cause) => {
        if (cause instanceof CrystalliteError) say({ error: cause.toJSON() });
        else say({ failure: cause instanceof Error ? cause.message : String(cause) });
      },
    );
  };
}

/** All memory of a plain value, which can be handed over without copying. */
function buffersOf(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const look = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    if (ArrayBuffer.isView(part)) {
      if (part.buffer instanceof ArrayBuffer) found.add(part.buffer);
    } else Object.values(part).forEach(look);
  };
  look(value);
  return [...found];
}
