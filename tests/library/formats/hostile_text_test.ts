/** Texts and pictures that are small, and were made to take for ever or all memory. */

import assert from "node:assert/strict";
import { crc32, deflateSync } from "node:zlib";
import { encode } from "fast-png";
import { readLabelFile } from "../../../library/formats/label_file.ts";
import { readMaskFile } from "../../../library/formats/mask_file.ts";
import { openFile } from "../../../library/formats/open.ts";
import { parseDescription } from "../../../library/formats/tiff/description.ts";
import { readEditLog } from "../../../library/results/edits_file.ts";
import { parseJson } from "../../../library/scan/parse_json.ts";
import { npy, numpyText, zip } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { joined, ser } from "../../support/frame_files.ts";
import { mrcFile } from "../../support/mrc_files.ts";
import { arrayFiles, writeStore } from "../../support/zarr_stores.ts";

/** Each of these took from ten seconds to years. */
const patience = 8000;

async function inTime(work: () => unknown): Promise<void> {
  const start = performance.now();
  await work();
  assert.ok(performance.now() - start < patience, `took ${performance.now() - start} ms`);
}

const values = new Uint16Array(360), lengths = [3, 4, 5, 6];

Deno.test("a description of a TIFF file may hold any number of digits", () =>
  inTime(() => {
    assert.deepEqual(parseDescription(`{"shape": [${"1".repeat(5000)}x`), {});
    assert.deepEqual(parseDescription(`{"shape": [${"1,".repeat(5000)}]}`), {});
    assert.deepEqual(parseDescription('{"a": [1], "shape": [2, 3,4 , 5]}').lengths, [2, 3, 4, 5]);
    assert.deepEqual(parseDescription(`{"shape": [${"1".repeat(16)}, 2]}`), {});
    assert.deepEqual(parseDescription('{"shape": []}'), {});
  }));

Deno.test("metadata of Panta Rhei may hold any number of zeros before their end", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.prz`;
    for (const ending of ["x", ""]) {
      const members = [
        { name: "meta_data_json.npy", data: numpyText(`{}${"\0".repeat(100_000)}${ending}`) },
        { name: "data.npy", data: npy("<u2", lengths, values) },
      ];
      Deno.writeFileSync(path, zip(members));
      await inTime(async () => {
        if (ending === "") (await openFile(path)).close();
        else await assert.rejects(openFile(path), { kind: "CorruptFile", message: /metadata/ });
      });
    }
  }));

Deno.test("attributes of a Zarr store may hold a string that never ends", () =>
  withFolder(async (folder) => {
    const files = await arrayFiles("", { version: 2, lengths, chunks: [1, 4, 5, 6], data: values });
    files.set(".zattrs", new TextEncoder().encode(`{"a": NaN, "b": "${'\\"'.repeat(400_000)}`));
    const path = await writeStore(`${folder}/a.zarr`, files);
    await inTime(() => assert.rejects(openFile(path), { kind: "CorruptFile" }));
    files.set(
      ".zattrs",
      new TextEncoder().encode('{"a": [NaN, -Infinity], "NaN": "NaN \\\\", "b": "\\"NaN"}'),
    );
    (await openFile(await writeStore(`${folder}/b.zarr`, files))).close();
  }));

Deno.test("the info file of a movie may hold any number of blanks", () =>
  withFolder(async (folder) => {
    const path = `${folder}/1_2_movie.mrc`, blanks = " ".repeat(400_000);
    Deno.writeFileSync(path, mrcFile({ columns: 6, rows: 5, frames: 12, numbers: "u16" }, values));
    Deno.writeTextFileSync(
      `${folder}/1_2_info.txt`,
      `Scan - Enable = Enable\nScan - Size X =${blanks}4${blanks}\nScan - Size Y = 3\nx = x${blanks}x\u2028${blanks}x`,
    );
    await inTime(async () => {
      const opened = await openFile(path);
      assert.deepEqual([opened.shape.rows, opened.shape.columns], [3, 4]);
      opened.close();
    });
  }));

