/** What threads read from HDF5 files by themselves is what the HDF5 library reads, or is left to the library. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { swapBytes } from "../../../library/formats/byte_order.ts";
import { type Hdf5, loadHdf5 } from "../../../library/formats/hdf5/library.ts";
import { openFile, openScan, type OpenScanOptions } from "../../../library/formats/open.ts";
import { bytesOf } from "../../../library/scan/dtype.ts";
import { isSeries, type Scan } from "../../../library/scan/scan.ts";
import { filesOf } from "../../../library/scan/stored.ts";
import { withFolder } from "../../support/folders.ts";
import { masterPattern, writeHdf5, writeMaster } from "../../support/hdf5_files.ts";
import { working } from "../../support/raw_records.ts";
import { readAll } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";
import { describeStored, readStored } from "../../support/stored.ts";

type File = InstanceType<Hdf5["File"]>;
type Recipe = Parameters<File["create_dataset"]>[0];

/** Checks that a scan lies as expected, and that reading it there gives what the library gives. */
async function checkStored(scan: Scan, expected: string | RegExp): Promise<void> {
  const found = describeStored(scan);
  if (typeof expected === "string") assert.equal(found, expected);
  else assert.match(found, expected);
  if (!scan.stored) return;
  // Records and parts of patterns are turned into what is computed, all else is read as it lies.
  const all = await readAll(scan);
  const converted = scan.stored.some(({ kind }) => kind === "frames" || kind === "tiled");
  const bytes = bytesOf(converted ? working(all) : all);
  for (const [step, rows] of [[scan.shape.rows * scan.shape.columns, 1], [5, 2], [scan.shape.columns, 5]]) {
    assert.deepEqual(readStored(scan, step, rows), bytes, `${scan.source.path}, ${step} patterns at a time`);
  }
}

async function checkFile(path: string, expected: string | RegExp, options?: OpenScanOptions): Promise<void> {
  const scan = await openScan(path, options);
  await checkStored(scan, expected);
  scan.close();
}

const length = 6 * 8 * 5 * 6;
const counts = Uint16Array.from({ length }, (_, index) => index % 7 === 0 ? index * 31 % 60001 : index % 3);
const bitshuffleLz4 = { compression: 32008, compression_opts: [0, 2] };

/** Older runtimes have no Zstandard, and leave it to the main thread. */

/** A data set of 6 x 8 patterns of 5 x 6 pixels, and where it should lie. */
const layouts: readonly (readonly [name: string, recipe: Partial<Recipe>, stored: string])[] = [
  ["in one piece", {}, "contiguous"],
  ["chunks of one pattern", { chunks: [1, 1, 5, 6] }, "none 1"],
  ["chunks of half a row", { chunks: [1, 4, 5, 6] }, "none 4"],
  ["chunks of 3 patterns, which do not divide rows", { chunks: [1, 3, 5, 6] }, "tiled"],
  ["chunks of a row", { chunks: [1, 8, 5, 6] }, "none 8"],
  ["chunks of 4 rows, of which the last is cut off", { chunks: [4, 8, 5, 6] }, "none 32"],
  ["one chunk", { chunks: [6, 8, 5, 6] }, "none 48"],
  ["chunks of parts of patterns", { chunks: [1, 1, 5, 3] }, "tiled"],
  ["chunks of parts of rows of several rows", { chunks: [2, 4, 5, 6] }, "tiled"],
  ["chunks that divide no axis", { chunks: [4, 3, 2, 5] }, "tiled"],
  ["chunks that may grow in number", { chunks: [1, 2, 5, 6], maxshape: [null, null, 5, 6] }, "none 2"],
  ["gzip", { chunks: [1, 1, 5, 6], compression: 1, compression_opts: [4] }, "tiled zlib"],
  [
    "gzip by parts of everything",
    { chunks: [4, 3, 2, 5], compression: 1, compression_opts: [4] },
    "tiled zlib",
  ],
  [
    "zstd",
    { chunks: [2, 3, 5, 6], compression: 32015, compression_opts: [3] },
    "tiled zstd",
  ],
  ["LZ4", { chunks: [2, 3, 5, 6], compression: 32004, compression_opts: [] }, "tiled lz4-blocks"],
  [
    "blosc with bitshuffle and zstd",
    { chunks: [2, 8, 5, 6], compression: 32001, compression_opts: [2, 2, 2, 960, 5, 2, 5] },
    "tiled blosc",
  ],
  [
    "blosc with BloscLZ",
    { chunks: [2, 8, 5, 6], compression: 32001, compression_opts: [2, 2, 2, 960, 5, 1, 0] },
    "unknown",
  ],
  ["bitshuffle-LZ4 by patterns", { chunks: [1, 1, 5, 6], ...bitshuffleLz4 }, "bitshuffle-lz4 1"],
  ["bitshuffle-LZ4 by half rows", { chunks: [1, 4, 5, 6], ...bitshuffleLz4 }, "bitshuffle-lz4 4"],
  ["bitshuffle-LZ4 by 4 rows", { chunks: [4, 8, 5, 6], ...bitshuffleLz4 }, "tiled bitshuffle-lz4"],
  [
    "bitshuffle-LZ4 in blocks of 64 elements",
    { chunks: [1, 8, 5, 6], compression: 32008, compression_opts: [64, 2] },
    "bitshuffle-lz4 8",
  ],
  [
    "bitshuffle-LZ4 in blocks too large for the kernel",
    { chunks: [1, 8, 5, 6], compression: 32008, compression_opts: [32768, 2] },
    "unknown",
  ],
  [
    "bitshuffle without LZ4",
    { chunks: [1, 1, 5, 6], compression: 32008, compression_opts: [0, 0] },
    "unknown",
  ],
  [
    "bitshuffle with zstd",
    { chunks: [1, 1, 5, 6], compression: 32008, compression_opts: [0, 3] },
    "unknown",
  ],
];

