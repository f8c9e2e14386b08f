/** Folders of single frames: each file is opened once, and what differs from the frames before it is seen. */

import assert from "node:assert/strict";
import { openScan } from "../../../library/formats/open.ts";
import { UnderstoodFiles } from "../../../library/formats/understood_files.ts";
import { FileSource, readBytes } from "../../../library/scan/byte_source.ts";
import { FileUnavailable } from "../../../library/scan/errors.ts";
import { selectRegion } from "../../../library/scan/region.ts";
import { filesOf } from "../../../library/scan/stored.ts";
import { npy } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { readAll } from "../../support/reading.ts";
import { readStored } from "../../support/stored.ts";
import { tiff, type TiffRecipe } from "../../support/tiff_files.ts";

const rows = 3, columns = 4, scanShape = { rows: 3, columns: 4 };
const frames = Array.from(
  { length: 12 },
  (_, frame) => Uint8Array.from({ length: 2 * rows * columns }, (_, i) => (frame * 31 + i * 7) % 251),
);
const whole = Uint8Array.from(frames.flatMap((frame) => [...frame]));
const recipe = (page: Uint8Array, more: Partial<TiffRecipe> = {}) =>
  tiff({ rows, columns, bits: 16, pages: [page], ...more });

/** How many files are opened meanwhile. */
async function countOpened(run: () => Promise<void>): Promise<number> {
  const open = Deno.openSync;
  let opened = 0;
  Deno.openSync = (...words) => {
    opened++;
    return open(...words);
  };
  try {
    await run();
    return opened;
  } finally {
    Deno.openSync = open;
  }
}

const kinds: Readonly<Record<string, (page: Uint8Array, index: number) => Uint8Array>> = {
  npy: (page) => npy("<u2", [rows, columns], page),
  tif: (page) => recipe(page),
  "tif whose pages lie elsewhere": (page, index) => recipe(page, { gap: () => 8 * (index % 3) }),
  "tif of described pages": (page, index) => recipe(page, { description: `frame ${index}` }),
};

for (const [name, file] of Object.entries(kinds)) {
  Deno.test(`a folder of ${name}: threads read every frame, each file is opened once`, () =>
    withFolder(async (folder) => {
      const ending = name.slice(0, 3);
      for (const [index, page] of frames.entries()) {
        await Deno.writeFile(`${folder}/f${index}.${ending}`, file(page, index));
      }
      const opened = await countOpened(async () => {
        const scan = await openScan(folder, { scanShape });
        scan.close();
      });
      // The first is looked at to know what the folder is, and kept open by the reader.
      assert.ok(opened <= frames.length + 2, `${opened} files were opened`);
      const scan = await openScan(folder, { scanShape });
      assert.deepEqual(
        scan.stored!.flatMap(filesOf),
        frames.map((_, index) => `${folder}/f${index}.${ending}`),
      );
      for (const step of [12, 5, 1]) assert.deepEqual(readStored(scan, step), whole);
      assert.equal(await countOpened(() => Promise.resolve(void readStored(scan, 5))), frames.length);
      for (const bandHeight of [1, 3]) {
        assert.deepEqual(new Uint8Array((await readAll(scan, bandHeight)).buffer), whole);
      }
      const some = selectRegion(scan, { firstRow: 1, lastRow: 3, firstColumn: 0, lastColumn: 4 });
      assert.deepEqual(readStored(some), whole.slice(4 * 24));
      scan.close();
      for (const [detectorFlip, snake] of [["rows", true], ["columns", false]] as const) {
        const turned = await openScan(folder, {
          scanShape,
          detectorFlip,
          detectorTranspose: true,
          ...(snake && { scanOrder: "snake" }),
        });
        const plain = await readAll(turned, 3);
        for (const step of [12, 5]) assert.deepEqual(readStored(turned, step), new Uint8Array(plain.buffer));
        turned.close();
      }
    }));
}

