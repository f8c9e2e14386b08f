/** Every product is in every place that the table speaks for: files, clusters.h5, checks, size, reading, documentation. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { resultBytes } from "../../../commands/clusters/result_size.ts";
import type { Clustering } from "../../../library/cluster/clustering.ts";
import { loadHdf5 } from "../../../library/formats/hdf5/library.ts";
import { isOpen, knownLength } from "../../../library/results/axes.ts";
import { checkedArrays } from "../../../library/results/check.ts";
import { sizesOf } from "../../../library/results/held_arrays.ts";
import { fileOf, held, type HeldProduct, isHeld, type Product } from "../../../library/results/product.ts";
import { averages, products } from "../../../library/results/products.ts";
import { readResult } from "../../../library/results/read.ts";
import { restoreClustering } from "../../../library/results/restore.ts";
import { type ExportGroup, resultFiles } from "../../../library/results/result_files.ts";
import { offsetsOf } from "../../../library/results/values.ts";
import { writeResult } from "../../../library/results/write.ts";
import { bytesOf, bytesPerElement, dtypeOf, type PixelArray } from "../../../library/scan/dtype.ts";
import { CorruptFile } from "../../../library/scan/errors.ts";
import { tablesIn } from "../../../tasks/documentation/markdown.ts";
import { formatTable } from "../../../tasks/documentation/table.ts";
import { averageBatches, drawClustering, resultOf } from "../../support/clustering.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { fullClustering } from "../../support/full_clustering.ts";
import { decodeNpy } from "../../support/numpy.ts";

const full = fullClustering();
const sizes = sizesOf(full);
const root = new URL("../../../", import.meta.url);

/** The array of a product as the clustering holds it, or as its batches give it. */
function arrayOf(product: Product, clustering: Clustering): PixelArray {
  if (!isHeld(product)) {
    return Float32Array.from([...averageBatches(clustering, 1)].flatMap(({ patterns }) => [...patterns]));
  }
  const array = product.of(clustering);
  assert.ok(array, `the clustering of this test has no ${product.name}`);
  return array;
}

/** Lengths of the axes, worked out anew: what is not known is what is left. */
function shapeOf({ axes }: Product, { length }: PixelArray): number[] {
  const known = axes.map((axis) => knownLength(axis, sizes));
  const rest = length / known.reduce((product: number, one) => product * (one ?? 1), 1);
  return known.map((one) => one ?? rest);
}

/** Writes a result of the clustering that has everything, and says what a product is in each of its places. */
async function inspect(
  table: readonly Product[],
  look: (out: string) => void | Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const out = join(folder, "out");
    await writeResult(out, resultOf(full), { products: table });
    await look(out);
  });
}

function sameBytes(found: PixelArray, expected: PixelArray, name: string): void {
  assert.equal(dtypeOf(found), dtypeOf(expected), name);
  assert.deepEqual(bytesOf(found), bytesOf(expected), name);
}

/** Every place but the documentation. */
async function isEverywhere(product: Product, table: readonly Product[], out: string): Promise<void> {
  const array = arrayOf(product, full), shape = shapeOf(product, array);
  assert.equal(dtypeOf(array), product.type);

  const npy = decodeNpy(await Deno.readFile(join(out, fileOf(product))));
  assert.deepEqual(npy.shape, shape);
  sameBytes(npy.data as PixelArray, array, fileOf(product));

  const { File } = await loadHdf5();
  const file = new File(join(out, "clusters.h5"), "r");
  try {
    const path = `crystallite/${product.name}`;
    // deno-lint-ignore no-explicit-any
    const data = file.get(`${path}/data`) as any;
    assert.ok(data, `clusters.h5 lacks ${product.name}`);
    assert.deepEqual(data.shape, shape);
    sameBytes(data.value, array, `${product.name} in clusters.h5`);
    assert.equal(data.attrs.units.value, product.unit);
    product.axes.forEach((axis, place) => {
      // deno-lint-ignore no-explicit-any
      assert.equal((file.get(`${path}/dim${place}`) as any).attrs.name.value, axis);
    });
  } finally {
    file.close();
  }

  const without = table.filter((one) => one !== product), npyOnly = new Set<ExportGroup>(["npy"]);
  assert.equal(resultBytes(full, npyOnly, table) - resultBytes(full, npyOnly, without), array.byteLength);

  if (!isHeld(product)) return;
  const stored = await readResult(out, table);
  sameBytes(stored.arrays.get(product.name)!, array, `${product.name} read back`);
  sameBytes(product.of(restoreClustering(stored))!, array, `${product.name} restored`);

  const short = held({ ...product, of: () => array.slice(1) as PixelArray });
  const open = product.axes.length === 1 && isOpen(product.axes[0]);
  if (!open) {
    assert.throws(() => checkedArrays(full, [short]), new RegExp(`${product.name} hold ${array.length - 1}`));
  }
}

