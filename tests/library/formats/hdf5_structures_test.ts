/** Groups, attributes and values of HDF5 files as Python wrote them, of the older and the newer format, and of HDF5 2.0. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { lookup3 } from "../../../library/formats/hdf5/checksum.ts";
import { Hdf5File } from "../../../library/formats/hdf5/file.ts";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";

const layout = (name: string) =>
  fileURLToPath(new URL(`../../data/hdf5_layouts/${name}.h5`, import.meta.url));

for (const name of ["many_newer", "many_older"]) {
  Deno.test(`HDF5, file ${name.replace("_", " ")}: names, attributes and values are what Python wrote`, async () => {
    const file = await Hdf5File.open(layout(name));
    try {
      assert.deepEqual(
        file.names("group"),
        Array.from({ length: 60 }, (_, index) => `name ${String(index).padStart(2, "0")}`),
      );
      for (let index = 0; index < 60; index++) {
        assert.equal(file.number("/group", `number ${index}`), index * 1.5);
        const path = `group/name ${String(index).padStart(2, "0")}`;
        if (index % 2 === 0) assert.equal(file.value(path), index);
        else assert.deepEqual(file.dataset(path)?.shape, [3, 4, 2, 3]);
      }
      const expected = {
        text: "5 µm",
        bytes: "bytes",
        texts: ["a", "bb", ""],
        list: [0, 1, 2, 3, 4],
        flag: 1,
      };
      for (const [name, value] of Object.entries(expected)) {
        assert.deepEqual(file.attribute("group", name), value, name);
      }
      for (const none of ["empty", "record", "missing"]) {
        assert.equal(file.attribute("group", none), undefined);
      }
      assert.equal(file.text("text"), "some text");
      assert.deepEqual(file.value("vector"), [0, 0.25, 0.5, 0.75, 1]);
      assert.deepEqual(file.value("/packed/"), Array.from({ length: 100 }, (_, index) => index));
      assert.equal(file.group("scan"), undefined);
      assert.equal(file.dataset("group"), undefined);
      assert.equal([...file.walk()].length, 64);
    } finally {
      file.close();
    }
  });
}

Deno.test("HDF5 2.0 with packed chunks, by whatever index, is read", async () => {
  for (const dataset of ["one", "fixed", "growing", "growing_columns", "growing_all"]) {
    const scan = await openScan(layout("version_2"), { dataset });
    assert.deepEqual(await readAll(scan, 2), Uint8Array.from({ length: 360 }, (_, index) => index % 251));
    scan.close();
  }
});

Deno.test("a file that is being written, or whose writer has died, is refused with both remedies", () =>
  withFolder(async (folder) => {
    const bytes = Deno.readFileSync(layout("fixed_array")), path = `${folder}/a.h5`;
    // The flags of the superblock: open for writing, and for reading meanwhile.
    for (const flags of [1, 5]) {
      bytes[11] = flags;
      new DataView(bytes.buffer).setUint32(44, lookup3(bytes.subarray(0, 44)), true);
      Deno.writeFileSync(path, bytes);
      const error = await openFile(path).then(() => null, (cause) => cause);
      assert.equal(error.kind, "FileUnavailable");
      assert.match(error.details.remedy, /wait.*h5clear -s/);
    }
    const whole = await writeHdf5(path, (file) => {
      file.create_dataset({ name: "a", data: new Uint16Array(64), shape: [2, 2, 4, 4] });
    });
    Deno.truncateSync(whole, Deno.statSync(whole).size - 10);
    const error = await openFile(path).then(() => null, (cause) => cause);
    assert.equal(error.kind, "CorruptFile");
    assert.match(error.details.remedy, /wait.*copy/);
  }));