Deno.test("a frame that differs in what decides is not taken for one like the first", () =>
  withFolder(async (folder) => {
    const write = async (bytes: readonly Uint8Array[], ending: string) => {
      await Deno.remove(folder, { recursive: true });
      await Deno.mkdir(folder);
      for (const [index, file] of bytes.entries()) {
        await Deno.writeFile(`${folder}/f${index}.${ending}`, file);
      }
    };
    const page = frames[0];
    for (
      const [ending, first, other] of [
        ["npy", npy("<u2", [rows, columns], page), npy("<i2", [rows, columns], page)],
        ["npy", npy("<u2", [rows, columns], page), npy(">u2", [rows, columns], page)],
        ["npy", npy("<u2", [rows, columns], page), npy("<u2", [columns, rows], page)],
        ["tif", recipe(page), recipe(page, { rows: columns, columns: rows })],
        ["tif", recipe(page), recipe(page, { bigEndian: true })],
      ] as const
    ) {
      assert.equal(first.length, other.length);
      await write([first, first, other, first], ending);
      await assert.rejects(openScan(folder, { scanShape: { rows: 2, columns: 2 } }), {
        kind: "CorruptFile",
        message: /one size and number type/,
      });
    }
    const cut = npy("<u2", [rows, columns], page);
    await write([cut, cut, cut.subarray(0, cut.length - 1)], "npy");
    await assert.rejects(openScan(folder, { scanShape: { rows: 1, columns: 3 } }), {
      kind: "UnsupportedFormat",
      message: /f2\.npy/,
    });
  }));

Deno.test("a file is understood anew where a byte that was looked at differs, or its size", () =>
  withFolder(async (folder) => {
    let understood = 0;
    const files = new UnderstoodFiles((file) => {
      understood++;
      return readBytes(file, 2, 2).toString() + readBytes(file, 5000, 1).toString();
    });
    const of = async (change: (bytes: Uint8Array) => void, length = 6000) => {
      const bytes = new Uint8Array(length);
      change(bytes);
      await Deno.writeFile(`${folder}/a`, bytes);
      const file = FileSource.open(`${folder}/a`);
      try {
        return files.of(file);
      } finally {
        file.close();
      }
    };
    const results = [
      await of(() => {}),
      await of((bytes) => bytes[0] = bytes[4] = bytes[4999] = 9),
      await of((bytes) => bytes[3] = 1),
      await of((bytes) => bytes[5000] = 2),
      await of((bytes) => bytes[5000] = 2, 6001),
    ];
    assert.deepEqual(results, ["0,00", "0,00", "0,10", "0,02", "0,02"]);
    assert.equal(understood, 4);
  }));

Deno.test("a folder of images that is no scan says which of them are in the way", () =>
  withFolder(async (root) => {
    const one = npy("<u2", [rows, columns], frames[0]), page = recipe(frames[0]);
    const stack = npy("<u2", [2, rows, columns], new Uint8Array([...frames[0], ...frames[1]]));
    const cases:
      readonly (readonly [files: Record<string, Uint8Array>, says: RegExp, found: string | undefined])[] = [
        [{ "f1.tif": page, "f2.tif": page, "average.tif": page }, /more than the frames/, "average.tif"],
        [
          { "dark.npy": one, "f1.tif": page, "f2.tif": page, "gain.npy": one },
          /more than/,
          "dark.npy, gain.npy",
        ],
        [{ "a.tif": page, "b.tif": page }, /images are not numbered/, "a.tif, b.tif"],
        [{ "row_1.npy": stack, "row_2.npy": stack }, /row_1\.npy in it is no single frame/, "row_1.npy"],
        [{ "p1.png": one, "p2.png": one, "p3.png": one }, /folder of pictures/, "p1.png, p2.png"],
        [{ "f1.tif": page }, /is a folder, not a file/, undefined],
      ];
    for (const [index, [files, says, found]] of cases.entries()) {
      const folder = `${root}/${index}`;
      await Deno.mkdir(folder);
      for (const [name, bytes] of Object.entries(files)) await Deno.writeFile(`${folder}/${name}`, bytes);
      await assert.rejects(openScan(folder, { scanShape }), (cause) => {
        assert.ok(cause instanceof FileUnavailable);
        assert.match(cause.message, says);
        assert.equal(cause.details.found, found);
        return true;
      });
    }
  }));
