/** A thread that computes: takes calls from a shared list until none are left. */

import { CrystalliteError, type PlainError } from "../scan/errors.ts";
import type { Work } from "./kernels.ts";
import { type PartList, unpackParts } from "./part_list.ts";
import { type Answer, offerThread } from "./spawn.ts";
import { type PatternSource, Thread, type ThreadAreas } from "./thread.ts";

/** First message: what the thread works on. */
export interface StartMessage {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Place among the threads, 0-based. */
  readonly index: number;
}

/** Patterns that `load` calls will name, or the number of those that they no longer will. Not answered. */
export interface SourceMessage {
  readonly source: SentSource | number;
}

/** A source with its parts in few objects. */
export interface SentSource extends Omit<PatternSource, "stored"> {
  readonly parts: PartList;
}

/** Calls to share with the other threads. */
export interface RunMessage {
  readonly calls: readonly Work[];
  /** Address of the counter that deals out the calls. */
  readonly counter: number;
  readonly areas: ThreadAreas;
}

/** Answer to a {@link RunMessage}: nothing, or why it failed. */
export interface DoneMessage {
  readonly failure?: string;
  /** The failure, where it is one of ours. */
  readonly error?: PlainError;
}

let thread: Thread;
let memory: WebAssembly.Memory;

type Message = StartMessage | SourceMessage | RunMessage;

offerThread(listen);

function listen(data: Message, answer: Answer): void {
  if ("module" in data) {
    memory = data.memory;
    thread = new Thread(data.module, data.memory, data.index);
    return;
  }
  if ("source" in data) {
    if (typeof data.source === "number") return thread.removeSource(data.source);
    const { parts, ...source } = data.source;
    return thread.addSource({ ...source, stored: unpackParts(parts) });
  }
  answer(work(data));
}

function work({ calls, counter, areas }: RunMessage): DoneMessage {
  const dealt = new Int32Array(memory.buffer, counter, 1);
  try {
    for (let i = Atomics.add(dealt, 0, 1); i < calls.length; i = Atomics.add(dealt, 0, 1)) {
      thread.make(calls[i], areas);
    }
    return {};
  } catch (cause) {
    // Nobody needs to go on.
    Atomics.store(dealt, 0, calls.length);
    if (cause instanceof CrystalliteError) return { failure: cause.message, error: cause.toJSON() };
    return { failure: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause) };
  }
}
