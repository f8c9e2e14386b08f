/** A checksum of an input file that does not need to read all of it. */

import { createHash } from "node:crypto";
import { fromSystemError, throwIfAborted } from "../scan/errors.ts";

/** What identifies an input: enough to notice another or a changed file, cheap for one of 100 GB. */
export interface SampledChecksum {
  /** How it was computed. */
  readonly algorithm: "sha256-sampled";
  /** Hexadecimal SHA-256 of the first block, the sampled blocks in order, and the size as 8 bytes, little-endian. */
  readonly value: string;
  /** Length of a block in bytes. */
  readonly blockBytes: number;
  /** Number of blocks after the first. */
  readonly sampledBlocks: number;
}

const blockBytes = 64 * 1024;
const sampledBlocks = 16;

/**
 * The checksum of a file: SHA-256 over its first 64 KiB, 16 blocks of 64 KiB spread evenly to its very end, and its
 * size. Blocks of small files overlap, and a block ends with the file. The file is opened for reading only.
 *
 * @throws {FileUnavailable} when the file cannot be read
 * @throws {Aborted} when the signal fires
 */
export async function sampledChecksum(path: string, signal?: AbortSignal): Promise<SampledChecksum> {
  const hash = createHash("sha256");
  try {
    using file = await Deno.open(path, { read: true });
    const { size } = await file.stat();
    const block = new Uint8Array(blockBytes);
    for (let index = 0; index <= sampledBlocks; index++) {
      throwIfAborted(signal);
      const offset = Math.floor(Math.max(0, size - blockBytes) / sampledBlocks * index);
      await file.seek(offset, Deno.SeekMode.Start);
      hash.update(block.subarray(0, await readFully(file, block)));
    }
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(size), true);
    hash.update(length);
  } catch (cause) {
    throw fromSystemError(cause, path, "read");
  }
  return { algorithm: "sha256-sampled", value: hash.digest("hex"), blockBytes, sampledBlocks };
}

/** Fills `block` as far as the file goes; returns the number of bytes. */
async function readFully(file: Deno.FsFile, block: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < block.length) {
    const count = await file.read(block.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return filled;
}
