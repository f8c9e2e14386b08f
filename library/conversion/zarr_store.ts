/**
 * Zarr: a folder with a file for each chunk. HyperSpy's `.zspy` is Zarr 2, `.zarr` Zarr 3. Bad pixels are an array of their
 * own, `bad_pixels`, 1 = bad: there may be millions of them, too many for attributes.
 */

import { dirname, join } from "node:path";
import { bytesPerElement, type DType, dtypeName } from "../scan/dtype.ts";
import { fromSystemError } from "../scan/errors.ts";
import { version } from "../results/version.ts";
import type { ChunkGrid } from "./chunk_grid.ts";
import type { ChunkStore } from "./chunk_store.ts";
import { blockBytes, type Compression } from "./compression.ts";
import { axesOf, type ScanDescription, writtenUnit } from "./description.ts";
import { hyperspyTree } from "./hyperspy_tree.ts";
import { writeWholeFile } from "./output_bytes.ts";

/** Creates a HyperSpy store with everything but the patterns. */
export function createZspyStore(
  path: string,
  description: ScanDescription,
  grid: ChunkGrid,
  compression: Compression,
): ChunkStore {
  const { experiment, groups } = hyperspyTree(description, "ZSpy");
  for (const [place, attributes] of groups) {
    writeJson(join(path, place, ".zgroup"), { zarr_format: 2 });
    if (Object.keys(attributes).length > 0) writeJson(join(path, place, ".zattrs"), attributes);
  }
  const data = join(path, experiment, "data"), { dtype, badPixels } = description;
  const compressor = {
    "bitshuffle-lz4": { id: "blosc", cname: "lz4", clevel: 5, shuffle: 2, blocksize: blockBytes },
    zstd: { id: "zstd", level: 1 },
    gzip: { id: "gzip", level: 1 },
    none: null,
  }[compression];
  writeArray2(data, { lengths: grid.lengths, chunk: grid.chunk, dtype, compressor });
  if (badPixels) {
    const mask = join(path, experiment, "original_metadata", "bad_pixels"), lengths = grid.lengths.slice(-2);
    writeArray2(mask, { lengths, chunk: lengths, dtype: "u8", compressor: null });
    writeFile(join(mask, "0", "0"), badPixels);
  }
  return new ZarrChunks(data, grid);
}

/** An array of Zarr 2 without its chunks. */
function writeArray2(
  path: string,
  { lengths, chunk, dtype, compressor }: Pick<ChunkGrid, "lengths" | "chunk"> & {
    readonly dtype: DType;
    readonly compressor: unknown;
  },
): void {
  const bytes = bytesPerElement(dtype);
  writeJson(join(path, ".zarray"), {
    zarr_format: 2,
    shape: lengths,
    chunks: chunk,
    dtype: `${bytes === 1 ? "|" : "<"}${dtype[0]}${bytes}`,
    fill_value: 0,
    order: "C",
    filters: null,
    dimension_separator: "/",
    compressor,
  });
}

/** Creates a store of Zarr 3: a group with OME's description of the axes and our calibration, the array `data` in it. */
export function createZarrStore(
  path: string,
  description: ScanDescription,
  grid: ChunkGrid,
  compression: Compression,
): ChunkStore {
  const { dtype, calibration, source, badPixels, saturation } = description, axes = axesOf(description);
  writeJson(join(path, "zarr.json"), {
    zarr_format: 3,
    node_type: "group",
    attributes: {
      ome: {
        version: "0.5",
        multiscales: [{
          axes: axes.map(({ name, unit, navigates }) => ({
            name,
            ...(name !== "frame" && navigates && { type: "space" }),
            ...(unit !== undefined && { unit: writtenUnit(unit) }),
          })),
          datasets: [{
            path: "data",
            coordinateTransformations: [{ type: "scale", scale: axes.map(({ step }) => step) }],
          }],
        }],
      },
      crystallite: { version, calibration, source, ...(saturation !== undefined && { saturation }) },
    },
  });
  const data = join(path, "data"), names = axes.map(({ name }) => name);
  const packing = {
    "bitshuffle-lz4": [{
      name: "blosc",
      configuration: {
        ...{ cname: "lz4", clevel: 5, shuffle: "bitshuffle" },
        ...{ typesize: bytesPerElement(dtype), blocksize: blockBytes },
      },
    }],
    zstd: [{ name: "zstd", configuration: { level: 1, checksum: false } }],
    gzip: [{ name: "gzip", configuration: { level: 1 } }],
    none: [],
  }[compression];
  writeArray3(data, { lengths: grid.lengths, chunk: grid.chunk, dtype, packing, names });
  if (badPixels) {
    const mask = join(path, "bad_pixels"), lengths = grid.lengths.slice(-2);
    writeArray3(mask, { lengths, chunk: lengths, dtype: "u8", packing: [], names: names.slice(-2) });
    writeFile(join(mask, "c", "0", "0"), badPixels);
  }
  return new ZarrChunks(join(data, "c"), grid);
}

/** An array of Zarr 3 without its chunks. */
function writeArray3(
  path: string,
  { lengths, chunk, dtype, packing, names }: Pick<ChunkGrid, "lengths" | "chunk"> & {
    readonly dtype: DType;
    readonly packing: readonly unknown[];
    readonly names: readonly string[];
  },
): void {
  writeJson(join(path, "zarr.json"), {
    zarr_format: 3,
    node_type: "array",
    shape: lengths,
    data_type: dtypeName(dtype),
    chunk_grid: { name: "regular", configuration: { chunk_shape: chunk } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: 0,
    codecs: [
      { name: "bytes", ...(bytesPerElement(dtype) > 1 && { configuration: { endian: "little" } }) },
      ...packing,
    ],
    dimension_names: names,
    attributes: {},
  });
}

/** Files named by the index of their chunk on each axis, in folders. */
class ZarrChunks implements ChunkStore {
  readonly #folder: string;
  readonly #grid: ChunkGrid;
  #next = 0;

  constructor(folder: string, grid: ChunkGrid) {
    this.#folder = folder;
    this.#grid = grid;
  }

  add(chunk: Uint8Array): void {
    const { lengths, perRow } = this.#grid;
    const index = [this.#next % perRow, 0, 0];
    let row = Math.floor(this.#next++ / perRow);
    for (let axis = lengths.length - 4; axis >= 0; axis--) {
      index.unshift(row % lengths[axis]);
      row = Math.floor(row / lengths[axis]);
    }
    writeFile(join(this.#folder, ...index.map(String)), chunk);
  }

  finish(): void {}

  abandon(): void {}
}

function writeJson(path: string, content: unknown): void {
  writeFile(path, new TextEncoder().encode(JSON.stringify(content, null, 2) + "\n"));
}

function writeFile(path: string, bytes: Uint8Array): void {
  makeFolder(dirname(path));
  writeWholeFile(path, bytes);
}

function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw fromSystemError(cause, path, "write");
  }
}
