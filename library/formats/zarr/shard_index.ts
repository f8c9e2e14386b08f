/** Where the chunks of a shard lie: its index has offset and size of each, in raster order. */

import { crc32c } from "../../engine/crc32c.ts";
import { boundedName } from "./codecs.ts";
import type { ZarrFiles } from "./files.ts";
import type { ZarrArray } from "./metadata.ts";

/** Offset and size of a chunk in its shard; no size where it was never written. */
export interface ShardPlace {
  readonly offset: number;
  readonly size: number;
}

/** Bytes of an index for each chunk, and what stands there for a chunk that was never written. */
const placeBytes = 16, missing = 2n ** 64n - 1n;

/** The codec that makes shards, of an array that has some. */
export function shardingOf({ metadata }: ZarrArray): ZarrArray["metadata"]["codecs"][number] | undefined {
  const [codec] = metadata.codecs;
  return codec?.name === "sharding_indexed" ? codec : undefined;
}

/**
 * Reads the index of a shard of `count` chunks.
 *
 * @returns `undefined` where it is damaged, or leads out of the shard of `size` bytes
 * @throws {CorruptFile} when the shard is shorter than its index
 */
export async function readShardIndex(
  files: ZarrFiles,
  array: ZarrArray,
  name: string,
  size: number,
  count: number,
): Promise<readonly ShardPlace[] | undefined> {
  const codecs = shardingOf(array)!.configuration.index_codecs as ZarrArray["metadata"]["codecs"];
  const isChecked = codecs.some(({ name }) => name === boundedName("crc32c"));
  const isLittle = codecs.find(({ name }) => name === "bytes")?.configuration.endian !== "big";
  const length = placeBytes * count + (isChecked ? 4 : 0);
  const range = array.indexFirst ? { offset: 0, length } : { suffixLength: length };
  const bytes = await files.read(name, length, range);
  if (bytes === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isChecked && view.getUint32(length - 4, true) !== crc32c(bytes.subarray(0, -4))) return undefined;
  const places: ShardPlace[] = [];
  for (let at = 0; at < placeBytes * count; at += placeBytes) {
    const offset = view.getBigUint64(at, isLittle), bytes = view.getBigUint64(at + 8, isLittle);
    const isThere = offset !== missing || bytes !== missing;
    if (isThere && (bytes === 0n || offset + bytes > BigInt(size))) return undefined;
    places.push(isThere ? { offset: Number(offset), size: Number(bytes) } : { offset: 0, size: 0 });
  }
  return places;
}
