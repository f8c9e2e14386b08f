/** How passes ask for memory: said once, counted before a run, and taken from the arena in the run by the same words. */

import { type Address, at, nowhere, wholeLines } from "./address.ts";
import type { Engine } from "./engine.ts";

/** Arrays that can be copied into the arena. */
export type TableArray = Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** Address of a scan row in a ring of rows. */
export type Ring = (row: number) => Address;

/** Where a pass reserves what it needs. Content is undefined until something is written. */
export interface Memory {
  /** Threads that will make the calls. */
  readonly threads: number;
  /** Bytes for the whole reading. */
  allocate(name: string, bytes: number): Address;
  /** A table that is there from the beginning; `content` is called only where it is really wanted. */
  table(name: string, bytes: number, content: () => TableArray): Address;
  /** A ring of rows: row n lies where row n - `rows` lay before. */
  ring(name: string, rows: number, rowBytes: number): Ring;
  /** Scratch memory of each thread, which all passes of a reading share. */
  scratch(bytes: number): void;
  /**
   * Memory that each thread keeps for itself while patterns only pass by.
   *
   * @returns bytes behind the thread's staging memory at which it begins
   */
  perThread(name: string, bytes: number): number;
}

/** A buffer as it was asked for. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: number;
}

/** Memory that is only counted. */
export class CountedMemory implements Memory {
  readonly buffers: NamedBytes[] = [];
  #bytes = 0;
  #scratch = 0;
  /** Bytes that each thread keeps for itself. */
  threadBytes = 0;

  /** @param staged bytes of the patterns in a thread's staging memory */
  constructor(readonly threads: number, readonly staged: number) {}

  /** Bytes of the arena. */
  get bytes(): number {
    return this.#bytes + this.threads * (wholeLines(this.#scratch) + this.threadBytes);
  }

  allocate(name: string, bytes: number): Address {
    this.buffers.push({ name, bytes });
    this.#bytes += wholeLines(bytes);
    return nowhere;
  }

  table(name: string, bytes: number): Address {
    return this.allocate(name, bytes);
  }

  ring(name: string, rows: number, rowBytes: number): Ring {
    this.allocate(name, rows * rowBytes);
    return () => nowhere;
  }

  scratch(bytes: number): void {
    this.#scratch = Math.max(this.#scratch, bytes);
  }

  perThread(name: string, bytes: number): number {
    this.buffers.push({ name, bytes: this.threads * bytes });
    const start = this.staged + this.threadBytes;
    this.threadBytes += wholeLines(bytes);
    return start;
  }
}

/** Memory of the arena. */
export class ArenaMemory implements Memory {
  #scratch = 0;
  /** Bytes that each thread keeps for itself. */
  threadBytes = 0;

  /** @param staged bytes of the patterns in a thread's staging memory */
  constructor(readonly engine: Engine, readonly staged: number) {}

  get threads(): number {
    return this.engine.threads;
  }

  allocate(_name: string, bytes: number): Address {
    return this.engine.allocate(bytes);
  }

  table(name: string, bytes: number, content: () => TableArray): Address {
    const array = content();
    if (array.byteLength > bytes) {
      throw new RangeError(`the table ${name} has ${array.byteLength} bytes, not ${bytes} as said`);
    }
    return this.engine.place(array);
  }

  ring(name: string, rows: number, rowBytes: number): Ring {
    const start = this.allocate(name, rows * rowBytes);
    return (row) => at(start, (row % rows) * rowBytes);
  }

  scratch(bytes: number): void {
    this.#scratch = Math.max(this.#scratch, bytes);
  }

  perThread(_name: string, bytes: number): number {
    const start = this.staged + this.threadBytes;
    this.threadBytes += wholeLines(bytes);
    return start;
  }

  /** Takes the scratch memory, once every pass has said what it wants. */
  settle(): void {
    if (this.#scratch > 0) this.engine.allocateScratch(this.#scratch);
  }
}