for (const product of products) {
  Deno.test(`${product.name} is in files, clusters.h5, size, check, reading and restoring, every bit of it`, () =>
    inspect(products, (out) => isEverywhere(product, products, out)));
}

for (const product of products.filter(isHeld)) {
  Deno.test(`a result of which ${product.name} is damaged or of a wrong length is refused`, async () => {
    await inspect(products, async (out) => {
      const path = join(out, fileOf(product)), bytes = await Deno.readFile(path);
      await Deno.writeFile(path, bytes.subarray(0, bytes.length - bytesPerElement(product.type)));
      await assert.rejects(readResult(out), CorruptFile);
      if (!product.flaw) return;
      // NaN, or numbers larger than there are clusters or probes.
      const wrong = bytes.slice(), numbers = wrong.subarray(-arrayOf(product, full).byteLength);
      numbers.fill(product.type === "i32" ? 0x7f : 0xff);
      await Deno.writeFile(path, wrong);
      await assert.rejects(readResult(out), (error) => {
        assert.ok(error instanceof CorruptFile);
        assert.ok(error.message.includes(fileOf(product)), error.message);
        return true;
      });
    });
  });
}

Deno.test("names are unique, and at most one axis of each product has a length of its own", () => {
  assert.equal(new Set(products.map(({ name }) => name)).size, products.length);
  for (const { name, axes } of products) {
    assert.ok(axes.filter(isOpen).length <= 1, name);
  }
  for (const files of [resultFiles()]) {
    assert.equal(new Set(files.map(({ name }) => name)).size, files.length);
  }
});

Deno.test("a result holds the files of the table and no others, and the size estimate is theirs", () =>
  inspect(products, async (out) => {
    assert.deepEqual(await fileNames(out), resultFiles().map(({ name }) => name).sort());
    const arrays = products.map(fileOf);
    const bytes = (names: readonly string[]) =>
      names.reduce((sum, name) => sum + Deno.statSync(join(out, name)).size, 0);
    const headers = 128 * arrays.length;
    assert.equal(bytes(arrays) - headers, resultBytes(full, new Set(["npy"])));
    assert.equal(
      resultBytes(full, new Set(["npy", "h5", "csv", "png", "html"])),
      2 * (bytes(arrays) - headers),
    );
  }));

Deno.test("the size estimate of clusters.h5 is that of the file, but for what HDF5 keeps of each node", () =>
  withFolder(async (folder) => {
    // Large enough that arrays outweigh names and axes.
    const rows = 100, columns = 100, count = rows * columns;
    const lines = Array.from({ length: rows }, (_, row) => (row < 32 ? "0" : "1").repeat(columns));
    const regions = { stability: 1, margin: new Float32Array(count), borderlinePairs: [], bendingPairs: [] };
    const clustering = drawClustering(lines, { darkField: new Float32Array(count), regions });
    const exports = new Set<ExportGroup>(["h5"]);
    await writeResult(join(folder, "out"), resultOf(clustering), { exports });
    const { size } = await Deno.stat(join(folder, "out", "clusters.h5"));
    const estimate = resultBytes(clustering, exports);
    assert.ok(size >= estimate && size < 1.1 * estimate, `${size} bytes, estimated ${estimate}`);
  }));

/** The rows of the documentation's table: file, array, unit, what it is. */
function fileRows(table: readonly Product[]): string[][] {
  return resultFiles(table).map(({ name, array = "", unit = "", about, when }) => [
    ...[`\`${name}\``, array, unit],
    when === "always" ? about : `${about}; ${when}`,
  ]);
}

Deno.test("the documentation lists every file of a result as the table has it", () => {
  const header = ["file", "array", "unit", "what it is"], rows = fileRows(products);
  const tables = tablesIn(Deno.readTextFileSync(new URL("docs/using/results.md", root)));
  assert.deepEqual(
    tables.find((table) => table.header.join() === header.join())?.rows,
    rows,
    `the table of result files is:\n${formatTable(header, rows)}`,
  );
});

