/** What one thread does: kernel calls, and loading patterns from files. */

import { type Address, at, nowhere } from "./address.ts";
import { fillMissing } from "./missing_pixels.ts";
import { StoredReader } from "./stored_reader.ts";
import {
  instantiate,
  isCall,
  type KernelCall,
  type Kernels,
  type LoadCall,
  type NumbersOf,
  threadStaging,
  type Work,
  type Working,
  workings,
} from "./kernels.ts";
import type { StoredPatterns } from "../scan/stored.ts";

/** Memory of the threads' own: the address of the first thread's, and bytes from one thread's to the next. */
export interface ThreadAreas {
  readonly scratch: Address;
  readonly scratchStride: number;
  readonly staging: Address;
  readonly stagingStride: number;
}

/** Patterns that threads read by themselves. */
export interface PatternSource {
  /** Number by which `load` calls name it. */
  readonly id: number;
  readonly stored: StoredPatterns;
  readonly patternBytes: number;
  /** Rows of patterns that share chunks that a thread keeps. */
  readonly tileRows: number;
}

/** Kernels on one memory, and the files that one thread has open. */
export class Thread {
  readonly #kernels: Kernels;
  readonly #memory: WebAssembly.Memory;
  readonly #index: number;
  readonly #sources = new Map<number, StoredReader>();

  /** @param index place among the threads, 0-based */
  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, index: number) {
    this.#kernels = instantiate(module, memory);
    this.#memory = memory;
    this.#index = index;
  }

  /** Makes patterns known to `load` calls; files are opened when the first call needs them. */
  addSource({ id, stored, patternBytes, tileRows }: PatternSource): void {
    const reader = new StoredReader(this.#memory, this.#kernels, stored, patternBytes, tileRows);
    this.#sources.set(id, reader);
  }

  /** Forgets patterns and closes their files. */
  removeSource(id: number): void {
    this.#sources.get(id)?.close();
    this.#sources.delete(id);
  }

  /** Makes one call, or several in their order. */
  make(work: Work, areas: ThreadAreas): void {
    if (!isCall(work)) {
      for (const call of work) this.make(call, areas);
      return;
    }
    const [kernel, ...numbers]: readonly [KernelCall[0], ...number[]] = work;
    for (let i = 0; i < numbers.length; i++) {
      if (Number.isNaN(numbers[i])) numbers[i] = areas.scratch + this.#index * areas.scratchStride;
      else if (numbers[i] > threadStaging / 2) {
        numbers[i] += areas.staging + this.#index * areas.stagingStride - threadStaging;
      }
    }
    if (kernel === "load") {
      demandNumbers(kernel, numbers, loadNumbers);
      return this.#load(...numbers as unknown as NumbersOf<LoadCall>);
    }
    const run = this.#kernels[kernel] as (...numbers: number[]) => void;
    demandNumbers(kernel, numbers, run.length);
    run(...numbers);
  }

  /** Closes all files. */
  close(): void {
    for (const id of [...this.#sources.keys()]) this.removeSource(id);
  }

  /** Reads patterns, fills their bad pixels and looks at their values. */
  #load(...[source, first, count, patterns, ...rest]: NumbersOf<LoadCall>): void {
    const [working, pixels, fillTable, badPixels, columns, largestBelieved, scratch, scratchStride, checks] =
      rest;
    const own = at(scratch, this.#index * scratchStride);
    if (source >= 0) this.#sources.get(source)!.read(first, count, patterns, own);
    const type: Working = workings[working];
    if (badPixels > 0) this.#kernels[`fill${type}`](patterns, 0, count, pixels, fillTable, badPixels, own);
    const found = checks === nowhere ? own : checks;
    if (checks === nowhere && largestBelieved === 0) return;
    this.#kernels[`maxima${type}`](patterns, 0, count, pixels, found);
    const largest = new (type === "F32" ? Float32Array : Int32Array)(this.#memory.buffer, found, count);
    for (let i = 0; i < count; i++) {
      // NaN, which stands for a pattern that is not finite, is compared with in the same way.
      if (largest[i] < (largestBelieved || Infinity)) continue;
      const place = at(patterns, i * pixels * bytesOf[type]);
      const pattern = new viewsOf[type](this.#memory.buffer, place, pixels);
      // Whoever reads on must not meet them: a run that may not leave the pattern out ends with an error.
      if (Number.isNaN(largest[i])) this.#kernels.zeroUnfiniteF32(place, pixels);
      if (largestBelieved > 0) fillMissing(pattern, columns, largestBelieved);
      if (!Number.isNaN(largest[i])) this.#kernels[`maxima${type}`](place, 0, 1, pixels, at(found, 4 * i));
    }
  }
}

const viewsOf = { U8: Uint8Array, U16: Uint16Array, F32: Float32Array };
const bytesOf = { U8: 1, U16: 2, F32: 4 };

/** Numbers that a `load` call gives. */
const loadNumbers: NumbersOf<LoadCall>["length"] = 13;

/** WebAssembly takes 0 for a number that is missing, and nothing for one too many: both would go unseen. */
function demandNumbers(kernel: string, { length }: readonly number[], wanted: number): void {
  if (length !== wanted) {
    throw new TypeError(`the kernel ${kernel} takes ${wanted} numbers, the call gives ${length}`);
  }
}
