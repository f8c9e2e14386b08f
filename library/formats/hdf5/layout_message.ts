/** How a data set says where its numbers lie: its layout, filters, fill value and files of raw numbers. */

import { expectKnown, expectLayout, type Fields, type Hdf5Bytes } from "./bytes.ts";
import { LocalHeap } from "./local_heap.ts";

/** How chunks are found. */
export type ChunkIndex =
  & { readonly address: number | undefined }
  & (
    | { readonly kind: "tree" | "implicit" | "fixed array" | "extensible array" | "newer tree" }
    /** One chunk, with its packed size where it is packed. */
    | { readonly kind: "single"; readonly bytes?: number; readonly filterMask: number }
  );

/** Where the numbers of a data set lie. */
export type Layout =
  | { readonly kind: "compact"; readonly data: Uint8Array }
  | { readonly kind: "contiguous"; readonly address: number | undefined; readonly bytes?: number }
  | {
    readonly kind: "chunked";
    /** Elements of a chunk along each axis. */
    readonly chunk: readonly number[];
    readonly elementBytes: number;
    readonly index: ChunkIndex;
    /** Whether chunks that the upper ends cut off are left as they are. */
    readonly plainEdges: boolean;
  }
  | { readonly kind: "virtual"; readonly address: number | undefined; readonly index: number };

/** A filter that chunks are packed with. */
export interface Hdf5Filter {
  /** Registered number. */
  readonly id: number;
  readonly name: string;
  readonly cd_values: readonly number[];
}

const compactClass = 0, contiguousClass = 1, chunkedClass = 2, virtualClass = 3;
const newerIndices = ["single", "implicit", "fixed array", "extensible array", "newer tree"] as const;
const mostFilters = 32, mostParameters = 1024;

/** Reads a layout message of a data set with `axes` axes. */
export function parseLayout(fields: Fields, axes: number): Layout {
  const version = fields.u8();
  expectKnown(version >= 1 && version <= 5, `a layout of version ${version}`);
  if (version < 3) return parseOldLayout(fields, axes);
  const layoutClass = fields.u8();
  switch (layoutClass) {
    case compactClass:
      return { kind: "compact", data: fields.take(fields.u16()).bytes };
    case contiguousClass:
      return { kind: "contiguous", address: fields.address(), bytes: fields.u64() };
    case virtualClass:
      return { kind: "virtual", address: fields.address(), index: fields.u32() };
    default:
      expectKnown(layoutClass === chunkedClass, "a layout of an unknown class");
      return version === 3 ? parseChunks(fields, axes) : parseNewChunks(fields, axes);
  }
}

/** Files of HDF5 before 1.6.3. */
function parseOldLayout(fields: Fields, axes: number): Layout {
  const count = fields.u8(), layoutClass = fields.u8();
  fields.skip(5);
  const address = layoutClass === compactClass ? undefined : fields.address();
  const lengths = Array.from({ length: count }, () => fields.u32());
  if (layoutClass === contiguousClass) return { kind: "contiguous", address };
  if (layoutClass === compactClass) return { kind: "compact", data: fields.take(fields.u32()).bytes };
  expectKnown(layoutClass === chunkedClass, "a layout of an unknown class");
  return chunked(lengths, axes, { kind: "tree", address }, false);
}

function parseChunks(fields: Fields, axes: number): Layout {
  const count = fields.u8(), address = fields.address();
  return chunked(Array.from({ length: count }, () => fields.u32()), axes, { kind: "tree", address }, false);
}

function parseNewChunks(fields: Fields, axes: number): Layout {
  const flags = fields.u8(), count = fields.u8(), lengthBytes = fields.u8();
  expectLayout(lengthBytes >= 1 && lengthBytes <= 8, "lengths of an impossible size");
  const lengths = Array.from({ length: count }, () => fields.unsigned(lengthBytes));
  const kind = newerIndices[fields.u8() - 1];
  expectKnown(kind !== undefined, "an index of chunks of an unknown kind");
  let index: ChunkIndex;
  if (kind === "single") {
    const packed = (flags & 2) !== 0;
    const bytes = packed ? fields.u64() : undefined, filterMask = packed ? fields.u32() : 0;
    index = { kind, bytes, filterMask, address: fields.address() };
  } else {
    const parameters = { "implicit": 0, "fixed array": 1, "extensible array": 5, "newer tree": 6 };
    fields.skip(parameters[kind]);
    index = { kind, address: fields.address() };
  }
  return chunked(lengths, axes, index, (flags & 1) !== 0);
}

/** The last of a chunk's lengths is that of an element in bytes. */
function chunked(lengths: readonly number[], axes: number, index: ChunkIndex, plainEdges: boolean): Layout {
  expectLayout(lengths.length === axes + 1, "chunks with another number of axes than the data set");
  expectLayout(lengths.every((length) => length >= 1), "chunks without elements");
  return { kind: "chunked", chunk: lengths.slice(0, -1), elementBytes: lengths.at(-1)!, index, plainEdges };
}

/** Reads the message about filters. */
export function parseFilters(fields: Fields): Hdf5Filter[] {
  const version = fields.u8(), count = fields.u8();
  expectKnown(version === 1 || version === 2, "filters of an unknown version");
  expectLayout(count <= mostFilters, "more filters than HDF5 allows");
  if (version === 1) fields.skip(6);
  return Array.from({ length: count }, () => {
    const id = fields.u16(), nameBytes = version === 1 || id >= 256 ? fields.u16() : 0;
    fields.skip(2);
    const parameters = fields.u16();
    expectLayout(parameters <= mostParameters, "a filter of too many parameters");
    const { bytes } = fields.take(version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes);
    const cd_values = Array.from({ length: parameters }, () => fields.u32());
    if (version === 1 && parameters % 2 === 1) fields.skip(4);
    return {
      id,
      name: new TextDecoder().decode(bytes.subarray(0, Math.max(0, bytes.indexOf(0)))),
      cd_values,
    };
  });
}

/** The element that stands for what was never written, where the file defines one. */
export function parseFillValue(fields: Fields): Uint8Array | undefined {
  const version = fields.u8();
  expectKnown(version >= 1 && version <= 3, "a fill value of an unknown version");
  if (version === 3) {
    const flags = fields.u8();
    return flags & 0x20 ? fields.take(fields.u32()).bytes : undefined;
  }
  fields.skip(2);
  const defined = fields.u8() === 1;
  if (version === 2 && !defined) return undefined;
  const bytes = fields.u32();
  return defined && bytes > 0 ? fields.take(bytes).bytes : undefined;
}

/** A piece of a file that holds numbers and nothing else. */
export interface RawPiece {
  /** As the HDF5 file names it. */
  readonly file: string;
  readonly offset: number;
  /** `undefined` for as many as there are. */
  readonly bytes: number | undefined;
}

/** Reads the message about raw files. */
export function parseRawFiles(file: Hdf5Bytes, fields: Fields): RawPiece[] {
  expectKnown(fields.u8() === 1, "raw files of an unknown version");
  fields.skip(5);
  const count = fields.u16(), heap = new LocalHeap(file, fields.u64());
  return Array.from({ length: count }, () => {
    const name = heap.text(fields.u64()), offset = fields.u64();
    return { file: name, offset, bytes: fields.address() };
  });
}
