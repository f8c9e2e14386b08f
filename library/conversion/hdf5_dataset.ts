/** The chunked data set of a written HDF5 file, with the filter that says how its chunks are packed. */

import type { Dataset, Group } from "../results/emd.ts";
import { createPixelArray, type DType } from "../scan/dtype.ts";
import type { ChunkGrid } from "./chunk_grid.ts";
import type { Compression } from "./compression.ts";

/** Numbers of HDF5's filters and what they are told: bitshuffle's block size (its own choice) and LZ4; levels of Zstandard and gzip. */
const filters: Readonly<Record<Compression, { compression?: number; compression_opts?: number[] }>> = {
  "bitshuffle-lz4": { compression: 32008, compression_opts: [0, 2] },
  zstd: { compression: 32015, compression_opts: [1] },
  gzip: { compression: 1, compression_opts: [1] },
  none: {},
};

/** A data set `data` without any chunk yet. */
export function createEmptyDataset(
  group: Group,
  grid: ChunkGrid,
  dtype: DType,
  compression: Compression,
): Dataset {
  const data = group.create_dataset({
    name: "data",
    data: createPixelArray(dtype, 0),
    // The library makes a data set from its content, so it grows from nothing.
    shape: [0, ...grid.lengths.slice(1)],
    maxshape: [...grid.lengths],
    chunks: [...grid.chunk],
    ...filters[compression],
  });
  data.resize([...grid.lengths]);
  return data;
}
