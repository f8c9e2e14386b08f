import assert from "node:assert/strict";
import { join } from "node:path";
import { loadHdf5 } from "../../../library/formats/hdf5/library.ts";
import { FilteredFile } from "../../../library/results/filtered.ts";
import { FileUnavailable } from "../../../library/scan/errors.ts";
import { scanFromArray } from "../../../library/scan/scan_from_array.ts";
import { withFolder } from "../../support/folders.ts";

const shape = { rows: 5, columns: 3, patternRows: 4, patternColumns: 6 };
const rowLength = 3 * 4 * 6;
const scan = scanFromArray(new Uint16Array(5 * rowLength), shape, {
  calibration: {
    pixelSize: { row: 2, column: 3, unit: "nm" },
    qPixelSize: { row: 0.5, column: 0.5, unit: "A^-1" },
  },
});
const values = Float32Array.from({ length: 5 * rowLength }, (_, i) => i / 7);

Deno.test("a filtered scan is written in rows and read back equal, with calibrated axes", () =>
  withFolder(async (folder) => {
    const path = join(folder, "filtered.h5");
    const file = await FilteredFile.create(path, scan, "1.2.3");
    file.write(values.slice(0, 2 * rowLength));
    file.write(values.slice(2 * rowLength, 3 * rowLength));
    file.write(values.slice(3 * rowLength));
    file.close();
    file.close();
    const { File, Dataset } = await loadHdf5();
    const stored = new File(path, "r");
    try {
      const read = (name: string) => {
        const dataset = stored.get(`crystallite/filtered/${name}`);
        assert(dataset instanceof Dataset);
        return dataset;
      };
      assert.deepEqual(read("data").shape, [5, 3, 4, 6]);
      assert.deepEqual(read("data").value, values);
      assert.deepEqual(read("dim1").value, Float64Array.of(0, 3, 6));
      assert.equal(read("dim1").attrs.units.value, "nm");
      assert.deepEqual(read("dim2").value, Float64Array.of(0, 0.5, 1, 1.5));
      assert.equal(stored.attrs.emd_group_type.value, "file");
    } finally {
      stored.close();
    }
  }));

Deno.test("a filtered scan refuses too many, broken and missing rows", () =>
  withFolder(async (folder) => {
    const file = await FilteredFile.create(join(folder, "filtered.h5"), scan, "1.2.3");
    assert.throws(() => file.write(values.slice(0, rowLength + 1)), RangeError);
    assert.throws(() => file.write(new Float32Array(6 * rowLength)), RangeError);
    file.write(values.slice(0, rowLength));
    assert.throws(() => file.close(), /lacks its last 4 rows/);
  }));

Deno.test("a filtered scan in a missing folder is an error that names the file", () =>
  withFolder(async (folder) => {
    const path = join(folder, "missing", "filtered.h5");
    await assert.rejects(FilteredFile.create(path, scan, "1.2.3"), (error) => {
      assert(error instanceof FileUnavailable);
      assert(error.message.includes(path));
      return true;
    });
  }));
