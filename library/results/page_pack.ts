/** Files of a result as a page holds them: packed, in letters. */

import { Buffer } from "node:buffer";
import { deflateSync } from "node:zlib";

/** A file in a page. */
export interface PackedFile {
  readonly name: string;
  /** Bytes of a number: first bytes of all numbers stand before second ones, which packs better. */
  readonly width: number;
  /** The bytes, ordered so, packed by deflate with a checksum (zlib), in base64. */
  readonly content: string;
}

/** A result in a page. */
export interface PackedResult {
  /** The name that it is shown under. */
  readonly name: string;
  readonly files: readonly PackedFile[];
}

/** Packs a file. Equal bytes give equal ones. */
export function packFile(name: string, bytes: Uint8Array): PackedFile {
  const width = numberBytes(name, bytes);
  const packed = deflateSync(width > 1 ? shuffleBytes(bytes, width) : bytes, { level: 6 });
  return { name, width, content: Buffer.from(packed).toString("base64") };
}

/** Bytes of each number of an array, 1 for what is none. */
function numberBytes(name: string, bytes: Uint8Array): number {
  if (!name.endsWith(".npy")) return 1;
  const header = new TextDecoder("latin1").decode(bytes.subarray(0, 128));
  return Number(/'descr': '[<>|=]?[a-z]([1248])'/.exec(header)?.[1] ?? 1);
}

/** The order that library/formats/unshuffle.ts undoes. */
function shuffleBytes(source: Uint8Array, width: number): Uint8Array {
  const numbers = Math.floor(source.length / width), target = new Uint8Array(source.length);
  for (let byte = 0; byte < width; byte++) {
    for (let i = byte * numbers, from = byte; from < numbers * width; i++, from += width) {
      target[i] = source[from];
    }
  }
  target.set(source.subarray(numbers * width), numbers * width);
  return target;
}
