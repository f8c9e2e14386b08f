/** Zarr: every codec, shards, orders and stores; chunks that cut rows and patterns; and what must be refused. */

import assert from "node:assert/strict";
import { lookAt } from "../../../library/formats/file_context.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { formatOf } from "../../../library/formats/known_formats.ts";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { chunkGetter } from "../../../library/formats/zarr/chunk_reader.ts";
import { crc32c } from "../../../library/engine/crc32c.ts";
import { filesOfFolder, filesOfZip } from "../../../library/formats/zarr/files.ts";
import { readJson } from "../../../library/formats/zarr/json.ts";
import { parseArray } from "../../../library/formats/zarr/metadata.ts";
import type { CrystalliteError } from "../../../library/scan/errors.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { virtualImage } from "../../../library/passes/virtual_image.ts";
import { type BadInput, testRefusals } from "../../support/bad_input.ts";
import { withFolder } from "../../support/folders.ts";
import { seededRandom } from "../../support/random.ts";
import { readAll } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";
import { describeStored, readStored } from "../../support/stored.ts";
import {
  arrayFiles,
  type ArrayRecipe,
  type StoreFiles,
  text,
  writeStore,
  writeZipStore,
  zspyFiles,
} from "../../support/zarr_stores.ts";

const lengths = [5, 7, 6, 8];
const data = Uint16Array.from({ length: 5 * 7 * 6 * 8 }, (_, index) => index * 7919 % 65521);
const plain: ArrayRecipe = { version: 3, lengths, chunks: [1, 7, 6, 8], data };

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

Deno.test("Zarr: arrays in groups, series, stacks, and names for them", () =>
  withFolder(async (folder) => {
    const groups: StoreFiles = new Map([["zarr.json", text({ zarr_format: 3, node_type: "group" })]]);
    const small = { version: 3, lengths: [35, 6, 8], chunks: [4, 6, 8], data } as const;
    const files = new Map([
      ...groups,
      ...await arrayFiles("one", plain),
      ["two/zarr.json", text({ zarr_format: 3, node_type: "group" })] as const,
      ...await arrayFiles("two/data", small),
    ]);
    const path = await writeStore(`${folder}/a.zarr`, files);
    const only = await openScan(path);
    assert.equal(only.source.dataset, "/one");
    only.close();
    for (const dataset of ["two/data", "/two"]) {
      const scan = await openScan(path, { dataset, scanShape: { rows: 5, columns: 7 } });
      assert.deepEqual(await readAll(scan, 1), data);
      scan.close();
    }
    await assert.rejects(openScan(path, { dataset: "/three" }), { kind: "BadParameter" });
    await assert.rejects(openScan(path, { dataset: "two" }), { kind: "ShapeUnknown" });
    await assert.rejects(
      openScan(path, { scanShape: { rows: 5, columns: 7 } }),
      (error: CrystalliteError) => (assert.deepEqual(error.details.datasets, ["/one", "/two/data"]), true),
    );
    const five = { ...plain, lengths: [5, 1, 7, 6, 8], chunks: [2, 1, 7, 6, 8] };
    const series = await openFile(await writeStore(`${folder}/b.zarr`, await arrayFiles("", five)));
    assert.ok(isSeries(series) && series.frames === 5);
    assert.deepEqual(await readAll(series.frame(3)), data.slice(3 * 336, 4 * 336));
    series.close();
  }));

const zspy = (navigate?: boolean[]) => zspyFiles(plain, navigate);

Deno.test("zspy: axes and microscope are read as from .hspy; other signals are refused", () =>
  withFolder(async (folder) => {
    const files = await zspy();
    for (
      const path of [
        await writeStore(`${folder}/a.zspy`, files),
        await writeZipStore(`${folder}/b.zspy`, files),
      ]
    ) {
      const scan = await openScan(path);
      assert.deepEqual(scan.calibration, {
        pixelSize: { row: 2, column: 3, unit: "nm" },
        qPixelSize: { row: 0.1, column: 0.1, unit: "A^-1" },
        beamEnergy: 200,
        convergenceAngle: 1.5,
        cameraLength: 0.15,
      });
      assert.deepEqual([scan.source.format, scan.source.dataset], [
        "HyperSpy zspy",
        "/Experiments/__unnamed__/data",
      ]);
      assert.deepEqual(await readAll(scan, 2), data);
      scan.close();
    }
    const spectra = await writeStore(`${folder}/c.zspy`, await zspy([true, true, true, false]));
    await assert.rejects(openScan(spectra), {
      kind: "UnsupportedFormat",
      message: /no stack of diffraction/,
    });
  }));

