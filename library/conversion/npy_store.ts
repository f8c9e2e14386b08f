/** Chunks as the elements of a `.npy` file. */

import { NpyWriter } from "../formats/npy_writer.ts";
import type { ChunkStore } from "./chunk_store.ts";
import { lengthsOf, type ScanDescription } from "./description.ts";

/** Creates a `.npy` file, which takes chunks that are not packed and hold nothing but patterns. */
export function createNpyStore(path: string, description: ScanDescription): ChunkStore {
  const writer = NpyWriter.create(path, description.dtype, lengthsOf(description));
  return {
    add: (chunk) => writer.write(chunk),
    finish: () => writer.close(),
    abandon: () => writer.abort(),
  };
}
