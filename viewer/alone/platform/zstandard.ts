/** Zstandard for single patterns, which browsers do not unpack: by the kernel that unpacks it everywhere else. */

import { type Address, at, wholeLines } from "../../../library/engine/address.ts";
import { instantiate, type Kernels } from "../../../library/engine/kernels.ts";
import { pageBytes } from "../../../library/engine/shared_memory.ts";
import { zstdScratchBytes } from "../../../library/engine/unpack_scratch.ts";
import { kernelsPath } from "../delivered.ts";
import { fileAt } from "./files.ts";

/** Bytes behind what is packed that the kernel may read. */
const readableBytes = 32;
/** Where the scratch begins. */
const start = 64 as Address;

let kernels: Kernels | undefined;
let memory: WebAssembly.Memory;

/** Unpacks frames to at most so many bytes. */
export function zstdDecompressSync(
  packed: Uint8Array,
  { maxOutputLength }: { readonly maxOutputLength: number },
): Uint8Array<ArrayBuffer> {
  const source = at(start, zstdScratchBytes),
    target = at(source, wholeLines(packed.length + readableBytes));
  const { unpackZstandard } = kernelsWith(target + maxOutputLength);
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(packed, source);
  const found = Number(unpackZstandard(source, packed.length, target, maxOutputLength, start));
  if (found < 0) throw new Error("a damaged Zstandard frame, or one of too many bytes");
  return new Uint8Array(bytes.subarray(target, target + found));
}

/** The kernels on a memory of at least so many bytes. */
function kernelsWith(bytes: number): Kernels {
  const pages = Math.ceil(bytes / pageBytes);
  if (!kernels) {
    memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
    const file = fileAt(kernelsPath);
    kernels = instantiate(new WebAssembly.Module(file.read(0, file.size)), memory);
  }
  const missing = pages - memory.buffer.byteLength / pageBytes;
  if (missing > 0) memory.grow(missing);
  return kernels;
}
