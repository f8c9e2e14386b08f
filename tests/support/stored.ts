/** Reads patterns from where a scan says that they lie, as a thread does. */

import { Buffer } from "node:buffer";
import { type Address, at } from "../../library/engine/address.ts";
import { instantiate, kernelModule } from "../../library/engine/kernels.ts";
import { workingBytes, workingType } from "../../library/engine/loaded_scan.ts";
import { readScratchBytes, StoredReader } from "../../library/engine/stored_reader.ts";
import { bytesPerElement } from "../../library/scan/dtype.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { pixelCount, probeCount } from "../../library/scan/shape.ts";

const memory = new WebAssembly.Memory({ initial: 1024, maximum: 1024, shared: true });
const kernels = instantiate(await kernelModule(), memory);
const patternsAt = 1024 as Address;
/** Bytes behind the scratch in which nothing may be written. */
const guardBytes = 4096, untouched = new Uint8Array(guardBytes).fill(0xa5);

/**
 * The bytes of all patterns of a scan that says where they lie, read `step` patterns at a time.
 *
 * @param tileRows rows of patterns that share chunks that the reader keeps
 */
export function readStored(scan: Scan, step: number = probeCount(scan.shape), tileRows = 2): Uint8Array {
  // Records are turned into what is computed, all else is read as it lies.
  const converted = scan.stored!.some(({ kind }) => kind !== "contiguous" && kind !== "chunked");
  const bytes = converted ? workingBytes(workingType(scan.dtype)) : bytesPerElement(scan.dtype);
  const patternBytes = pixelCount(scan.shape) * bytes;
  const count = probeCount(scan.shape);
  const reader = new StoredReader(memory, kernels, scan.stored!, patternBytes, tileRows);
  const scratch = at(patternsAt, Math.ceil(count * patternBytes / 64) * 64);
  const end = scratch + readScratchBytes(scan.stored, patternBytes, tileRows);
  if (end + guardBytes > memory.buffer.byteLength) {
    throw new RangeError("a scan that is too large for this test");
  }
  const guard = new Uint8Array(memory.buffer, end, guardBytes).fill(0xa5);
  try {
    for (let first = 0; first < count; first += step) {
      reader.read(first, Math.min(step, count - first), at(patternsAt, first * patternBytes), scratch);
    }
  } finally {
    reader.close();
  }
  if (Buffer.compare(guard, untouched) !== 0) throw new RangeError("more scratch was used than asked for");
  return new Uint8Array(memory.buffer, patternsAt, count * patternBytes).slice();
}

/** How the parts of a scan lie, in short: "contiguous", "none 1", "bitshuffle-lz4 4"; "unknown" where that is unknown. */
export function describeStored(scan: Scan): string {
  if (!scan.stored) return "unknown";
  return scan.stored.map((part) => {
    if (part.kind === "tiled") return ["tiled", ...part.steps.map(({ kind }) => kind)].join(" ");
    return part.kind === "chunked" ? `${part.packing} ${part.chunkPatterns}` : part.kind;
  }).join(", ");
}
