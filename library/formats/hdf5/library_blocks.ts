/** Blocks of data sets that only the HDF5 library reads: rare filters, numbers of odd bits, views of other files. */

import { type ComputeThread, spawnThread } from "../../engine/spawn.ts";
import { CorruptFile, OutOfResources, restoreError } from "../../scan/errors.ts";
import type { BlockReader } from "./block_reader.ts";
import type { Hdf5Dataset } from "./description.ts";
import type { LibraryAnswer, LibraryDataset, LibraryRead } from "./library_worker.ts";
import type { LinkRules } from "./linked_files.ts";

/** Milliseconds that the thread may take to start; whatever it does then is measured by how long that took. */
const longestStart = 30_000, usualStart = 300;
/** Milliseconds for a block, and for each of its bytes: the slowest filters unpack 5 MB/s. */
const patience = 800, patiencePerByte = 1 / 5000;
/** Milliseconds for each file that is opened on the way. */
const patiencePerFile = 200;

/** Reads a data set in a thread of its own, which is started when first needed and ended when it takes too long. */
export class LibraryBlocks implements BlockReader {
  readonly native = true;
  readonly #dataset: Hdf5Dataset;
  readonly #from: string;
  readonly #rules: LinkRules;
  #thread: LibraryThread | undefined;

  /**
   * @param from path of the file that was opened by name
   * @param rules which files it may lead to
   */
  constructor(dataset: Hdf5Dataset, from: string, rules: LinkRules) {
    this.#dataset = dataset;
    this.#from = from;
    this.#rules = rules;
  }

  async read(offset: readonly number[], count: readonly number[], into: Uint8Array): Promise<void> {
    const { metadata: { shape, size, chunks } } = this.#dataset;
    this.#thread ??= new LibraryThread({
      path: this.#dataset.file.bytes.path,
      from: this.#from,
      dataset: this.#dataset.path,
      rules: this.#rules,
      shape: shape!,
      elementBytes: size,
      progress: new Int32Array(new SharedArrayBuffer(8)),
    });
    const request: LibraryRead = { offset, count, bytes: into.length };
    const chunkBytes = (chunks ?? []).reduce((product, length) => product * length, size);
    try {
      into.set(new Uint8Array(await this.#thread.read(request, into.length + chunkBytes)));
    } catch (cause) {
      // After a failure nobody knows what it has in memory.
      this.close();
      throw cause;
    }
  }

  close(): void {
    this.#thread?.end();
    this.#thread = undefined;
  }
}

/** The thread, one question at a time. */
class LibraryThread {
  readonly #dataset: LibraryDataset;
  readonly #thread: ComputeThread;
  #settle: { resolve(answer: LibraryAnswer): void; reject(cause: unknown): void } | undefined;
  #ready: Promise<number> | undefined;

  constructor(dataset: LibraryDataset) {
    this.#dataset = dataset;
    this.#thread = spawnThread(new URL("./library_worker.ts", import.meta.url).href);
    this.#thread.onmessage = ({ data }: MessageEvent<LibraryAnswer>) => this.#settle?.resolve(data);
    this.#thread.onerror = (event) => {
      event.preventDefault();
      this.#settle?.reject(this.#damaged(event.message));
    };
  }

  /** @param work bytes that have to be unpacked */
  async read(request: LibraryRead, work: number): Promise<ArrayBuffer> {
    const slowness = await (this.#ready ??= this.#start());
    const answer = await this.#ask(request, (patience + work * patiencePerByte) * slowness);
    if ("data" in answer) return answer.data;
    throw "error" in answer
      ? restoreError(answer.error)
      : this.#damaged("failure" in answer ? answer.failure : "no answer");
  }

  end(): void {
    this.#thread.terminate();
    this.#settle?.reject(new TypeError(`${this.#dataset.path} is already closed`));
  }

  /** How much slower this machine is at the moment than one that does nothing else. */
  async #start(): Promise<number> {
    const start = performance.now(), answer = await this.#ask(this.#dataset, longestStart);
    if (!("ready" in answer)) {
      throw new OutOfResources("the HDF5 library could not be started", {
        file: this.#dataset.path,
        found: "failure" in answer ? answer.failure : undefined,
        remedy: "close other programs and try again",
      });
    }
    return Math.max(1, (performance.now() - start) / usualStart);
  }

  #ask(message: LibraryDataset | LibraryRead, milliseconds: number): Promise<LibraryAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<LibraryAnswer>(), start = performance.now();
    const [files, waited] = this.#dataset.progress;
    let timer: ReturnType<typeof setTimeout>;
    const look = () => {
      const { progress } = this.#dataset;
      const extra = (Atomics.load(progress, 0) - files) * patiencePerFile + Atomics.load(progress, 1) -
        waited;
      const left = start + milliseconds + extra - performance.now();
      if (left > 0) timer = setTimeout(look, left);
      else reject(this.#hanging());
    };
    timer = setTimeout(look, milliseconds);
    this.#settle = { resolve, reject };
    this.#thread.postMessage(message);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#settle = undefined;
    });
  }

  #hanging(): CorruptFile {
    const { path, dataset } = this.#dataset;
    return new CorruptFile(`${dataset} in ${path} takes far too long to read: it is damaged`, {
      file: path,
      dataset,
      expected: "data that can be unpacked",
      found: "no end",
      remedy:
        "copy or export the file again; if it is sound, write it again with gzip, for example with h5repack",
    });
  }

  #damaged(reason: string): CorruptFile {
    const { path, dataset } = this.#dataset;
    return new CorruptFile(`${dataset} in ${path} cannot be read as HDF5: ${reason}`, {
      file: path,
      dataset,
      expected: "a sound HDF5 file",
      found: reason,
      remedy: "copy or export the file again",
    });
  }
}