Deno.test("arrays that the report names are arrays that there are", () => {
  const known = new Set(resultFiles().map(({ name }) => name));
  const report = new URL("library/report/", root);
  for (const { name } of Deno.readDirSync(report)) {
    const text = Deno.readTextFileSync(new URL(name, report));
    for (const [file] of text.matchAll(/\b[a-z_]+\.npy\b/g)) {
      assert.ok(known.has(file), `${name} names ${file}`);
    }
  }
});

const probes = full.shape.rows * full.shape.columns;
const made: readonly HeldProduct[] = [
  held({
    ...{ name: "strain", type: "f64", axes: ["row", "column", "pair"], unit: "percent", followsLabels: true },
    ...{ about: "a product that there is not", when: "in this test" },
    of: () => Float64Array.from({ length: 2 * probes }, (_, place) => 1 / (place + 1)),
    put: () => ({}),
  }),
  held({
    ...{ name: "tracks", type: "i16", axes: ["frame", "cluster"], unit: "", followsLabels: true },
    ...{ about: "along an axis whose length only the array tells", when: "in this test" },
    of: ({ clusters }) => new Int16Array(3 * clusters.length).fill(-7),
    put: () => ({}),
  }),
  held({
    ...{ name: "peak_offsets", type: "u32", axes: ["offset"], unit: "peak", followsLabels: false },
    ...{ about: "where the peaks of each probe begin", when: "in this test" },
    of: () => Uint32Array.from({ length: probes + 1 }, (_, probe) => 2 * probe),
    flaw: (offsets, { array }) => offsetsOf(offsets, array("peak_intensity")?.length ?? 0),
    put: () => ({}),
  }),
  held({
    ...{ name: "peak_intensity", type: "f32", axes: ["peak"], unit: "counts", followsLabels: false },
    ...{ about: "of the peaks of one probe after the other", when: "in this test" },
    of: () => Float32Array.from({ length: 2 * probes }, (_, peak) => peak / 3),
    put: () => ({}),
  }),
];

Deno.test("an entry is all that a new product takes: files, clusters.h5, size, reading and documentation have it", () => {
  const table = [...products, ...made];
  return inspect(table, async (out) => {
    for (const product of made) {
      await isEverywhere(product, table, out);
      const [, , unit, about] = fileRows(table).find(([file]) => file === `\`${fileOf(product)}\``)!;
      assert.ok(about.includes(product.about) && unit === product.unit);
    }
    assert.ok(!(await readResult(out)).arrays.has("strain"), "a table without it leaves it where it is");
  });
});

Deno.test("a ragged list whose offsets do not lead through it is refused", async () => {
  const wrong: readonly (readonly [(offsets: Uint32Array) => void, RegExp])[] = [
    [(offsets) => offsets[0] = 1, /0 at first/],
    [(offsets) => offsets[3] = 0, /offsets that never fall/],
    [(offsets) => offsets[probes]++, /at last/],
  ];
  for (const [damage, message] of wrong) {
    const table = made.map((product) => {
      if (product.name !== "peak_offsets") return product;
      const offsets = product.of(full) as Uint32Array;
      damage(offsets);
      return held({ ...product, of: () => offsets });
    });
    await withFolder((folder) =>
      assert.rejects(
        writeResult(join(folder, "out"), resultOf(full), { products: [...products, ...table] }),
        message,
      )
    );
  }
});

Deno.test("two arrays along one axis must agree about its length", () => {
  const other = held({ ...made[3], name: "peak_row", of: () => new Float32Array(2 * probes - 1) });
  assert.throws(
    () => checkedArrays(full, [...made, other]),
    /peak_row hold 55 along peak, where others hold 56/,
  );
});

Deno.test("only the averages stay on disk", () => {
  assert.deepEqual(products.filter((product) => !isHeld(product)), [averages]);
  assert.ok(averages.comesWith(full));
  assert.ok(!averages.comesWith({ parameters: { ...full.parameters, average: "none" } }));
});

Deno.test("a result written again from what was read of it is the same in every array, and in what its record says of them", () =>
  inspect(products, async (out) => {
    const again = `${out} again`, stored = await readResult(out);
    await writeResult(again, { ...resultOf(restoreClustering(stored)), previous: stored });
    for (const name of products.map(fileOf)) {
      assert.deepEqual(await Deno.readFile(join(again, name)), await Deno.readFile(join(out, name)), name);
    }
    const { regions, files } = (await readResult(again)).run;
    assert.deepEqual(regions, stored.run.regions);
    assert.ok(regions!.mixedProbes! > 0);
    const listed = (list: typeof files) => list.find(({ name }) => name === "clusters.h5");
    assert.deepEqual(listed(files), listed(stored.run.files));
  }));
