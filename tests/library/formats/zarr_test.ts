/** Zarr: every codec, shards and orders; chunks that cut rows and patterns; what is missing of a store. */

import assert from "node:assert/strict";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { crc32c } from "../../../library/engine/crc32c.ts";
import type { CrystalliteError } from "../../../library/scan/errors.ts";
import { virtualImage } from "../../../library/passes/virtual_image.ts";
import { withFolder } from "../../support/folders.ts";
import { readAll } from "../../support/reading.ts";
import { describeStored, readStored } from "../../support/stored.ts";
import { arrayFiles, type ArrayRecipe, writeStore, writeZipStore } from "../../support/zarr_stores.ts";
import { data, lengths, plain } from "../../support/plain_zarr.ts";

const recipes: Readonly<Record<string, ArrayRecipe>> = {
  "Zarr 2, one chunk a row": { ...plain, version: 2 },
  "Zarr 2, big-endian, Fortran order, chunks that fit nowhere": {
    ...plain,
    version: 2,
    chunks: [2, 3, 4, 5],
    bigEndian: true,
    fortran: true,
  },
  "Zarr 2, chunks in folders": { ...plain, version: 2, chunks: [3, 4, 6, 8], separator: "/" },
  "Zarr 2, big-endian, chunks that cut rows, columns and patterns": {
    ...plain,
    version: 2,
    chunks: [2, 3, 4, 5],
    bigEndian: true,
    compressor: "zlib",
  },
  "Zarr 3, chunks of patterns": { ...plain, chunks: [1, 1, 6, 8] },
  "Zarr 3, chunks in one folder": { ...plain, chunks: [2, 2, 3, 8], separator: "." },
  "Zarr 3, transposed and big-endian": { ...plain, chunks: [2, 3, 6, 8], fortran: true, bigEndian: true },
  ...Object.fromEntries(
    ["blosc", "zstd", "lz4", "gzip", "zlib"].flatMap((compressor) =>
      ([2, 3] as const).map((version) => [
        `Zarr ${version}, ${compressor}`,
        { ...plain, version, compressor, chunks: [2, 7, 6, 8] },
      ])
    ),
  ),
  ...Object.fromEntries((["start", "end"] as const).flatMap((index) =>
    [true, false].map((checked) => [
      `Zarr 3, shards, index at the ${index}${checked ? ", with checksum" : ""}`,
      { ...plain, chunks: [1, 3, 6, 8], shard: { chunks: [2, 2, 1, 1], index, checked }, compressor: "zstd" },
    ])
  )),
};

for (const [name, recipe] of Object.entries(recipes)) {
  Deno.test(`${name}: a folder and zip files read alike, in bands of any height`, () =>
    withFolder(async (folder) => {
      const files = await arrayFiles("", recipe);
      const stores = [
        await writeStore(`${folder}/a.zarr`, files),
        await writeZipStore(`${folder}/b.zarr`, files),
        await writeZipStore(`${folder}/c.zip`, files, true),
      ];
      for (const path of stores) {
        const scan = await openScan(path);
        assert.deepEqual(scan.shape, { rows: 5, columns: 7, patternRows: 6, patternColumns: 8 });
        assert.deepEqual([scan.dtype, scan.warnings, scan.source.dataset], ["u16", [], "/"]);
        assert.ok(scan.source.bytes! > 100);
        for (const bandHeight of [1, 2, 5]) {
          assert.deepEqual(await readAll(scan, bandHeight, bandHeight === 2), data);
        }
        const stored = describeStored(scan);
        // A deflated shard would have to be unpacked for each of its chunks.
        const left = recipe.fortran || (recipe.shard && path.endsWith("zip"));
        const expected = left
          ? "unknown"
          : ["tiled", ...recipe.compressor ? [recipe.compressor] : []].join(" ");
        assert.equal(stored, expected);
        for (const [step, rows] of scan.stored ? [[35, 1], [7, 2], [3, 5]] : []) {
          assert.deepEqual(new Uint16Array(readStored(scan, step, rows).buffer), data, `${step} at a time`);
        }
        const pattern = new Uint16Array(2 * 48);
        await scan.readPatterns!(13, 2, pattern);
        assert.deepEqual(pattern, data.slice(13 * 48, 15 * 48));
        scan.close();
      }
    }));
}

Deno.test("calls that overlap unpack each chunk once, and a row of chunks is unpacked once for all its scan rows", () =>
  withFolder(async (folder) => {
    const path = await writeStore(
      `${folder}/a.zarr`,
      await arrayFiles("", { ...plain, chunks: [5, 4, 6, 8] }),
    );
    const asked: string[] = [];
    const scan = await openScan(path, {}, (name) => void asked.push(name.slice(path.length + 1)));
    asked.length = 0;
    const rows = Array.from({ length: 5 }, () => new Uint16Array(7 * 48));
    await Promise.all(rows.map((row, index) => scan.readRows(index, 1, row)));
    rows.forEach((row, index) => assert.deepEqual(row, data.slice(index * 336, (index + 1) * 336)));
    assert.deepEqual(asked, ["c/0/0/0/0", "c/0/1/0/0"]);
    scan.close();
  }));