Deno.test("OME-Zarr: the first of several scales, with the steps of its axes", () =>
  withFolder(async (folder) => {
    const attributes = {
      ome: {
        multiscales: [{
          axes: [{ name: "y", unit: "nm" }, { name: "x", unit: "nm" }, { unit: "1/nm" }, { unit: "1/nm" }],
          datasets: [
            { path: "0", coordinateTransformations: [{ type: "scale", scale: [2, 2, 0.1, 0.1] }] },
            { path: "1", coordinateTransformations: [{ type: "scale", scale: [4, 4, 0.1, 0.1] }] },
          ],
          coordinateTransformations: [{ type: "scale", scale: [2, 2, 1, 1] }],
        }],
      },
    };
    const scan = await openScan(
      await writeStore(
        `${folder}/a.zarr`,
        new Map([
          ["zarr.json", text({ zarr_format: 3, node_type: "group", attributes })],
          ...await arrayFiles("0", plain),
          ...await arrayFiles("1", plain),
        ]),
      ),
    );
    assert.deepEqual([scan.source.format, scan.source.dataset], ["OME-Zarr 3", "/0"]);
    assert.deepEqual(scan.calibration.pixelSize, { row: 4, column: 4, unit: "nm" });
    assert.deepEqual(scan.calibration.qPixelSize, { row: 0.1, column: 0.1, unit: "nm^-1" });
    scan.close();
  }));

for (const name of ["ZipStore", "DirectoryStore"]) {
  sharedTest(`zspy/signal1d_10x10-${name}.zspy holds the numbers of the manifest`, async () => {
    const path = sharedPath(`data/formats/zspy/signal1d_10x10-${name}.zspy`)!;
    const { inside } = lookAt(path);
    const files = inside ? filesOfFolder(path, inside) : filesOfZip(path);
    const at = "Experiments/__unnamed__/data";
    const said = (await readJson(files, `${at}/.zarray`))!;
    const array = parseArray(path, `/${at}`, said), get = await chunkGetter(files, array);
    assert.deepEqual([array.numbers, array.lengths, array.chunks], ["i64", [10, 10], [5, 5]]);
    const whole = new Float64Array(100);
    for (const [row, column] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
      (await get([row, column])).data.forEach((value, i) => {
        whole[(row * 5 + Math.floor(i / 5)) * 10 + column * 5 + i % 5] = value;
      });
    }
    assert.deepEqual(whole, Float64Array.from({ length: 100 }, (_, index) => index));
    files.close();
  });
}

Deno.test("CRC-32C is that of its check value", () => {
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
});

Deno.test("archives of numpy stay what they are, and other folders are no stores", () =>
  withFolder(async (folder) => {
    const files = await arrayFiles("inner", plain);
    assert.match(formatOf(lookAt(await writeZipStore(`${folder}/a.npz`, files)))!.name, /npz/);
    assert.equal(formatOf(lookAt(await writeStore(`${folder}/other`, files))), undefined);
  }));

Deno.test("nothing outside the folder is opened, and nothing that is not admitted", () =>
  withFolder(async (folder) => {
    const path = await writeStore(`${folder}/a.zarr`, await arrayFiles("", plain));
    await assert.rejects(openScan(path, { dataset: "../a.zarr" }), { kind: "BadParameter" });
    await assert.rejects(
      openScan(path, {}, (name) => {
        if (name.includes("/c/")) throw new Error("not this");
      }),
      { message: "not this" },
    );
  }));

/** A store of `plain` whose metadata or files are changed. */
function changed(
  change: (files: StoreFiles, json: Record<string, unknown>) => void,
  recipe: ArrayRecipe = plain,
) {
  return async (folder: string) => {
    const files = await arrayFiles("", recipe), name = recipe.version === 2 ? ".zarray" : "zarr.json";
    const json = JSON.parse(new TextDecoder().decode(files.get(name)));
    change(files, json);
    if (files.has(name)) files.set(name, text(json));
    return await writeStore(`${folder}/a.zarr`, files);
  };
}

