/** The bytes of an HDF5 file as its specification lays them out, within bounds whatever they say. */

import { type ByteSource, readBytes } from "../../scan/byte_source.ts";
import { lookup3 } from "./checksum.ts";

/** Something in a file that we do not know, or do not trust: the HDF5 library must deal with it. */
export class OddLayout extends Error {}

/** Throws {@link OddLayout} unless all is as expected. */
export function expectLayout(asExpected: boolean, what: string): asserts asExpected {
  if (!asExpected) throw new OddLayout(what);
}

/** Reads the little-endian fields of a structure one after the other; beyond its end is {@link OddLayout}. */
export class Fields {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.#position;
  }

  /** An unsigned number of 1 to 8 bytes; {@link OddLayout} where it is beyond 2^53. */
  unsigned(bytes: number): number {
    const from = this.#advance(bytes);
    let value = 0;
    for (let i = bytes - 1; i >= 0; i--) value = value * 256 + this.bytes[from + i];
    expectLayout(Number.isSafeInteger(value), "a number that is too large");
    return value;
  }

  u8(): number {
    return this.bytes[this.#advance(1)];
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** An address or length, 8 bytes in the files that we read; {@link OddLayout} where an address is undefined. */
  u64(): number {
    const from = this.#advance(8);
    const value = this.#view.getUint32(from, true) + this.#view.getUint32(from + 4, true) * 2 ** 32;
    expectLayout(Number.isSafeInteger(value), "an address that is undefined or too large");
    return value;
  }

  /** The next `count` bytes as fields of their own. */
  take(count: number): Fields {
    const from = this.#advance(count);
    return new Fields(this.bytes.subarray(from, from + count));
  }

  skip(count: number): void {
    this.#advance(count);
  }

  /** Reads a signature, which must be this one. */
  signature(text: string): void {
    for (const letter of text) expectLayout(this.u8() === letter.charCodeAt(0), `no signature ${text}`);
  }

  #advance(count: number): number {
    expectLayout(count <= this.remaining, "a structure that ends too early");
    const from = this.#position;
    this.#position += count;
    return from;
  }
}

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const undefinedAddress = new Uint8Array(8).fill(255);
/** No structure that we read is larger, except the arrays of chunks, whose size is checked before. */
const largestStructure = 2 ** 20;

/** An HDF5 file below the level of groups and data sets. Addresses count from its base, as the file's own do. */
export class Hdf5Bytes {
  readonly #source: ByteSource;
  /** Position of the superblock, from which all addresses count: the size of the user block. */
  readonly base: number;
  /** Address of the superblock's extension, where it has one. */
  readonly extension: number | undefined;

  /** @throws {OddLayout} when the superblock is of a kind that we do not know */
  constructor(source: ByteSource) {
    this.#source = source;
    this.base = findSuperblock(source);
    const head = new Fields(readBytes(source, this.base, Math.min(96, source.size - this.base)));
    head.skip(signature.length);
    const version = head.u8();
    expectLayout(version <= 3, "a superblock of an unknown version");
    this.extension = version < 2
      ? readOldSuperblock(head, version, this.base)
      : readSuperblock(head, this.base);
  }

  /** Bytes from the base to the end of the file. */
  get size(): number {
    return this.#source.size - this.base;
  }

  /** Whether all of `length` bytes at an address lie in the file. */
  contains(address: number, length: number): boolean {
    return address >= 0 && length >= 0 && address + length <= this.size;
  }

  /** The structure of `length` bytes at an address. */
  read(address: number, length: number, largest: number = largestStructure): Fields {
    expectLayout(length <= largest, "a structure that is too large");
    expectLayout(this.contains(address, length), "a structure beyond the end of the file");
    return new Fields(readBytes(this.#source, this.base + address, length));
  }

  /** The structure of `length` bytes, checksum included, at an address; returns what comes before the checksum. */
  readChecked(address: number, length: number, largest: number = largestStructure): Fields {
    expectLayout(length >= 4, "a structure without room for its checksum");
    return checked(this.read(address, length, largest).bytes);
  }
}

/** What comes before the checksum in the last four bytes, which must be right. */
export function checked(bytes: Uint8Array): Fields {
  const content = bytes.subarray(0, bytes.length - 4);
  const checksum = new Fields(bytes.subarray(bytes.length - 4)).u32();
  expectLayout(lookup3(content) === checksum, "a structure with a wrong checksum");
  return new Fields(content);
}

/** Position of the superblock: 0, or behind a user block of 512 bytes or a power of two times that. */
function findSuperblock(source: ByteSource): number {
  for (let position = 0; position + signature.length <= source.size; position = position * 2 || 512) {
    const bytes = readBytes(source, position, signature.length);
    if (signature.every((byte, index) => bytes[index] === byte)) return position;
  }
  throw new OddLayout("no superblock");
}

function readOldSuperblock(head: Fields, version: number, base: number): undefined {
  head.skip(4);
  expectLayout(head.u8() === 8 && head.u8() === 8, "addresses that do not have 8 bytes");
  head.skip(version === 0 ? 9 : 13);
  expectLayout(head.u64() === base, "addresses that do not count from the superblock");
  head.skip(16);
  const driver = head.take(8).bytes;
  expectLayout(driver.every((byte) => byte === 255), "a file of several parts");
}

function readSuperblock(head: Fields, base: number): number | undefined {
  checked(head.bytes.subarray(0, 48));
  expectLayout(head.u8() === 8 && head.u8() === 8, "addresses that do not have 8 bytes");
  head.skip(1);
  expectLayout(head.u64() === base, "addresses that do not count from the superblock");
  const extension = head.take(8);
  return undefinedAddress.every((byte, index) => byte === extension.bytes[index])
    ? undefined
    : extension.u64();
}
