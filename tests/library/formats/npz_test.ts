import assert from "node:assert/strict";
import { constants, crc32, deflateRawSync } from "node:zlib";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openFile, openScan } from "../../../library/formats/open.ts";
import type { CrystalliteError } from "../../../library/scan/errors.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { npy, zip } from "../../support/byte_files.ts";
import { leftInTemporaryFolder, withFolder } from "../../support/folders.ts";
import { joined } from "../../support/frame_files.ts";
import { readAll } from "../../support/reading.ts";

const values = Uint16Array.from({ length: 3 * 4 * 5 * 6 }, (_, index) => (index * 13) % 997);
const array = npy("<u2", [3, 4, 5, 6], values);
const picture = npy("<u2", [5, 6], values.slice(0, 30));
const series = npy("<u2", [3, 2, 2, 5, 6], values);

for (const deflated of [false, true]) {
  for (const zip64 of [false, true]) {
    const how = `${deflated ? "deflated" : "stored"}${zip64 ? ", with zip64 sizes" : ""}`;
    Deno.test(`npz, ${how}, reads in bands of 1, 2 rows and whole`, () =>
      withFolder(async (folder) => {
        const path = `${folder}/a.npz`;
        const members = [{ name: "picture.npy", data: picture, zip64 }, {
          name: "data.npy",
          data: array,
          deflated,
          zip64,
        }];
        Deno.writeFileSync(path, zip(members, "a comment"));
        const scan = await openScan(path);
        assert.equal(scan.source.dataset, "data");
        for (const bandHeight of [1, 2, 3]) {
          assert.deepEqual(await readAll(scan, bandHeight), values);
          assert.deepEqual(await readAll(scan, bandHeight, true), values);
        }
        scan.close();
        scan.close();
      }));
  }
}

Deno.test("npz: the only array with four or five axes is the scan, whatever its name", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.npz`;
    for (const deflated of [false, true]) {
      Deno.writeFileSync(
        path,
        zip([{ name: "a.npy", data: picture, deflated }, { name: "b.npy", data: series, deflated }]),
      );
      const opened = await openFile(path);
      assert.ok(isSeries(opened));
      assert.equal(opened.source.dataset, "b");
      assert.deepEqual(await readAll(opened.frame(1)), values.subarray(120, 240));
      opened.close();
    }
  }));

Deno.test("npz: --dataset names the array, with or without its ending", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.npz`;
    Deno.writeFileSync(path, zip([{ name: "data.npy", data: picture }, { name: "b.npy", data: array }]));
    for (const dataset of ["b", "b.npy"]) {
      const scan = await openScan(path, { dataset });
      assert.deepEqual(await readAll(scan), values);
      scan.close();
    }
  }));

Deno.test("npz: a deflated array leaves nothing in the folder for temporary files, not even after a failure", () =>
  withFolder(async (folder) => {
    assert.deepEqual(await leftInTemporaryFolder(folder, () => useDeflated(folder)), []);
  }));

/** Too large to be unpacked into memory; small when it is packed. */
const largeShape = [3, 4, 1024, 1024] as const;
const largeValues = new Uint16Array(12 * 2 ** 20).map((_, i) => i % 4096 === 0 ? i / 4096 : 0);
const large = encodeNpy("u16", largeShape, largeValues);

/** Reads sound deflated arrays, small and large, and fails at damaged ones. */
async function useDeflated(folder: string): Promise<void> {
  const path = `${folder}/a.npz`;
  for (const data of [array, large]) {
    Deno.writeFileSync(path, zip([{ name: "data.npy", data, deflated: true }]));
    const scan = await openScan(path);
    await readAll(scan);
    scan.close();
    Deno.writeFileSync(path, zip([{ name: "data.npy", data, deflated: true, crc: 1 }]));
    await assert.rejects(openScan(path), { kind: "CorruptFile" });
  }
}

/** Older runtimes cannot compare as many numbers by `assert.deepEqual`. */
function isSame(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  return one.length === other.length &&
    Array.prototype.every.call(one, (value, index) => value === other[index]);
}

