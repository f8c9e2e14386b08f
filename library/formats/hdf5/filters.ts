/** The compression filters of HDF5 data sets, and which of them we can undo. */

import { UnsupportedFormat } from "../../scan/errors.ts";
import type { Hdf5Dataset, Hdf5File } from "./file.ts";

/** Filters of the HDF5 library and of the plugins that come with us, by their registered numbers. */
const availableFilters: ReadonlySet<number> = new Set([
  1, // deflate (gzip)
  2, // shuffle
  3, // fletcher32
  5, // nbit
  6, // scale-offset
  307, // bzip2
  32000, // lzf
  32001, // blosc
  32004, // lz4
  32008, // bitshuffle
  32013, // zfp
  32015, // zstd
  32019, // jpeg
  32022, // bit groom
  32023, // granular bit round
  32026, // blosc2
]);

/** Names of filters that we lack, by the numbers that the HDF Group lists (RegisteredFilterPlugins, 2025). */
const missingFilters: Readonly<Record<number, string>> = {
  4: "szip",
  257: "hzip",
  258: "fpzip",
  305: "lzo",
  32002: "mafisc",
  32003: "snappy",
  32005: "apax",
  32006: "cbf",
  32007: "jpeg-xr",
  32009: "spdp",
  32010: "lpc-rice",
  32011: "ccsds-123",
  32012: "jpeg-ls",
  32014: "fpzip",
  32016: "b3d",
  32017: "sz",
  32018: "fcidecomp",
  32020: "vbz",
  32021: "fapec",
  32024: "sz3",
  32025: "delta-rice",
  32027: "flac",
  32028: "sperr",
  32029: "terse/prolix",
  32030: "ffmpeg",
};

/**
 * Checks that a data set can be decompressed.
 *
 * @throws {UnsupportedFormat} when it cannot, naming the filter
 */
export function requireFilters(file: Hdf5File, path: string, dataset: Hdf5Dataset): void {
  for (const { id, name } of file.guard(path, () => dataset.filters)) {
    if (availableFilters.has(id)) continue;
    const called = `${missingFilters[id] ?? (name || "unnamed")} (number ${id})`;
    throw new UnsupportedFormat(
      `${path} in ${file.path} is compressed with the filter ${called}, which we lack`,
      {
        file: file.path,
        dataset: path,
        expected: "no compression, gzip, lz4, bitshuffle, blosc, zstd, lzf, bzip2 or zfp",
        found: `filter ${called}`,
        remedy: "write the data set again with gzip or bitshuffle, for example with h5repack",
      },
    );
  }
}
