/** Stores of Zarr that must be refused: metadata and chunks that are damaged, or say what cannot be. */

import assert from "node:assert/strict";
import { openScan } from "../../../library/formats/open.ts";
import type { CrystalliteError } from "../../../library/scan/errors.ts";
import { type BadInput, testRefusals } from "../../support/bad_input.ts";
import { withFolder } from "../../support/folders.ts";
import { seededRandom } from "../../support/random.ts";
import { readAll } from "../../support/reading.ts";
import {
  arrayFiles,
  type ArrayRecipe,
  type StoreFiles,
  text,
  writeStore,
  writeZipStore,
} from "../../support/zarr_stores.ts";
import { data, plain } from "../../support/plain_zarr.ts";

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