const second: ArrayRecipe = { ...plain, version: 2 };
const sharded: ArrayRecipe = {
  ...plain,
  chunks: [1, 7, 6, 8],
  shard: { chunks: [5, 1, 1, 1], index: "end", checked: true },
};
const firstShard = "c/0/0/0/0";
const configuration = (json: Record<string, unknown>) =>
  (json.codecs as { configuration: Record<string, unknown> }[])[0].configuration;

const bad: readonly BadInput[] = [
  ["no JSON", "CorruptFile", /JSON/, async (folder: string) => {
    const path = await changed(() => {})(folder);
    await Deno.writeTextFile(`${path}/zarr.json`, "{");
    return path;
  }],
  ["negative lengths", "CorruptFile", /lengths/, changed((_, json) => json.shape = [5, 7, -6, 8])],
  ["impossible lengths", "CorruptFile", /lengths/, changed((_, json) => json.shape = [5e9, 7e9, 6, 8])],
  [
    "an endless axis that has few chunks",
    "CorruptFile",
    /chunks/,
    changed((_, json) => {
      json.shape = [2 ** 40, 7, 6, 8];
      json.fill_value = null;
    }),
  ],
  ["chunks of no length", "CorruptFile", /lengths/, changed((_, json) => json.chunks = [0, 7, 6, 8], second)],
  ["chunks of other axes", "CorruptFile", /axes/, changed((_, json) => json.chunks = [7, 6, 8], second)],
  [
    "enormous chunks",
    "OutOfResources",
    /1073741824/,
    changed((_, json) => json.chunks = [5, 7, 6e6, 8], second),
  ],
  ["long floats", "UnsupportedFormat", /float64/, changed((_, json) => json.dtype = "<f16", second)],
  ["complex numbers", "UnsupportedFormat", /intensity/, changed((_, json) => json.dtype = "<c8", second)],
  ["objects", "UnsupportedFormat", /\|O/, changed((_, json) => json.dtype = "|O", second)],
  ["numbers of 4 bits", "UnsupportedFormat", /float32/, changed((_, json) => json.data_type = "int4")],
  ["complex numbers", "UnsupportedFormat", /intensity/, changed((_, json) => json.data_type = "complex64")],
  ["an unknown order", "CorruptFile", /order/, changed((_, json) => json.order = "X", second)],
  ["an unknown codec", "UnsupportedFormat", /blosc/, changed((_, json) => json.codecs = ["bytes", "secret"])],
  [
    "a codec of the prototype",
    "UnsupportedFormat",
    /blosc/,
    changed((_, json) => json.codecs = ["constructor"]),
  ],
  [
    "an unknown filter",
    "UnsupportedFormat",
    /delta/,
    changed((_, json) => json.filters = [{ id: "delta" }], second),
  ],
  [
    "chunks of many sizes",
    "UnsupportedFormat",
    /size/,
    changed((_, json) => json.chunk_grid = { name: "rectilinear", configuration: {} }),
  ],
  ["a fill value that wraps", "CorruptFile", /fill/, changed((_, json) => json.fill_value = 65536)],
  [
    "no chunk at all",
    "CorruptFile",
    /no chunks/,
    changed((files) => {
      for (const name of [...files.keys()]) if (name.startsWith("c/")) files.delete(name);
    }),
  ],
  [
    "a lost chunk without a fill value",
    "CorruptFile",
    /lost/,
    changed((files, json) => {
      files.delete("c/3/0/0/0");
      json.fill_value = null;
    }),
  ],
  [
    "a chunk that ends early",
    "CorruptFile",
    /chunk/,
    changed((files) => files.set("2.0.0.0", files.get("2.0.0.0")!.slice(0, 99)), second),
  ],
  [
    "a chunk that is too long",
    "CorruptFile",
    /at most/,
    changed((files) => files.set("2.0.0.0", new Uint8Array(1e6)), second),
  ],
  [
    "no array at all",
    "CorruptFile",
    /no group or array at its root/,
    async (folder: string) => await writeZipStore(`${folder}/a.zarr`, new Map([["x/y", new Uint8Array(4)]])),
  ],
  [
    "shards that no whole chunks fill",
    "CorruptFile",
    /whole/,
    changed((_, json) => configuration(json).chunk_shape = [2, 7, 6, 8], sharded),
  ],
  [
    "shards in shards",
    "UnsupportedFormat",
    /codecs/,
    changed((_, json) => configuration(json).codecs = structuredClone(json.codecs), sharded),
  ],
  [
    "a shard whose index points beyond it",
    "CorruptFile",
    /bytes from/,
    changed((files, json) => {
      const shard = files.get(firstShard)!;
      new DataView(shard.buffer).setBigUint64(shard.length - 84, 2n ** 40n, true);
      (configuration(json).index_codecs as unknown[]).pop();
      files.set(firstShard, shard.slice(0, -4));
    }, sharded),
  ],
  [
    "a shard with a damaged index",
    "CorruptFile",
    /CRC-32C/,
    changed((files) => {
      const shard = files.get(firstShard)!;
      shard[shard.length - 50] ^= 1;
    }, sharded),
  ],
  [
    "a shard shorter than its index",
    "CorruptFile",
    /bytes/,
    changed((files) => files.set(firstShard, new Uint8Array(9)), sharded),
  ],
].map(([name, kind, says, make]) => ({ name: `Zarr, ${name}`, kind, says, make }) as BadInput);
testRefusals(bad);

