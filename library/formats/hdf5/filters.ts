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
  32022, // granular bit round
  32023, // bit round
  32026, // blosc2
]);

/** Names of registered filters that we lack. */
const missingFilters: Readonly<Record<number, string>> = {
  4: "szip",
  305: "lzo",
  32005: "cbf",
  32011: "vbz",
  32012: "fapec",
  32014: "fpzip",
  32017: "sz",
  32018: "fcidecomp",
  32021: "b3d",
  32024: "sz3",
  32027: "delta-rice",
  32028: "blosc2-btune",
  32029: "jetstream",
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
