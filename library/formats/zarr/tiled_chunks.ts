/** Where the chunks of a Zarr array lie, so that threads read them by themselves. */

import { canUnpack } from "../../engine/chunk_unpacker.ts";
import { CrystalliteError } from "../../scan/errors.ts";
import { isNativeLittleEndian } from "../../scan/frames.ts";
import type { ScanShape } from "../../scan/shape.ts";
import type { StoredPatterns } from "../../scan/stored.ts";
import {
  fitsTiles,
  largestStage,
  largestTile,
  tileBytes,
  type TiledPatterns,
  type UnpackStep,
} from "../../scan/tiles.ts";
import { boundedName, byteCodecNames } from "./codecs.ts";
import type { FilePlace, ZarrFiles } from "./files.ts";
import { codecsOf, storedBytes, type ZarrArray } from "./metadata.ts";
import { readShardIndex, shardingOf, type ShardPlace } from "./shard_index.ts";
import type { StoredChunks } from "./stored_chunks.ts";

/** More chunks than this are not listed for threads. */
const mostChunks = 2 ** 22;

/**
 * The chunks of an array as threads read them; `undefined` where they have their axes in another order, are too large, lie
 * in deflated shards, or are packed in ways that only others undo.
 */
export async function tiledChunks(
  files: ZarrFiles,
  array: ZarrArray,
  { chunks: found }: StoredChunks,
  shape: ScanShape,
): Promise<StoredPatterns | undefined> {
  const { lengths, chunks, numbers, fill } = array, packing = packingOf(array);
  if (found === undefined || packing === undefined) return undefined;
  if (!fitsTiles(lengths, shape) || countOf(chunkGrid(array)) > mostChunks) return undefined;
  const places = found.map((chunk) => chunk === undefined ? null : files.locate(chunk.name));
  const first = places.find((place) => place);
  if (!first || places.includes(undefined)) return undefined;
  const listed = shardingOf(array)
    ? await chunksInShards(files, array, found, places as FileList)
    : chunksInFiles(found, places as FileList);
  // Members of a zip file share a path; else the path of each is a beginning and its indices.
  const key = found[places.indexOf(first)]!.name, inFiles = first.path.endsWith(key);
  const path = inFiles ? first.path.slice(0, first.path.length - key.length) + beginning(array) : first.path;
  const part = {
    ...{ kind: "tiled", path, ...(inFiles && { separator: array.keys.separator }) } as const,
    ...{ lengths, chunks, ...listed!, fill: fill ?? 0, numbers, ...packing, first: 0 },
    patterns: countOf(lengths.slice(0, -2)),
  };
  const most = largestStage(tileBytes(part));
  if (listed === undefined || listed.largest > most || tileBytes(part) > largestTile) return undefined;
  const { largest: _, ...stored } = part;
  return [stored];
}

/** Where files lie; `null` for those that are not there. */
type FileList = readonly (FilePlace | null)[];

/** The chunks of a part, as they are listed; with the bytes of the largest. */
type Listed = Pick<TiledPatterns, "offsets" | "sizes" | "deflated" | "perFile"> & {
  readonly largest: number;
};

/** Chunks along each axis. */
function chunkGrid({ lengths, chunks }: ZarrArray): number[] {
  return lengths.map((length, axis) => Math.ceil(length / chunks[axis]));
}

function countOf(lengths: readonly number[]): number {
  return lengths.reduce((product, length) => product * length, 1);
}

/** Chunks that are files, or members of a zip file, which may have deflated them. */
function chunksInFiles(found: NonNullable<StoredChunks["chunks"]>, places: FileList): Listed | undefined {
  const offsets = new Float64Array(places.length), sizes = new Uint32Array(places.length);
  const sums = new Float64Array(places.length).fill(-1);
  let largest = 0;
  for (const [index, place] of places.entries()) {
    if (place === null) continue;
    const { size } = found[index]!, { offset, deflated } = place;
    if (size === 0) return undefined;
    largest = Math.max(largest, size, deflated?.size ?? 0);
    offsets[index] = offset;
    sizes[index] = deflated?.size ?? size;
    if (deflated) sums[index] = deflated.sum;
  }
  return { offsets, sizes, largest, ...(sums.some((sum) => sum >= 0) && { deflated: sums }) };
}

