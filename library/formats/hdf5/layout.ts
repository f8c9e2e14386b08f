/**
 * Where the patterns of a data set lie in its file, so that threads read them by themselves. What they could not read as
 * it lies is left to blocks.ts. After the public specification of the HDF5 file format, version 3.0.
 */

import { createPixelArray } from "../../scan/dtype.ts";
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
import { dtypeOfNumbers, keepsForm, numberBytes } from "../../scan/stored_number.ts";
import { largestStage, type TiledPatterns, type UnpackStep } from "../../scan/tiles.ts";
import { swapBytes } from "../byte_order.ts";
import { convertNumbers } from "../convert_numbers.ts";
import type { Hdf5Array } from "./array_axes.ts";
import { chunkedArray } from "./blocks.ts";
import { expectLayout, OddLayout } from "./bytes.ts";
import { type ChunkedArray, gridOf, readChunkIndex } from "./chunk_index.ts";
import type { ChunkGrid, ChunkTable } from "./chunk_table.ts";
import { swapsBytes, tileSteps } from "./tiled_array.ts";

/** Larger packed chunks are left to the main thread: each thread would need as much memory. */
const largestPackedChunk = 8 * 2 ** 20;
/** Larger blocks the kernel does not unpack. */
const largestBlock = 32768;

/**
 * Where the patterns of `arrays` lie, one after the other; `undefined` when they are packed in ways that threads do not
 * unpack, or lie in raw files or views.
 *
 * @param shape of the scan that they become
 */
export function locatePatterns(arrays: readonly Hdf5Array[], shape: ScanShape): StoredPatterns | undefined {
  try {
    return arrays.map((array) => locateArray(array, shape));
  } catch (cause) {
    // A file that is damaged here is complained about when it is read.
    if (cause instanceof OddLayout || cause instanceof CrystalliteError) return undefined;
    throw cause;
  }
}

function locateArray(array: Hdf5Array, shape: ScanShape): StoredPart {
  expectLayout((array.patternAxes ?? 2) === 2, "patterns of more axes");
  const { layout, rawFiles, type } = array.dataset;
  expectLayout(rawFiles.length === 0, "data in other files");
  expectLayout(type.plain, "numbers in another format");
  if (layout.kind === "contiguous") return contiguousPatterns(array, layout.address, layout.bytes);
  expectLayout(layout.kind === "chunked", "a layout that is neither contiguous nor chunked");
  const chunked = chunkedArray(array.dataset)!, grid = gridOf(chunked, array.dataset.file.bytes);
  const table = readIndex(array, chunked, grid), steps = tileSteps(array, grid, shape, table.complete);
  if (steps) return tiledPatterns(array, table, grid, steps);
  expectLayout(!swapsBytes(array), "numbers in the other byte order");
  return chunkedPatterns(array, table, grid);
}

function patternCount({ lengths }: Hdf5Array): number {
  return lengths.slice(0, -2).reduce((product, length) => product * length, 1);
}

function patternBytes({ lengths, numbers }: Hdf5Array): number {
  return lengths.at(-2)! * lengths.at(-1)! * numberBytes(numbers);
}

function contiguousPatterns(
  array: Hdf5Array,
  address: number | undefined,
  stored: number | undefined,
): ContiguousPatterns | FramePatterns {
  const { bytes: file } = array.dataset.file, patterns = patternCount(array);
  const bytes = patterns * patternBytes(array);
  expectLayout(address !== undefined && (stored ?? bytes) === bytes, "a data set of another size");
  expectLayout(file.contains(address, bytes), "data beyond the end of the file");
  const [patternRows, patternColumns] = array.lengths.slice(-2);
  return storedFrames({
    path: file.path,
    offset: file.base + address,
    recordBytes: patternBytes(array),
    frame: {
      ...plainFrame(patternRows, patternColumns, array.numbers, false),
      bigEndian: !array.dataset.type.littleEndian,
    },
    patterns,
  });
}