Deno.test("lists in lists without end are no JSON of anybody", () =>
  withFolder(async (folder) => {
    const path = `${folder}/edits.json`, deep = "[".repeat(2_000_000) + "]".repeat(2_000_000);
    Deno.writeTextFileSync(path, `{"version":1,"operations":[${deep}],"cursor":0}`);
    await inTime(() => assert.rejects(readEditLog(path), { kind: "CorruptFile" }));
    assert.deepEqual(parseJson('{"a": ["[[[[", "\\"[", {}]}'), { a: ["[[[[", '"[', {}] });
    assert.throws(() => parseJson("[".repeat(300) + "]".repeat(300)), SyntaxError);
  }));

function chunk(kind: string, data: Uint8Array): Uint8Array {
  const content = joined(new TextEncoder().encode(kind), data), view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, data.length);
  view.setUint32(4, crc32(content));
  const bytes = new Uint8Array(view.buffer);
  return joined(bytes.subarray(0, 4), content, bytes.subarray(4));
}

Deno.test("a small picture that unpacks to a huge one, in its pixels or beside them, takes no memory", () =>
  withFolder(async (folder) => {
    const path = `${folder}/mask.png`,
      rows = 6,
      columns = 7,
      huge = new Uint8Array(deflateSync(new Uint8Array(2e8)));
    const sound = encode({
      width: columns,
      height: rows,
      data: new Uint8Array(42).fill(1, 7, 9),
      channels: 1,
      depth: 8,
    });
    const header = sound.subarray(0, 33), end = chunk("IEND", new Uint8Array());
    const before = Deno.memoryUsage().rss;
    for (const data of [[huge], [huge.subarray(0, 1000), huge.subarray(1000)], []]) {
      Deno.writeFileSync(path, joined(header, ...data.map((part) => chunk("IDAT", part)), end));
      await assert.rejects(readMaskFile(path, rows, columns), {
        kind: "CorruptFile",
        message: /cannot be decoded/,
      });
    }
    // Nobody needs a profile of colours for a mask.
    const profile = chunk("iCCP", joined(new TextEncoder().encode("x\0\0"), huge));
    Deno.writeFileSync(path, joined(header, profile, sound.subarray(33)));
    const mask = await readMaskFile(path, rows, columns);
    assert.deepEqual(Array.from(mask.subarray(6, 10)), [0, 1, 1, 0]);
    assert.ok(Deno.memoryUsage().rss - before < 128 * 2 ** 20);
    for (let length = 0; length < sound.length; length++) {
      Deno.writeFileSync(path, sound.subarray(0, length));
      await assert.rejects(readMaskFile(path, rows, columns), { name: /CorruptFile|UnsupportedFormat/ });
    }
  }));

Deno.test("sizes of sparse files that no scan has are refused before memory is taken", () =>
  withFolder(async (folder) => {
    const before = Deno.memoryUsage();
    const map = `${folder}/labels.npy`;
    Deno.writeFileSync(map, npy("<i4", [2 ** 15, 2 ** 15], new Uint8Array()));
    Deno.truncateSync(map, 2 ** 32 + 1000);
    await assert.rejects(readLabelFile(map), { kind: "OutOfResources" });

    const series = `${folder}/a.ser`, patterns = [new Uint8Array(60)];
    const changes = [[14, "u32", 2 ** 30], [18, "u32", 2 ** 30]] as const;
    Deno.writeFileSync(series, ser({ patterns, rows: 5, columns: 6, type: 2, dimensions: [1], changes }));
    Deno.truncateSync(series, 2 ** 34);
    await assert.rejects(openFile(series), { kind: "CorruptFile" });

    const many = Array.from(
      { length: 1200 },
      (_, index) => ({ name: `a${index}.npy`, data: npy("|u1", [1], patterns[0]) }),
    );
    Deno.writeFileSync(`${folder}/a.npz`, zip(many));
    await assert.rejects(openFile(`${folder}/a.npz`), { kind: "BadParameter", message: /holds 1200 arrays/ });
    const { rss, external } = Deno.memoryUsage();
    assert.ok(Math.max(rss - before.rss, external - before.external) < 128 * 2 ** 20);
  }));
