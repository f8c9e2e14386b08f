/** DigitalMicrograph files that must be refused: no scans, cut at every structure, and tags made to do harm. */

import assert from "node:assert/strict";
import { openFile, openScan } from "../../../library/formats/open.ts";
import { CorruptFile } from "../../../library/scan/errors.ts";
import { type BadInput, fileOf, testRefusals } from "../../support/bad_input.ts";
import {
  dmFile,
  type DmImageRecipe,
  dmKinds,
  type DmTag,
  type DmTags,
  imageFileTags,
  number,
  numbers,
  rawValue,
} from "../../support/dm_files.ts";
import { withFolder } from "../../support/folders.ts";

const counts = Uint16Array.from({ length: 360 }, (_, index) => index);
const sound: DmImageRecipe = {
  dimensions: [6, 5, 4, 3],
  dataType: 10,
  data: numbers("u16", counts),
  swapped: true,
};
const [dm3, , dm4] = dmKinds;

function imageOf(change: Partial<DmImageRecipe>) {
  return fileOf(dmFile(dm4, imageFileTags({ ...sound, ...change })), "a.dm4");
}

function tagsOf(root: DmTags, kind = dm4) {
  return fileOf(dmFile(kind, root), "a.dm4");
}

/** Groups in groups. */
function nested(levels: number): DmTags {
  let tags: DmTags = {};
  for (let level = 0; level < levels; level++) tags = [tags];
  return tags;
}

/** A file whose first count, that of the tags of the root, is another. */
function withCount(count: bigint) {
  const bytes = dmFile(dm4, imageFileTags(sound));
  new DataView(bytes.buffer).setBigUint64(18, count);
  return fileOf(bytes, "a.dm4");
}

const cases: readonly BadInput[] = [
  {
    name: "one image of a DM file",
    kind: "UnsupportedFormat",
    says: /one image of 12 x 30 pixels and no scan/,
    make: imageOf({ dimensions: [30, 12] }),
  },
  {
    name: "a DM line of numbers",
    kind: "UnsupportedFormat",
    says: /one axis/,
    make: imageOf({ dimensions: [360] }),
  },
  {
    name: "a DM image without axes",
    kind: "CorruptFile",
    says: /not as many/,
    make: imageOf({ dimensions: [] }),
  },
  {
    name: "a DM image of six axes",
    kind: "UnsupportedFormat",
    says: /6 axes/,
    make: imageOf({ dimensions: [6, 5, 4, 3, 1, 1] }),
  },
  {
    name: "a DM spectrum image",
    kind: "UnsupportedFormat",
    says: /spectrum image/,
    options: { scanShape: { rows: 3, columns: 4 } },
    make: imageOf({ dimensions: [6, 5, 12], format: "Spectrum image" }),
  },
  {
    name: "a DM image of energies",
    kind: "UnsupportedFormat",
    says: /spectrum image/,
    make: imageOf({ axes: [[1, "nm"], [1, "nm"], [1, "nm"], [0.5, "eV"]] }),
  },
  {
    name: "a DM file with a thumbnail only",
    kind: "UnsupportedFormat",
    says: /holds no image/,
    make: tagsOf(imageFileTags()),
  },
  { name: "a DM file without tags", kind: "UnsupportedFormat", says: /holds no image/, make: tagsOf({}) },
  ...[3, 13, 99].map((dataType): BadInput => ({
    name: `DM data of type ${dataType}`,
    kind: "UnsupportedFormat",
    says: new RegExp(`data type ${dataType}`),
    make: imageOf({ dataType }),
  })),
  {
    name: "a DM scan with an empty axis",
    kind: "CorruptFile",
    says: /not as many/,
    make: imageOf({ dimensions: [6, 5, 0, 12] }),
  },
  {
    name: "a DM scan of nothing",
    kind: "CorruptFile",
    says: /0 x 5 x 6/,
    make: imageOf({ dimensions: [6, 5, 0, 12], data: numbers("u16", new Uint16Array()) }),
  },
  {
    name: "a DM scan with fewer data than its axes say",
    kind: "CorruptFile",
    says: /expected":"1440 bytes/,
    make: imageOf({ dataType: 11 }),
  },
  {
    name: "a DM scan with impossible axes",
    kind: "CorruptFile",
    says: /not as many/,
    make: imageOf({ dimensions: [4294967295, 4294967295, 4294967295, 4294967295] }),
  },
  {
    name: "DM groups in groups, a hundred thousand levels deep,",
    kind: "CorruptFile",
    says: /64 levels/,
    make: (folder) => {
      // Made by hand: nesting it in calls would end the test's own stack.
      const level = [20, 0, 0, 1, 0, 0, 0, 0, 1],
        head = [0, 0, 0, 3, 0, 0, 0, 9, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1];
      return fileOf(Uint8Array.from([...head, ...Array(100_000).fill(level).flat()]), "a.dm3")(folder);
    },
  },
  { name: "DM groups 70 levels deep", kind: "CorruptFile", says: /64 levels/, make: tagsOf(nested(70)) },
  {
    name: "a DM group of more tags than the file has bytes",
    kind: "CorruptFile",
    says: /100000 tags/,
    make: withCount(100_000n),
  },
  {
    name: "a DM group of impossibly many tags",
    kind: "CorruptFile",
    says: /18446744073709552000/,
    make: withCount(2n ** 64n - 1n),
  },
  {
    name: "a DM array of 2^60 numbers",
    kind: "CorruptFile",
    says: /size or count|too early/,
    make: tagsOf({ a: rawValue([20, 7, 2 ** 60]) }),
  },
  {
    name: "a DM array of 100 TB",
    kind: "CorruptFile",
    says: /too early/,
    make: tagsOf({ a: rawValue([20, 7, 12_500_000_000_000]) }),
  },
  {
    name: "a DM text of 100 TB",
    kind: "CorruptFile",
    says: /too early/,
    make: tagsOf({ a: rawValue([18, 100_000_000_000_000]) }),
  },
  {
    name: "a DM structure of a thousand million fields",
    kind: "CorruptFile",
    says: /two words for each field/,
    make: tagsOf({ a: rawValue([15, 0, 1_000_000_000, 0, 3]) }),
  },
  {
    name: "DM structures of 100 TB",
    kind: "CorruptFile",
    says: /too early/,
    make: tagsOf({ a: rawValue([20, 15, 0, 1, 0, 7, 12_500_000_000_000]) }),
  },
  {
    name: "a DM value of two thousand words",
    kind: "CorruptFile",
    says: /2000 words/,
    make: tagsOf({ a: rawValue(Array(2000).fill(1)) }),
  },
  {
    name: "a DM value without a type",
    kind: "CorruptFile",
    says: /0 words/,
    make: tagsOf({ a: rawValue([]) }),
  },
  ...[[1], [13], [20, 99, 1], [20, 20, 4, 1], [19, 1], [15, 1], [20, 15, 1]].map((words): BadInput => ({
    name: `a DM value of the type ${words.join(", ")}`,
    kind: "CorruptFile",
    says: /type|words/,
    make: tagsOf({ a: rawValue(words, new Uint8Array(16)) }),
  })),
  {
    name: "a DM file of six hundred thousand tags",
    kind: "CorruptFile",
    says: /at most 500000 tags/,
    make: (folder) => tagsOf(Array(600_000).fill(rawValue([8], Uint8Array.of(1))), dm3)(folder),
  },
  {
    name: "a DM file of names alone",
    kind: "CorruptFile",
    says: /33554432 bytes/,
    make: (folder) => {
      const names = Array.from({ length: 600 }, (_, index) => `${index}`.padEnd(65_535, "x"));
      return tagsOf(Object.fromEntries(names.map((name) => [name, number("u32", 1)])))(folder);
    },
  },
];

