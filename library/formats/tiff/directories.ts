/** The image file directories of a TIFF or BigTIFF file: one for each page, read in turn and checked against the file. */

import { type ByteSource, endsEarly, readBytes } from "../../scan/byte_source.ts";
import { CorruptFile } from "../../scan/errors.ts";

/** A field of a directory. */
interface TiffField {
  /** Code of its number type. */
  readonly type: number;
  readonly count: number;
  /** Byte at which its values lie, in the file. */
  readonly offset: number;
  /** Whether they lie in the directory itself. */
  readonly inline: boolean;
}

/** A page: its fields by their tags, which are looked up in the bytes of the directory, because there may be thousands. */
export class TiffDirectory {
  readonly #file: TiffFile;
  readonly #start: number;
  readonly #count: number;
  readonly #view: DataView;

  /**
   * @param start byte of the file at which the entries begin
   * @param view the bytes of `count` entries
   */
  constructor(file: TiffFile, start: number, count: number, view: DataView) {
    this.#file = file;
    this.#start = start;
    this.#count = count;
    this.#view = view;
  }

  /** Whether it has a field. */
  has(tag: number): boolean {
    return this.#entryOf(tag) >= 0;
  }

  /**
   * A field; of several with one tag the last.
   *
   * @throws {CorruptFile} when it claims numbers beyond all bounds
   */
  get(tag: number): TiffField | undefined {
    const at = this.#entryOf(tag);
    if (at < 0) return undefined;
    const file = this.#file, view = this.#view, { pointerBytes } = file;
    const type = view.getUint16(at + 2, file.littleEndian);
    const count = file.numberIn(view, at + 4, pointerBytes, this.#start);
    // Small values lie where the place of others is named.
    const inline = (typeBytes[type] ?? 1) * count <= pointerBytes, valueAt = at + 4 + pointerBytes;
    const offset = inline ? this.#start + valueAt : file.numberIn(view, valueAt, pointerBytes, this.#start);
    return { type, count, offset, inline };
  }

  /** The bytes of a field's values where they lie in the directory. */
  inlineValues({ type, count, offset }: TiffField): DataView {
    const { buffer, byteOffset } = this.#view;
    return new DataView(buffer, byteOffset + offset - this.#start, (typeBytes[type] ?? 1) * count);
  }

  /** Where the entry of a tag begins among the entries, or -1. */
  #entryOf(tag: number): number {
    const { entryBytes, littleEndian } = this.#file;
    for (let at = (this.#count - 1) * entryBytes; at >= 0; at -= entryBytes) {
      if (this.#view.getUint16(at, littleEndian) === tag) return at;
    }
    return -1;
  }
}

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
  /** Bytes of a place in the file, and of an entry of a directory. */
  readonly pointerBytes: 4 | 8;
  readonly entryBytes: 12 | 20;
  /** Room for one number. */
  readonly #word = new DataView(new ArrayBuffer(8));

  /**
   * @param file where many small readings that lie beside each other cost little
   * @throws {CorruptFile} when the file does not begin as one
   */
  constructor(file: ByteSource) {
    this.#file = file;
    const head = readBytes(file, 0, 8);
    this.littleEndian = head[0] === 0x49;
    const big = head[this.littleEndian ? 2 : 3] === 43;
    this.pointerBytes = big ? 8 : 4;
    this.entryBytes = big ? 20 : 12;
    if (!hasTiffMagic(head) || (big && this.#number(4, 2) !== 8)) {
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
    const seen = new Set<number>(), { pointerBytes, entryBytes } = this;
    const countBytes = pointerBytes === 8 ? 8 : 2;
    let offset = this.#number(pointerBytes, pointerBytes);
    while (offset !== 0) {
      if (seen.has(offset)) throw this.damaged("pages that do not come back to earlier ones", offset);
      seen.add(offset);
      const count = this.#number(offset, countBytes), start = offset + countBytes;
      if (count < 1 || count > mostFields) throw this.damaged(`1 to ${mostFields} fields in a page`, offset);
      const entries = readBytes(this.#file, start, count * entryBytes + pointerBytes);
      const view = new DataView(entries.buffer);
      yield new TiffDirectory(this, start, count, view);
      offset = this.numberIn(view, count * entryBytes, pointerBytes, start);
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
    const view = this.#values(directory, field, tag);
    if (field.count === 1) return [this.numberIn(view, 0, bytes, field.offset)];
    return Array.from(
      { length: field.count },
      (_, i) => this.numberIn(view, i * bytes, bytes, field.offset),
    );
  }

  /** Text of a field, up to its first NUL. */
  text(directory: TiffDirectory, tag: number): string | undefined {
    const field = directory.get(tag);
    if (!field || field.type !== 2) return undefined;
    return new TextDecoder().decode(this.#values(directory, field, tag)).split("\0")[0];
  }

  /** A fraction, such as a resolution. */
  fraction(directory: TiffDirectory, tag: number): number | undefined {
    const field = directory.get(tag);
    if (!field || field.type !== 5 || field.count < 1) return undefined;
    const view = this.#values(directory, field, tag);
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

  #values(directory: TiffDirectory, field: TiffField, tag: number): DataView {
    const { type, count, offset, inline } = field, bytes = typeBytes[type] * count;
    if (inline) return directory.inlineValues(field);
    if (bytes > mostBytes) throw this.damaged(`at most ${mostBytes} bytes in field ${tag}`, offset);
    return new DataView(readBytes(this.#file, offset, bytes).buffer);
  }

  #number(offset: number, bytes: number): number {
    if (offset + bytes > this.size) throw endsEarly(this.path, offset, bytes, this.size - offset);
    this.#file.readAt(offset, new Uint8Array(this.#word.buffer, 0, bytes));
    return this.numberIn(this.#word, 0, bytes, offset);
  }

  /**
   * A whole number of so many bytes in a piece of the file.
   *
   * @param offset where the piece begins, for messages
   * @throws {CorruptFile} when it is beyond 2^53
   */
  numberIn(view: DataView, at: number, bytes: number, offset: number): number {
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
