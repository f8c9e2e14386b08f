/** A place in a DigitalMicrograph file, from which numbers are read one after the other. */

import { type ByteSource, endsEarly } from "../../scan/byte_source.ts";
import { CorruptFile } from "../../scan/errors.ts";

/** Bytes that are read at once; arrays are passed over, so that few of them are read in vain. */
const windowBytes = 64 * 1024;

/** Bytes of the scalar types, by their code; codes that are left out are no scalars. */
const scalarBytes: Readonly<Record<number, number>> = {
  2: 2,
  3: 4,
  4: 2,
  5: 4,
  6: 4,
  7: 8,
  8: 1,
  9: 1,
  10: 1,
  11: 8,
  12: 8,
};

const latin1 = new TextDecoder("latin1");

/** Reads from front to back. Sizes and counts are big-endian, values in the byte order that the file announces. */
export class TagCursor {
  /** Byte at which the next number lies. */
  position = 0;
  /** Bytes of sizes and counts: 4 in version 3, 8 in version 4. */
  wordBytes = 4;
  /** Whether values, the numbers of arrays among them, have their lowest byte first. */
  littleEndian = true;
  readonly #source: ByteSource;
  #window = new Uint8Array();
  #windowAt = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Bytes from here to the end of the file. */
  get left(): number {
    return this.#source.size - this.position;
  }

  /** A view on the next `length` bytes, which are passed over. @throws {CorruptFile} when the file ends before */
  bytes(length: number): DataView {
    if (length > this.left) throw this.#endsEarly(length);
    const start = this.position;
    if (start < this.#windowAt || start + length > this.#windowAt + this.#window.length) {
      this.#window = new Uint8Array(Math.min(this.left, Math.max(length, windowBytes)));
      this.#windowAt = start;
      this.#source.readAt(start, this.#window);
    }
    this.position = start + length;
    return new DataView(this.#window.buffer, start - this.#windowAt, length);
  }

  /** Passes over `length` bytes. @throws {CorruptFile} when the file ends before */
  skip(length: number): void {
    if (!(length <= this.left)) throw this.#endsEarly(length);
    this.position += length;
  }

  /** A small whole number of the structure, of 1, 2 or 4 bytes. */
  unsigned(bytes: 1 | 2 | 4): number {
    const view = this.bytes(bytes);
    return bytes === 1 ? view.getUint8(0) : bytes === 2 ? view.getUint16(0) : view.getUint32(0);
  }

  /** A size or count. @throws {CorruptFile} when it is larger than any file */
  word(): number {
    if (this.wordBytes === 4) return this.unsigned(4);
    const word = Number(this.bytes(8).getBigUint64(0));
    if (!Number.isSafeInteger(word)) throw this.damaged("a size or count of any file", String(word), 8);
    return word;
  }

  /** Text of one byte for each character. */
  latin1(length: number): string {
    return latin1.decode(this.bytes(length));
  }

  /** A value of a scalar type. @throws {CorruptFile} when there is no such type */
  scalar(type: number): number | boolean {
    const view = this.bytes(this.bytesOf(type)), little = this.littleEndian;
    switch (type) {
      case 2:
        return view.getInt16(0, little);
      case 3:
        return view.getInt32(0, little);
      case 4:
        return view.getUint16(0, little);
      case 5:
        return view.getUint32(0, little);
      case 6:
        return view.getFloat32(0, little);
      case 7:
        return view.getFloat64(0, little);
      case 8:
        return view.getUint8(0) !== 0;
      case 9:
        return view.getInt8(0);
      case 10:
        return view.getUint8(0);
      case 11:
        return Number(view.getBigInt64(0, little));
      default:
        return Number(view.getBigUint64(0, little));
    }
  }

  /** Bytes of a value of a scalar type. @throws {CorruptFile} when there is no such type */
  bytesOf(type: number): number {
    const bytes = scalarBytes[type];
    if (bytes === undefined) throw this.damaged("a type of number", `type ${type}`);
    return bytes;
  }

  /** The error of a structure that is none, `back` bytes before here. */
  damaged(expected: string, found: string, back = 0): CorruptFile {
    return new CorruptFile(`the tags of ${this.#source.path} are damaged`, {
      file: this.#source.path,
      offset: this.position - back,
      expected,
      found,
      remedy: "copy or export the file again",
    });
  }

  #endsEarly(length: number): CorruptFile {
    return endsEarly(this.#source.path, this.position, length, this.left);
  }
}
