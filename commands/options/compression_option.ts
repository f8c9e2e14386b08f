/** How written scans are packed: the option, and what other programs need to read them. */

import { type Command, Option } from "commander";
import { type Compression, compressions } from "../../library/conversion/compression.ts";

/** Adds `--compression`. */
export function addCompressionOption(command: Command): Command {
  return command.addOption(
    new Option(
      "--compression <KIND>",
      "how chunks are packed; Python needs the package hdf5plugin for bitshuffle-lz4 and zstd in .h5 and .hspy, nothing for " +
        "gzip and none (default: bitshuffle-lz4; .npy: none)",
    ).choices(compressions),
  );
}

/** What other programs need for files of ours. */
export function readingAdvice(path: string, compression: Compression): string | undefined {
  return (compression === "bitshuffle-lz4" || compression === "zstd") && /\.(h5|hspy)$/i.test(path)
    ? "Python reads it with the package hdf5plugin, which py4DSTEM brings; HyperSpy and LiberTEM want it installed"
    : undefined;
}
