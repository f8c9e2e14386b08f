/**
 * Where the patterns of a data set lie in its file, so that threads read them without the HDF5 library. What is not
 * known for certain is left to the library. After the public specification of the HDF5 file format, version 3.0.
 */

import { FileSource } from "../../scan/byte_source.ts";
import { CrystalliteError } from "../../scan/errors.ts";
import { plainFrame } from "../../scan/frames.ts";
import type { ScanShape } from "../../scan/shape.ts";
import {
  type ChunkedPatterns,
  type ContiguousPatterns,
  type FramePatterns,
  storedFrames,
  type StoredPart,
  type StoredPatterns,
} from "../../scan/stored.ts";
import { keepsForm, numberBytes } from "../../scan/stored_number.ts";
import type { TiledPatterns } from "../../scan/tiles.ts";
import type { Hdf5Array } from "./array.ts";
import { expectLayout, type Fields, Hdf5Bytes, OddLayout } from "./bytes.ts";
import { readFixedArray, readImplicitChunks } from "./chunk_array.ts";
import { type ChunkGrid, ChunkTable } from "./chunk_table.ts";
import { readChunkTree } from "./chunk_tree.ts";
import { readExtensibleArray } from "./extensible_array.ts";
import type { Hdf5File } from "./file.ts";
import { locateObject } from "./linked_object.ts";
import { messageType, readMessages } from "./object_header.ts";
import { tiledArray } from "./tiled_array.ts";

/** Larger packed chunks are left to the library: each thread would need as much memory. */
const largestPackedChunk = 8 * 2 ** 20;
/** Larger blocks the kernel does not unpack. */
const largestBlock = 32768;

/**
 * Where the patterns of `arrays` lie, one after the other; `undefined` when that is unknown, they are packed in ways
 * that only the library unpacks.
 *
 * @param shape of the scan that they become
 */
export async function locatePatterns(
  file: Hdf5File,
  arrays: readonly Hdf5Array[],
  shape: ScanShape,
): Promise<StoredPatterns | undefined> {
  try {
    const parts: StoredPart[] = [];
    for (const array of arrays) {
      const place = await locateObject(array.owner ?? file, array.path);
      const source = FileSource.open(place.file);
      try {
        parts.push(locateArray(new Hdf5Bytes(source), place.address, array, place.file, shape));
      } finally {
        source.close();
      }
    }
    return parts;
  } catch (cause) {
    // A file that is damaged here is the library's to complain about when it is read.
    if (cause instanceof OddLayout || cause instanceof CrystalliteError) return undefined;
    throw cause;
  }
}

function locateArray(
  file: Hdf5Bytes,
  address: number,
  array: Hdf5Array,
  path: string,
  shape: ScanShape,
): StoredPart {
  refuseSpecialFiles(file);
  expectLayout((array.patternAxes ?? 2) === 2, "patterns of more axes");
  const messages = readMessages(file, address);
  expectLayout(messages.every(({ type }) => type !== messageType.externalFiles), "data in other files");
  const [layout, ...more] = messages.filter(({ type }) => type === messageType.layout);
  expectLayout(layout !== undefined && more.length === 0, "no layout, or several");
  const fields = layout.content;
  const version = fields.u8(), layoutClass = fields.u8();
  expectLayout(version === 3 || version === 4, "a layout of an unknown version");
  if (layoutClass === 1) return contiguousPatterns(file, fields, array, path);
  expectLayout(layoutClass === 2, "a layout that is neither contiguous nor chunked");
  const { size, littleEndian } = array.dataset.metadata;
  expectLayout(size === 1 || littleEndian, "numbers in the other byte order");
  return chunkedPatterns(file, fields, version, array, path, shape);
}

/** The newer files may keep structures in places of their own. */
function refuseSpecialFiles(file: Hdf5Bytes): void {
  if (file.extension === undefined) return;
  const special: readonly number[] = [messageType.driver, messageType.cacheImage];
  expectLayout(
    readMessages(file, file.extension).every(({ type }) => !special.includes(type)),
    "a special file",
  );
}

function patternCount({ lengths }: Hdf5Array): number {
  return lengths.slice(0, -2).reduce((product, length) => product * length, 1);
}

