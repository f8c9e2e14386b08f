/** HDF5 data sets of patterns: what they are, and a reader of several one after the other. */

import { CorruptFile, OutOfResources } from "../../scan/errors.ts";
import type { PatternReader } from "../../scan/pattern_reader.ts";
import { numberBytes } from "../../scan/stored_number.ts";
import type { Hdf5Array } from "./array_axes.ts";
import { ArrayReader } from "./array_reader.ts";
import type { BlockReader } from "./block_reader.ts";
import type { Hdf5Dataset, Hdf5File } from "./file.ts";
import { requireFilters } from "./filters.ts";
import { readNumberType } from "./number_type.ts";
import { openReader } from "./open_reader.ts";
import { requireSources } from "./virtual_sources.ts";

/** Chunks are unpacked whole. */
const largestChunkBytes = 2 ** 30;

/** The lengths of a data set's axes; none for a scalar or an empty one. */
export function lengthsOf(file: Hdf5File, path: string, dataset: Hdf5Dataset): readonly number[] {
  return file.guard(path, () => dataset.shape ?? []);
}

/**
 * Looks at a data set of patterns.
 *
 * @throws {UnsupportedFormat} when its numbers are of a type that we do not read, or a compression filter is missing
 * @throws {OutOfResources} when its chunks do not fit into memory
 */
export function describeArray(file: Hdf5File, path: string, dataset: Hdf5Dataset): Hdf5Array {
  const numbers = readNumberType(file, path, dataset);
  requireFilters(file, path, dataset);
  const chunks = file.guard(path, () => dataset.metadata.chunks) ?? [];
  const chunkBytes = chunks.reduce((product, length) => product * length, numberBytes(numbers));
  if (chunks.length > 0 && chunkBytes > largestChunkBytes) {
    throw new OutOfResources(
      `${path} in ${file.path} has chunks of ${chunkBytes} bytes, too large to unpack`,
      {
        file: file.path,
        dataset: path,
        expected: `chunks of at most ${largestChunkBytes} bytes`,
        found: `${chunkBytes} bytes`,
        remedy: "write the data set again with smaller chunks, for example with h5repack",
      },
    );
  }
  return { path, dataset, numbers, lengths: lengthsOf(file, path, dataset) };
}

/**
 * A reader of the patterns in `arrays`, one after the other: all have the same number type and the same last two
 * axes; the axes before them count patterns in raster order. Closing the reader leaves the file open.
 *
 * @returns the reader, and plain sentences about what is missing or could not be checked
 * @throws {CorruptFile} when what the file says of the place of its data is damaged
 * @throws {FileUnavailable} when an array lies in other files that are missing, or must not be opened
 */
export function readPatternsOf(
  file: Hdf5File,
  arrays: readonly Hdf5Array[],
): { reader: PatternReader; warnings: string[] } {
  const warnings: string[] = [], blocks: BlockReader[] = [];
  try {
    for (const array of arrays) {
      const { path, dataset, owner = file } = array;
      warnings.push(...requireSources(owner, path, dataset));
      const reader = openReader(owner, array);
      blocks.push(reader);
      if (reader.missing) warnings.push(missingSentence(owner, path, dataset, reader.missing));
    }
  } catch (cause) {
    for (const reader of blocks) reader.close();
    throw cause;
  }
  return { reader: new ArrayReader(file, arrays, blocks), warnings };
}

/** @throws {CorruptFile} when nothing was written at all */
function missingSentence(
  file: Hdf5File,
  path: string,
  dataset: Hdf5Dataset,
  { chunks, of }: NonNullable<BlockReader["missing"]>,
): string {
  if (chunks === of) {
    throw new CorruptFile(`${path} in ${file.path} holds no data: none were ever written`, {
      file: file.path,
      dataset: path,
      expected: `${of} chunks`,
      found: "none",
      remedy: "look whether the acquisition was stopped, or wait until it is complete",
    });
  }
  const value = file.guard(path, () => dataset.fillValue) ? "the fill value that the file names" : "zero";
  return `${chunks} of ${of} chunks of ${path} were never written: their pixels are ${value}`;
}
