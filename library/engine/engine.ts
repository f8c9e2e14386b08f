/** One shared WebAssembly memory, used as an arena, and the threads that compute on it. */

import { bytesOf } from "../scan/dtype.ts";
import { OutOfResources } from "../scan/errors.ts";
import { type Address, at, nowhere, wholeLines } from "./address.ts";
import { kernelModule, type Work } from "./kernels.ts";
import { arenaLimit, type EngineOptions, processBytes, workerCount } from "./limits.ts";
import type { StoredPatterns } from "../scan/stored.ts";
import type { ThreadAreas } from "./thread.ts";
import { type Executor, inlineExecutor, WorkerPool } from "./pool.ts";
import { sharedMemory } from "./shared_memory.ts";

/** The first bytes hold the counter that deals out calls. */
const reserved = 64;

interface ViewConstructor<View> {
  new (buffer: ArrayBufferLike, offset: number, length: number): View;
}

/**
 * Arena and threads of one run. Close it when done, whatever happened. Callers of the library hand it on; what passes
 * do with its memory is marked as internal.
 */
export class Engine {
  /** Bytes the arena may grow to. */
  readonly limit: number;
  readonly #memory: WebAssembly.Memory;
  readonly #executor: Executor;
  #top = reserved;
  #highest = reserved;
  #areas: ThreadAreas = { scratch: nowhere, scratchStride: 0, staging: nowhere, stagingStride: 0 };
  #sources = 0;
  #alongside: readonly Work[] = [];

  private constructor(memory: WebAssembly.Memory, executor: Executor, limit: number) {
    this.#memory = memory;
    this.#executor = executor;
    this.limit = limit;
  }

  /**
   * Starts the threads.
   *
   * @throws {FileUnavailable} when the kernels were never built
   * @throws {BadParameter} when workers or memory are out of range
   */
  static async create(options: EngineOptions): Promise<Engine> {
    const limit = arenaLimit(options);
    const threads = workerCount(options);
    const module = await kernelModule();
    const memory = sharedMemory(limit, {
      what: `${Math.ceil(limit / 2 ** 20)} MiB of memory`,
      remedy: "close other programs, or lower `memory`",
    });
    const executor = threads === 1 ? inlineExecutor(module, memory) : new WorkerPool(module, memory, threads);
    return new Engine(memory, executor, limit);
  }

  /** Number of threads that compute. */
  get threads(): number {
    return this.#executor.threads;
  }

  /** Bytes still free. */
  get available(): number {
    return this.limit - this.#top;
  }

  /** Most bytes that were taken at a time, for comparing plans with what happened. */
  get highest(): number {
    return this.#highest;
  }

  /**
   * Takes memory; its content is undefined. Release it with {@link mark} and {@link release}.
   *
   * @throws {OutOfResources} when the limit would be exceeded
   * @internal
   */
  allocate(bytes: number): Address {
    const pointer = this.#top as Address;
    const top = pointer + wholeLines(bytes);
    if (!(top <= this.limit)) {
      throw new OutOfResources("the memory limit is too small for this scan", {
        expected: `${Math.ceil((top + processBytes) / 2 ** 20)} MiB`,
        found: `${Math.floor((this.limit + processBytes) / 2 ** 20)} MiB`,
        parameter: "memory",
        remedy: `raise \`memory\` to ${Math.ceil((top + processBytes) / 2 ** 20)}M or more`,
      });
    }
    this.#top = top;
    this.#highest = Math.max(this.#highest, top);
    return pointer;
  }

  /**
   * Refuses, as {@link allocate} does, what will be taken elsewhere.
   *
   * @internal
   */
  demand(bytes: number): void {
    const top = this.#top, highest = this.#highest;
    this.allocate(bytes);
    [this.#top, this.#highest] = [top, highest];
  }

  /**
   * Remembers what is allocated now.
   *
   * @internal
   */
  mark(): number {
    return this.#top;
  }

  /**
   * Gives back everything allocated since `mark`.
   *
   * @internal
   */
  release(mark: number): void {
    this.#top = mark;
    const { scratch, staging } = this.#areas;
    if (scratch >= mark) this.#areas = { ...this.#areas, scratch: nowhere, scratchStride: 0 };
    if (staging >= mark) this.#areas = { ...this.#areas, staging: nowhere, stagingStride: 0 };
  }

  /**
   * Gives each thread `bytes` of scratch memory, allocated like anything else.
   *
   * @internal
   */
  allocateScratch(bytes: number): void {
    const scratchStride = wholeLines(bytes);
    this.#areas = { ...this.#areas, scratch: this.allocate(scratchStride * this.threads), scratchStride };
  }

  /**
   * Gives each thread `bytes` of staging memory, allocated like anything else.
   *
   * @internal
   */
  allocateStaging(bytes: number): void {
    const stagingStride = wholeLines(bytes);
    this.#areas = { ...this.#areas, staging: this.allocate(stagingStride * this.threads), stagingStride };
  }

  /**
   * Address of a thread's staging memory.
   *
   * @internal
   */
  staging(thread: number): Address {
    return at(this.#areas.staging, thread * this.#areas.stagingStride);
  }

  /**
   * A view of the arena. It stays valid while the engine lives.
   *
   * @internal
   */
  view<View>(type: ViewConstructor<View>, pointer: Address, length: number): View {
    return new type(this.#memory.buffer, pointer, length);
  }

  /**
   * Copies an array into the arena and gives its address.
   *
   * @internal
   */
  place(array: Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array): Address {
    const pointer = this.allocate(array.byteLength);
    this.view(Uint8Array, pointer, array.byteLength).set(bytesOf(array));
    return pointer;
  }

  /**
   * Makes patterns in files known to the threads.
   *
   * @param tileRows rows of patterns that share chunks that each thread keeps
   * @returns the number by which `load` calls name them
   * @internal
   */
  addSource(stored: StoredPatterns, patternBytes: number, tileRows: number): number {
    const id = this.#sources++;
    this.#executor.addSource({ id, stored, patternBytes, tileRows });
    return id;
  }

  /**
   * Closes the files of patterns that are not needed any more.
   *
   * @internal
   */
  removeSource(id: number): void {
    this.#executor.removeSource(id);
  }

  /**
   * Calls to make among those of the next batch: reading waits while computing does not.
   *
   * @internal
   */
  alongside(calls: readonly Work[]): void {
    this.#alongside = [...this.#alongside, ...calls];
  }

  /**
   * Makes the calls on all threads; resolves when all are done. The next batch must wait for it.
   *
   * @internal
   */
  run(calls: readonly Work[]): Promise<void> {
    const all = interleave(this.#alongside, calls);
    this.#alongside = [];
    if (all.length === 0) return Promise.resolve();
    return this.#executor.run({
      calls: all,
      counter: 0,
      areas: this.#areas,
    });
  }

  /** Stops the threads. */
  close(): void {
    this.#executor.close();
  }
}

/** The items of both lists, evenly mixed, each list in its order. */
function interleave<Item>(some: readonly Item[], others: readonly Item[]): readonly Item[] {
  if (some.length === 0 || others.length === 0) return some.length > 0 ? some : others;
  const mixed: Item[] = [];
  let taken = 0;
  others.forEach((item, index) => {
    const due = Math.ceil((index + 1) * some.length / others.length);
    while (taken < due) mixed.push(some[taken++]);
    mixed.push(item);
  });
  return mixed;
}
