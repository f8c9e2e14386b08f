/** Parts of a data set's numbers, as the file stores them. */

import { CorruptFile } from "../../scan/errors.ts";
import { FileSource } from "../../scan/byte_source.ts";
import { expectLayout } from "./bytes.ts";
import { type ChunkedArray, gridOf, readChunkIndex } from "./chunk_index.ts";
import { chunkCount, type ChunkGrid, type ChunkTable } from "./chunk_table.ts";
import type { Hdf5Dataset } from "./description.ts";
import type { RawPiece } from "./layout_message.ts";
import type { LinkedFiles } from "./linked_files.ts";
import { canUnpack, unpackChunk } from "./unpack_chunk.ts";

/** Reads blocks of a data set. */
export interface BlockReader {
  /** Elements that were never written, out of all. */
  readonly missing?: { readonly chunks: number; readonly of: number };
  /** Whether numbers come in native byte order, whatever that of the file is. */
  readonly native?: boolean;
  /**
   * Fills `into` with the elements from `offset`, `count` along each axis, in the byte order of the file.
   *
   * @throws {CorruptFile} when they are damaged
   */
  read(offset: readonly number[], count: readonly number[], into: Uint8Array): void | Promise<void>;
  close(): void;
}

/**
 * A reader of a data set; `undefined` where only the HDF5 library can read it.
 *
 * @throws {OddLayout} when what the file says of its place is damaged
 * @throws {FileUnavailable} when it lies in raw files that are missing, or must not be opened
 */
export function openBlocks(dataset: Hdf5Dataset, linked: LinkedFiles): BlockReader | undefined {
  const { layout, shape, rawFiles } = dataset;
  if (shape === null || layout.kind === "virtual") return undefined;
  const total = shape.reduce((product, length) => product * length, dataset.type.size);
  expectLayout(Number.isSafeInteger(total), "a shape of more elements than any file holds");
  if (rawFiles.length > 0) return new RawBlocks(dataset, rawFiles, linked);
  if (layout.kind === "chunked") {
    const blocks = new ChunkBlocks(dataset, chunkedArray(dataset)!);
    return canUnpack(dataset.filters) ? blocks : undefined;
  }
  if (layout.kind === "compact") {
    expectLayout(layout.data.length >= total, "data that end too early");
    return plainBlocks(dataset, (at, into) => into.set(layout.data.subarray(at, at + into.length)));
  }
  const { address } = layout, { bytes } = dataset.file;
  if (address === undefined) {
    const fill = dataset.fillValue;
    return { ...plainBlocks(dataset, (_, into) => fillWith(into, fill)), missing: { chunks: 1, of: 1 } };
  }
  expectLayout((layout.bytes ?? total) >= total, "a data set of another size");
  expectLayout(bytes.contains(address, total), "data beyond the end of the file");
  return plainBlocks(dataset, (at, into) => bytes.readInto(address + at, into));
}

/** A data set in chunks as its index wants it; `undefined` for another one. */
export function chunkedArray({ layout, metadata, filters }: Hdf5Dataset): ChunkedArray | undefined {
  if (layout.kind !== "chunked" || metadata.shape === null) return undefined;
  return {
    layout,
    shape: metadata.shape,
    maxshape: metadata.maxshape ?? metadata.shape,
    packed: filters.length > 0,
  };
}

/** Data that lie one after the other. */
function plainBlocks(dataset: Hdf5Dataset, read: (at: number, into: Uint8Array) => void): BlockReader {
  const shape = dataset.shape!, { size } = dataset.type;
  return {
    read(offset, count, into) {
      // Behind this axis the block is whole, so that from it on a block is one run.
      const cut = Math.max(0, count.findLastIndex((length, axis) => length !== shape[axis]));
      const outer = count.slice(0, cut), runs = outer.reduce((product, length) => product * length, 1);
      const bytes = count.slice(cut).reduce((product, length) => product * length, size);
      for (let run = 0; run < runs; run++) {
        const place = [...offset];
        for (let axis = cut - 1, rest = run; axis >= 0; axis--) {
          place[axis] += rest % outer[axis];
          rest = Math.floor(rest / outer[axis]);
        }
        const at = shape.reduce((position, length, axis) => position * length + place[axis], 0);
        read(at * size, into.subarray(run * bytes, (run + 1) * bytes));
      }
    },
    close() {},
  };
}

