/** Kernels on a memory of their own: for work of one thread that belongs to no pass. */

import { OutOfResources } from "../scan/errors.ts";
import { wholeLines } from "./address.ts";
import { instantiate, kernelModuleNow, type Kernels } from "./kernels.ts";
import { pageBytes } from "./shared_memory.ts";

/** Pages that 32-bit addresses reach. */
const mostPages = 2 ** 16;

/** A memory that grows, and the kernels on it. */
interface OwnMemory {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
}

/** The memory of the last call, until it is collected: work often comes several times in a row. */
let last: WeakRef<OwnMemory> | undefined;

/** What {@link onNumbers} has left at the beginning of that memory, while {@link keepingNumbers} runs. */
let kept: { own: OwnMemory; numbers: Float32Array | null } | null = null;

/**
 * Does some work with kernels at once, in this thread.
 *
 * @param bytes size of the memory; its content is undefined
 * @param work gets the kernels and the memory, neither of which it may keep; no such work within it
 * @throws {OutOfResources} when the memory is larger than kernels can address, or not to be had
 */
export function onOwnMemory<Result>(
  bytes: number,
  work: (kernels: Kernels, buffer: ArrayBufferLike) => Result,
): Result {
  const own = withBytes(bytes);
  if (kept) kept.numbers = null;
  return work(own.kernels, own.memory.buffer);
}

/**
 * The same on numbers that lie at address 0, which the work only reads. They are copied there, unless they lie there already:
 * within {@link keepingNumbers}, from the work before.
 *
 * @param bytes room behind the numbers
 * @param work gets the kernels, the memory, and the address of the room
 * @throws {OutOfResources} as {@link onOwnMemory}
 */
export function onNumbers<Result>(
  numbers: Float32Array,
  bytes: number,
  work: (kernels: Kernels, buffer: ArrayBufferLike, room: number) => Result,
): Result {
  const room = wholeLines(numbers.byteLength), own = withBytes(room + bytes), { buffer } = own.memory;
  if (!kept || kept.own !== own || kept.numbers !== numbers) {
    new Float32Array(buffer, 0, numbers.length).set(numbers);
    if (kept) kept = { own, numbers };
  }
  return work(own.kernels, buffer, room);
}

/** Has works on the same numbers share one copy of them: nobody may change the numbers meanwhile. */
export function keepingNumbers<Result>(work: () => Result): Result {
  const before = kept;
  kept ??= { own: withBytes(0), numbers: null };
  try {
    return work();
  } finally {
    kept = before;
  }
}

/** The memory with at least so many bytes. */
function withBytes(bytes: number): OwnMemory {
  const own = last?.deref() ?? create();
  last = new WeakRef(own);
  const pages = Math.ceil(bytes / pageBytes), present = own.memory.buffer.byteLength / pageBytes;
  if (pages > mostPages) throw noRoom(bytes);
  try {
    if (pages > present) own.memory.grow(pages - present);
  } catch (cause) {
    throw noRoom(bytes, cause);
  }
  return own;
}

function create(): OwnMemory {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages, shared: true });
  return { memory, kernels: instantiate(kernelModuleNow(), memory) };
}

function noRoom(bytes: number, cause?: unknown): OutOfResources {
  return new OutOfResources("the scan has too many probe positions for this step", {
    found: `${Math.ceil(bytes / 2 ** 20)} MiB wanted at once`,
    remedy: "take a part of the scan, or close other programs",
  }, { cause });
}
