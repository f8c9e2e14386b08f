import assert from "node:assert/strict";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { type BadInput, checkError, failureOf, fileOf, testRefusals } from "../../support/bad_input.ts";
import { npy, rawNpy } from "../../support/byte_files.ts";
import { withFolder } from "../../support/folders.ts";
import { readAll } from "../../support/reading.ts";

const pixels = Uint16Array.from({ length: 3 * 4 * 5 * 6 }, (_, index) => (index * 13) % 997);
const sound = npy("<u2", [3, 4, 5, 6], pixels);

function headerOf(header: string, version = 1) {
  return fileOf(rawNpy(header, new Uint8Array(64), version));
}

const noFiles: readonly BadInput[] = [
  {
    name: "a missing file",
    kind: "FileUnavailable",
    says: /does not exist/,
    make: (folder) => `${folder}/a.npy`,
  },
  { name: "a folder", kind: "FileUnavailable", says: /is a folder/, make: (folder) => folder },
  { name: "an empty file", kind: "CorruptFile", says: /is empty/, make: fileOf(new Uint8Array(0)) },
  {
    name: "a text file",
    kind: "UnsupportedFormat",
    says: /no format/,
    make: fileOf(new TextEncoder().encode("hello")),
  },
  { name: "one byte", kind: "UnsupportedFormat", says: /no format/, make: fileOf(new Uint8Array(1)) },
  {
    name: "a file in a folder that is a file",
    kind: "FileUnavailable",
    says: /a\.npy/,
    make: (folder) => fileOf(sound)(folder) + "/b.npy",
  },
];

