/** Every number type in every format that has it, in both byte orders: exact values, or a refusal that says what to do. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readsInParallel } from "../../../library/engine/loaded_scan.ts";
import type { OpenScanOptions } from "../../../library/formats/open.ts";
import { openScan } from "../../../library/formats/open.ts";
import { bytesOf, createPixelArray, type PixelArray } from "../../../library/scan/dtype.ts";
import type { CrystalliteError } from "../../../library/scan/errors.ts";
import {
  dtypeOfNumbers,
  keepsForm,
  numberBytes,
  numberName,
  type StoredNumber,
  storedNumbers,
} from "../../../library/scan/stored_number.ts";
import { npy, zip } from "../../support/byte_files.ts";
import { dmFile, imageFileTags, rawValue } from "../../support/dm_files.ts";
import { withFolder } from "../../support/folders.ts";
import { mrcFile } from "../../support/mrc_files.ts";
import { encodeExtremes, extremes, numberAt } from "../../support/raw_numbers.ts";
import { working } from "../../support/raw_records.ts";
import { readAll } from "../../support/reading.ts";
import { readStored } from "../../support/stored.ts";
import { tiff } from "../../support/tiff_files.ts";
import { text, writeStore } from "../../support/zarr_stores.ts";

const shape = [2, 3, 3, 5] as const, count = 90, pixels = 15;
const scanShape = { rows: 2, columns: 3 };

/** Names of types in numpy. */
function descriptor(numbers: StoredNumber, bigEndian: boolean): string {
  const code = numbers === "bool" ? "b1" : `${numbers[0]}${numberBytes(numbers)}`;
  return `${numberBytes(numbers) === 1 ? "|" : bigEndian ? ">" : "<"}${code}`;
}