function patternBytes({ lengths, numbers }: Hdf5Array): number {
  return lengths.at(-2)! * lengths.at(-1)! * numberBytes(numbers);
}

function contiguousPatterns(
  file: Hdf5Bytes,
  layout: Fields,
  array: Hdf5Array,
  path: string,
): ContiguousPatterns | FramePatterns {
  const address = layout.u64(), bytes = layout.u64();
  const patterns = patternCount(array);
  expectLayout(array.dataset.metadata.chunks === null, "a layout of another data set");
  expectLayout(bytes === patterns * patternBytes(array), "a data set of another size");
  expectLayout(file.contains(address, bytes), "data beyond the end of the file");
  const [patternRows, patternColumns] = array.lengths.slice(-2), { littleEndian } = array.dataset.metadata;
  return storedFrames({
    path,
    offset: file.base + address,
    recordBytes: patternBytes(array),
    frame: {
      ...plainFrame(patternRows, patternColumns, array.numbers, false),
      bigEndian: !littleEndian,
    },
    patterns,
  });
}

function chunkedPatterns(
  file: Hdf5Bytes,
  layout: Fields,
  version: number,
  array: Hdf5Array,
  path: string,
  shape: ScanShape,
): ChunkedPatterns | TiledPatterns {
  const tiled = tiledArray(array, shape);
  const packing = tiled ? "none" : packingOf(array);
  const grid = tiled?.grid ?? gridOf(array, packing);
  expectLayout(tiled !== undefined || keepsForm(array.numbers), "numbers that are converted");
  const packed = tiled ? tiled.steps.length > 0 : packing !== "none";
  const table = new ChunkTable(file, grid);
  if (version === 3) {
    expectLayout(layout.u8() === array.lengths.length + 1, "a layout of another data set");
    const tree = layout.u64();
    expectChunks(layout, 4, array);
    readChunkTree(file, tree, grid, table);
  } else readNewIndex(file, layout, array, packed, grid, table);
  expectLayout(table.complete, "chunks that are missing");
  if (tiled) {
    const { offsets, sizes } = table, { lengths, numbers } = array, { lengths: chunks } = grid;
    const places = { kind: "tiled", path, lengths, chunks, offsets, sizes, fill: 0 } as const;
    return {
      ...places,
      numbers,
      swapped: false,
      steps: tiled.steps,
      first: 0,
      patterns: patternCount(array),
    };
  }
  if (packing !== "none") requireBlocks(file, table, grid, array);
  return {
    kind: "chunked",
    path,
    packing,
    elementBytes: numberBytes(array.numbers),
    chunkPatterns: grid.bytes / patternBytes(array),
    offsets: table.offsets,
    sizes: table.sizes,
    patterns: patternCount(array),
  };
}

/** The lengths of chunks in the layout, which the library must have understood alike. */
function expectChunks(layout: Fields, bytes: number, { dataset, numbers }: Hdf5Array): void {
  for (const length of [...dataset.metadata.chunks ?? [], numberBytes(numbers)]) {
    expectLayout(layout.unsigned(bytes) === length, "a layout of another data set");
  }
}

/** The indices of layouts of version 4. */
function readNewIndex(
  file: Hdf5Bytes,
  layout: Fields,
  array: Hdf5Array,
  packed: boolean,
  grid: ChunkGrid,
  table: ChunkTable,
): void {
  const flags = layout.u8();
  expectLayout(layout.u8() === array.lengths.length + 1, "a layout of another data set");
  const lengthBytes = layout.u8();
  expectLayout(lengthBytes >= 1 && lengthBytes <= 8, "lengths of an impossible size");
  expectChunks(layout, lengthBytes, array);
  // Chunks at the upper end may be left as they are, which is no matter where no chunk is cut off.
  const cut = array.lengths.some((length, axis) => length % grid.lengths[axis] !== 0);
  expectLayout((flags & 1) === 0 || !packed || !cut, "chunks that are packed in their own way");
  // Arrays have places for chunks up to the largest size the data set may grow to.
  const { maxshape } = array.dataset.metadata;
  expectLayout(
    array.lengths.every((length, axis) => axis === 0 || !maxshape || maxshape[axis] === length),
    "a data set that may grow along several axes",
  );
  switch (layout.u8()) {
    case 1: {
      const filtered = (flags & 2) !== 0;
      expectLayout(filtered === packed, "a single chunk of another kind");
      const size = filtered ? layout.u64() : grid.bytes, mask = filtered ? layout.u32() : 0;
      return table.add(layout.u64(), size, mask);
    }
    case 2:
      expectLayout(!packed, "packed chunks without an index");
      return readImplicitChunks(layout.u64(), grid, table);
    case 3:
      layout.skip(1);
      return readFixedArray(file, layout.u64(), packed, grid, table);
    case 4:
      layout.skip(5);
      return readExtensibleArray(file, layout.u64(), packed, grid, table);
    default:
      throw new OddLayout("an index of chunks that we do not read");
  }
}