testRefusals(["blosc", "zstd", "lz4", "gzip", "zlib"].flatMap((compressor): BadInput[] => {
  const recipe: ArrayRecipe = { ...plain, compressor };
  // What claims or unpacks to more than a chunk has is refused before memory is taken for it.
  const bomb: ArrayRecipe = {
    ...recipe,
    lengths: [5, 7, 60, 80],
    chunks: [1, 7, 60, 80],
    data: new Uint16Array(168000),
  };
  return [
    {
      name: `a ${compressor} chunk that ends early`,
      kind: "CorruptFile",
      says: /chunk/,
      make: changed((files) => files.set("c/1/0/0/0", files.get("c/1/0/0/0")!.slice(0, 40)), recipe),
    },
    {
      name: `a ${compressor} chunk that unpacks to more than a chunk`,
      kind: "CorruptFile",
      says: /bytes where a chunk has at most|is not what the array says/,
      make: async (folder) => {
        const large = await arrayFiles("", bomb);
        return await changed((files) => files.set("c/1/0/0/0", large.get("c/1/0/0/0")!), recipe)(folder);
      },
    },
  ];
}));

for (const compressor of ["blosc", "zstd", "lz4", "gzip", "zlib"]) {
  Deno.test(`a damaged ${compressor} chunk in a folder is unpacked to a whole chunk or refused by an error of ours`, () =>
    withFolder(async (folder) => {
      const path = await writeStore(`${folder}/a.zarr`, await arrayFiles("", { ...plain, compressor }));
      const chunk = `${path}/c/2/0/0/0`, sound = await Deno.readFile(chunk), random = seededRandom(7);
      let refused = 0;
      for (let trial = 0; trial < 300; trial++) {
        const bytes = sound.slice(0, trial % 10 === 0 ? Math.floor(random() * sound.length) : undefined);
        for (let flip = 0; flip <= trial % 4; flip++) {
          const within = random() < 0.5 ? Math.min(40, bytes.length) : bytes.length;
          bytes[Math.floor(random() * within)] = random() < 0.3 ? 0xff : Math.floor(random() * 256);
        }
        await Deno.writeFile(chunk, bytes);
        const scan = await openScan(path);
        const rows = await readAll(scan, 1).catch((cause: CrystalliteError) => {
          assert.equal(cause.kind, "CorruptFile", cause.stack);
          refused++;
        });
        // What no damage touched is right, whatever went before.
        if (rows) assert.deepEqual(rows.subarray(3 * 336), data.subarray(3 * 336));
        scan.close();
      }
      assert.ok(refused > 20, `${refused}`);
      await Deno.writeFile(chunk, sound);
      const scan = await openScan(path);
      assert.deepEqual(await readAll(scan), data);
      scan.close();
    }));
}
