/** Which files of chunks a Zarr array has. Chunks that were never written are part of the format, but must not go unsaid. */

import { CorruptFile } from "../../scan/errors.ts";
import type { ZarrFiles } from "./files.ts";
import type { ZarrArray } from "./metadata.ts";
import { fileOf } from "./tree.ts";

/** What was found. */
export interface StoredChunks {
  /** Bytes of all files of chunks. */
  readonly bytes: number;
  readonly warnings: readonly string[];
  /** Those that are there, by their place in raster order; `undefined` where nearly all of very many are missing. */
  readonly chunks?: readonly (ChunkFile | undefined)[];
}

/** A file of a chunk. */
export interface ChunkFile {
  /** Name in the store. */
  readonly name: string;
  readonly size: number;
}

/** A table of chunks has room for so many times those that are there, and for so many at least. */
const mostMissing = 16, leastTable = 2 ** 18;

/**
 * Counts the files of chunks of an array.
 *
 * @throws {CorruptFile} when there is none, or some are missing and the array does not say what stands in their place
 */
export function findChunks(files: ZarrFiles, array: ZarrArray): StoredChunks {
  const { file, path, lengths, stored, keys, fill } = array;
  const grid = lengths.map((length, axis) => Math.ceil(length / stored[axis]));
  const total = grid.reduce((product, count) => product * count, 1);
  const chunks = new Map<number, ChunkFile>();
  let bytes = 0;
  const count = (folder: string, indices: readonly number[]): void => {
    for (const name of files.names(fileOf(path, folder).replace(/\/$/, ""))) {
      const more = indicesOf(name, keys, folder === "");
      const all = more && [...indices, ...more];
      if (!all || all.length > grid.length || all.some((index, axis) => index >= grid[axis])) continue;
      if (all.length < grid.length) {
        if (keys.separator === "/") count(`${folder}${name}/`, all);
        continue;
      }
      const key = fileOf(path, folder + name), size = files.size(key);
      if (size === undefined) continue;
      chunks.set(all.reduce((sum, index, axis) => sum * grid[axis] + index, 0), { name: key, size });
      bytes += size;
    }
  };
  count(keys.prefix.endsWith("/") ? keys.prefix : "", []);
  const found = chunks.size, missing = total - found;
  if (found === 0 || (missing > 0 && fill === null)) {
    throw new CorruptFile(`${path} in ${file} has ${found === 0 ? "no chunks" : "lost some of its chunks"}`, {
      file,
      dataset: path,
      expected: `${total} files of chunks`,
      found: `${found}`,
      remedy: "copy or save the store again",
    });
  }
  return {
    bytes,
    warnings: missing > 0
      ? [`${missing} of ${total} chunks of ${path} were never written and are read as ${fill}`]
      : [],
    chunks: total <= mostMissing * found + leastTable
      ? Array.from({ length: total }, (_, place) => chunks.get(place))
      : undefined,
  };
}

/** The indices in the name of a file or folder of chunks. */
function indicesOf(
  name: string,
  { prefix, separator }: ZarrArray["keys"],
  first: boolean,
): number[] | undefined {
  const begin = first && separator === "." ? prefix : "";
  if (!name.startsWith(begin)) return undefined;
  const parts = name.slice(begin.length).split(separator);
  return parts.every((part) => /^(0|[1-9]\d{0,14})$/.test(part)) ? parts.map(Number) : undefined;
}
