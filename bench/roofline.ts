/** Threads that show what the machine allows: memory read, arithmetic on 128 bits, files read from the page cache. */

import type { RooflineTask } from "./roofline_worker.ts";

const pageBytes = 65536;

/** Threads on one shared memory. Close them when done. */
export class RooflineThreads {
  readonly #workers: Worker[];

  private constructor(workers: Worker[]) {
    this.#workers = workers;
  }

  /** Starts threads on `bytes` of memory, a multiple of 64 KiB; needs `deno task build`. */
  static async start(threads: number, bytes: number): Promise<RooflineThreads> {
    const module = await WebAssembly.compile(
      await Deno.readFile(new URL("../build/roofline.wasm.bin", import.meta.url)),
    );
    const pages = bytes / pageBytes;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    // Pages that were never written are all the same page of zeros.
    new Uint8Array(memory.buffer).fill(1);
    return new RooflineThreads(Array.from({ length: threads }, () => {
      const worker = new Worker(new URL("./roofline_worker.ts", import.meta.url), { type: "module" });
      worker.postMessage({ module, memory });
      return worker;
    }));
  }

  /** Gives each thread its task; resolves when all are done. */
  async run(task: (thread: number) => RooflineTask): Promise<void> {
    await Promise.all(this.#workers.map((worker, thread) =>
      new Promise<void>((resolve, reject) => {
        worker.onmessage = () => resolve();
        worker.onerror = (event) => {
          event.preventDefault();
          reject(new Error(event.message));
        };
        worker.postMessage(task(thread));
      })
    ));
  }

  close(): void {
    for (const worker of this.#workers) worker.terminate();
  }
}
