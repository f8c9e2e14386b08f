/** Where the chunks of a Zarr array lie, so that threads read them by themselves. */

import { canUnpack } from "../../engine/chunk_unpacker.ts";
import { isNativeLittleEndian } from "../../scan/frames.ts";
import type { ScanShape } from "../../scan/shape.ts";
import type { StoredPatterns } from "../../scan/stored.ts";
import { fitsTiles, largestStage, largestTile, tileBytes, type UnpackStep } from "../../scan/tiles.ts";
import { boundedName, byteCodecNames } from "./codecs.ts";
import type { ZarrFiles } from "./files.ts";
import { storedBytes, type ZarrArray } from "./metadata.ts";
import type { StoredChunks } from "./stored_chunks.ts";

/**
 * The chunks of an array as threads read them; `undefined` where they lie in shards or packed members of a zip file, have
 * their axes in another order, are too large, or are packed in ways that only others undo.
 */
export function tiledChunks(
  files: ZarrFiles,
  array: ZarrArray,
  { chunks: found }: StoredChunks,
  shape: ScanShape,
): StoredPatterns | undefined {
  const { lengths, chunks, numbers, fill } = array, packing = packingOf(array);
  if (found === undefined || packing === undefined) return undefined;
  if (!fitsTiles(lengths, shape)) return undefined;
  const places = found.map((chunk) => chunk === undefined ? null : files.locate(chunk.name));
  const first = places.find((place) => place);
  if (!first) return undefined;
  const offsets = new Float64Array(places.length), sizes = new Uint32Array(places.length);
  // Members of a zip file share a path; else the path of each is a beginning and its indices.
  const key = found[places.indexOf(first)]!.name, inFiles = first.path.endsWith(key);
  const path = inFiles ? first.path.slice(0, first.path.length - key.length) + beginning(array) : first.path;
  const part = {
    ...{ kind: "tiled", path, ...(inFiles && { separator: array.keys.separator }) } as const,
    ...{ lengths, chunks, offsets, sizes, fill: fill ?? 0, numbers, ...packing, first: 0 },
    patterns: lengths.slice(0, -2).reduce((product, length) => product * length, 1),
  };
  const most = largestStage(tileBytes(part));
  for (const [index, place] of places.entries()) {
    if (place === null) continue;
    const { size } = found[index]!;
    if (place === undefined || size === 0 || size > most) return undefined;
    offsets[index] = place.offset;
    sizes[index] = size;
  }
  return tileBytes(part) <= largestTile ? [part] : undefined;
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
  for (const { name, configuration } of array.metadata.codecs) {
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
