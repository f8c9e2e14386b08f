/** The bytes of one zip member: in place where it is stored, from a temporary file where it is deflated. */

import { crc32 } from "node:zlib";
import { CorruptFile, UnsupportedFormat } from "../scan/errors.ts";
import { type ByteSource, endsEarly, readBytes } from "../scan/byte_source.ts";
import { writeTemporaryFile } from "./temporary_file.ts";
import { DamagedStream, inflateStream } from "./inflate_stream.ts";
import { locateMember, type ZipMember } from "./zip.ts";

/** Packed bytes that are read at once. */
const packedStep = 64 * 1024;
/** Members that are unpacked into memory, which needs no room on the disk and no permission to write there. */
const largestInMemory = 16 * 2 ** 20;
/** Bytes that are read at a time to look at a checksum. */
const checkedStep = 2 ** 20;

function checksumMismatch(zip: string, member: ZipMember, found: number): CorruptFile {
  return new CorruptFile(`"${member.name}" in ${zip} is damaged: its checksum is wrong`, {
    file: zip,
    dataset: member.name,
    expected: `CRC-32 ${member.crc.toString(16)}`,
    found: `CRC-32 ${found.toString(16)}`,
    remedy: "copy or save the file again",
  });
}

/**
 * Opens a member for reading at any offset. A deflated one is unpacked, a large one into a temporary file, which lives
 * until it is closed. Closing it leaves the zip file open.
 *
 * @throws {UnsupportedFormat} when the member is encrypted or packed in another way
 * @throws {CorruptFile} when its sizes or checksum are wrong
 * @throws {OutOfResources} when the disk has no room to unpack it
 * @throws {NoTemporaryFile} when nothing may be written there
 */
export async function openMember(zip: ByteSource, member: ZipMember): Promise<ByteSource> {
  refuseUnknownMethods(zip.path, member);
  const offset = locateMember(zip, member);
  if (member.method === 0) return new StoredMember(zip, member, offset);
  return member.size <= largestInMemory
    ? new MemoryMember(zip.path, await unpackMember(zip, member))
    : await writeTemporaryFile(zip.path, member.size, checkedPieces(zip, member, offset));
}

/**
 * Lets stored and deflated members pass.
 *
 * @throws {UnsupportedFormat} when the member is encrypted or packed in another way
 */
export function refuseUnknownMethods(file: string, member: ZipMember): void {
  if (!member.encrypted && (member.method === 0 || member.method === 8)) return;
  throw new UnsupportedFormat(
    `"${member.name}" in ${file} is ${member.encrypted ? "encrypted" : "packed in a way we do not know"}`,
    {
      file,
      dataset: member.name,
      expected: "a stored or deflated member",
      found: member.encrypted ? "encryption" : `method ${member.method}`,
      remedy: "save it again with numpy.savez or numpy.savez_compressed",
    },
  );
}

/** A stored member. Its checksum is followed along while it is read from front to back. */
class StoredMember implements ByteSource {
  readonly path: string;
  readonly size: number;
  readonly #zip: ByteSource;
  readonly #member: ZipMember;
  readonly #offset: number;
  #checked = 0;
  #crc = 0;

  constructor(zip: ByteSource, member: ZipMember, offset: number) {
    this.path = zip.path;
    this.size = member.size;
    this.#zip = zip;
    this.#member = member;
    this.#offset = offset;
  }

  readAt(offset: number, into: Uint8Array): void {
    if (offset + into.length > this.size) {
      throw endsEarly(this.path, offset, into.length, this.size - offset);
    }
    this.#zip.readAt(this.#offset + offset, into);
    const end = offset + into.length;
    if (offset > this.#checked || end <= this.#checked) return;
    this.#crc = crc32(into.subarray(this.#checked - offset), this.#crc);
    this.#checked = end;
    if (end === this.size && this.#crc !== this.#member.crc) {
      throw checksumMismatch(this.path, this.#member, this.#crc);
    }
  }

  check(): void {
    const piece = new Uint8Array(Math.min(checkedStep, this.size));
    while (this.#checked < this.size) {
      this.readAt(this.#checked, piece.subarray(0, Math.min(piece.length, this.size - this.#checked)));
    }
  }

  close(): void {
    this.#checked = this.size;
  }
}

/** The unpacked bytes of a deflated member, piece by piece: however well they are packed, little memory is taken. */
export async function* inflate(
  zip: ByteSource,
  member: ZipMember,
  offset: number,
): AsyncGenerator<Uint8Array, void> {
  const damaged = (found: string, cause?: unknown) =>
    new CorruptFile(`"${member.name}" in ${zip.path} cannot be unpacked`, {
      file: zip.path,
      dataset: member.name,
      expected: `${member.size} bytes`,
      found,
      remedy: "copy or save the file again",
    }, { cause });
  let size = 0;
  try {
    for await (const piece of inflateStream(packedPieces(zip, offset, offset + member.compressedSize))) {
      size += piece.length;
      if (size > member.size) throw damaged("more");
      yield piece;
    }
  } catch (cause) {
    throw cause instanceof DamagedStream ? damaged(cause.message, cause.cause) : cause;
  }
  if (size < member.size) throw damaged(`${size} bytes`);
}

function* packedPieces(zip: ByteSource, offset: number, end: number): Generator<Uint8Array, void> {
  for (let position = offset; position < end; position += packedStep) {
    yield readBytes(zip, position, Math.min(packedStep, end - position));
  }
}

/**
 * A deflated member, unpacked; the caller knows that its size is one to take memory for.
 *
 * @throws as {@link openMember}
 */
export async function unpackMember(zip: ByteSource, member: ZipMember): Promise<Uint8Array> {
  refuseUnknownMethods(zip.path, member);
  const bytes = new Uint8Array(member.size);
  let filled = 0;
  for await (const piece of checkedPieces(zip, member, locateMember(zip, member))) {
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return bytes;
}

/** A small member, unpacked. */
class MemoryMember implements ByteSource {
  readonly path: string;
  readonly #bytes: Uint8Array;

  constructor(path: string, bytes: Uint8Array) {
    this.path = path;
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  readAt(offset: number, into: Uint8Array): void {
    if (offset + into.length > this.size) {
      throw endsEarly(this.path, offset, into.length, this.size - offset);
    }
    into.set(this.#bytes.subarray(offset, offset + into.length));
  }

  close(): void {}
}

/** The unpacked bytes; their checksum is looked at when all have come. */
export async function* checkedPieces(
  zip: ByteSource,
  member: ZipMember,
  offset: number,
): AsyncGenerator<Uint8Array, void> {
  let crc = 0;
  for await (const piece of inflate(zip, member, offset)) {
    crc = crc32(piece, crc);
    yield piece;
  }
  if (crc !== member.crc) throw checksumMismatch(zip.path, member, crc);
}