for (const [name, recipe, stored] of layouts) {
  Deno.test(`HDF5, ${name}: threads read what the library reads, or leave it to the library`, () =>
    withFolder(async (folder) => {
      const path = await writeHdf5(`${folder}/a.h5`, (file) => {
        file.create_dataset({ name: "scan", data: counts, shape: [6, 8, 5, 6], ...recipe });
      });
      await checkFile(path, stored);
    }));
}

Deno.test("HDF5: threads read every number type, and unpack those of up to 4 bytes", () =>
  withFolder(async (folder) => {
    const arrays = [Uint8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array];
    const chunks = [1, 4, 5, 6];
    for (const type of arrays) {
      const recipe = { name: "scan", data: type.from(counts), shape: [6, 8, 5, 6] };
      const plain = await writeHdf5(`${folder}/a.h5`, (file) => void file.create_dataset(recipe));
      // What is computed as float32 is converted as it is read.
      const asIs = [Uint8Array, Uint16Array, Float32Array].some((kind) => kind === type);
      await checkFile(plain, asIs ? "contiguous" : "frames");
      const packed = await writeHdf5(`${folder}/b.h5`, (file) => {
        file.create_dataset({ ...recipe, chunks, ...bitshuffleLz4 });
      });
      const computed = [Uint8Array, Uint16Array, Float32Array].some((own) => own === type);
      const lying = computed ? "bitshuffle-lz4 4" : "tiled bitshuffle-lz4";
      await checkFile(packed, type === Float64Array ? "unknown" : lying);
      const deflated = await writeHdf5(`${folder}/c.h5`, (file) => {
        file.create_dataset({ ...recipe, chunks: [2, 3, 2, 4], compression: 1, compression_opts: [1] });
      });
      await checkFile(deflated, "tiled zlib");
    }
  }));

/** How HDF5 describes numbers, whose lowest byte comes first by bit 0 of the second byte: kind, flags, size, offset, bits. */
const describedTypes = [
  [Uint16Array, [0x10, 0, 0, 0, 2, 0, 0, 0, 0, 0, 16, 0]],
  [Int16Array, [0x10, 8, 0, 0, 2, 0, 0, 0, 0, 0, 16, 0]],
  [Uint32Array, [0x10, 0, 0, 0, 4, 0, 0, 0, 0, 0, 32, 0]],
  [Int32Array, [0x10, 8, 0, 0, 4, 0, 0, 0, 0, 0, 32, 0]],
  [Float32Array, [0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0]],
  [Float64Array, [0x11, 0x20, 63, 0, 8, 0, 0, 0, 0, 0, 64, 0]],
] as const;

