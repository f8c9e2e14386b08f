/** What reads the numbers of a data set: this program, or the HDF5 library in a thread. */

import { swapBytes } from "../byte_order.ts";
import type { BlockReader } from "./block_reader.ts";
import { openBlocks } from "./blocks.ts";
import { OddLayout } from "./bytes.ts";
import type { Hdf5Dataset, Hdf5File } from "./file.ts";
import { oddFile } from "./odd_file.ts";
import { LibraryBlocks } from "./library_blocks.ts";

/** A data set, and where in its file the user sees it. */
export interface NamedDataset {
  readonly path: string;
  readonly dataset: Hdf5Dataset;
}

/**
 * A reader of a data set. What is packed in rare ways, numbers of odd bits and views are the HDF5 library's.
 *
 * @param file that the data set was found in
 * @throws {CorruptFile} when what the file says of the place of its data is damaged
 * @throws {FileUnavailable} when it lies in raw files that are missing, or must not be opened
 */
export function openReader(file: Hdf5File, { path, dataset }: NamedDataset): BlockReader {
  return file.guard(path, () => {
    const own = openBlocks(dataset, file.linked);
    if (own && dataset.type.plain) return own;
    own?.close();
    return new LibraryBlocks(dataset, file.path, file.linkRules);
  });
}

/**
 * Fills `into` with the numbers of a data set from `offset`, `count` along each axis, in native byte order.
 *
 * @throws {CorruptFile} when they are damaged
 */
export async function readBlock(
  file: Hdf5File,
  { path, dataset }: NamedDataset,
  blocks: BlockReader,
  offset: readonly number[],
  count: readonly number[],
  into: Uint8Array,
): Promise<void> {
  try {
    await blocks.read(offset, count, into);
  } catch (cause) {
    if (cause instanceof OddLayout) throw oddFile(file.path, path, cause);
    throw cause;
  }
  if (!dataset.type.littleEndian && !blocks.native) swapBytes(into, dataset.type.size);
}
