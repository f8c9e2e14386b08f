/** Attributes and small data sets of HDF5 as plain data: numbers, texts and lists of them. */

import type { Hdf5Module } from "./library.ts";

/** An attribute or small data set as plain data; 64-bit integers as the nearest numbers, booleans as 0 or 1. */
export type Hdf5Value = number | string | readonly number[] | readonly string[];

/** What the HDF5 library says about the type and shape of a value. */
type Metadata = ReturnType<Hdf5Module["get_attribute_metadata"]>;

/** Values larger than this are data, not description. */
const largestBytes = 16 * 2 ** 20;
/** Class numbers of HDF5's number types. */
const integerClass = 0, floatClass = 1, textClass = 3, enumClass = 8;

/** An attribute of the group or data set at `path`, or `undefined` where it is missing, large, or not plain. */
export function readAttribute(
  module: Hdf5Module,
  file: bigint,
  path: string,
  name: string,
): Hdf5Value | undefined {
  if (!module.get_attribute_names(file, path).includes(name)) return undefined;
  return readValue(module, module.get_attribute_metadata(file, path, name), {
    read: (memory) => module.get_attribute_data(file, path, name, memory),
    reclaim: (memory) => module.reclaim_vlen_memory(file, path, name, memory),
  });
}

/** The content of the data set at `path`, or `undefined` where it is large or not plain. */
export function readSmallDataset(module: Hdf5Module, file: bigint, path: string): Hdf5Value | undefined {
  return readValue(module, module.get_dataset_metadata(file, path), {
    read: (memory) => module.get_dataset_data(file, path, null, null, null, memory),
    reclaim: (memory) => module.reclaim_vlen_memory(file, path, "", memory),
  });
}

/** Access to one value; both functions give a negative status when they fail. */
interface Access {
  read(memory: bigint): number;
  /** Frees texts that HDF5 has allocated. */
  reclaim(memory: bigint): number;
}

function readValue(module: Hdf5Module, metadata: Metadata, access: Access): Hdf5Value | undefined {
  const { shape, size, total_size: count, vlen } = metadata;
  const bytes = size * count;
  const decode = decoderOf(module, metadata);
  if (shape === null || !decode || !(bytes > 0 && bytes <= largestBytes)) return undefined;
  const memory = module._malloc(bytes);
  if (memory === 0) throw new Error("no memory for a small value");
  try {
    module.HEAPU8.fill(0, memory, memory + bytes);
    // What a failed reading leaves behind must be neither looked at nor freed.
    if (access.read(BigInt(memory)) < 0) throw new Error("reading a value failed");
    const data = module.HEAPU8.slice(memory, memory + bytes);
    const values = Array.from(
      { length: count },
      (_, index) => decode(new DataView(data.buffer, index * size, size)),
    );
    if (vlen) access.reclaim(BigInt(memory));
    return shape.length === 0 ? values[0] : values as Hdf5Value;
  } finally {
    module._free(memory);
  }
}

/** How one element becomes plain data; `undefined` for what does not. */
function decoderOf(
  module: Hdf5Module,
  metadata: Metadata,
): ((element: DataView) => number | string) | undefined {
  const { type, size, signed, vlen } = metadata;
  switch (type) {
    case integerClass:
      return integerDecoder(size, signed);
    case enumClass:
      return metadata.enum_type?.type === integerClass ? integerDecoder(size, true) : undefined;
    case floatClass:
      if (size === 4) return (element) => element.getFloat32(0, true);
      return size === 8 ? (element) => element.getFloat64(0, true) : undefined;
    case textClass: {
      if (!vlen) return (element) => textOf(new Uint8Array(element.buffer, element.byteOffset, size));
      return (element) => {
        const pointer = element.getUint32(0, true);
        return pointer === 0 ? "" : module.UTF8ToString(pointer);
      };
    }
  }
}

function integerDecoder(size: number, signed: boolean): ((element: DataView) => number) | undefined {
  switch (size) {
    case 1:
      return (element) => signed ? element.getInt8(0) : element.getUint8(0);
    case 2:
      return (element) => signed ? element.getInt16(0, true) : element.getUint16(0, true);
    case 4:
      return (element) => signed ? element.getInt32(0, true) : element.getUint32(0, true);
    case 8:
      return (element) => Number(signed ? element.getBigInt64(0, true) : element.getBigUint64(0, true));
  }
}

/** A text of fixed size, which NUL or blanks may fill up. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trimEnd();
}
