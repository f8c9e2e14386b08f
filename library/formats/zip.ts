/** The directory of a zip file, with zip64; members are found, not unpacked. */

import { CorruptFile, UnsupportedFormat } from "../scan/errors.ts";
import { type ByteSource, readBytes } from "../scan/byte_source.ts";

/** One member of a zip file. */
export interface ZipMember {
  readonly name: string;
  /** 0 = stored, 8 = deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly compressedSize: number;
  readonly size: number;
  /** CRC-32 of the unpacked bytes. */
  readonly crc: number;
  /** Byte at which the member's local header begins. */
  readonly headerOffset: number;
}

const endSignature = 0x06054b50;
const end64LocatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
/** Directories beyond this size have nothing to do with arrays. */
const largestDirectory = 64 * 2 ** 20;

function damaged(file: string, expected: string, found: string, offset?: number): CorruptFile {
  return new CorruptFile(`the zip directory of ${file} is damaged`, {
    file,
    offset,
    expected,
    found,
    remedy: "copy or save the file again",
  });
}

/** An unsigned 64-bit number, or an error where it is beyond what a file can have. */
function readUint64(view: DataView, offset: number, file: string): number {
  const value = Number(view.getBigUint64(offset, true));
  if (!Number.isSafeInteger(value)) throw damaged(file, "a 64-bit size within the file", String(value));
  return value;
}

/** Where the directory lies and how many entries it has. */
function findDirectory(zip: ByteSource): { offset: number; size: number; entries: number } {
  const tailLength = Math.min(zip.size, 22 + 0xffff);
  const tailOffset = zip.size - tailLength;
  const tail = new DataView(readBytes(zip, tailOffset, tailLength).buffer);
  for (let at = tailLength - 22; at >= 0; at--) {
    if (tail.getUint32(at, true) !== endSignature) continue;
    if (at + 22 + tail.getUint16(at + 20, true) !== tailLength) continue;
    let entries = tail.getUint16(at + 10, true);
    let size = tail.getUint32(at + 12, true);
    let offset = tail.getUint32(at + 16, true);
    const endOffset = tailOffset + at;
    if (at >= 20 && tail.getUint32(at - 20, true) === end64LocatorSignature) {
      const end64Offset = readUint64(tail, at - 12, zip.path);
      const end64 = new DataView(readBytes(zip, end64Offset, 56).buffer);
      if (end64.getUint32(0, true) !== end64Signature) {
        throw damaged(zip.path, "a zip64 end record", "something else", end64Offset);
      }
      entries = readUint64(end64, 32, zip.path);
      size = readUint64(end64, 40, zip.path);
      offset = readUint64(end64, 48, zip.path);
    } else if (tail.getUint16(at + 4, true) !== 0 || tail.getUint16(at + 8, true) !== entries) {
      throw new UnsupportedFormat(`${zip.path} is one part of a zip file in several parts`, {
        file: zip.path,
        expected: "a zip file in one part",
        remedy: "join the parts first",
      });
    }
    if (offset + size > endOffset || size > largestDirectory || entries * 46 > size) {
      throw damaged(
        zip.path,
        `a directory before byte ${endOffset}`,
        `${size} bytes at ${offset}`,
        endOffset,
      );
    }
    return { offset, size, entries };
  }
  throw new CorruptFile(`${zip.path} has no zip directory, so its end is missing`, {
    file: zip.path,
    expected: "an end-of-directory record in the last 64 KiB",
    found: `${zip.size} bytes without one`,
    remedy: "copy or save the file again",
  });
}

/** Sizes and offset from the zip64 field, which holds only those that are all ones in the entry. */
function readZip64(extra: DataView, values: number[], file: string): number[] {
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const id = extra.getUint16(at, true), length = extra.getUint16(at + 2, true);
    if (at + 4 + length > extra.byteLength) break;
    if (id === 1) {
      let next = at + 4;
      return values.map((value) => {
        if (value !== 0xffffffff) return value;
        if (next + 8 > at + 4 + length) {
          throw damaged(file, "a zip64 field with all sizes", `${length} bytes`);
        }
        next += 8;
        return readUint64(extra, next - 8, file);
      });
    }
    at += 4 + length;
  }
  return values;
}

/**
 * Lists the members of a zip file.
 *
 * @throws {CorruptFile} when the directory is missing, damaged, or its members overlap or lie outside the file
 * @throws {UnsupportedFormat} when the file is one of several parts
 */
export function readZipDirectory(zip: ByteSource): ZipMember[] {
  const directory = findDirectory(zip);
  const bytes = readBytes(zip, directory.offset, directory.size);
  const view = new DataView(bytes.buffer);
  const members: ZipMember[] = [];
  let at = 0;
  for (let entry = 0; entry < directory.entries; entry++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== entrySignature) {
      throw damaged(zip.path, `${directory.entries} members`, `${entry} members`, directory.offset + at);
    }
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > bytes.length) {
      throw damaged(zip.path, "an entry inside the directory", "one beyond it", directory.offset + at);
    }
    const extra = new DataView(bytes.buffer, at + 46 + nameLength, extraLength);
    const [size, compressedSize, headerOffset] = readZip64(extra, [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ], zip.path);
    const flags = view.getUint16(at + 8, true);
    members.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      method: view.getUint16(at + 10, true),
      encrypted: (flags & 1) !== 0,
      compressedSize,
      size,
      crc: view.getUint32(at + 16, true),
      headerOffset,
    });
    at = next;
  }
  checkMembers(members, directory.offset, zip.path);
  return members;
}

/** Members lie one after the other, and their sizes are possible: no bombs. */
function checkMembers(members: readonly ZipMember[], end: number, file: string): void {
  const sorted = [...members].sort((a, b) => a.headerOffset - b.headerOffset);
  sorted.forEach((member, index) => {
    const { name, method, size, compressedSize, headerOffset } = member;
    const limit = sorted[index + 1]?.headerOffset ?? end;
    if (headerOffset + 30 + compressedSize > limit) {
      throw damaged(file, `"${name}" to end before byte ${limit}`, `${compressedSize} bytes`, headerOffset);
    }
    if (method === 0 && size !== compressedSize) {
      throw damaged(file, `"${name}" of ${size} bytes`, `${compressedSize} bytes stored`, headerOffset);
    }
    // Deflate cannot shrink more than 1032 times.
    if (method === 8 && size > compressedSize * 1032 + 64) {
      throw damaged(file, `"${name}" of ${size} bytes`, `${compressedSize} bytes packed`, headerOffset);
    }
  });
}

/**
 * Byte at which a member's own bytes begin: the local header has a name and extra fields of its own length.
 *
 * @throws {CorruptFile} when the local header is damaged or the member does not fit behind it
 */
export function locateMember(zip: ByteSource, member: ZipMember): number {
  const header = new DataView(readBytes(zip, member.headerOffset, 30).buffer);
  if (header.getUint32(0, true) !== localSignature) {
    throw damaged(zip.path, `a header of "${member.name}"`, "something else", member.headerOffset);
  }
  const offset = member.headerOffset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (offset + member.compressedSize > zip.size) {
    throw damaged(
      zip.path,
      `${member.compressedSize} bytes of "${member.name}"`,
      `${zip.size - offset} bytes`,
      offset,
    );
  }
  return offset;
}
