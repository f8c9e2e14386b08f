/** Bad pixels in stores that we wrote: an array of the detector's pixels, in one chunk. */

import { maskFromPixels } from "../stored_mask.ts";
import { chunkGetter } from "./chunk_reader.ts";
import type { ZarrFiles } from "./files.ts";
import { parseArray } from "./metadata.ts";
import { findChunks } from "./stored_chunks.ts";
import { readNode } from "./tree.ts";

/**
 * The mask in an array, 1 = bad.
 *
 * @param pixels those of the detector
 * @returns `undefined` where there is no such array
 * @throws {CorruptFile} when it is damaged
 */
export async function readMask(
  files: ZarrFiles,
  path: string,
  pixels: number,
): Promise<Uint8Array | undefined> {
  const node = await readNode(files, path);
  if (node?.kind !== "array") return undefined;
  const array = parseArray(files.path, path, node.metadata), { lengths, chunks } = array;
  const isMask = lengths.join() === chunks.join() && lengths.reduce((a, b) => a * b, 1) === pixels;
  // Nothing is taken for what was never written.
  if (!isMask || findChunks(files, array).bytes === 0) return undefined;
  const { data } = await (await chunkGetter(files, array))(lengths.map(() => 0));
  return maskFromPixels(data, pixels);
}
