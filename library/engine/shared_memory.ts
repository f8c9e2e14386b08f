/** Memory of the kernels, which all threads share. */

import { OutOfResources } from "../scan/errors.ts";

/** Bytes that memory of WebAssembly grows by. */
export const pageBytes = 65536;

/** What is said where the system gives no memory. */
export interface MemoryRefusal {
  /** What the memory is for, with its size. */
  readonly what: string;
  readonly remedy: string;
}

/**
 * Takes the whole memory at once: memory that grows later is noticed late by other threads, whose kernels then trap. Pages
 * that are never touched take no room.
 *
 * @throws {OutOfResources} when the system does not give it
 */
export function sharedMemory(bytes: number, { what, remedy }: MemoryRefusal): WebAssembly.Memory {
  const pages = Math.ceil(bytes / pageBytes);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    throw new OutOfResources(`the system does not give ${what}`, {
      expected: `${Math.ceil(bytes / 2 ** 20)} MiB`,
      parameter: "memory",
      remedy,
    }, { cause });
  }
}
