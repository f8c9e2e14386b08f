/** Whole data sets that are small. */

import { openBlocks } from "./blocks.ts";
import type { Hdf5Dataset } from "./description.ts";
import type { LinkedFiles } from "./linked_files.ts";

/** The `bytes` bytes of a data set, or `undefined` where only the HDF5 library could unpack them. */
export function readSmall(dataset: Hdf5Dataset, bytes: number, linked: LinkedFiles): Uint8Array | undefined {
  const blocks = openBlocks(dataset, linked);
  if (!blocks) return undefined;
  try {
    const { shape } = dataset, data = new Uint8Array(bytes);
    // Blocks that lie in memory or in files are there at once.
    void blocks.read(shape!.map(() => 0), shape!, data);
    return data;
  } finally {
    blocks.close();
  }
}