Deno.test("HDF5: threads read chunks of numbers in the other byte order", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.h5`, shape = [6, 8, 5, 6];
    for (const [type, described] of describedTypes) {
      const data = type.from(counts), swapped = data.slice();
      swapBytes(swapped);
      for (const chunks of [[1, 4, 5, 6], [2, 3, 2, 4]]) {
        for (const compression of [undefined, 1, 32015]) {
          const packing = compression && { compression, compression_opts: [1] };
          await writeHdf5(path, (file) => {
            file.create_dataset({ name: "scan", data: swapped, shape, chunks, ...packing });
          });
          // The library does not write such files.
          const bytes = Buffer.from(await Deno.readFile(path)),
            place = bytes.indexOf(Uint8Array.from(described));
          assert.ok(place > 0);
          bytes[place + 1] |= 1;
          await Deno.writeFile(path, bytes);
          const scan = await openScan(path), all = await readAll(scan);
          assert.deepEqual(Array.from(all), Array.from(data));
          scan.close();
          const steps = compression === undefined ? "" : compression === 1 ? " zlib" : " zstd";
          await checkFile(path, `tiled${steps}`);
        }
      }
    }
  }));

Deno.test("HDF5: stacks, frames of a series and whole rows of a scan lie in parts of the same chunks", () =>
  withFolder(async (folder) => {
    const path = await writeHdf5(`${folder}/a.h5`, (file) => {
      file.create_dataset({
        name: "stack",
        data: counts,
        shape: [48, 5, 6],
        chunks: [5, 5, 6],
        ...bitshuffleLz4,
      });
      file.create_dataset({ name: "five", data: counts, shape: [3, 4, 4, 5, 6], chunks: [1, 1, 2, 5, 6] });
      file.create_dataset({ name: "frames", data: counts, shape: [3, 4, 4, 5, 6], chunks: [1, 4, 4, 5, 6] });
      file.create_dataset({ name: "pairs", data: counts, shape: [3, 4, 4, 5, 6], chunks: [2, 4, 4, 5, 6] });
    });
    await checkFile(path, "bitshuffle-lz4 5", { dataset: "stack", scanShape: { rows: 8, columns: 6 } });
    for (
      const [dataset, expected] of [["five", /^none 2$/], ["frames", /^none 16$/], [
        "pairs",
        /none 32|unknown/,
      ]]
    ) {
      const series = await openFile(path, { dataset: dataset as string });
      assert.ok(isSeries(series));
      for (let frame = 0; frame < 3; frame++) await checkStored(series.frame(frame), expected);
      series.close();
    }
    const rows = { firstRow: 1, lastRow: 3, firstColumn: 0, lastColumn: 4 };
    await checkFile(path, "none 2", { dataset: "five", frame: 1, region: rows });
    await checkFile(path, "unknown", { dataset: "frames", frame: 1, region: rows });
    await checkFile(path, "unknown", { dataset: "five", frame: 1, region: { ...rows, firstColumn: 1 } });
    await checkFile(path, "none 2, none 2", {
      dataset: "five",
      frame: 1,
      qBin: 1,
      region: { ...rows, lastColumn: 3 },
    });
  }));

Deno.test("HDF5: a tree of chunks of several levels leads threads to each of them", () =>
  withFolder(async (folder) => {
    const data = Uint16Array.from({ length: 90 * 100 * 2 }, (_, index) => index % 60013);
    const path = await writeHdf5(`${folder}/a.h5`, (file) => {
      file.create_dataset({ name: "scan", data, shape: [90, 100, 1, 2], chunks: [1, 1, 1, 2] });
    });
    await checkFile(path, "none 1");
  }));

Deno.test("HDF5: threads give the fill value for chunks that were never written", () =>
  withFolder(async (folder) => {
    const path = await writeHdf5(`${folder}/a.h5`, (file) => {
      const dataset = file.create_dataset({
        name: "scan",
        data: counts,
        shape: [6, 8, 5, 6],
        maxshape: [null, 8, 5, 6],
        chunks: [1, 8, 5, 6],
      });
      dataset.resize([9, 8, 5, 6]);
    });
    await checkFile(path, "tiled");
  }));

Deno.test("HDF5: threads follow soft and external links, also one after the other, into the files they lead to", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/data`);
    await writeHdf5(`${folder}/data/b.h5`, (file) => {
      const group = file.create_group("group");
      group.create_dataset({ name: "scan", data: counts, shape: [6, 8, 5, 6], chunks: [1, 1, 5, 6] });
      file.create_soft_link("group", "alias");
      file.create_external_link("c.h5", "/scan", "next");
    });
    await writeHdf5(`${folder}/data/c.h5`, (file) => {
      file.create_dataset({ name: "scan", data: counts.toReversed(), shape: [6, 8, 5, 6] });
    });
    const path = await writeHdf5(`${folder}/a.h5`, (file) => {
      file.create_external_link("data/b.h5", "/alias", "far");
      file.create_soft_link("far/scan", "near");
      file.create_external_link("data/b.h5", "/next", "twice");
    });
    await checkFile(path, "none 1", { dataset: "/far/scan" });
    await checkFile(path, "none 1", { dataset: "/near" });
    await checkFile(path, "contiguous", { dataset: "/twice" });
  }));

