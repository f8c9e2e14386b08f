/** Reads numpy archives for tests: golden results and truths. */

import { unzipSync } from "fflate";

/** An array of a numpy archive. */
export interface NumpyArray {
  readonly shape: number[];
  readonly data:
    | Float64Array
    | Float32Array
    | Int32Array
    | Int16Array
    | Uint8Array
    | Int8Array
    | Uint16Array
    | Uint32Array
    | BigInt64Array;
}

const constructors = {
  "<f8": Float64Array,
  "<f4": Float32Array,
  "<i8": BigInt64Array,
  "<i4": Int32Array,
  "<i2": Int16Array,
  "<u2": Uint16Array,
  "<u4": Uint32Array,
  "|u1": Uint8Array,
  "|i1": Int8Array,
  "|b1": Uint8Array,
} as const;

/** Decodes little-endian C-order `.npy` bytes. */
export function decodeNpy(bytes: Uint8Array): NumpyArray {
  const headerLength = bytes[8] + 256 * bytes[9];
  const header = new TextDecoder().decode(bytes.subarray(10, 10 + headerLength));
  const descr = /'descr': '([^']+)'/.exec(header)![1] as keyof typeof constructors;
  if (!/'fortran_order': False/.test(header)) throw new Error("not in C order");
  const shape = /'shape': \(([^)]*)\)/.exec(header)![1].split(",").filter((part) => part.trim()).map(Number);
  const copy = bytes.slice(10 + headerLength);
  const type = constructors[descr];
  if (!type) throw new Error(`no type for ${descr}`);
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: new type(copy.buffer, 0, length) };
}

/** All numeric arrays of an `.npz`, by name. Text arrays are left out. */
export function readNpz(path: string): Record<string, NumpyArray> {
  const arrays: Record<string, NumpyArray> = {};
  for (const [name, bytes] of Object.entries(unzipSync(Deno.readFileSync(path)))) {
    if (new TextDecoder().decode(bytes.subarray(0, 128)).includes("'<U")) continue;
    arrays[name.replace(/\.npy$/, "")] = decodeNpy(bytes);
  }
  return arrays;
}
