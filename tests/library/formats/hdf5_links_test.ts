/** Links, views and raw data of HDF5 files: where they may lead, and what is said where they lead nowhere. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";

const shape = [3, 4, 5, 6], data = Uint16Array.from({ length: 360 }, (_, i) => i % 50);
const scan = { name: "scan", data, shape, dtype: "<H" };

/** A folder with a file that links are in, and a neighbour with one that they lead to. */
function withLinks(test: (own: string, other: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const own = `${folder}/own`, other = `${folder}/other`;
    for (const place of [own, other, `${own}/below`]) await Deno.mkdir(place);
    await writeHdf5(`${other}/far.h5`, (file) => file.create_dataset(scan));
    await writeHdf5(`${own}/near.h5`, (file) => file.create_dataset(scan));
    await writeHdf5(`${own}/below/deep.h5`, (file) => file.create_dataset(scan));
    await test(own, other);
  });
}

const linkTo = (path: string, target: string) =>
  writeHdf5(path, (file) => void file.create_group("entry").create_external_link(target, "/scan", "data"));

Deno.test("external links stay in the folder of the file, real paths and all, unless the user allows more", () =>
  withLinks(async (own, other) => {
    await Deno.symlink(`${other}/far.h5`, `${own}/alias.h5`);
    await Deno.symlink(other, `${own}/folder`);
    for (const name of ["near.h5", "below/deep.h5", "./below/../near.h5", `${own}/near.h5`]) {
      const opened = await openScan(await linkTo(`${own}/a.h5`, name));
      assert.deepEqual(await readAll(opened), data);
      opened.close();
    }
    const outside = [
      "../other/far.h5",
      `${other}/far.h5`,
      "alias.h5",
      "folder/far.h5",
      "below/../../other/far.h5",
    ];
    for (const name of outside) {
      const path = await linkTo(`${own}/a.h5`, name);
      for (const options of [{}, { dataset: "/entry/data" }]) {
        const error = await openFile(path, options).then(() => null, (cause) => cause);
        assert.equal(error?.kind, "FileUnavailable", name);
        assert.match(error.message, /not in its folder/);
        assert.equal(error.details.parameter, "followLinks");
      }
      const opened = await openScan(path, { followLinks: true });
      assert.deepEqual(await readAll(opened), data);
      assert.deepEqual(opened.source.selection, { followLinks: true });
      opened.close();
    }
  }));

Deno.test("the working folder is no place where links lead, whatever lies there", () =>
  withFolder(async (folder) => {
    const name = "tests/data/hdf5_layouts/contiguous.h5";
    assert.ok(Deno.statSync(name).isFile, "tests run in the folder of the project");
    const path = await linkTo(`${folder}/a.h5`, name);
    await assert.rejects(openFile(path), { kind: "FileUnavailable", message: /which is missing/ });
    await assert.rejects(openFile(path, { followLinks: true }), { kind: "FileUnavailable" });
  }));

Deno.test("a link to something that is no HDF5 file tells nothing of what is in it", () =>
  withLinks(async (own) => {
    await Deno.writeTextFile(`${own}/secret.h5`, "the words of a secret");
    const error = await openFile(await linkTo(`${own}/a.h5`, "secret.h5")).then(() => null, (cause) => cause);
    assert.equal(error.kind, "CorruptFile");
    assert.doesNotMatch(JSON.stringify(error) + error.message, /words|74 68/);
  }));

Deno.test("links that lead to each other, or through too many groups, end with a sentence; others stay readable", () =>
  withFolder(async (folder) => {
    const path = await writeHdf5(`${folder}/a.h5`, (file) => {
      file.create_soft_link("/loop", "loop");
      file.create_soft_link("/pong", "ping");
      file.create_soft_link("/ping", "pong");
      let group = file.create_group("g");
      for (let level = 0; level < 20; level++) group = group.create_group("g");
      group.create_dataset(scan);
    });
    await assert.rejects(openFile(path, { dataset: "loop" }), { kind: "BadParameter", message: /link/ });
    await assert.rejects(openFile(path, { dataset: "ping/x" }), { kind: "BadParameter" });
    const opened = await openScan(path, { dataset: `${"/g".repeat(21)}/scan` });
    assert.deepEqual(await readAll(opened), data);
    opened.close();
    const far = await writeHdf5(`${folder}/b.h5`, (file) => {
      let group = file.create_group("g");
      for (let level = 0; level < 20; level++) group = group.create_group("g");
      group.create_external_link("../gone/x.h5", "/scan", "x");
      file.create_soft_link(`${"/g".repeat(21)}/x`, "data");
    });
    await assert.rejects(openFile(far), { kind: "FileUnavailable", message: /not in its folder/ });
  }));

Deno.test("views and raw files stay in the folder too, read by the HDF5 library or not", () =>
  withLinks(async (own) => {
    const foreign = (name: string) =>
      fileURLToPath(new URL(`../../data/hdf5_foreign/${name}`, import.meta.url));
    for (const name of ["view_beside.h5", "view_outside.h5", "raw.h5"]) {
      await Deno.copyFile(foreign(name), `${own}/${name}`);
    }
    await Deno.mkdir(`${own}/../outside`);
    for (const place of [own, `${own}/../outside`]) {
      await writeHdf5(`${place}/source.h5`, (file) => file.create_dataset(scan));
    }
    const view = await openScan(`${own}/view_beside.h5`);
    assert.deepEqual(await readAll(view), data);
    view.close();
    await assert.rejects(openFile(`${own}/view_outside.h5`), {
      kind: "FileUnavailable",
      message: /not in its folder/,
    });
    const followed = await openScan(`${own}/view_outside.h5`, { followLinks: true });
    assert.deepEqual(await readAll(followed), data);
    followed.close();
    await assert.rejects(openFile(`${own}/raw.h5`), { message: /raw file.*missing/ });
    await Deno.writeFile(`${own}/source.bin`, new Uint8Array(data.buffer));
    const raw = await openScan(`${own}/raw.h5`);
    assert.deepEqual(await readAll(raw), data);
    raw.close();
    await Deno.remove(`${own}/source.h5`);
    await assert.rejects(openFile(`${own}/view_beside.h5`), { kind: "FileUnavailable", message: /missing/ });
  }));
