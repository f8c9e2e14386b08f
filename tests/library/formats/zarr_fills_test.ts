/** Zarr: chunks that were never written are the fill value, in every type of number and both byte orders. */

import { openScan } from "../../../library/formats/open.ts";
import { demandFills, fillLengths, fills, writtenNumber } from "../../support/fills.ts";
import { withFolder } from "../../support/folders.ts";
import { type StoreFiles, text, writeStore } from "../../support/zarr_stores.ts";

const chunks = [1, ...fillLengths.slice(1)], chunkLength = 4 * 6 * 8;

/** Names of the types in Zarr 3, and what writes one number. */
const types: Readonly<
  Record<string, [name: string, write: (view: DataView, at: number, value: number, little: boolean) => void]>
> = {
  i1: ["int8", (view, at, value) => view.setInt8(at, value)],
  u1: ["uint8", (view, at, value) => view.setUint8(at, value)],
  i2: ["int16", (view, at, value, little) => view.setInt16(at, value, little)],
  u2: ["uint16", (view, at, value, little) => view.setUint16(at, value, little)],
  i4: ["int32", (view, at, value, little) => view.setInt32(at, value, little)],
  u4: ["uint32", (view, at, value, little) => view.setUint32(at, value, little)],
  i8: ["int64", (view, at, value, little) => view.setBigInt64(at, BigInt(value), little)],
  u8: ["uint64", (view, at, value, little) => view.setBigUint64(at, BigInt(value), little)],
  f2: ["float16", (view, at, value, little) => view.setUint16(at, halfOf(value), little)],
  f4: ["float32", (view, at, value, little) => view.setFloat32(at, value, little)],
  f8: ["float64", (view, at, value, little) => view.setFloat64(at, value, little)],
};

/** The bits of a whole number below 2048 as a float16. */
function halfOf(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) | ((value / 2 ** exponent - 1) * 1024);
}

/** A store whose first and third rows are written. */
function storeOf(version: 2 | 3, type: string, fill: number, little: boolean): StoreFiles {
  const bytes = Number(type[1]), [name, write] = types[type], files: StoreFiles = new Map();
  for (const row of [0, 2]) {
    const view = new DataView(new ArrayBuffer(chunkLength * bytes));
    for (let place = 0; place < chunkLength; place++) {
      write(view, place * bytes, writtenNumber(row * chunkLength + place), little);
    }
    files.set(version === 2 ? `${row}.0.0.0` : `c/${row}/0/0/0`, new Uint8Array(view.buffer));
  }
  if (version === 2) {
    const dtype = `${bytes === 1 ? "|" : little ? "<" : ">"}${type}`;
    const array = { zarr_format: 2, shape: fillLengths, chunks, dtype, fill_value: fill };
    files.set(".zarray", text({ ...array, compressor: null, filters: null, order: "C" }));
    return files;
  }
  const configuration = { endian: little ? "little" : "big" };
  files.set(
    "zarr.json",
    text({
      ...{ zarr_format: 3, node_type: "array", shape: fillLengths, data_type: name, fill_value: fill },
      chunk_grid: { name: "regular", configuration: { chunk_shape: chunks } },
      chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
      codecs: [bytes === 1 ? { name: "bytes" } : { name: "bytes", configuration }],
      attributes: {},
    }),
  );
  return files;
}

for (const version of [2, 3] as const) {
  Deno.test(`Zarr ${version}: fill values of every type in both byte orders`, () =>
    withFolder(async (folder) => {
      for (const [type, fill] of fills) {
        for (const little of type[1] === "1" ? [true] : [true, false]) {
          const label = `${type}, ${little ? "little" : "big"}-endian`;
          const path = `${folder}/${type}_${little}.zarr`;
          const scan = await openScan(await writeStore(path, storeOf(version, type, fill, little)));
          await demandFills(scan, fill, label);
          scan.close();
        }
      }
    }));
}
