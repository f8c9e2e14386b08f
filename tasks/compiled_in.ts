/** Code of others that lies compiled in packages whose own license files don't name it: its license, and where that text is from. */

/** A work of others whose license lies in third_party/. */
export interface Work {
  readonly name: string;
  /** Name of the text in third_party/, without its ending. */
  readonly file: string;
  /** Where the text comes from. */
  readonly source: string;
  /** What its license wants said, or what was chosen. */
  readonly remark?: string;
}

function work(name: string, file: string, source: string, remark?: string): Work {
  return { name, file, source, remark };
}

const bitshuffle = work("Bitshuffle", "bitshuffle", "LICENSE of https://github.com/kiyo-masui/bitshuffle"),
  blosc = work("Blosc and Blosc2", "blosc", "LICENSE.txt of https://github.com/Blosc/c-blosc2"),
  fastlz = work(
    "FastLZ, of which BloscLZ is made",
    "fastlz",
    "LICENSES/FASTLZ.txt of https://github.com/Blosc/c-blosc",
  ),
  lz4 = work("LZ4", "lz4", "lib/LICENSE of https://github.com/lz4/lz4"),
  zlib = work("zlib", "zlib", "LICENSE of zlib 1.3.1, https://zlib.net"),
  zstandard = work("Zstandard", "zstd", "LICENSE of https://github.com/facebook/zstd"),
  emscripten = work(
    "Emscripten",
    "emscripten",
    "LICENSE of https://github.com/emscripten-core/emscripten",
    "Offered under the MIT license or the University of Illinois/NCSA license; here the MIT license is chosen.",
  ),
  musl = work("musl", "musl", "COPYRIGHT of https://musl.libc.org, as Emscripten holds it");

/** By the package that holds the code. */
export const compiledIn: Readonly<Record<string, readonly Work[]>> = {
  "@spglib/moyo-wasm": [
    work(
      "moyo",
      "moyo",
      "LICENSE-MIT of https://github.com/spglib/moyo",
      "Offered under the MIT license or the Apache License 2.0; here the MIT license is chosen. Compiled with it are " +
        "nalgebra (Apache License 2.0), Rust's standard library, itertools, js-sys, log, once_cell, serde, serde_json and " +
        "wasm-bindgen (MIT license or Apache License 2.0; here the latter is chosen; its text stands at assemblyscript), " +
        "and serde-wasm-bindgen (MIT license, the same text; https://github.com/RReverser/serde-wasm-bindgen).",
    ),
    work("union-find", "union_find", "LICENSE-MIT of https://github.com/gifnksm/union-find-rs"),
  ],
  "h5wasm": [
    work(
      "HDF5, portions of Lawrence Berkeley National Laboratory",
      "hdf5_lbnl",
      "COPYING_LBNL_HDF5 of https://github.com/HDFGroup/hdf5",
    ),
    work("libaec", "libaec", "LICENSE.txt of https://github.com/MathisRosenhauer/libaec"),
    zlib,
    emscripten,
    musl,
  ],
  "h5wasm-plugins": [
    bitshuffle,
    work("Blosc's filter", "blosc_hdf5", "LICENSES/BLOSC_HDF5.txt of https://github.com/Blosc/hdf5-blosc"),
    blosc,
    work("bzip2", "bzip2", "LICENSE of bzip2 1.0.8, https://sourceware.org/bzip2"),
    work(
      "BitGroom and Granular BitRound of the Community Codec Repository",
      "ccr",
      "LICENSE of https://github.com/ccr/ccr",
    ),
    fastlz,
    work(
      "h5py, of which filters are made",
      "h5py",
      "LICENSES/H5PY.txt of https://github.com/Blosc/hdf5-blosc",
    ),
    work(
      "JPEG",
      "jpeg",
      "LEGAL ISSUES in the README of release 9e, https://ijg.org",
      "This software is based in part on the work of the Independent JPEG Group.",
    ),
    lz4,
    work(
      "LZ4's filter",
      "lz4_hdf5",
      "LZ4/Additional_Legal/LICENSE of https://github.com/HDFGroup/hdf5_plugins",
    ),
    work("LZF's filter", "lzf", "lzf/LICENSE.txt of https://github.com/h5py/h5py"),
    work(
      "LibLZF",
      "liblzf",
      "LICENSE of https://dist.schmorp.de/liblzf",
    ),
    work(
      "PyTables, of which filters are made",
      "pytables",
      "ZSTD/Additional_Legal of https://github.com/HDFGroup/hdf5_plugins",
    ),
    work("zfp", "zfp", "LICENSE and NOTICE of https://github.com/LLNL/zfp"),
    work("zfp's filter", "h5z_zfp", "LICENSE of https://github.com/LLNL/H5Z-ZFP"),
    zlib,
    zstandard,
    emscripten,
    musl,
  ],
  "numcodecs": [
    bitshuffle,
    blosc,
    fastlz,
    lz4,
    work("Snappy", "snappy", "COPYING of https://github.com/google/snappy"),
    zlib,
    zstandard,
    emscripten,
    musl,
  ],
};
