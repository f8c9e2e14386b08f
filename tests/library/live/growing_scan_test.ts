/** Looking at a file that grows: whole rows, whether it is complete, and what becomes of one that is replaced. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { GrowingScan } from "../../../library/live/growing_scan.ts";
import { withFolder } from "../../support/folders.ts";

const [rows, columns, side] = [6, 4, 8], rowBytes = columns * side * side, header = 128;

/** A scan whose patterns all count something. */
function scanBytes(first = 1): Uint8Array {
  const numbers = Uint8Array.from({ length: rows * rowBytes }, (_, i) => first + i % 200);
  return encodeNpy("u8", [rows, columns, side, side], numbers);
}

async function inFile(test: (path: string, growing: GrowingScan) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const path = join(folder, "scan.npy"), growing = new GrowingScan(path, {});
    try {
      await test(path, growing);
    } finally {
      growing.close();
    }
  });
}

Deno.test("rows are counted as they are written", () =>
  inFile(async (path, growing) => {
    const bytes = scanBytes();
    assert.equal(await growing.look(), undefined);
    assert.equal(growing.reason?.kind, "FileUnavailable");
    for (
      const [written, expected] of [[60, undefined], [header + 7, undefined], [header + rowBytes, 1]] as const
    ) {
      Deno.writeFileSync(path, bytes.subarray(0, written));
      const present = await growing.look();
      assert.equal(present?.rows, expected);
    }
    Deno.writeFileSync(path, bytes.subarray(0, header + 3.5 * rowBytes));
    const present = (await growing.look())!;
    assert.deepEqual([present.rows, present.announced, present.complete, present.beginnings], [
      3,
      6,
      false,
      0,
    ]);
    const row = new Uint8Array(rowBytes);
    await present.scan.readRows(2, 1, row);
    assert.deepEqual(row, bytes.slice(header + 2 * rowBytes, header + 3 * rowBytes));
    Deno.writeFileSync(path, bytes);
    const whole = (await growing.look())!;
    assert.deepEqual([whole.rows, whole.complete, whole.beginnings], [6, true, 0]);
    assert.ok(growing.quietFor < 5000);
  }));

Deno.test("of a file that has its whole size from the beginning, rows that count something are written", () =>
  inFile(async (path, growing) => {
    const bytes = scanBytes(), file = Deno.openSync(path, { create: true, write: true, read: true });
    file.writeSync(bytes.subarray(0, header));
    file.truncateSync(bytes.length);
    const look = async () => (await growing.look())!;
    assert.deepEqual([(await look()).rows, (await look()).complete], [0, false]);
    for (const written of [1, 1.5, 4, 5.7, 6]) {
      file.seekSync(header, Deno.SeekMode.Start);
      file.writeSync(bytes.subarray(header, header + written * rowBytes));
      const { rows, announced, complete } = await look();
      assert.deepEqual([rows, announced, complete], [Math.floor(written), 6, written === 6]);
    }
    file.close();
  }));

Deno.test("a blank row among others is no end", () =>
  inFile(async (path, growing) => {
    const bytes = scanBytes();
    bytes.fill(0, header + 2 * rowBytes, header + 3 * rowBytes);
    Deno.writeFileSync(path, bytes.subarray(0, header + 5 * rowBytes));
    assert.equal((await growing.look())!.rows, 5);
  }));

Deno.test("a file that becomes shorter, or is replaced, begins anew", () =>
  inFile(async (path, growing) => {
    Deno.writeFileSync(path, scanBytes().subarray(0, header + 4 * rowBytes));
    assert.equal((await growing.look())!.rows, 4);
    Deno.truncateSync(path, header + 2 * rowBytes);
    const shorter = (await growing.look())!;
    assert.deepEqual([shorter.rows, shorter.beginnings], [2, 1]);
    Deno.writeFileSync(`${path}.new`, scanBytes(7).subarray(0, header + 3 * rowBytes));
    Deno.renameSync(`${path}.new`, path);
    const replaced = (await growing.look())!;
    assert.deepEqual([replaced.rows, replaced.beginnings], [3, 2]);
  }));

Deno.test("what more rows cannot mend is said at once", () =>
  withFolder(async (folder) => {
    const path = join(folder, "frames.npy");
    Deno.writeFileSync(path, encodeNpy("u8", [24, side, side], new Uint8Array(24 * side * side).fill(1)));
    await assert.rejects(new GrowingScan(path, {}).look(), { kind: "ShapeUnknown" });
  }));
