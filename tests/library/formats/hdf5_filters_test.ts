/** What our reader makes of packed data is what the HDF5 library makes of it. */

import assert from "node:assert/strict";
import { loadHdf5 } from "../../../library/formats/hdf5/library.ts";
import { openScan } from "../../../library/formats/open.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";

const shape = [4, 6, 10, 12];
const counts = Uint16Array.from(
  { length: 4 * 6 * 120 },
  (_, index) => index % 11 === 0 ? index * 97 % 60013 : index % 4,
);

/** Filters that the library packs with, by number and options. */
const filters: readonly (readonly [name: string, id: number, options: number[]])[] = [
  ["gzip", 1, [4]],
  ["LZ4", 32004, [0]],
  ["LZ4 in small blocks", 32004, [1000]],
  ["bitshuffle", 32008, [0, 0]],
  ["bitshuffle-LZ4", 32008, [0, 2]],
  ["bitshuffle-zstd", 32008, [0, 3]],
  ["zstd", 32015, [3]],
];
const chunkings = [[1, 1, 10, 12], [3, 4, 7, 5], [4, 6, 10, 12], [1, 1, 5, 6]];

for (const [name, id, options] of filters) {
  Deno.test(`HDF5 packed with ${name}, in chunks of any shape, is what was written`, () =>
    withFolder(async (folder) => {
      for (const chunks of chunkings) {
        for (const data of [counts, Float64Array.from(counts)]) {
          const path = await writeHdf5(`${folder}/a.h5`, (file) => {
            file.create_dataset({
              name: "a",
              data,
              shape,
              chunks,
              compression: id,
              compression_opts: options,
            });
          });
          const scan = await openScan(path);
          for (const rows of [1, 4]) assert.deepEqual(await readAll(scan, rows), data, chunks.join());
          scan.close();
        }
      }
    }));
}

sharedTest("HDF5: data of all filters and number types are those that the HDF5 library gives", async () => {
  const path = sharedPath("data/formats/synthetic/filters.h5")!;
  const { File, Dataset } = await loadHdf5();
  const file = new File(path, "r");
  try {
    for (const dataset of file.keys()) {
      const node = file.get(dataset);
      assert.ok(node instanceof Dataset);
      const scan = await openScan(path, { dataset });
      assert.deepEqual([...await readAll(scan)], Array.from(node.value as Uint16Array, Number), dataset);
      scan.close();
    }
  } finally {
    file.close();
  }
});

Deno.test("what a damaged chunk does to the HDF5 library harms no other file, nor later readings of sound ones", () =>
  withFolder(async (folder) => {
    const write = (name: string) =>
      writeHdf5(`${folder}/${name}.h5`, (file) => {
        const blosc = { compression: 32001, compression_opts: [2, 2, 0, 0, 5, 1, 1] };
        file.create_dataset({ name: "a", data: counts, shape, chunks: [1, 6, 10, 12], ...blosc });
      });
    const sound = await openScan(await write("sound")), path = await write("damaged");
    assert.deepEqual(await readAll(sound), counts);
    const bytes = Deno.readFileSync(path);
    bytes.fill(0xff, bytes.length - 1500);
    Deno.writeFileSync(path, bytes);
    const damaged = await openScan(path);
    await assert.rejects(Promise.resolve(readAll(damaged)), { kind: "CorruptFile" });
    await assert.rejects(Promise.resolve(readAll(damaged)), { kind: "CorruptFile" });
    assert.deepEqual(await readAll(sound), counts);
    damaged.close();
    sound.close();
  }));