/** Fills bytes with copies of an element, or with zeros. */
function fillWith(into: Uint8Array, element: Uint8Array | undefined): void {
  into.fill(0);
  if (!element) return;
  for (let at = 0; at < into.length; at += element.length) into.set(element, at);
}

/** Data in files that hold nothing else. */
class RawBlocks implements BlockReader {
  readonly #sources: { readonly source: FileSource; readonly offset: number; readonly bytes: number }[] = [];
  readonly #blocks: BlockReader;

  constructor(dataset: Hdf5Dataset, pieces: readonly RawPiece[], linked: LinkedFiles) {
    this.#blocks = plainBlocks(dataset, (at, into) => this.#read(at, into));
    const { path } = dataset.file.bytes;
    try {
      for (const { file, offset, bytes } of pieces) {
        const found = linked.findRaw(path, file);
        if (found === undefined) throw rawFileMissing(path, file);
        const source = FileSource.open(found);
        this.#sources.push({ source, offset, bytes: bytes ?? Math.max(0, source.size - offset) });
      }
    } catch (cause) {
      this.close();
      throw cause;
    }
  }

  read(offset: readonly number[], count: readonly number[], into: Uint8Array): void | Promise<void> {
    return this.#blocks.read(offset, count, into);
  }

  #read(at: number, into: Uint8Array): void {
    let start = 0, done = 0;
    for (const { source, offset, bytes } of this.#sources) {
      const from = at + done - start;
      if (from < bytes && done < into.length) {
        const part = into.subarray(done, Math.min(into.length, done + bytes - from));
        source.readAt(offset + from, part);
        done += part.length;
      }
      start += bytes;
    }
    expectLayout(done === into.length, "raw files that end too early");
  }

  close(): void {
    for (const { source } of this.#sources) source.close();
  }
}

function rawFileMissing(path: string, name: string): CorruptFile {
  return new CorruptFile(`${path} has its numbers in the raw file "${name}", which is missing`, {
    file: path,
    expected: `"${name}" in the same folder`,
    found: "no such file",
    remedy: `put "${name}" beside the file`,
  });
}

/** Most bytes that a packed byte becomes, by the filters of which that is known. */
const mostUnpacked = 1100;
const boundedFilters: ReadonlySet<number> = new Set([1, 2, 3, 32000, 32004]);

/** Nothing takes memory for chunks that are far larger than what the file has of them could become. */
function requireRoom({ sizes }: ChunkTable, grid: ChunkGrid, { filters }: Hdf5Dataset): void {
  const bounded = filters.every(({ id, cd_values: [, , , , compression] }) =>
    boundedFilters.has(id) || (id === 32008 && compression !== 3)
  );
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  expectLayout(
    !bounded || largest === 0 || grid.bytes <= largest * mostUnpacked,
    "chunks that are larger than what is stored of them could become",
  );
}

/** Data in chunks, each of which is unpacked whole; the last one is kept. */
class ChunkBlocks implements BlockReader {
  readonly missing;
  readonly #dataset: Hdf5Dataset;
  readonly #array: ChunkedArray;
  readonly #grid: ChunkGrid;
  readonly #table: ChunkTable;
  readonly #fill: Uint8Array | undefined;
  #kept: { readonly index: number; readonly bytes: Uint8Array } | undefined;

