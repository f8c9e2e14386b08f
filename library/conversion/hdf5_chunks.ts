/**
 * Packed chunks in an HDF5 file that the library has made with everything but them. They are appended as they come, and
 * named in an index of our own: the library would pack them once more, on one thread and with all in its own memory. After
 * the public specification of the HDF5 file format, version 3.0: "Version 1 B-trees", node type 1.
 */

import { CorruptFile, fromSystemError } from "../scan/errors.ts";
import type { ChunkGrid } from "./chunk_grid.ts";
import type { ChunkStore } from "./chunk_store.ts";
import { GrownNumbers } from "./grown_numbers.ts";
import { writeAll } from "./output_bytes.ts";

/** Children of a node: twice what a superblock of version 0 stands for. */
const mostChildren = 64;
const nodeHead = 24, undefinedAddress = 2n ** 64n - 1n;
/** Place of the end of the file in a superblock of version 0. */
const endOfFileAt = 40;

/** A node of the level below: its place, and the chunk that it begins with. */
interface Child {
  readonly address: number;
  readonly chunk: number;
}

/** Appends chunks to a file whose only chunked data set has none yet. */
export class Hdf5Chunks implements ChunkStore {
  readonly #file: Deno.FsFile;
  readonly #path: string;
  readonly #grid: ChunkGrid;
  readonly #elementBytes: number;
  /** Place of the index's address in the layout of the data set. */
  readonly #layoutAt: number;
  readonly #offsets = new GrownNumbers();
  readonly #sizes = new GrownNumbers();
  #end: number;
  #closed = false;

  /**
   * @param path a file with a superblock of version 0, as the library writes it by default, that is closed
   * @throws {CorruptFile} when the library has written something else
   */
  constructor(path: string, grid: ChunkGrid, elementBytes: number) {
    this.#path = path;
    this.#grid = grid;
    this.#elementBytes = elementBytes;
    try {
      const bytes = Deno.readFileSync(path);
      this.#layoutAt = findLayout(path, bytes, grid, elementBytes);
      this.#file = Deno.openSync(path, { read: true, write: true });
      this.#end = this.#file.seekSync(0, Deno.SeekMode.End);
    } catch (cause) {
      throw fromSystemError(cause, path, "write");
    }
  }

  add(chunk: Uint8Array): void {
    this.#offsets.push(this.#end);
    this.#sizes.push(chunk.length);
    this.#append(chunk);
  }

  finish(): void {
    if (this.#closed) return;
    try {
      const root = this.#writeIndex();
      this.#patch(this.#layoutAt, root);
      this.#patch(endOfFileAt, this.#end);
    } finally {
      this.abandon();
    }
  }

  abandon(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file.close();
  }

  /** Writes the nodes, level by level from the leaves, and gives the address of the root. */
  #writeIndex(): number {
    let children: Child[] = Array.from(
      { length: this.#offsets.length },
      (_, chunk) => ({ address: this.#offsets.at(chunk), chunk }),
    );
    for (let level = 0;; level++) {
      const nodes: Child[] = [], bytes = this.#nodeBytes, first = this.#end;
      const count = Math.ceil(children.length / mostChildren);
      for (let node = 0; node < count; node++) {
        const from = node * mostChildren, own = children.slice(from, from + mostChildren);
        const next = children[from + mostChildren]?.chunk;
        nodes.push({ address: this.#end, chunk: own[0].chunk });
        const left = node > 0 ? first + (node - 1) * bytes : undefined;
        const right = node + 1 < count ? first + (node + 1) * bytes : undefined;
        this.#append(this.#encodeNode(level, own, next, left, right));
      }
      if (count === 1) return nodes[0].address;
      children = nodes;
    }
  }

  get #keyBytes(): number {
    return 8 + 8 * (this.#grid.lengths.length + 1);
  }

  get #nodeBytes(): number {
    return nodeHead + mostChildren * (this.#keyBytes + 8) + this.#keyBytes;
  }

  /** @param next the chunk that the node behind begins with, if there is one */
  #encodeNode(
    level: number,
    children: readonly Child[],
    next: number | undefined,
    left: number | undefined,
    right: number | undefined,
  ): Uint8Array {
    const bytes = new Uint8Array(this.#nodeBytes), view = new DataView(bytes.buffer);
    bytes.set(new TextEncoder().encode("TREE"));
    view.setUint8(4, 1);
    view.setUint8(5, level);
    view.setUint16(6, children.length, true);
    view.setBigUint64(8, left === undefined ? undefinedAddress : BigInt(left), true);
    view.setBigUint64(16, right === undefined ? undefinedAddress : BigInt(right), true);
    let at = nodeHead;
    for (const { address, chunk } of children) {
      this.#encodeKey(view, at, chunk);
      view.setBigUint64(at + this.#keyBytes, BigInt(address), true);
      at += this.#keyBytes + 8;
    }
    this.#encodeKey(view, at, next);
    return bytes;
  }

  /** The key of a chunk: its size and place in the array. Without a chunk, a place behind all of them. */
  #encodeKey(view: DataView, at: number, chunk: number | undefined): void {
    const { lengths, chunk: sides, perRow } = this.#grid, axes = lengths.length;
    if (chunk !== undefined) view.setUint32(at, this.#sizes.at(chunk), true);
    const place: number[] = new Array(axes + 1).fill(0);
    if (chunk === undefined) {
      // The library wants places where chunks begin in keys that name none as well.
      for (let axis = 0; axis < axes; axis++) {
        place[axis] = sides[axis] * Math.ceil(lengths[axis] / sides[axis]);
      }
      place[axes] = this.#elementBytes;
    } else {
      place[axes - 3] = (chunk % perRow) * sides[axes - 3];
      let row = Math.floor(chunk / perRow);
      for (let axis = axes - 4; axis >= 0; axis--) {
        place[axis] = row % lengths[axis];
        row = Math.floor(row / lengths[axis]);
      }
    }
    place.forEach((position, axis) => view.setBigUint64(at + 8 + 8 * axis, BigInt(position), true));
  }

  #append(bytes: Uint8Array): void {
    writeAll(this.#file, this.#path, bytes);
    this.#end += bytes.length;
  }

  #patch(position: number, address: number): void {
    this.#file.seekSync(position, Deno.SeekMode.Start);
    writeAll(this.#file, this.#path, new Uint8Array(BigUint64Array.of(BigInt(address)).buffer));
  }
}

/** The layout of a chunked data set without chunks: version, class, axes, no address, lengths. It must be there once. */
function findLayout(path: string, bytes: Uint8Array, grid: ChunkGrid, elementBytes: number): number {
  const wanted = [
    ...[3, 2, grid.lengths.length + 1],
    ...new Array(8).fill(255),
    ...new Uint8Array(Uint32Array.of(...grid.chunk, elementBytes).buffer),
  ];
  const found: number[] = [];
  for (let at = 0; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) found.push(at + 3);
  }
  if (bytes[8] !== 0 || found.length !== 1) {
    throw new CorruptFile(`the HDF5 library has made ${path} otherwise than it is known to`, {
      file: path,
      expected: "a superblock of version 0 and one layout of version 3",
      found: `version ${bytes[8]}, ${found.length} layouts`,
      remedy: "write another format, and tell us which versions of crystallite and Deno you have",
    });
  }
  return found[0];
}
