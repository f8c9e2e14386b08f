/** How chunks are packed, and the names that files have for it. */

import zlib from "node:zlib";
import type { KernelCall } from "../engine/kernels.ts";

/** A way to pack chunks. */
export type Compression = "bitshuffle-lz4" | "zstd" | "gzip" | "none";

/** All ways to pack chunks. */
export const compressions: readonly Compression[] = ["bitshuffle-lz4", "zstd", "gzip", "none"];

/** Bytes of a block of bit planes: what the HDF5 filter makes unless it is told otherwise. */
export const blockBytes = 8192;

/** Containers of packed chunks: those of HDF5's filters, and Zarr's codecs. */
export type Container = "hdf5" | "zarr";

/** The kernel that packs a chunk on threads, for the compressions that have one. */
export function packingKernel(compression: Compression, container: Container) {
  if (compression !== "bitshuffle-lz4") return undefined;
  return (container === "hdf5" ? "packHdf5" : "packBlosc") satisfies KernelCall[0];
}

/** Bytes of scratch that the kernels want, in whole cache lines. */
export const packingScratchBytes = 42240;

/** Most bytes that a kernel writes for a chunk. */
export function packedBound(chunkBytes: number): number {
  const blocks = Math.ceil(chunkBytes / blockBytes);
  return 16 + chunkBytes + blocks * (Math.ceil(blockBytes / 255) + 40);
}

/** Zstandard of the runtime; older ones have none. */
const packZstd = (zlib as { zstdCompressSync?: typeof zlib.zstdCompressSync }).zstdCompressSync;

/** Whether this runtime can pack so. */
export function canPack(compression: Compression): boolean {
  return compression !== "zstd" || packZstd !== undefined;
}

/** Packs a chunk on this thread, for the compressions without a kernel. */
export function packHere(compression: Compression, container: Container, chunk: Uint8Array): Uint8Array {
  if (compression === "none") return chunk;
  // The fastest levels: counts of electrons become little smaller by more effort.
  if (compression === "zstd") {
    // Readers want to know beforehand how much comes out.
    const settings = {
      pledgedSrcSize: chunk.length,
      params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 },
    };
    return packZstd!(chunk, settings);
  }
  const level = { level: zlib.constants.Z_BEST_SPEED };
  // HDF5's filter has a stream of zlib, Zarr's codec a file of gzip.
  return container === "hdf5" ? zlib.deflateSync(chunk, level) : zlib.gzipSync(chunk, level);
}
