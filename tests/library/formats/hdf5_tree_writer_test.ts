/** Small HDF5 files that are written without the library, read by the library and by our own reader. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { loadHdf5 } from "../../../library/formats/hdf5/library.ts";
import { encodeHdf5, Hdf5Group } from "../../../library/formats/hdf5/tree_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { readPattern } from "../../../library/scan/scan.ts";
import { withFolder } from "../../support/folders.ts";

const tree = {
  numbers: { values: Float64Array.of(1, 2.5, -3, 1e300, NaN, 6), shape: [2, 3] },
  group: {
    truths: { values: { truths: Uint8Array.of(1, 0, 1) } },
    text: { values: { text: "Titan Å" } },
    whole: { values: Int32Array.of(-1, 2 ** 31 - 1) },
    nothing: {},
    "-1": { empty: { values: new Float64Array(0) } },
  },
};

Deno.test("the HDF5 library reads groups, numbers, texts and truth values", () =>
  withFolder(async (folder) => {
    const path = join(folder, "tree.h5"), { File, Dataset } = await loadHdf5();
    Deno.writeFileSync(path, encodeHdf5(tree));
    const file = new File(path, "r");
    try {
      const dataset = (name: string) => {
        const found = file.get(name);
        assert.ok(found instanceof Dataset, name);
        return found;
      };
      assert.deepEqual(file.keys(), ["group", "numbers"]);
      assert.deepEqual(dataset("numbers").shape, [2, 3]);
      assert.deepEqual(dataset("numbers").value, tree.numbers.values);
      assert.deepEqual(dataset("group/truths").to_array(), [true, false, true]);
      assert.deepEqual(dataset("group/text").to_array(), ["Titan Å"]);
      assert.deepEqual(dataset("group/whole").value, tree.group.whole.values);
      assert.deepEqual(dataset("group/-1/empty").shape, [0]);
    } finally {
      file.close();
    }
  }));

Deno.test("the HDF5 library reads attributes, other numbers and lists of texts", () =>
  withFolder(async (folder) => {
    const path = join(folder, "attributes.h5"), { File, Dataset, Group } = await loadHdf5();
    const texts = ["Invalid Phase", "Au", "x".repeat(5000)];
    Deno.writeFileSync(
      path,
      encodeHdf5(
        new Hdf5Group({
          list: { values: { texts }, attributes: { kind: { text: "texts" } } },
          single: { values: Float32Array.of(1.5, -2.25), shape: [1, 2] },
          unsigned: { values: Uint32Array.of(2 ** 32 - 1) },
          wide: {
            values: BigInt64Array.of(-5n, 2n ** 40n),
            attributes: { axes: BigUint64Array.of(1n, 2n, 3n) },
          },
          inside: new Hdf5Group({}, { level: Uint32Array.of(11) }),
        }, { version: { text: "7.0" } }),
      ),
    );
    const file = new File(path, "r");
    try {
      const dataset = (name: string) => {
        const found = file.get(name);
        assert.ok(found instanceof Dataset, name);
        return found;
      };
      assert.equal(file.attrs.version.value, "7.0");
      assert.deepEqual(dataset("list").value, texts);
      assert.equal(dataset("list").attrs.kind.value, "texts");
      assert.deepEqual([dataset("single").value, dataset("single").shape], [Float32Array.of(1.5, -2.25), [
        1,
        2,
      ]]);
      assert.deepEqual(dataset("unsigned").value, Uint32Array.of(2 ** 32 - 1));
      assert.deepEqual(dataset("wide").value, BigInt64Array.of(-5n, 2n ** 40n));
      assert.deepEqual(dataset("wide").attrs.axes.value, BigUint64Array.of(1n, 2n, 3n));
      const inside = file.get("inside");
      assert.ok(inside instanceof Group);
      assert.equal(inside.attrs.level.value, 11);
    } finally {
      file.close();
    }
  }));

Deno.test("our own reader opens an array of such a file as a scan", () =>
  withFolder(async (folder) => {
    const path = join(folder, "scan.h5");
    const values = Float64Array.from({ length: 2 * 3 * 8 * 8 }, (_, index) => index);
    Deno.writeFileSync(path, encodeHdf5({ data: { values, shape: [2, 3, 8, 8] } }));
    const scan = await openScan(path);
    try {
      assert.deepEqual(Array.from(await readPattern(scan, 1, 2)), Array.from(values.subarray(5 * 64)));
    } finally {
      scan.close();
    }
  }));

Deno.test("shapes and names that cannot be are refused, and equal content gives equal bytes", () => {
  const values = new Float64Array(5);
  assert.throws(() => encodeHdf5({ data: { values, shape: [2, 3] } }), RangeError);
  assert.throws(() => encodeHdf5({ "a/b": { values } }), RangeError);
  assert.throws(() => encodeHdf5({ "": { values } }), RangeError);
  assert.deepEqual(encodeHdf5(tree), encodeHdf5(tree));
});
