/** The image file directories of a TIFF or BigTIFF file: one for each page, read in turn and checked against the file. */

import { type ByteSource, readBytes, throughWindow } from "../../scan/byte_source.ts";
import { CorruptFile } from "../../scan/errors.ts";

/** A field of a directory. */
export interface TiffField {
  /** Code of its number type. */
  readonly type: number;
  readonly count: number;
  /** Byte at which its values lie. */
  readonly offset: number;
}

/** A page: its fields by their tags. */
export type TiffDirectory = ReadonlyMap<number, TiffField>;

/** Bytes of a value of each type, by its code. */
const typeBytes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
/** More fields or values than any writer makes. */
const mostFields = 4096, mostBytes = 4 * 2 ** 20;

/** Whether a file begins as TIFF or BigTIFF. */
export function hasTiffMagic(head: Uint8Array): boolean {
  const order = String.fromCharCode(head[0], head[1]);
  const magic = order === "II" ? head[2] | head[3] << 8 : order === "MM" ? head[2] << 8 | head[3] : 0;
  return magic === 42 || magic === 43;
}

/** A TIFF file as it lies on the disk. */
export class TiffFile {
  readonly #file: ByteSource;
  readonly littleEndian: boolean;
  readonly #big: boolean;

  /** @throws {CorruptFile} when the file does not begin as one */
  constructor(file: ByteSource) {
    this.#file = throughWindow(file);
    const head = readBytes(file, 0, 8);
    this.littleEndian = head[0] === 0x49;
    this.#big = head[this.littleEndian ? 2 : 3] === 43;
    if (!hasTiffMagic(head) || (this.#big && this.#number(4, 2) !== 8)) {
      throw this.damaged("a TIFF header", 0);
    }
  }

  get path(): string {
    return this.#file.path;
  }

  get size(): number {
    return this.#file.size;
  }

  /**
   * The directories in their order.
   *
   * @throws {CorruptFile} when one lies outside the file, or they come back to where they were
   */
  *directories(): Generator<TiffDirectory> {
    const seen = new Set<number>(), pointerBytes = this.#big ? 8 : 4;
    let offset = this.#number(pointerBytes, pointerBytes);
    while (offset !== 0) {
      if (seen.has(offset)) throw this.damaged("pages that do not come back to earlier ones", offset);
      seen.add(offset);
      const count = this.#number(offset, this.#big ? 8 : 2), start = offset + (this.#big ? 8 : 2);
      if (count < 1 || count > mostFields) throw this.damaged(`1 to ${mostFields} fields in a page`, offset);
      const entryBytes = this.#big ? 20 : 12;
      const entries = readBytes(this.#file, start, count * entryBytes + pointerBytes);
      const view = new DataView(entries.buffer);
      yield this.#fields(view, count, start);
      offset = this.#numberOf(view, count * entryBytes, pointerBytes, start);
    }
  }

  /**
   * Values of a field, whole numbers; one that is left out gives `undefined`.
   *
   * @throws {CorruptFile} when they lie outside the file or are no whole numbers
   */
  numbers(directory: TiffDirectory, tag: number): number[] | undefined {
    const field = directory.get(tag);
    if (!field) return undefined;
    const bytes = typeBytes[field.type];
    if (![1, 3, 4, 13, 16, 18].includes(field.type)) {
      throw this.damaged(`whole numbers in field ${tag}`, field.offset);
    }
    const view = new DataView(this.#values(field, tag).buffer);
    return Array.from(
      { length: field.count },
      (_, i) => this.#numberOf(view, i * bytes, bytes, field.offset),
    );
  }

  /** Text of a field, up to its first NUL. */
  text(directory: TiffDirectory, tag: number): string | undefined {
    const field = directory.get(tag);
    if (!field || field.type !== 2) return undefined;
    return new TextDecoder().decode(this.#values(field, tag)).split("\0")[0];
  }

  /** A fraction, such as a resolution. */
  fraction(directory: TiffDirectory, tag: number): number | undefined {
    const field = directory.get(tag);
    if (!field || field.type !== 5 || field.count < 1) return undefined;
    const view = new DataView(this.#values(field, tag).buffer);
    return view.getUint32(0, this.littleEndian) / view.getUint32(4, this.littleEndian);
  }

  damaged(expected: string, offset: number): CorruptFile {
    return new CorruptFile(`${this.path} is no sound TIFF file`, {
      file: this.path,
      offset,
      expected,
      found: "something else",
      remedy: "copy or export the file again",
    });
  }

  #fields(view: DataView, count: number, start: number): TiffDirectory {
    const fields = new Map<number, TiffField>(), entryBytes = this.#big ? 20 : 12;
    for (let entry = 0; entry < count; entry++) {
      const at = entry * entryBytes, pointerBytes = this.#big ? 8 : 4;
      const type = view.getUint16(at + 2, this.littleEndian);
      const length = this.#numberOf(view, at + 4, pointerBytes, start + at);
      // Small values lie where the place of others is named.
      const inline = (typeBytes[type] ?? 1) * length <= pointerBytes, valueAt = at + 4 + pointerBytes;
      const offset = inline ? start + valueAt : this.#numberOf(view, valueAt, pointerBytes, start + valueAt);
      fields.set(view.getUint16(at, this.littleEndian), { type, count: length, offset });
    }
    return fields;
  }

  #values({ type, count, offset }: TiffField, tag: number): Uint8Array {
    const bytes = typeBytes[type] * count;
    if (bytes > mostBytes) throw this.damaged(`at most ${mostBytes} bytes in field ${tag}`, offset);
    return readBytes(this.#file, offset, bytes);
  }

  #number(offset: number, bytes: number): number {
    return this.#numberOf(new DataView(readBytes(this.#file, offset, bytes).buffer), 0, bytes, offset);
  }

  #numberOf(view: DataView, at: number, bytes: number, offset: number): number {
    const value = bytes === 8
      ? Number(view.getBigUint64(at, this.littleEndian))
      : bytes === 4
      ? view.getUint32(at, this.littleEndian)
      : bytes === 2
      ? view.getUint16(at, this.littleEndian)
      : view.getUint8(at);
    if (!Number.isSafeInteger(value)) throw this.damaged("numbers within the file", offset + at);
    return value;
  }
}
