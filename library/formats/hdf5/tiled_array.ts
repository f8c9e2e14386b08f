/** Chunks of HDF5 data sets that threads unpack by themselves though they hold parts of patterns, or are packed by common filters. */

import { canUnpack } from "../../engine/chunk_unpacker.ts";
import { isNativeLittleEndian } from "../../scan/frames.ts";
import type { ScanShape } from "../../scan/shape.ts";
import { computedAsStored, numberBytes } from "../../scan/stored_number.ts";
import { fitsTiles, largestTile, type UnpackStep } from "../../scan/tiles.ts";
import type { Hdf5Array } from "./array_axes.ts";
import type { ChunkGrid } from "./chunk_table.ts";

/** How Blosc names the compressions that we read: LZ4, its slow variant, zlib and Zstandard. */
const bloscCompressions: readonly number[] = [1, 2, 4, 5];
const bitshuffleLz4 = 2;

/**
 * How threads unpack the chunks of an array; `undefined` where they are simply runs of whole patterns, or where threads do
 * not unpack them.
 *
 * @param complete whether all chunks were written; what threads read as runs must be there
 */
export function tileSteps(
  array: Hdf5Array,
  { lengths: chunk, bytes }: ChunkGrid,
  shape: ScanShape,
  complete: boolean,
): readonly UnpackStep[] | undefined {
  const { lengths, numbers } = array;
  if ((array.patternAxes ?? 2) !== 2 || bytes > largestTile) return undefined;
  if (![...chunk, ...lengths].every((length) => length >= 1) || !fitsTiles(lengths, shape)) return undefined;
  const steps = stepsOf(array);
  if (steps === undefined || !canUnpack(steps)) return undefined;
  const plain = steps.length === 0 || (steps.length === 1 && steps[0].kind === "bitshuffle-lz4");
  const isRun = complete && plain && computedAsStored(numbers) && !swapsBytes(array) &&
    isRunOfPatterns(chunk, lengths, steps.length > 0);
  return isRun ? undefined : steps;
}

/** Whether the bytes of each number are in the other order than this machine's. */
export function swapsBytes({ dataset: { type } }: Hdf5Array): boolean {
  return type.size > 1 && type.littleEndian !== isNativeLittleEndian;
}

/** Whether each chunk holds whole patterns that follow each other, of one scan row where they are packed. */
function isRunOfPatterns(chunk: readonly number[], lengths: readonly number[], packed: boolean): boolean {
  const several = chunk.findIndex((length) => length > 1), across = lengths.length - 3;
  const whole = chunk.every((length, axis) => axis <= several || length === lengths[axis]);
  const wholePatterns = chunk.slice(-2).every((length, index) => length === lengths.slice(-2)[index]);
  const even = several < 0 || several > across || lengths[several] % chunk[several] === 0 ||
    lengths.slice(0, several).every((length) => length === 1);
  return whole && wholePatterns && even && (!packed || several < 0 || several >= across);
}

/** What is to be done with the bytes of a chunk: what filters did, from the last to the first. */
function stepsOf({ dataset, numbers }: Hdf5Array): UnpackStep[] | undefined {
  const steps: UnpackStep[] = [];
  for (const { id, cd_values: values } of dataset.filters) {
    const step = stepOf(id, values, numberBytes(numbers));
    if (step === undefined) return undefined;
    steps.unshift(step);
  }
  return steps;
}

function stepOf(id: number, values: readonly number[], elementBytes: number): UnpackStep | undefined {
  switch (id) {
    case 1:
      return { kind: "zlib", elementBytes };
    case 2:
      return values[0] >= 1 ? { kind: "shuffle", elementBytes: values[0] } : undefined;
    case 32001:
      return bloscCompressions.includes(values[6]) ? { kind: "blosc", elementBytes } : undefined;
    case 32004:
      return { kind: "lz4-blocks", elementBytes };
    case 32008:
      return values[4] === bitshuffleLz4 && values[2] === elementBytes
        ? { kind: "bitshuffle-lz4", elementBytes }
        : undefined;
    case 32015:
      return { kind: "zstd", elementBytes };
    default:
      return undefined;
  }
}
