/** Memory in which the kernels turn blocks of numbers, apart from that of any run. */

import { type Address, at, wholeLines } from "./address.ts";
import { instantiate, kernelModule, type Kernels } from "./kernels.ts";
import { pageBytes, sharedMemory } from "./shared_memory.ts";

/** Bytes that turning takes for blocks of so many numbers and positions. */
export function turningBytes(blockBytes: number, positions: number): number {
  return 3 * wholeLines(blockBytes) + 4 * positions + pageBytes;
}

/** A matrix before and after it is turned, and the one before it, which may still be written elsewhere. */
export class TurningMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #blockBytes: number;
  readonly #places: Address;
  #turns = 0;

  private constructor(memory: WebAssembly.Memory, kernels: Kernels, blockBytes: number, places: Uint32Array) {
    this.#memory = memory;
    this.#kernels = kernels;
    this.#blockBytes = wholeLines(blockBytes);
    this.#places = at(0 as Address, 64 + 3 * this.#blockBytes);
    new Uint32Array(memory.buffer, this.#places, places.length).set(places);
  }

  /**
   * Takes the memory.
   *
   * @param places for each column of a block the row that it becomes
   * @throws {OutOfResources} when the system does not give it
   */
  static async create(blockBytes: number, places: Uint32Array): Promise<TurningMemory> {
    const module = await kernelModule();
    const bytes = Math.ceil(turningBytes(blockBytes, places.length) / pageBytes) * pageBytes;
    const what = `${bytes} bytes to turn the file in`;
    const memory = sharedMemory(bytes, { what, remedy: "close other programs" });
    return new TurningMemory(memory, instantiate(module, memory), blockBytes, places);
  }

  /** Where a block goes that is to be turned. */
  source(bytes: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, 64, bytes);
  }

  /** Turns the block of the source, whose columns have their places; valid until the one after the next. */
  turn(rows: number, columns: number, numberBytes: number): Uint8Array {
    const target = at(64 as Address, (1 + this.#turns++ % 2) * this.#blockBytes);
    this.#kernels.turnNumbers(64 as Address, target, rows, columns, numberBytes, this.#places);
    return new Uint8Array(this.#memory.buffer, target, rows * columns * numberBytes);
  }
}