Deno.test("npz: where no temporary file may be written, deflated arrays are unpacked as they are read", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.npz`, before = Deno.env.get("TMPDIR");
    Deno.writeFileSync(path, zip([{ name: "data.npy", data: large, deflated: true }]));
    const damaged = zip([{ name: "data.npy", data: large, deflated: true, crc: 1 }]);
    const turned = zip([{
      name: "data.npy",
      data: npy("<u2", largeShape, largeValues, true),
      deflated: true,
    }]);
    Deno.env.set("TMPDIR", `${folder}/missing`);
    try {
      const scan = await openScan(path);
      // Forwards, back, and several at once.
      for (const bandHeight of [1, 3, 2]) assert.ok(isSame(await readAll(scan, bandHeight), largeValues));
      const rows = await Promise.all([2, 0, 1].map(async (row) => {
        const into = new Uint16Array(4 * 2 ** 20);
        await scan.readRows(row, 1, into);
        return into;
      }));
      assert.ok(isSame(rows[0], largeValues.subarray(8 * 2 ** 20)));
      assert.ok(isSame(rows[1], largeValues.subarray(0, 4 * 2 ** 20)));
      scan.close();
      await assert.rejects(async () => await scan.readRows(0, 1, new Uint16Array(4 * 2 ** 20)), TypeError);
      Deno.writeFileSync(path, damaged);
      const bad = await openScan(path);
      await assert.rejects(readAll(bad, 1), { kind: "CorruptFile", message: /checksum/ });
      bad.close();
      Deno.writeFileSync(path, turned);
      await assert.rejects(openScan(path), (error: CrystalliteError) => {
        assert.equal(error.kind, "FileUnavailable");
        assert.match(error.details.remedy!, /TMPDIR/);
        return true;
      });
    } finally {
      if (before === undefined) Deno.env.delete("TMPDIR");
      else Deno.env.set("TMPDIR", before);
    }
  }));

Deno.test("npz: an array of zeros that is packed a thousand times unpacks in little memory", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.npz`, before = Deno.memoryUsage().rss, pieces = 1024;
    const header = npy("|u1", [pieces, 16, 256, 256], new Uint8Array());
    const blank = new Uint8Array(2 ** 20), unpacked = header.length + pieces * 2 ** 20;
    // Whole blocks of zeros, packed by themselves, join to one stream.
    const [first, zeros] = [header, blank].map((part) =>
      deflateRawSync(part, { finishFlush: constants.Z_FULL_FLUSH })
    );
    let crc = crc32(header);
    for (let piece = 0; piece < pieces; piece++) crc = crc32(blank, crc);
    const packed = joined(first, ...new Array(pieces).fill(zeros), deflateRawSync(new Uint8Array()));
    const member = { name: "data.npy", data: new Uint8Array(), method: 8, packed, size: unpacked, crc };
    Deno.writeFileSync(path, zip([member]));
    const scan = await openScan(path);
    assert.deepEqual(scan.shape, { rows: pieces, columns: 16, patternRows: 256, patternColumns: 256 });
    scan.close();
    // What the stream leaves until garbage is collected differs between runtimes, and does not grow with the array.
    assert.ok(Deno.memoryUsage().rss - before < unpacked / 4);
  }));

Deno.test("npz: a stored array with a wrong checksum is found out when it has been read from front to back", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.npz`;
    Deno.writeFileSync(path, zip([{ name: "data.npy", data: array, crc: 12345 }]));
    const scan = await openScan(path);
    await assert.rejects(readAll(scan, 1), { kind: "CorruptFile" });
    scan.close();
  }));

Deno.test("npz: a large array unpacks piece by piece", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.npz`;
    const large = new Uint8Array(2 * 16 * 256 * 256);
    for (let i = 0; i < large.length; i++) large[i] = Math.imul(i, 2654435761) >>> 27;
    Deno.writeFileSync(
      path,
      zip([{ name: "data.npy", data: npy("|u1", [2, 16, 256, 256], large), deflated: true }]),
    );
    const scan = await openScan(path);
    assert.deepEqual(await readAll(scan, 1), large);
    scan.close();
  }));

Deno.test("npz: a stack beside coordinates is found, by the scan shape where there are several", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.npz`, scanShape = { rows: 2, columns: 3 };
    const values = Uint16Array.from({ length: 120 }, (_, index) => index);
    const stack = { name: "frames.npy", data: npy("<u2", [6, 4, 5], values) };
    const coordinates = [
      { name: "data.npy", data: npy("<f8", [6, 2], new Float64Array(12)) },
      { name: "coords.npy", data: npy("<f8", [6], new Float64Array(6)) },
    ];
    const other = { name: "pictures.npy", data: npy("<u2", [3, 4, 5], new Uint16Array(60)) };
    for (const members of [[stack, ...coordinates], [...coordinates, other, stack]]) {
      Deno.writeFileSync(path, zip(members));
      const scan = await openScan(path, { scanShape });
      assert.equal(scan.source.dataset, "frames");
      assert.deepEqual(await readAll(scan), values);
      scan.close();
    }
    await assert.rejects(openScan(path), { kind: "BadParameter" });
    Deno.writeFileSync(path, zip([stack, ...coordinates]));
    await assert.rejects(openScan(path), { kind: "ShapeUnknown", message: /frames.* holds 6 patterns/ });
  }));