interface Container {
  readonly options?: (numbers: StoredNumber, bigEndian: boolean) => OpenScanOptions;
  /** Writes numbers as they lie in the file; returns its path, or nothing where the format has no such numbers. */
  make(
    folder: string,
    numbers: StoredNumber,
    bigEndian: boolean,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<string | undefined>;
}

const write = async (path: string, bytes: Uint8Array) => {
  await Deno.writeFile(path, bytes);
  return path;
};

/** Numbers with the axes in reverse. */
function reversed(data: Uint8Array, size: number): Uint8Array {
  const [a, b, c, d] = shape, into = new Uint8Array(data.length);
  for (let index = 0; index < count; index++) {
    const at = [
      Math.floor(index / (b * c * d)),
      Math.floor(index / (c * d)) % b,
      Math.floor(index / d) % c,
      index % d,
    ];
    const place = at[0] + a * (at[1] + b * (at[2] + c * at[3]));
    into.set(data.subarray(index * size, (index + 1) * size), place * size);
  }
  return into;
}

const dmCodes: Partial<Record<StoredNumber, [dataType: number, tag: number]>> = {
  ...{
    i16: [1, 2],
    f32: [2, 6],
    u8: [6, 10],
    i32: [7, 3],
    i8: [9, 9],
    u16: [10, 4],
    u32: [11, 5],
    f64: [12, 7],
  },
  ...{ bool: [14, 8], i64: [39, 11], u64: [40, 12] },
};

const containers: Readonly<Record<string, Container>> = {
  npy: {
    make: (folder, numbers, bigEndian, data) =>
      write(`${folder}/a.npy`, npy(descriptor(numbers, bigEndian), shape, data)),
  },
  "npy in Fortran order": {
    make: (folder, numbers, bigEndian, data) =>
      write(
        `${folder}/a.npy`,
        npy(descriptor(numbers, bigEndian), shape, reversed(data, numberBytes(numbers)), true),
      ),
  },
  npz: {
    make: (folder, numbers, bigEndian, data) =>
      write(
        `${folder}/a.npz`,
        zip([{ name: "data.npy", data: npy(descriptor(numbers, bigEndian), shape, data) }]),
      ),
  },
  "deflated prz": {
    make: (folder, numbers, bigEndian, data) =>
      write(
        `${folder}/a.prz`,
        zip([{ name: "data.npy", data: npy(descriptor(numbers, bigEndian), shape, data), deflated: true }]),
      ),
  },
  "raw numbers": {
    options: (dtype, bigEndian) => ({ dtype, shape, byteOrder: bigEndian ? "big" : "little" }),
    make: (folder, _numbers, _bigEndian, data) => write(`${folder}/a.bin`, data),
  },
  "raw numbers with headers, flipped and transposed twice": {
    options: (dtype, bigEndian) => ({
      ...{ dtype, shape, frameHeader: 3, byteOrder: bigEndian ? "big" : "little" },
      detectorFlip: "rows,columns",
    }),
    make(folder, numbers, _bigEndian, data) {
      const size = numberBytes(numbers), record = pixels * size, file = new Uint8Array(6 * (3 + record));
      for (let i = 0; i < count; i++) {
        // Flips turn a pattern round.
        const pattern = Math.floor(i / pixels), place = pixels - 1 - i % pixels;
        file.set(data.subarray(i * size, (i + 1) * size), pattern * (3 + record) + 3 + place * size);
      }
      return write(`${folder}/a.bin`, file);
    },
  },
  "a folder of npy frames": {
    options: () => ({ scanShape }),
    async make(folder, numbers, bigEndian, data) {
      await Deno.mkdir(`${folder}/frames`);
      const bytes = pixels * numberBytes(numbers);
      for (let frame = 0; frame < 6; frame++) {
        const part = data.subarray(frame * bytes, (frame + 1) * bytes);
        await write(
          `${folder}/frames/f${frame}.npy`,
          npy(descriptor(numbers, bigEndian), shape.slice(2), part),
        );
      }
      return `${folder}/frames`;
    },
  },
  TIFF: {
    options: () => ({ scanShape }),
    // deno-lint-ignore require-await
    async make(folder, numbers, bigEndian, data) {
      if (numbers === "bool") return undefined;
      const bytes = pixels * numberBytes(numbers);
      const pages = Array.from({ length: 6 }, (_, page) => data.subarray(page * bytes, (page + 1) * bytes));
      const format = { u: 1, i: 2, f: 3 }[numbers[0] as "u" | "i" | "f"];
      const file = tiff({ rows: 3, columns: 5, bits: 8 * numberBytes(numbers), format, pages, bigEndian });
      return write(`${folder}/a.tif`, file);
    },
  },
  MRC: {
    options: () => ({ scanShape }),
    // deno-lint-ignore require-await
    async make(folder, numbers, bigEndian, data) {
      if (!["u8", "i8", "i16", "f32", "u16", "f16"].includes(numbers)) return undefined;
      const sign = { imodFlags: numbers === "i8" ? 1 : 0 };
      const file = mrcFile({ rows: 3, columns: 5, frames: 6, numbers, bigEndian, ...sign }, []);
      return write(`${folder}/a.mrc`, Uint8Array.of(...file, ...data));
    },
  },
  DM4: {
    // deno-lint-ignore require-await
    async make(folder, numbers, bigEndian, data) {
      const codes = dmCodes[numbers];
      if (!codes) return undefined;
      const image = {
        dimensions: [...shape].reverse(),
        dataType: codes[0],
        data: rawValue([20, codes[1], count], data),
      };
      const kind = { version: 4 as const, littleEndian: !bigEndian };
      return write(`${folder}/a.dm4`, dmFile(kind, imageFileTags({ ...image, swapped: true })));
    },
  },
  "Zarr 2": {
    make: (folder, numbers, bigEndian, data) =>
      writeStore(
        `${folder}/a.zarr`,
        new Map([
          [".zarray", text({ ...zarr2, dtype: descriptor(numbers, bigEndian) })],
          ["0.0.0.0", data],
        ]),
      ),
  },
  "Zarr 3": {
    make(folder, numbers, bigEndian, data) {
      const endian = numberBytes(numbers) > 1
        ? { configuration: { endian: bigEndian ? "big" : "little" } }
        : {};
      const array = { ...zarr3, data_type: numberName(numbers), codecs: [{ name: "bytes", ...endian }] };
      const fill = numbers === "bool" ? false : 0;
      return writeStore(
        `${folder}/a.zarr`,
        new Map([["zarr.json", text({ ...array, fill_value: fill })], ["c/0/0/0/0", data]]),
      );
    },
  },
};

const zarr2 = {
  ...{ zarr_format: 2, shape, chunks: shape, compressor: null, filters: null, order: "C", fill_value: 0 },
};
const zarr3 = {
  ...{ zarr_format: 3, node_type: "array", shape, attributes: {} },
  chunk_grid: { name: "regular", configuration: { chunk_shape: shape } },
  chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
};

/** What a scan must have of the extremes of a type. */
function expectedOf(numbers: StoredNumber): PixelArray {
  const view = new DataView(encodeExtremes(numbers, count, false).buffer), size = numberBytes(numbers);
  const expected = createPixelArray(dtypeOfNumbers(numbers), count);
  for (let i = 0; i < count; i++) expected[i] = numberAt(view, numbers, i * size, false);
  return expected;
}

/** Bit by bit, so that -0 is not 0. */
async function checkScan(path: string, numbers: StoredNumber, what: string, options?: OpenScanOptions) {
  const scan = await openScan(path, options), expected = expectedOf(numbers);
  assert.deepEqual(Object.values(scan.shape), [...shape], what);
  assert.equal(scan.dtype, dtypeOfNumbers(numbers), what);
  assert.equal(scan.source.numbers, keepsForm(numbers) ? undefined : numbers, what);
  for (const bandHeight of [1, 2]) {
    assert.deepEqual(bytesOf(await readAll(scan, bandHeight, true)), bytesOf(expected), what);
  }
  if (readsInParallel(scan)) {
    for (const step of [6, 1]) {
      assert.deepEqual(readStored(scan, step), bytesOf(working(expected)), `${what}, by threads`);
    }
  }
  scan.close();
}

for (const [name, { options, make }] of Object.entries(containers)) {
  Deno.test(`${name}: every number type of both byte orders is read to the last bit`, async () => {
    for (const numbers of storedNumbers) {
      for (const bigEndian of [false, true]) {
        await withFolder(async (folder) => {
          const path = await make(folder, numbers, bigEndian, encodeExtremes(numbers, count, bigEndian));
          const what = `${name}, ${numbers}, ${bigEndian ? "big" : "little"}`;
          if (path !== undefined) await checkScan(path, numbers, what, options?.(numbers, bigEndian));
        });
      }
    }
  });
}

const hdf5 = fileURLToPath(new URL("../../data/hdf5_number_types.h5", import.meta.url));

Deno.test("HDF5: every number type of both byte orders is read to the last bit, as h5py writes it", async () => {
  for (const numbers of storedNumbers) {
    for (
      const dataset of ["little", "little_gzip", "big", "big_gzip"].map((order) => `${numbers}_${order}`)
    ) {
      await checkScan(hdf5, numbers, dataset, { dataset });
    }
  }
});

const others = [
  ["complex", /complex numbers/, /intensity/],
  ["enumerated", /enumerated values/, /save it as one of/],
  ["long_double", /float128/, /save it as one of/],
  ["bfloat16", /not those of IEEE/, /float32/],
  ["bit_field", /bit fields/, /save it as one of/],
] as const;
for (const [dataset, says, remedy] of others) {
  Deno.test(`HDF5: numbers of type ${dataset} are refused with what to do`, async () => {
    await assert.rejects(openScan(hdf5, { dataset }), (error: CrystalliteError) => {
      assert.equal(error.kind, "UnsupportedFormat");
      assert.match(error.message, says);
      assert.match(error.details.remedy!, remedy);
      return true;
    });
  });
}

Deno.test("Zarr: chunks of any type that were never written are the fill value, however it is spelt", () =>
  withFolder(async (folder) => {
    const cases: [StoredNumber, fill: unknown, number][] = [
      ["bool", true, 1],
      ["f16", -0.25, -0.25],
      ["f16", "0x3555", 0.333251953125],
      ["f16", "NaN", NaN],
      ["f16", "-Infinity", -Infinity],
      ["f32", "0x7fc00000", NaN],
      ["f64", "0x3ff8000000000000", 1.5],
      ["i64", -77, -77],
      ["u64", 2 ** 53, 2 ** 53],
      ["u64", 2 ** 64 - 1, Infinity],
      ["i64", -(2 ** 63), -Infinity],
      ["i8", -128, -128],
    ];
    for (const [numbers, fill, expected] of cases) {
      const array = { ...zarr3, data_type: numberName(numbers), codecs: ["bytes"], fill_value: fill };
      const half = { name: "regular", configuration: { chunk_shape: [1, 3, 3, 5] } };
      const files = new Map([
        ["zarr.json", text({ ...array, chunk_grid: half })],
        ["c/1/0/0/0", new Uint8Array(45 * numberBytes(numbers))],
      ]);
      const path = await writeStore(`${folder}/${numbers}${fill}.zarr`, files), scan = await openScan(path);
      const found = Array.from(await readAll(scan));
      assert.deepEqual(found, [...Array(45).fill(expected), ...Array(45).fill(0)], `${numbers} ${fill}`);
      scan.close();
    }
    for (
      const [numbers, fill] of [["bool", 2], ["u8", -1], ["f16", "0x35"], ["i64", "1"], [
        "i16",
        true,
      ]] as const
    ) {
      const array = { ...zarr3, data_type: numberName(numbers), codecs: ["bytes"], fill_value: fill };
      const path = await writeStore(`${folder}/bad${numbers}.zarr`, new Map([["zarr.json", text(array)]]));
      await assert.rejects(openScan(path), { kind: "CorruptFile" });
    }
  }));

Deno.test("the list of extremes has values that float32 does not hold", () => {
  assert.ok(extremes("i64").includes(2n ** 63n - 1n) && extremes("u32").includes(2n ** 32n - 1n));
});
