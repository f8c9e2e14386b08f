/** Zarr: a folder with a file for each chunk. HyperSpy's `.zspy` is Zarr 2, `.zarr` Zarr 3. */

import { dirname, join } from "node:path";
import { bytesPerElement, dtypeName } from "../scan/dtype.ts";
import { fromSystemError } from "../scan/errors.ts";
import { version } from "../results/version.ts";
import type { ChunkGrid } from "./chunk_grid.ts";
import type { ChunkStore } from "./chunk_store.ts";
import { blockBytes, type Compression } from "./compression.ts";
import { axesOf, badIndices, type ScanDescription, writtenUnit } from "./description.ts";
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
    const named = description.badPixels && place === `${experiment}/original_metadata`;
    const all = { ...attributes, ...(named && { bad_pixels: badIndices(description) }) };
    if (Object.keys(all).length > 0) writeJson(join(path, place, ".zattrs"), all);
  }
  const data = join(path, experiment, "data"), { dtype } = description;
  const bytes = bytesPerElement(dtype);
  writeJson(join(data, ".zarray"), {
    zarr_format: 2,
    shape: grid.lengths,
    chunks: grid.chunk,
    dtype: `${bytes === 1 ? "|" : "<"}${dtype[0]}${bytes}`,
    fill_value: 0,
    order: "C",
    filters: null,
    dimension_separator: "/",
    compressor: {
      "bitshuffle-lz4": { id: "blosc", cname: "lz4", clevel: 5, shuffle: 2, blocksize: blockBytes },
      zstd: { id: "zstd", level: 1 },
      gzip: { id: "gzip", level: 1 },
      none: null,
    }[compression],
  });
  return new ZarrChunks(data, grid);
}

/** Creates a store of Zarr 3: a group with OME's description of the axes and our calibration, the array `data` in it. */
export function createZarrStore(
  path: string,
  description: ScanDescription,
  grid: ChunkGrid,
  compression: Compression,
): ChunkStore {
  const { dtype, calibration, source, badPixels } = description, axes = axesOf(description);
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
      crystallite: {
        ...{ version, calibration, source },
        ...(badPixels && { badPixels: badIndices(description) }),
      },
    },
  });
  const data = join(path, "data"), bytes = bytesPerElement(dtype);
  writeJson(join(data, "zarr.json"), {
    zarr_format: 3,
    node_type: "array",
    shape: grid.lengths,
    data_type: dtypeName(dtype),
    chunk_grid: { name: "regular", configuration: { chunk_shape: grid.chunk } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: 0,
    codecs: [
      { name: "bytes", ...(bytes > 1 && { configuration: { endian: "little" } }) },
      ...{
        "bitshuffle-lz4": [{
          name: "blosc",
          configuration: {
            ...{ cname: "lz4", clevel: 5, shuffle: "bitshuffle" },
            ...{ typesize: bytes, blocksize: blockBytes },
          },
        }],
        zstd: [{ name: "zstd", configuration: { level: 1, checksum: false } }],
        gzip: [{ name: "gzip", configuration: { level: 1 } }],
        none: [],
      }[compression],
    ],
    dimension_names: axes.map(({ name }) => name),
    attributes: {},
  });
  return new ZarrChunks(join(data, "c"), grid);
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
    const path = join(this.#folder, ...index.map(String));
    makeFolder(dirname(path));
    writeWholeFile(path, chunk);
  }

  finish(): void {}

  abandon(): void {}
}

function writeJson(path: string, content: unknown): void {
  makeFolder(dirname(path));
  writeWholeFile(path, new TextEncoder().encode(JSON.stringify(content, null, 2) + "\n"));
}

function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw fromSystemError(cause, path, "write");
  }
}