Deno.test("HDF5: the data files of a Dectris master are the parts of its scan", () =>
  withFolder(async (folder) => {
    const path = await writeMaster(folder, { parts: [5, 4, 3], announced: 12 });
    const scan = await openScan(path, { scanShape: { rows: 3, columns: 4 } });
    await checkStored(scan, "bitshuffle-lz4 1, bitshuffle-lz4 1, bitshuffle-lz4 1");
    assert.deepEqual(scan.stored!.flatMap(filesOf).map((path) => path.slice(folder.length)), [
      "/scan_data_000001.h5",
      "/scan_data_000002.h5",
      "/scan_data_000003.h5",
    ]);
    assert.equal(scan.shape.patternRows, masterPattern[0]);
    scan.close();
  }));

/** Layouts that h5wasm does not write, written by tests/python/write_hdf5_layouts.py. */
const newer: readonly (readonly [name: string, stored: string])[] = [
  ["contiguous", "contiguous"],
  ["user_block", "none 2"],
  ["single_chunk", "none 12"],
  ["implicit", "none 4"],
  ["fixed_array", "none 2"],
  ["fixed_array_pages", "none 1"],
  ["extensible_array", "none 1"],
  ["extensible_array_blocks", "none 1"],
  ["tree_version_2", "none 1"],
  ["missing_chunks", "tiled"],
  ["masked_filter", "unknown"],
  ["big_endian", "frames"],
];

for (const [name, stored] of newer) {
  Deno.test(`HDF5, file ${name.replaceAll("_", " ")}: threads read what the library reads`, async () => {
    const path = fileURLToPath(new URL(`../../data/hdf5_layouts/${name}.h5`, import.meta.url));
    await checkFile(path, stored);
    if (stored === "unknown" || stored === "frames" || stored === "tiled") return;
    const scan = await openScan(path);
    assert.deepEqual(readStored(scan), Uint8Array.from(readStored(scan), (_, index) => index % 251));
    scan.close();
  });
}

sharedTest("HDF5: threads read the files of real microscopes as the library does", async () => {
  const files: readonly (readonly [path: string, stored: string, options?: OpenScanOptions])[] = [
    ["arina/test_00_master.h5", "tiled bitshuffle-lz4", { scanShape: { rows: 4, columns: 4 } }],
    ["arina/test_00_data_000001.h5", "tiled bitshuffle-lz4", { scanShape: { rows: 4, columns: 4 } }],
    ["emd/py4DSTEM_size2x3x4x5.h5", "contiguous"],
    ["emd/Si100_4D.emd", "none 1", { frame: 0 }],
    ["emd/Si100_4D.emd", "none 1", { frame: 1 }],
    ["synthetic/syn_master.h5", Array(3).fill("tiled bitshuffle-lz4").join(", "), {
      scanShape: { rows: 4, columns: 5 },
    }],
    ["synthetic/t5d.hspy", "tiled zlib", { frame: 2 }],
  ];
  for (const [file, stored, options] of files) {
    await checkFile(sharedPath(`data/formats/${file}`)!, stored, options);
  }
});

sharedTest(
  "HDF5: of all filters and number types, threads take what they can unpack",
  async () => {
    const path = sharedPath("data/formats/synthetic/filters.h5")!;
    const { File } = await loadHdf5();
    const file = new File(path, "r");
    const names = file.keys();
    file.close();
    assert.equal(names.length, 35);
    for (const dataset of names) {
      const native = !dataset.endsWith("_beu2");
      const [filter, numbers] = dataset.split("_");
      const converted = numbers === "u4" || numbers === "i2" || numbers === "i4";
      const packings: Record<string, string> = {
        plain: converted ? "frames" : "contiguous",
        bslz4: converted ? "tiled bitshuffle-lz4" : "bitshuffle-lz4 1",
        blosc: "tiled blosc",
        gzip: "tiled zlib shuffle",
        lz4: "tiled lz4-blocks",
      };
      const others: Record<string, string> = { ...packings, plain: "frames", bslz4: "tiled bitshuffle-lz4" };
      const expected = (native ? packings : others)[filter] ?? "unknown";
      await checkFile(path, expected, { dataset });
    }
  },
);
