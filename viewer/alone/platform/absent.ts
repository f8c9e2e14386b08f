/**
 * Stands in for packages and parts of the system that the page does without: what needs them says so. The HDF5 library
 * packs and unpacks rare filters, that of Zarr rare codecs, and space groups are looked up for crystals.
 */

import { UnsupportedFormat } from "../../../library/scan/errors.ts";

/** The failure of something that only the program can do. */
export function onlyInProgram(what: string, file?: string): UnsupportedFormat {
  return new UnsupportedFormat(`a page in the browser alone cannot ${what}`, {
    file,
    remedy: "open it with crystallite itself, which runs on this computer",
  });
}

function refuse(): never {
  throw onlyInProgram("do this");
}

// By the names of what they stand in for.
export {
  refuse as createHash,
  refuse as default,
  refuse as fileURLToPath,
  refuse as initSync,
  refuse as statfsSync,
  refuse as timingSafeEqual,
  refuse as tmpdir,
  refuse as ZarritaArray,
};
/** Of the Zarr library: codecs by their names. */
export const registry = { get: refuse };
/** Of the HDF5 library. */
export const h5wasm = {
  get ready(): never {
    throw onlyInProgram("read or write this kind of HDF5 data");
  },
};
export const pluginPackage = "";
/** Of node's buffers: only secrets of a server are put into one. */
export const Buffer = { from: refuse };