/** Chunks that threads unpack by the steps that tiled_array.ts has found. */
function tiledPatterns(
  array: Hdf5Array,
  { offsets, sizes }: ChunkTable,
  grid: ChunkGrid,
  steps: readonly UnpackStep[],
): TiledPatterns {
  const { path } = array.dataset.file.bytes, { lengths, numbers } = array;
  if (steps.length > 0) {
    const most = largestStage(grid.bytes);
    expectLayout(sizes.every((size) => size <= most), "a chunk of an impossible size");
  }
  return {
    ...{ kind: "tiled", path, lengths, chunks: grid.lengths, offsets, sizes, fill: fillOf(array) } as const,
    ...{ numbers, swapped: swapsBytes(array), steps, first: 0, patterns: patternCount(array) },
  };
}

/** What stands in chunks that were never written. */
function fillOf(array: Hdf5Array): number {
  const { dataset, numbers } = array;
  const bytes = dataset.fillValue, pixel = createPixelArray(dtypeOfNumbers(numbers), 1);
  if (bytes === undefined) return 0;
  expectLayout(bytes.length === numberBytes(numbers), "a fill value of another size");
  const native = bytes.slice();
  if (swapsBytes(array)) swapBytes(native, native.length);
  convertNumbers(numbers, native, pixel);
  return pixel[0];
}

/** The places of the chunks, which are packed in one way. */
function readIndex({ dataset, lengths }: Hdf5Array, chunked: ChunkedArray, grid: ChunkGrid): ChunkTable {
  // Chunks at the upper end may be left as they are, which is no matter where no chunk is cut off.
  const cut = lengths.some((length, axis) => length % grid.lengths[axis] !== 0);
  expectLayout(!chunked.layout.plainEdges || !chunked.packed || !cut, "chunks packed in their own way");
  const table = readChunkIndex(dataset.file.bytes, chunked, grid);
  expectLayout(table.filterMasks.size === 0, "a chunk that is packed in its own way");
  return table;
}

function chunkedPatterns(array: Hdf5Array, table: ChunkTable, grid: ChunkGrid): ChunkedPatterns {
  const { file: { bytes: file } } = array.dataset, packing = packingOf(array);
  expectLayout(keepsForm(array.numbers), "numbers that are converted");
  requireRuns(array, packing, grid);
  expectLayout(table.complete, "chunks that are missing");
  if (packing !== "none") requireBlocks(table, grid, array);
  return {
    kind: "chunked",
    path: file.path,
    packing,
    elementBytes: numberBytes(array.numbers),
    chunkPatterns: grid.bytes / patternBytes(array),
    offsets: table.offsets,
    sizes: table.sizes,
    patterns: patternCount(array),
  };
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

/** Each chunk must be a run of whole patterns in raster order. */
function requireRuns(
  { lengths, dataset }: Hdf5Array,
  packing: ChunkedPatterns["packing"],
  { bytes }: ChunkGrid,
): void {
  const chunk = dataset.metadata.chunks!, axes = lengths.length;
  expectLayout(lengths.every((length) => length >= 1), "empty");
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
  expectLayout(
    packing === "none" || bytes <= largestPackedChunk,
    "chunks that are too large to unpack on threads",
  );
}

/** Each packed chunk says how large its blocks are, whatever the filter was told; the first speaks for all. */
function requireBlocks(table: ChunkTable, grid: ChunkGrid, { dataset, numbers }: Hdf5Array): void {
  const { bytes: file } = dataset.file;
  // A block of 8 bytes may become 14.
  expectLayout(
    table.sizes.every((size) => size >= 12 && size <= 12 + 2 * grid.bytes),
    "a chunk of an impossible size",
  );
  const head = new DataView(file.read(table.offsets[0] - file.base, 12).bytes.buffer);
  expectLayout(head.getBigUint64(0) === BigInt(grid.bytes), "chunks of another size");
  expectLayout(isBlock(head.getUint32(8), numberBytes(numbers)), "blocks that we do not unpack");
}
