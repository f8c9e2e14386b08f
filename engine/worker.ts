/// <reference lib="deno.worker" />
/** A thread that computes: takes calls from a shared list until none are left. */

import { instantiate, type KernelCall, type Kernels, makeCall } from "./kernels.ts";

/** First message: what the thread works on. */
export interface StartMessage {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Place among the threads, 0-based. */
  readonly index: number;
}

/** Every later message: calls to share with the other threads. */
export interface RunMessage {
  readonly calls: readonly KernelCall[];
  /** Address of the counter that deals out the calls. */
  readonly counter: number;
  /** Address of the first thread's scratch memory, and bytes from one thread's to the next. */
  readonly scratch: number;
  readonly scratchStride: number;
}

/** Answer to a {@link RunMessage}: nothing, or why it failed. */
export interface DoneMessage {
  readonly failure?: string;
}

let kernels: Kernels;
let start: StartMessage;

self.onmessage = ({ data }: MessageEvent<StartMessage | RunMessage>) => {
  if ("module" in data) {
    start = data;
    kernels = instantiate(data.module, data.memory);
    return;
  }
  let answer: DoneMessage = {};
  try {
    const counter = new Int32Array(start.memory.buffer, data.counter, 1);
    const scratch = data.scratch + start.index * data.scratchStride;
    for (let i = Atomics.add(counter, 0, 1); i < data.calls.length; i = Atomics.add(counter, 0, 1)) {
      makeCall(kernels, data.calls[i], scratch);
    }
  } catch (cause) {
    answer = { failure: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause) };
  }
  self.postMessage(answer);
};
