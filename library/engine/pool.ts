/** Threads that make kernel calls. Which thread makes which call never matters to the result. */

import { OutOfResources, restoreError } from "../scan/errors.ts";
import { packParts } from "./part_list.ts";
import { type PatternSource, Thread } from "./thread.ts";
import type { DoneMessage, RunMessage, SourceMessage, StartMessage } from "./worker.ts";
import { type ComputeThread, spawnThread } from "./spawn.ts";

/** Makes calls on one memory; one batch at a time. */
export interface Executor {
  readonly threads: number;
  /** Makes all calls, in any order and in parallel; resolves when all are done. */
  run(message: RunMessage): Promise<void>;
  /** Makes patterns known to the `load` calls to come. */
  addSource(source: PatternSource): void;
  /** Forgets patterns and closes their files. */
  removeSource(id: number): void;
  /** Ends the threads. */
  close(): void;
}

/** An executor on the calling thread. */
export function inlineExecutor(module: WebAssembly.Module, memory: WebAssembly.Memory): Executor {
  const thread = new Thread(module, memory, 0);
  return {
    threads: 1,
    // deno-lint-ignore require-await
    async run({ calls, areas }): Promise<void> {
      for (const call of calls) thread.make(call, areas);
    },
    addSource: (source) => thread.addSource(source),
    removeSource: (id) => thread.removeSource(id),
    close: () => thread.close(),
  };
}

interface Member {
  readonly worker: ComputeThread;
  settle?: { resolve(): void; reject(cause: unknown): void };
  /** Why the thread has stopped for good. */
  failure?: OutOfResources;
}

/** An executor on `threads` workers. */
export class WorkerPool implements Executor {
  readonly #members: Member[] = [];
  readonly #memory: WebAssembly.Memory;

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, threads: number) {
    this.#memory = memory;
    for (let index = 0; index < threads; index++) {
      const worker = spawnThread();
      const member: Member = { worker };
      worker.onmessage = ({ data }: MessageEvent<DoneMessage>) => {
        if (data.failure === undefined) member.settle?.resolve();
        else if (data.error) member.settle?.reject(restoreError(data.error));
        else member.settle?.reject(new Error(`a kernel failed: ${data.failure}`));
      };
      worker.onerror = (event) => {
        event.preventDefault();
        member.failure = new OutOfResources(`a worker thread stopped: ${event.message}`, {
          parameter: "workers",
          remedy: "run again with `workers: 1`",
        });
        member.settle?.reject(member.failure);
      };
      worker.postMessage({ module, memory, index } satisfies StartMessage);
      this.#members.push(member);
    }
  }

  get threads(): number {
    return this.#members.length;
  }

  async run(message: RunMessage): Promise<void> {
    Atomics.store(new Int32Array(this.#memory.buffer, message.counter, 1), 0, 0);
    const active = this.#members.slice(0, Math.max(1, message.calls.length));
    const results = await Promise.allSettled(active.map((member) =>
      new Promise<void>((resolve, reject) => {
        if (member.failure) return reject(member.failure);
        member.settle = { resolve, reject };
        member.worker.postMessage(message);
      })
    ));
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }

  addSource({ stored, ...source }: PatternSource): void {
    this.#tell({ source: { ...source, parts: packParts(stored) } });
  }

  removeSource(id: number): void {
    this.#tell({ source: id });
  }

  #tell(message: SourceMessage): void {
    for (const { worker } of this.#members) worker.postMessage(message);
  }

  close(): void {
    for (const { worker } of this.#members.splice(0)) worker.terminate();
  }
}
