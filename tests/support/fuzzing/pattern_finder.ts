/** Whether patterns that were read stand in the files, number by number. */

import { Buffer } from "node:buffer";
import { bytesOf, type PixelArray } from "../../../library/scan/dtype.ts";
import type { Files } from "./subject.ts";

/** Bytes of a pattern that are looked for together, and how many pieces of a large one are. */
const pieceBytes = 512, mostPieces = 4;

/** How the numbers of a pattern may be written: as they are in memory, in the other order, or as int8 that is read as int16. */
type Form = "same" | "swapped" | "short";

/** Looks for one pattern after the other: mostly each lies as far behind the one before as that behind its own. */
export class PatternFinder {
  readonly #files: Files;
  /** Where and how the last pattern stands, and how far behind the one before. */
  #last?: { readonly file: Uint8Array; readonly form: Form; readonly at: number; readonly step: number };

  constructor(files: Files) {
    this.#files = files;
  }

  /** Whether the bytes of numbers stand in a file; zeros may stand for what was not recorded. */
  has(pattern: PixelArray): boolean {
    if (this.#standsNext(pattern)) return true;
    const bytes = written(pattern, "same");
    if (this.#find(bytes, "same") || bytes.every((byte) => byte === 0)) return true;
    if (this.#find(written(pattern, "swapped"), "swapped")) return true;
    return pattern instanceof Int16Array && this.#find(written(pattern, "short"), "short");
  }

  /** Whether a pattern stands where it may be expected. */
  #standsNext(pattern: PixelArray): boolean {
    if (!this.#last) return false;
    const { file, form, at, step } = this.#last, bytes = written(pattern, form);
    for (const next of [at + step, at + bytes.length, at]) {
      if (next < 0 || Buffer.compare(file.subarray(next, next + bytes.length), bytes) !== 0) continue;
      this.#last = { file, form, at: next, step };
      return true;
    }
    return false;
  }

  #find(bytes: Buffer, form: Form): boolean {
    const pieces = piecesOf(bytes).map((piece) => piece.toString("latin1")), last = this.#last;
    for (const file of this.#files.values()) {
      const text = textOf(file), at = text.indexOf(pieces[0]);
      if (at < 0 || !pieces.every((piece) => text.includes(piece))) continue;
      this.#last = { file, form, at, step: last?.file === file ? at - last.at : bytes.length };
      return true;
    }
    return false;
  }
}

function written(pattern: PixelArray, form: Form): Buffer {
  if (form === "short") return Buffer.from(Int8Array.from(pattern).buffer);
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: size } = pattern;
  if (form === "same") return Buffer.from(buffer, byteOffset, byteLength);
  const bytes = Buffer.from(bytesOf(pattern));
  if (size === 2) bytes.swap16();
  else if (size === 4) bytes.swap32();
  else if (size === 8) bytes.swap64();
  return bytes;
}

function piecesOf(bytes: Buffer): readonly Buffer[] {
  if (bytes.length <= pieceBytes) return [bytes];
  return Array.from({ length: mostPieces }, (_, index) => {
    const start = Math.floor(index / (mostPieces - 1) * (bytes.length - pieceBytes));
    return bytes.subarray(start, start + pieceBytes);
  });
}

const known = new WeakMap<Uint8Array, string>();

/** The bytes of a file as a text, which is looked through many times as fast. */
function textOf(file: Uint8Array): string {
  const text = known.get(file) ?? Buffer.from(file.buffer, file.byteOffset, file.length).toString("latin1");
  known.set(file, text);
  return text;
}
