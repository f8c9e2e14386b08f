/** The bytes of an HDF5 file as its specification lays them out, within bounds whatever they say. */

import { type ByteSource, readBytes } from "../../scan/byte_source.ts";
import { lookup3 } from "./checksum.ts";

/** Something in a file that contradicts itself or the specification; {@link Hdf5File} makes an error of ours of it. */
export class OddLayout extends Error {}

/** Something in a file that may be sound, but that we do not read. */
export class UnknownLayout extends OddLayout {}

/** Throws {@link OddLayout} unless all is as expected. */
export function expectLayout(asExpected: boolean, what: string): asserts asExpected {
  if (!asExpected) throw new OddLayout(what);
}

/** Throws {@link UnknownLayout} unless we know how to read something. */
export function expectKnown(known: boolean, what: string): asserts known {
  if (!known) throw new UnknownLayout(what);
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

  get position(): number {
    return this.#position;
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

  /** An address, or `undefined` where the file has none. */
  address(): number | undefined {
    const bytes = this.bytes.subarray(this.#position, this.#position + 8);
    if (bytes.length < 8 || bytes.some((byte) => byte !== 255)) return this.u64();
    this.skip(8);
    return undefined;
  }

  /** A text that ends with NUL, which is passed. */
  text(): string {
    const end = this.bytes.indexOf(0, this.#position);
    expectLayout(end >= 0, "a text without an end");
    const text = new TextDecoder().decode(this.bytes.subarray(this.#position, end));
    this.#position = end + 1;
    return text;
  }

  /** Passes what fills up to a multiple of 8 bytes, as far as there is something. */
  align(): void {
    this.#position = Math.min(Math.ceil(this.#position / 8) * 8, this.bytes.length);
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
/** No structure that we read is larger, except those whose size is checked before. */
const largestStructure = 2 ** 20;

/** What a superblock says. */
interface Superblock {
  /** Address of the object header of the root group. */
  readonly root: number;
  /** Address of the extension, where there is one. */
  readonly extension?: number;
  /** Size that the file has when it is whole, from its very beginning. */
  readonly end: number;
  /** Whether somebody had it open for writing when this was written. */
  readonly writing: boolean;
  /** Whether it may be read meanwhile: its writer keeps to the rules of SWMR. */
  readonly readable: boolean;
}

/** An HDF5 file below the level of groups and data sets. Addresses count from its base, as the file's own do. */
export class Hdf5Bytes {
  readonly #source: ByteSource;
  readonly superblock: Superblock;
  /** Position of the superblock, from which all addresses count: the size of the user block. */
  readonly base: number;

  /** @throws {OddLayout} when the superblock is damaged or of a kind that we do not know */
  constructor(source: ByteSource) {
    this.#source = source;
    this.base = findSuperblock(source);
    const head = new Fields(readBytes(source, this.base, Math.min(112, source.size - this.base)));
    head.skip(signature.length);
    const version = head.u8();
    expectKnown(version <= 3, `a superblock of version ${version}`);
    this.superblock = version < 2
      ? readOldSuperblock(head, version, this.base)
      : readSuperblock(head, version, this.base);
  }

  /** Path of the file. */
  get path(): string {
    return this.#source.path;
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

  /** Fills `into` from an address; beyond the end of the file is {@link OddLayout}. */
  readInto(address: number, into: Uint8Array): void {
    expectLayout(this.contains(address, into.length), "data beyond the end of the file");
    this.#source.readAt(this.base + address, into);
  }

  /** The structure of `length` bytes, checksum included, at an address; returns what comes before the checksum. */
  readChecked(address: number, length: number, largest: number = largestStructure): Fields {
    expectLayout(length >= 4, "a structure without room for its checksum");
    return checked(this.read(address, length, largest).bytes);
  }

  close(): void {
    this.#source.close();
  }
}

/** What comes before the checksum in the last four bytes, which must be right. */
function checked(bytes: Uint8Array): Fields {
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

function readOldSuperblock(head: Fields, version: number, base: number): Superblock {
  head.skip(4);
  expectKnown(head.u8() === 8 && head.u8() === 8, "addresses that do not have 8 bytes");
  head.skip(version === 0 ? 9 : 13);
  expectLayout(head.u64() === base, "addresses that do not count from the superblock");
  head.skip(8);
  const end = head.u64();
  expectKnown(head.address() === undefined, "a file of several parts");
  head.skip(8);
  return { root: head.u64(), end, writing: false, readable: false };
}

function readSuperblock(head: Fields, version: number, base: number): Superblock {
  checked(head.bytes.subarray(0, 48));
  expectKnown(head.u8() === 8 && head.u8() === 8, "addresses that do not have 8 bytes");
  // One bit says that the file is being written, another that it may be read meanwhile.
  const flags = version === 3 ? head.u8() : head.u8() & 0;
  const writing = (flags & 5) !== 0, readable = (flags & 4) !== 0;
  expectLayout(head.u64() === base, "addresses that do not count from the superblock");
  const extension = head.address(), end = head.u64();
  return { root: head.u64(), extension, end, writing, readable };
}