const npyFiles: readonly BadInput[] = [
  {
    name: "a npy file that lacks its last byte",
    kind: "CorruptFile",
    says: /"expected":"720 bytes at byte \d+","found":"719 bytes"/,
    make: fileOf(sound.subarray(0, -1)),
  },
  {
    name: "a npy file cut in its header",
    kind: "CorruptFile",
    says: /too early/,
    make: fileOf(sound.subarray(0, 40)),
  },
  {
    name: "a npy header longer than the file",
    kind: "CorruptFile",
    says: /too early/,
    make: fileOf(Uint8Array.from([...sound.subarray(0, 8), 255, 255, 1])),
  },
  {
    name: "a npy header of 4 GB",
    kind: "CorruptFile",
    says: /4294967295 bytes/,
    make: fileOf(Uint8Array.from([...sound.subarray(0, 6), 2, 0, 255, 255, 255, 255, ...sound])),
  },
  { name: "npy version 9", kind: "UnsupportedFormat", says: /version 9/, make: headerOf("{}", 9) },
  {
    name: "a npy header that is no dictionary",
    kind: "CorruptFile",
    says: /header/,
    make: headerOf("[1, 2, 3]"),
  },
  {
    name: "a npy header without a shape",
    kind: "CorruptFile",
    says: /header/,
    make: headerOf("{'descr': '<u2', 'fortran_order': False}"),
  },
  {
    name: "a negative shape",
    kind: "CorruptFile",
    says: /-3/,
    make: headerOf("{'descr': '<u2', 'fortran_order': False, 'shape': (2, -3, 4, 5)}"),
  },
  {
    name: "a shape that is no number",
    kind: "CorruptFile",
    says: /shape/,
    make: headerOf("{'descr': '<u2', 'fortran_order': False, 'shape': (2, x, 4, 5)}"),
  },
  {
    name: "a shape of 10^30 pixels",
    kind: "CorruptFile",
    says: /impossible shape/,
    make: headerOf(
      "{'descr': '<u2', 'fortran_order': False, 'shape': (99999999, 99999999, 99999999, 999999)}",
    ),
  },
  {
    name: "a length beyond 2^53",
    kind: "CorruptFile",
    says: /shape/,
    make: headerOf("{'descr': '<u2', 'fortran_order': False, 'shape': (99999999999999999999, 1, 1, 1)}"),
  },
  {
    name: "a shape of 100 TB in a small file",
    kind: "CorruptFile",
    says: /too early/,
    make: headerOf("{'descr': '|u1', 'fortran_order': False, 'shape': (10000, 10000, 1000, 1000)}"),
  },
  {
    name: "an empty axis",
    kind: "CorruptFile",
    says: /0 x 4/,
    make: fileOf(npy("<u2", [0, 4, 5, 6], pixels)),
  },
  { name: "1D data", kind: "UnsupportedFormat", says: /one axis/, make: fileOf(npy("<u2", [360], pixels)) },
  { name: "2D data", kind: "UnsupportedFormat", says: /2 axes/, make: fileOf(npy("<u2", [12, 30], pixels)) },
  {
    name: "6D data",
    kind: "UnsupportedFormat",
    says: /6 axes/,
    make: fileOf(npy("<u2", [1, 1, 3, 4, 5, 6], pixels)),
  },
  {
    name: "3D data without a scan shape",
    kind: "ShapeUnknown",
    says: /`scanShape`/,
    make: fileOf(npy("<u2", [12, 5, 6], pixels)),
  },
  {
    name: "a square stack without a scan shape",
    kind: "ShapeUnknown",
    says: /`scanShape`/,
    make: fileOf(npy("<u2", [4, 5, 18], pixels)),
  },
  {
    name: "a single pattern without a scan shape",
    kind: "ShapeUnknown",
    says: /holds a single pattern and no scan.*`scanShape` 1x1/s,
    make: fileOf(npy("<u2", [1, 18, 20], pixels)),
  },
  {
    name: "a scan shape of another product",
    kind: "BadParameter",
    says: /20 positions/,
    options: { scanShape: { rows: 4, columns: 5 } },
    make: fileOf(npy("<u2", [12, 5, 6], pixels)),
  },
  ...(["<c8", ">c16", "<f16", "|S4", "<M8[ns]", "|O", "<i16", "|b8", "nonsense"].map((
    descriptor,
  ): BadInput => ({
    name: `numbers of type ${descriptor}`,
    kind: "UnsupportedFormat",
    says: /c\d/.test(descriptor) ? /complex numbers.*take the intensity first/ : /save it as one of uint8/,
    make: fileOf(npy(descriptor, [3, 4, 5, 6], pixels)),
  }))),
  {
    name: "an array of records",
    kind: "UnsupportedFormat",
    says: /records/,
    make: headerOf("{'descr': [('a', '<u2'), ('b', '<f4')], 'fortran_order': False, 'shape': (2, 3, 4, 5)}"),
  },
  {
    name: "a 5D file without a frame",
    kind: "BadParameter",
    says: /`frame: 0`/,
    make: fileOf(npy("<u2", [3, 2, 2, 5, 6], pixels)),
  },
  {
    name: "a frame beyond the series",
    kind: "BadParameter",
    says: /frame 3/,
    options: { frame: 3 },
    make: fileOf(npy("<u2", [3, 2, 2, 5, 6], pixels)),
  },
  {
    name: "a frame of a single scan",
    kind: "BadParameter",
    says: /leave out `frame`/,
    options: { frame: 1 },
    make: fileOf(sound),
  },
  {
    name: "a region outside the scan",
    kind: "BadParameter",
    says: /0:3,0:4/,
    options: { region: { firstRow: 0, lastRow: 4, firstColumn: 0, lastColumn: 2 } },
    make: fileOf(sound),
  },
  {
    name: "a binning that does not divide the patterns",
    kind: "BadParameter",
    says: /one of 1, 2/,
    options: { qBin: 3 },
    make: fileOf(npy("<u2", [3, 5, 4, 6], pixels)),
  },
  {
    name: "a data set named in a file that has none",
    kind: "BadParameter",
    says: /holds one array and no data set \/scan/,
    options: { dataset: "/scan" },
    make: fileOf(sound),
  },
];

testRefusals([...noFiles, ...npyFiles]);

Deno.test(
  "a file that may not be read is refused as FileUnavailable",
  { ignore: isPrivileged() },
  () =>
    withFolder(async (folder) => {
      const path = fileOf(encodeNpy("u8", [1, 1, 1, 1], new Uint8Array(1)))(folder);
      Deno.chmodSync(path, 0o000);
      checkError(await failureOf(path), "FileUnavailable", /permission/, folder);
    }),
);

Deno.test("a device is refused as FileUnavailable before it is opened, which could wait for ever", {
  ignore: Deno.build.os === "windows",
}, async () => {
  checkError(await failureOf("/dev/null"), "FileUnavailable", /not a file/, "/dev");
});

Deno.test("a file that shrinks while it is open is found out as CorruptFile", () =>
  withFolder(async (folder) => {
    const path = fileOf(sound)(folder);
    const scan = await openScan(path);
    Deno.truncateSync(path, 400);
    await assert.rejects(readAll(scan, 1), { kind: "CorruptFile" });
    scan.close();
  }));

/** Root and Windows read files whatever their permissions. */
function isPrivileged(): boolean {
  return Deno.build.os === "windows" || Deno.uid() === 0;
}