/** Chunks that share files, each of which has an index of them. */
async function chunksInShards(
  files: ZarrFiles,
  array: ZarrArray,
  found: NonNullable<StoredChunks["chunks"]>,
  places: FileList,
): Promise<Listed | undefined> {
  const { lengths, stored, chunks } = array, grid = chunkGrid(array);
  const perFile = stored.map((length, axis) => length / chunks[axis]), count = countOf(perFile);
  const shards = lengths.map((length, axis) => Math.ceil(length / stored[axis]));
  const offsets = new Float64Array(countOf(grid)), sizes = new Uint32Array(offsets.length);
  let largest = 0;
  for (const [shard, place] of places.entries()) {
    if (place === null) continue;
    if (place.deflated) return undefined;
    const { name, size } = found[shard]!, inside = await placesInShard(files, array, name, size, count);
    if (inside === undefined) return undefined;
    const start = positionOf(shard, shards).map((at, axis) => at * perFile[axis]);
    for (const [within, { offset, size }] of inside.entries()) {
      const index = positionOf(within, perFile).map((at, axis) => start[axis] + at);
      // Shards are whole at the upper ends of axes too.
      if (index.some((at, axis) => at >= grid[axis])) continue;
      const number = index.reduce((sum, at, axis) => sum * grid[axis] + at, 0);
      if (size >= 2 ** 32) return undefined;
      largest = Math.max(largest, size);
      offsets[number] = place.offset + offset;
      sizes[number] = size;
    }
  }
  return { offsets, sizes, perFile, largest };
}

/** What is damaged is complained about when it is read. */
async function placesInShard(
  ...[files, array, name, size, count]: Parameters<typeof readShardIndex>
): Promise<readonly ShardPlace[] | undefined> {
  try {
    return await readShardIndex(files, array, name, size, count);
  } catch (cause) {
    if (cause instanceof CrystalliteError) return undefined;
    throw cause;
  }
}

/** The index on each axis of a place in raster order. */
function positionOf(place: number, lengths: readonly number[]): number[] {
  const position = lengths.map(() => 0);
  for (let axis = lengths.length - 1; axis >= 0; axis--) {
    position[axis] = place % lengths[axis];
    place = Math.floor(place / lengths[axis]);
  }
  return position;
}

/** What the names of all chunks of an array begin with. */
function beginning({ path, keys }: ZarrArray): string {
  const folder = path.slice(1);
  return (folder === "" ? "" : `${folder}/`) + keys.prefix;
}

/** What is to be done with the bytes of a chunk: what codecs did, from the last to the first. */
function packingOf(
  array: ZarrArray,
): { readonly swapped: boolean; readonly steps: readonly UnpackStep[] } | undefined {
  const steps: UnpackStep[] = [];
  let swapped = false;
  const elementBytes = storedBytes(array);
  for (const { name, configuration } of codecsOf(array)) {
    if (name === "bytes") {
      swapped = elementBytes > 1 && (configuration.endian === "big") === isNativeLittleEndian;
      continue;
    }
    const codec = byteCodecNames.find((own) => boundedName(own) === name);
    if (codec !== undefined) steps.unshift({ kind: codec as UnpackStep["kind"], elementBytes });
    else if (name === "numcodecs.shuffle") {
      const size = configuration.elementsize ?? 4;
      if (!(Number.isInteger(size) && (size as number) >= 1)) return undefined;
      steps.unshift({ kind: "shuffle", elementBytes: size as number });
    } else return undefined;
  }
  return canUnpack(steps) ? { swapped, steps } : undefined;
}