  constructor(dataset: Hdf5Dataset, array: ChunkedArray) {
    const { bytes } = dataset.file;
    this.#dataset = dataset;
    this.#array = array;
    this.#grid = gridOf(array, bytes);
    this.#table = readChunkIndex(bytes, array, this.#grid);
    this.#fill = dataset.fillValue;
    requireRoom(this.#table, this.#grid, dataset);
    const of = chunkCount(this.#grid), chunks = of - this.#table.known;
    this.missing = chunks > 0 ? { chunks, of } : undefined;
  }

  read(offset: readonly number[], count: readonly number[], into: Uint8Array): void {
    const { lengths, counts } = this.#grid, axes = lengths.length, { size } = this.#dataset.type;
    if (this.missing) fillWith(into, this.#fill);
    const first = offset.map((start, axis) => Math.floor(start / lengths[axis]));
    const end = offset.map((start, axis) => Math.ceil((start + count[axis]) / lengths[axis]));
    const place = [...first];
    for (let axis = axes - 1; axis >= 0;) {
      const index = place.reduce((index, place, axis) => index * counts[axis] + place, 0);
      if (this.#table.sizes[index] > 0) {
        const from = place.map((place, axis) => Math.max(place * lengths[axis], offset[axis]));
        const extent = from.map((from, axis) =>
          Math.min((place[axis] + 1) * lengths[axis], offset[axis] + count[axis]) - from
        );
        const source = {
          bytes: this.#chunk(index, place),
          lengths,
          start: from.map((at, axis) => at - place[axis] * lengths[axis]),
        };
        copyBox(
          source,
          { bytes: into, lengths: count, start: from.map((at, axis) => at - offset[axis]) },
          extent,
          size,
        );
      }
      for (axis = axes - 1; axis >= 0 && ++place[axis] === end[axis]; axis--) place[axis] = first[axis];
    }
  }

  #chunk(index: number, place: readonly number[]): Uint8Array {
    if (this.#kept?.index === index) return this.#kept.bytes;
    const { file: { bytes }, filters } = this.#dataset, { offsets, sizes, filterMasks } = this.#table;
    this.#kept = undefined;
    const packed = new Uint8Array(sizes[index]);
    bytes.readInto(offsets[index] - bytes.base, packed);
    const { shape, layout: { plainEdges } } = this.#array;
    const isEdge = plainEdges && place.some((at, axis) => (at + 1) * this.#grid.lengths[axis] > shape[axis]);
    try {
      const unpacked = unpackChunk(
        packed,
        isEdge ? [] : filters,
        filterMasks.get(index) ?? 0,
        this.#grid.bytes,
      );
      this.#kept = { index, bytes: unpacked };
      return unpacked;
    } catch (cause) {
      throw this.#damaged(index, cause);
    }
  }

  #damaged(index: number, cause: unknown): CorruptFile {
    const { path } = this.#dataset.file.bytes;
    return new CorruptFile(`${this.#dataset.path} in ${path} cannot be read: one of its chunks is damaged`, {
      file: path,
      dataset: this.#dataset.path,
      offset: this.#table.offsets[index],
      expected: `a chunk of ${this.#grid.bytes} bytes`,
      found: cause instanceof Error ? cause.message : String(cause),
      remedy: "copy or export the file again",
    }, { cause });
  }

  close(): void {
    this.#kept = undefined;
  }
}

/** Bytes of an array, and where in it a box begins. */
interface Box {
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
  readonly start: readonly number[];
}

/** Copies a box of `extent` elements from one array to another. */
function copyBox(source: Box, target: Box, extent: readonly number[], elementBytes: number): void {
  // Axes along which both arrays are no longer than the box make one run together with the axis before them.
  let axis = extent.length - 1, run = elementBytes;
  for (; axis > 0 && extent[axis] === source.lengths[axis] && extent[axis] === target.lengths[axis]; axis--) {
    run *= extent[axis];
  }
  const step = run;
  run *= extent[Math.max(0, axis)] ?? 1;
  const copy = (outer: number, from: number, to: number): void => {
    if (outer === axis || axis < 0) {
      const begin = axis < 0 ? 0 : (from * source.lengths[axis] + source.start[axis]) * step;
      const place = axis < 0 ? 0 : (to * target.lengths[axis] + target.start[axis]) * step;
      target.bytes.set(source.bytes.subarray(begin, begin + run), place);
      return;
    }
    for (let index = 0; index < extent[outer]; index++) {
      copy(
        outer + 1,
        from * source.lengths[outer] + source.start[outer] + index,
        to * target.lengths[outer] + target.start[outer] + index,
      );
    }
  };
  copy(0, 0, 0);
}
