/** Parts of a data set's numbers, as the file stores them. */

import { CorruptFile } from "../../scan/errors.ts";
import { FileSource } from "../../scan/byte_source.ts";
import { expectLayout } from "./bytes.ts";
import { type BlockReader, fillWith } from "./block_reader.ts";
import { ChunkBlocks } from "./chunk_blocks.ts";
import type { ChunkedArray } from "./chunk_index.ts";
import type { Hdf5Dataset } from "./description.ts";
import type { RawPiece } from "./layout_message.ts";
import type { LinkedFiles } from "./linked_files.ts";
import { canUnpack } from "./unpack_chunk.ts";

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