/** How the filters pack chunks. */
function packingOf({ dataset, numbers }: Hdf5Array): ChunkedPatterns["packing"] {
  const { filters } = dataset;
  if (filters.length === 0) return "none";
  expectLayout(filters.length === 1 && filters[0].id === 32008, "filters other than bitshuffle");
  const [, , elementBytes, blockElements, compression] = filters[0].cd_values;
  expectLayout(
    elementBytes === numberBytes(numbers) && elementBytes <= 4,
    "elements that we do not unpack",
  );
  expectLayout(compression === 2, "bitshuffle without LZ4");
  expectLayout(isBlock(blockElements * elementBytes, elementBytes), "blocks that we do not unpack");
  return "bitshuffle-lz4";
}

/** Whether the kernel unpacks blocks of so many bytes; 0 stands for the filter's own choice. */
function isBlock(bytes: number, elementBytes: number): boolean {
  return bytes % (8 * elementBytes) === 0 && bytes <= largestBlock;
}

/** The chunks of an array, each of which must be a run of whole patterns in raster order. */
function gridOf(array: Hdf5Array, packing: ChunkedPatterns["packing"]): ChunkGrid {
  const { lengths, dataset, numbers } = array;
  const chunk = dataset.metadata.chunks;
  expectLayout(chunk !== null && chunk.length === lengths.length, "a layout of another data set");
  expectLayout(chunk.every((length) => length >= 1) && lengths.every((length) => length >= 1), "empty");
  const axes = lengths.length;
  // The first axis along which a chunk has several patterns: it must be whole along those behind it.
  const first = chunk.findIndex((length) => length > 1);
  for (let axis = Math.max(0, first + 1); axis < axes; axis++) {
    expectLayout(chunk[axis] === lengths[axis], "chunks that hold parts of patterns or of scan rows");
  }
  const inPattern = first < 0 || first >= axes - 2;
  if (inPattern) {
    expectLayout(chunk.slice(-2).join() === lengths.slice(-2).join(), "chunks that hold parts of patterns");
  } else {
    // A chunk that is cut off at the upper end of its axis may only be the last of all.
    const onlyOnce = lengths.slice(0, first).every((length) => length === 1);
    expectLayout(onlyOnce || lengths[first] % chunk[first] === 0, "chunks that do not divide scan rows");
  }
  const bytes = chunk.reduce((product, length) => product * length, numberBytes(numbers));
  const packed = packing !== "none";
  expectLayout(!packed || bytes <= largestPackedChunk, "chunks that are too large to unpack on threads");
  return {
    counts: lengths.map((length, axis) => Math.ceil(length / chunk[axis])),
    lengths: chunk,
    bytes,
    // A block of 8 bytes may become 14.
    packedBytes: packed ? [12, 12 + 2 * bytes] : [bytes, bytes],
  };
}

/** Each packed chunk says how large its blocks are, whatever the filter was told; the first speaks for all. */
function requireBlocks(file: Hdf5Bytes, table: ChunkTable, grid: ChunkGrid, { numbers }: Hdf5Array): void {
  const head = new DataView(file.read(table.offsets[0] - file.base, 12).bytes.buffer);
  expectLayout(head.getBigUint64(0) === BigInt(grid.bytes), "chunks of another size");
  expectLayout(isBlock(head.getUint32(8), numberBytes(numbers)), "blocks that we do not unpack");
}
