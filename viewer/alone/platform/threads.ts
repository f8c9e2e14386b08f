/** Threads of the page: each runs the one script that there is, and is told which of its modules. */

import { filesToSend, type SentFile } from "./files.ts";

/** The first message of a thread. */
export interface Beginning {
  /** Which module it is to be, by its path in the project. */
  readonly module: string;
  /** The script of all threads. */
  readonly script: Blob;
  readonly files: readonly SentFile[];
}

let script: Blob | undefined;

/** Starts a thread, to which messages are for its module. */
export function beginThread(beginning: Beginning): Worker {
  const address = URL.createObjectURL(beginning.script);
  const thread = new globalThis.Worker(address);
  thread.postMessage(beginning);
  // Chromium has the script by the time of the first message; until then the address must lead to it.
  const forget = () => URL.revokeObjectURL(address);
  thread.addEventListener("message", forget, { once: true });
  thread.addEventListener("error", forget, { once: true });
  return thread;
}

/** The script of the threads that this one starts. */
export function keepScript(own: Blob): void {
  script = own;
}

/** Stands in for `Worker` in the library, whose threads run modules that lie with the sources. */
export class ModuleWorker {
  constructor(module: string | URL) {
    const { pathname } = new URL(module);
    return beginThread({
      module: pathname,
      script: script!,
      files: filesToSend(),
    }) as unknown as ModuleWorker;
  }
}