testRefusals(cases);

for (const kind of dmKinds) {
  Deno.test(`DM${kind.version}: a file cut at any byte of its tags is refused, ${kind.littleEndian ? "little" : "big"}-endian`, () =>
    withFolder(async (folder) => {
      const whole = dmFile(kind, imageFileTags(sound)), path = `${folder}/a`;
      // The last eight bytes end the file and say nothing.
      const step = kind.littleEndian ? 1 : 7;
      for (let length = 24; length < whole.length - 8; length += step) {
        await Deno.writeFile(path, whole.subarray(0, length));
        await assert.rejects(openScan(path), (error) => error instanceof CorruptFile, `${length} bytes`);
      }
      await Deno.writeFile(path, whole.subarray(0, whole.length - 8));
      (await openScan(path)).close();
    }));
}

Deno.test("DM: tags that are of another kind than they should be are as good as none", () =>
  withFolder(async (folder) => {
    const others: DmTag[] = [number("f64", 3), numbers("u8", new Uint8Array(3)), [], { a: number("u32", 1) }];
    const path = `${folder}/a.dm4`;
    const parts = ["ImageData", "ImageTags", "Data", "DataType", "Dimensions", "Calibrations"];
    for (const other of others) {
      for (const part of parts) {
        const root = imageFileTags(sound) as Record<string, DmTag>;
        const images = root.ImageList as unknown as Record<string, Record<string, DmTag>>[];
        const [thumbnail, image] = images;
        const changed = part in image
          ? { ...image, [part]: other }
          : { ...image, ImageData: { ...image.ImageData, [part]: other } };
        for (
          const tags of [
            { ...root, ImageList: [thumbnail, changed] },
            { ...root, Thumbnails: other },
            { ...root, ImageList: other },
          ]
        ) {
          await Deno.writeFile(path, dmFile(dm4, tags as DmTags));
          await openFile(path).then((opened) => opened.close(), (error) => {
            assert.match(error.kind, /^(CorruptFile|UnsupportedFormat)$/);
          });
        }
      }
    }
  }));
