/** What formats get to see beside and inside of what is opened, and what they do not. */

import assert from "node:assert/strict";
import { lookAt } from "../../../library/formats/file_context.ts";
import { type Admit, Folder } from "../../../library/formats/folder.ts";
import { isScanFolder } from "../../../library/formats/known_formats.ts";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { BadParameter, type FileUnavailable } from "../../../library/scan/errors.ts";
import { withFolderFormat, writeFolderScan } from "../../support/folder_format.ts";
import { withFolder } from "../../support/folders.ts";
import { writeMaster } from "../../support/hdf5_files.ts";
import { readAll } from "../../support/reading.ts";

/** Refuses everything and remembers what it was asked. */
function refusing(): { admit: Admit; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    admit(path) {
      asked.push(path);
      throw new BadParameter("not this", { file: path });
    },
  };
}

Deno.test("a file shows how it begins, its size, and what lies beside it", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/deep/er`, { recursive: true });
    await Deno.writeFile(`${folder}/a.raw`, new Uint8Array(5000).fill(7));
    await Deno.writeTextFile(`${folder}/a.hdr`, "rows 4");
    await Deno.writeTextFile(`${folder}/deep/er/0`, "zero");
    const { name, head, size, inside, beside } = lookAt(`${folder}/a.raw`);
    assert.deepEqual([name, head.length, head[4095], size, inside], ["a.raw", 4096, 7, 5000, undefined]);
    assert.deepEqual(beside.names(), ["a.hdr", "a.raw", "deep"]);
    assert.equal(beside.text("a.hdr"), "rows 4");
    assert.equal(beside.text("b.hdr"), undefined);
    assert.equal(beside.file("deep"), undefined);
    assert.equal(beside.file("deep/er/0"), `${folder}/deep/er/0`);
    const source = beside.open("a.raw")!;
    assert.equal(source.size, 5000);
    source.close();
    assert.equal(lookAt(`${folder}/a.hdr`).head.length, 6);

    const deep = lookAt(`${folder}/deep/`);
    assert.deepEqual([deep.name, deep.head.length, deep.size], ["deep", 0, 0]);
    assert.deepEqual(deep.inside!.names(), ["er"]);
    assert.equal(deep.inside!.text("er/0"), "zero");
    assert.equal(deep.beside.text("a.hdr"), "rows 4");
    assert.throws(() => lookAt(`${folder}/missing`), { kind: "FileUnavailable" });
  }));

Deno.test("no name leads out of a folder, and nothing is opened that is not admitted", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/in`);
    await Deno.writeTextFile(`${folder}/secret`, "secret");
    await Deno.writeTextFile(`${folder}/in/own`, "own");
    const inside = new Folder(`${folder}/in/`);
    const names = [
      "../secret",
      "x/../../secret",
      `${folder}/secret`,
      "./own",
      "",
      ".",
      "..",
      "own/",
      "own\0",
    ];
    for (const name of names) assert.equal(inside.open(name), undefined, JSON.stringify(name));
    assert.equal(inside.text("own"), "own");

    const { admit, asked } = refusing(), guarded = new Folder(`${folder}/in/`, admit);
    for (const read of [() => guarded.file("own"), () => guarded.open("own"), () => guarded.text("own")]) {
      assert.throws(read, { message: "not this" });
    }
    assert.equal(guarded.file("missing"), undefined);
    assert.deepEqual(asked, Array.from({ length: 3 }, () => `${folder}/in/own`));
  }));

Deno.test("a text that is no description of a scan is refused before it is read", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.hdr`;
    await Deno.writeTextFile(path, "");
    await Deno.truncate(path, 5 * 2 ** 30);
    assert.throws(() => new Folder(`${folder}/`).text("a.hdr"), { kind: "CorruptFile" });
  }));

Deno.test("the files beside a Dectris master are asked for before they are opened", () =>
  withFolder(async (folder) => {
    const path = await writeMaster(folder, { parts: [12], metadata: { NumPixelsX: 4, NumPixelsY: 3 } });
    const asked: string[] = [];
    const scan = await openScan(path, {}, (other) => void asked.push(other));
    scan.close();
    const data = path.replace("_master", "_data_000001");
    assert.deepEqual(new Set(asked), new Set([data, path.replace("_master", "")]));
    await assert.rejects(openScan(path, {}, refusing().admit), { message: "not this" });
  }));

Deno.test("a folder is a scan where a format takes it for one; else it is a folder, not a file", () =>
  withFolder((folder) =>
    withFolderFormat(async () => {
      const path = `${folder}/scan.rows`, data = await writeFolderScan(path);
      await Deno.mkdir(`${folder}/empty`);
      for (const name of [path, `${path}/`]) {
        assert.ok(isScanFolder(name));
        const scan = await openScan(name, { qBin: 1 });
        assert.deepEqual(scan.shape, { rows: 3, columns: 4, patternRows: 8, patternColumns: 6 });
        for (const bandHeight of [1, 2, 3]) assert.deepEqual(await readAll(scan, bandHeight), data);
        scan.close();
      }
      assert.ok(!isScanFolder(`${folder}/empty`));
      await assert.rejects(openFile(`${folder}/empty`), {
        kind: "FileUnavailable",
        message: /is a folder, not a file/,
      });
      await Deno.writeTextFile(`${folder}/empty/run.json`, "{}");
      await assert.rejects(openFile(`${folder}/empty`), ({ details }: FileUnavailable) =>
        /a result; name the scan/.test(details.remedy!));
      await assert.rejects(openScan(path, {}, refusing().admit), { message: "not this" });
      await Deno.remove(`${path}/rows/1`);
      await assert.rejects(openFile(path), { kind: "UnsupportedFormat" });
    })
  ));