Deno.test("any number of threads and any limit of memory give what the same scan gives as npy", () =>
  withFolder(async (folder) => {
    const store = await writeStore(
      `${folder}/a.zarr`,
      await arrayFiles("", { ...plain, chunks: [2, 3, 4, 8] }),
    );
    await Deno.writeFile(`${folder}/a.npy`, encodeNpy("u16", lengths, data));
    const detector = { kind: "annulus", inner: 1, outer: 3 } as const;
    const images = [];
    for (const path of [`${folder}/a.npy`, store]) {
      for (const [workers, bandHeight] of [[1, 5], [1, 1], [3, 2], [4, 5]]) {
        const scan = await openScan(path);
        const center = { kind: "at", row: 2.5, column: 3.5 } as const, badPixels = { kind: "none" } as const;
        images.push(await virtualImage(scan, { detector, center, badPixels }, { workers, bandHeight }));
        scan.close();
      }
    }
    for (const image of images) assert.deepEqual(image, images[0]);
    assert.ok(new Set(images[0]).size > 20);
  }));

Deno.test("a store that is not all there: chunks never written are the fill value, which is said", () =>
  withFolder(async (folder) => {
    const files = await arrayFiles("", { ...plain, fill: 9, skipped: ([row]) => row === 1 || row === 4 });
    const scan = await openScan(await writeStore(`${folder}/a.zarr`, files));
    const expected = data.slice().fill(9, 336, 672).fill(9, 4 * 336);
    assert.deepEqual(await readAll(scan, 2), expected);
    assert.deepEqual(scan.warnings, ["2 of 5 chunks of / were never written and are read as 9"]);
    scan.close();
  }));

Deno.test("threads read what is there of a store, of its shards and of its zip file, and the fill value for the rest", () =>
  withFolder(async (folder) => {
    const sparse: ArrayRecipe = { ...plain, chunks: [1, 1, 6, 8], fill: 9, compressor: "zstd" };
    const files = await arrayFiles("", { ...sparse, skipped: ([row, column]) => row !== 2 || column !== 3 });
    const shard = { chunks: [2, 4, 1, 1], index: "end", checked: true } as const;
    const shards = await arrayFiles("", { ...sparse, shard, skipped: ([row]) => row === 1 });
    // A chunk that was never written: its place is all ones.
    const first = shards.get("c/0/0/0/0")!, index = new DataView(first.buffer, first.length - 4 - 16 * 8);
    for (const at of [48, 56]) index.setBigUint64(at, 2n ** 64n - 1n, true);
    const summed = first.subarray(first.length - 4 - 16 * 8, first.length - 4);
    index.setUint32(16 * 8, crc32c(summed), true);
    const stores = {
      files: [
        await writeStore(`${folder}/a.zarr`, files),
        await writeZipStore(`${folder}/a.zip`, files, true),
      ],
      shards: [await writeStore(`${folder}/b.zarr`, shards), await writeZipStore(`${folder}/b.zip`, shards)],
    };
    const expected = {
      files: data.map((value, at) => Math.floor(at / 48) === 2 * 7 + 3 ? value : 9),
      shards: data.map((value, at) => {
        const row = Math.floor(at / 336), column = Math.floor(at / 48) % 7;
        return row === 2 || row === 3 || (row === 0 && column === 3) ? 9 : value;
      }),
    };
    for (const kind of ["files", "shards"] as const) {
      for (const path of stores[kind]) {
        const scan = await openScan(path);
        assert.equal(describeStored(scan), "tiled zstd", path);
        assert.deepEqual(new Uint16Array(readStored(scan, 5).buffer), expected[kind], path);
        assert.deepEqual(await readAll(scan, 2), expected[kind], path);
        scan.close();
      }
    }
    // An index that leads out of its shard leaves the store to the main thread, which says what is wrong.
    new DataView(first.buffer, first.length - 4 - 16 * 8).setBigUint64(0, 10n ** 9n, true);
    index.setUint32(16 * 8, crc32c(summed), true);
    const damaged = await openScan(await writeStore(`${folder}/c.zarr`, shards));
    assert.equal(describeStored(damaged), "unknown");
    await assert.rejects(readAll(damaged, 1), { name: "CorruptFile" });
    damaged.close();
  }));

Deno.test("a deflated member of a zip file with another checksum is an error that names its chunk", () =>
  withFolder(async (folder) => {
    const path = await writeZipStore(`${folder}/a.zip`, await arrayFiles("", plain), true);
    const scan = await openScan(path), [part] = scan.stored!;
    assert.ok(part.kind === "tiled" && part.deflated!.every((sum) => sum >= 0));
    part.deflated![3] ^= 1;
    assert.throws(() => readStored(scan), (error: CrystalliteError) => {
      assert.equal(error.name, "CorruptFile");
      assert.match(JSON.stringify(error.details), /"chunk 3, 0, 0, 0 of 672 bytes[^]*a wrong CRC-32"/);
      return true;
    });
    scan.close();
  }));

Deno.test("CRC-32C is that of its check value", () => {
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
});
