/** A checksum of an input file or folder that does not need to read all of it. */

import { createHash, type Hash } from "node:crypto";
import { fromSystemError, throwIfAborted } from "../scan/errors.ts";

/** What identifies an input: enough to notice another or a changed file, cheap for one of 100 GB. */
export interface SampledChecksum {
  /** How it was computed. */
  readonly algorithm: "sha256-sampled";
  /**
   * Hexadecimal SHA-256 of the first block, the sampled blocks in order, and the size as 8 bytes, little-endian. Of a
   * folder: of the names of all files in it, of the same of each file that describes it, and of files spread over the others.
   */
  readonly value: string;
  /** Length of a block in bytes. */
  readonly blockBytes: number;
  /** Number of blocks after the first. */
  readonly sampledBlocks: number;
}

const blockBytes = 64 * 1024;
const sampledBlocks = 16;
/** Of a folder, files that are sampled beside those that describe it, and levels of folders that are looked at. */
const sampledFiles = 16, mostLevels = 32;
/** Names of files that describe a Zarr store. */
const describing = /(^|\/)(\.zarray|\.zgroup|\.zattrs|\.zmetadata|zarr\.json)$/;

/**
 * The checksum of a file: SHA-256 over its first 64 KiB, 16 blocks of 64 KiB spread evenly to its very end, and its
 * size. Blocks of small files overlap, and a block ends with the file. The file is opened for reading only.
 *
 * Of a folder: over the names of all files in it and below, in the order of their code units, each with a NUL behind it;
 * then in that order over what a file gives, of all files that describe a Zarr store; then of up to 16 others, spread
 * evenly from the first to the last. Folders that are links are not entered.
 *
 * @param admit asked with the path of each link in the folder before it is followed
 * @throws {FileUnavailable} when the file or a file in the folder cannot be read
 * @throws {Aborted} when the signal fires, and whatever `admit` throws
 */
export async function sampledChecksum(
  path: string,
  signal?: AbortSignal,
  admit?: (path: string) => void,
): Promise<SampledChecksum> {
  const hash = createHash("sha256");
  try {
    if ((await Deno.stat(path)).isDirectory) await addFolder(hash, path, { signal, admit });
    else await addFile(hash, path, signal);
  } catch (cause) {
    throw fromSystemError(cause, path, "read");
  }
  return { algorithm: "sha256-sampled", value: hash.digest("hex"), blockBytes, sampledBlocks };
}

/** What looking at a folder is told. */
interface Looking {
  readonly signal?: AbortSignal;
  readonly admit?: (path: string) => void;
}

async function addFolder(hash: Hash, folder: string, looking: Looking): Promise<void> {
  const names: string[] = [];
  await listFiles(folder, "", 0, names, looking);
  names.sort();
  hash.update(names.map((name) => `${name}\0`).join(""));
  const others = names.filter((name) => !describing.test(name));
  const count = Math.min(others.length, sampledFiles);
  const sampled = Array.from(
    { length: count },
    (_, index) => others[Math.floor((others.length - 1) * index / Math.max(1, count - 1))],
  );
  for (const name of [...names.filter((name) => describing.test(name)), ...sampled]) {
    await addFile(hash, `${folder}/${name}`, looking.signal);
  }
}

async function listFiles(
  folder: string,
  prefix: string,
  level: number,
  names: string[],
  looking: Looking,
): Promise<void> {
  throwIfAborted(looking.signal);
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(`${folder}/${prefix}`)) {
    if (isDirectory) {
      if (level < mostLevels) await listFiles(folder, `${prefix}${name}/`, level + 1, names, looking);
      continue;
    }
    if (isSymlink) looking.admit?.(`${folder}/${prefix}${name}`);
    if (!isSymlink || (await Deno.stat(`${folder}/${prefix}${name}`)).isFile) names.push(prefix + name);
  }
}

async function addFile(hash: Hash, path: string, signal: AbortSignal | undefined): Promise<void> {
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
