/** The bytes of one zip member: in place where it is stored, from a temporary file where it is deflated. */

import { crc32 } from "node:zlib";
import { CorruptFile, UnsupportedFormat } from "../scan/errors.ts";
import { type ByteSource, endsEarly, readBytes } from "../scan/byte_source.ts";
import { writeTemporaryFile } from "./temporary_file.ts";
import { locateMember, type ZipMember } from "./zip.ts";

/** Packed bytes per step of unpacking; at the highest ratio of deflate it grows to 64 MiB. */
const packedStep = 64 * 1024;

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
 * Opens a member for reading at any offset. A deflated one is unpacked into a temporary file, which lives until it
 * is closed. Closing it leaves the zip file open.
 *
 * @throws {UnsupportedFormat} when the member is encrypted or packed in another way
 * @throws {CorruptFile} when its sizes or checksum are wrong
 * @throws {OutOfResources} when the disk has no room to unpack it
 */
export async function openMember(zip: ByteSource, member: ZipMember): Promise<ByteSource> {
  refuseUnknownMethods(zip.path, member);
  const offset = locateMember(zip, member);
  return member.method === 0
    ? new StoredMember(zip, member, offset)
    : await unpackToTemporaryFile(zip, member, offset);
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

  close(): void {
    this.#checked = this.size;
  }
}

/** The unpacked bytes of a deflated member, piece by piece, with bounded memory. */
export async function* inflate(
  zip: ByteSource,
  member: ZipMember,
  offset: number,
): AsyncGenerator<Uint8Array, void> {
  const end = offset + member.compressedSize;
  let position = offset;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (position === end) return controller.close();
      const length = Math.min(packedStep, end - position);
      controller.enqueue(readBytes(zip, position, length) as Uint8Array<ArrayBuffer>);
      position += length;
    },
  });
  const damaged = (found: string, cause?: unknown) =>
    new CorruptFile(`"${member.name}" in ${zip.path} cannot be unpacked`, {
      file: zip.path,
      dataset: member.name,
      expected: `${member.size} bytes`,
      found,
      remedy: "copy or save the file again",
    }, { cause });
  let size = 0;
  const pieces = packed.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    while (true) {
      const { done, value } = await pieces.read().catch((cause) => {
        throw cause instanceof TypeError ? damaged("a damaged deflate stream", cause) : cause;
      });
      if (done) break;
      size += value.length;
      if (size > member.size) throw damaged("more");
      yield value;
    }
  } finally {
    await pieces.cancel().catch(() => {});
  }
  if (size < member.size) throw damaged(`${size} bytes`);
}

async function unpackToTemporaryFile(
  zip: ByteSource,
  member: ZipMember,
  offset: number,
): Promise<ByteSource> {
  return await writeTemporaryFile(zip.path, checkedPieces(zip, member, offset));
}

async function* checkedPieces(
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
