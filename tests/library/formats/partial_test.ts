/** Recordings that go on or stopped early are read as far as there are whole rows of them. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan, type OpenScanOptions } from "../../../library/formats/open.ts";
import { bytesPerElement, createPixelArray, type PixelArray } from "../../../library/scan/dtype.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { formatShape, pixelCount } from "../../../library/scan/shape.ts";
import { withFolder } from "../../support/folders.ts";
import { readers } from "../../support/fuzzing/readers.ts";

/** Files of records, one after the other, whose last bytes are patterns: cut off, they are recordings that stopped. */
const growing = ["raw", "npy", "merlin", "empad", "tvips", "seq", "mrc"];

Deno.test("whole rows of a cut recording are those of the whole one, whatever the format", () =>
  withFolder(async (folder) => {
    const tried = new Set<string>();
    for (const reader of readers.filter(({ name }) => growing.includes(name))) {
      for (const [index, subject] of (await reader.subjects()).entries()) {
        if (subject.read) continue;
        const base = join(folder, `${reader.name}${index}`);
        await Deno.mkdir(base);
        for (const [name, bytes] of subject.files) await Deno.writeFile(join(base, name), bytes);
        const path = join(base, subject.opens), options = subject.options;
        const whole = await openScan(path, options).catch(() => null);
        if (!whole) continue;
        if (whole.shape.rows < 2 || whole.stored?.length !== 1) {
          whole.close();
          continue;
        }
        const [part] = whole.stored, { shape } = whole, { rows, columns } = shape;
        // Orders of records depend on those that are there.
        if (part.kind !== "contiguous" && (part.kind !== "frames" || part.order)) {
          whole.close();
          continue;
        }
        const expected = await rowsOf(whole, rows - 1);
        whole.close();
        const recordBytes = part.kind === "frames"
          ? part.recordBytes
          : pixelCount(shape) * bytesPerElement(whole.dtype);
        // The last row is cut in the middle of its first pattern.
        const end = part.offset + ((rows - 1) * columns + 0.5) * recordBytes;
        await Deno.truncate(part.path, Math.floor(end));
        const told: OpenScanOptions = { ...options, partial: true };
        if (!options?.shape || options.shape.length < 4) {
          Object.assign(told, { scanShape: { rows, columns } });
        }
        const cut = await openScan(path, told);
        assert.equal(formatShape(cut.shape), formatShape({ ...shape, rows: rows - 1 }), subject.name);
        assert.equal(cut.announcedRows, rows, subject.name);
        assert.ok(cut.warnings.some((text) => text.includes(`${rows - 1} of ${rows} rows`)), subject.name);
        assert.deepEqual(await rowsOf(cut, rows - 1), expected, subject.name);
        cut.close();
        tried.add(reader.name);
      }
    }
    assert.deepEqual([...tried].sort(), [...growing].sort());
  }));

Deno.test("a whole file is read as ever, a series is refused, and one without a row says so", () =>
  withFolder(async (folder) => {
    const path = join(folder, "scan.npy"), numbers = Uint8Array.from({ length: 256 }, (_, i) => i);
    await Deno.writeFile(path, encodeNpy("u8", [4, 4, 4, 4], numbers));
    const whole = await openScan(path, { partial: true });
    assert.deepEqual([whole.shape.rows, whole.announcedRows, whole.warnings.length], [4, undefined, 0]);
    assert.deepEqual(whole.source.selection, { partial: true });
    whole.close();
    await Deno.truncate(path, 128 + 60);
    await assert.rejects(openScan(path, { partial: true }), {
      kind: "CorruptFile",
      message: /one whole row/,
    });
    await assert.rejects(openScan(path), { kind: "CorruptFile", message: /ends too early/ });
    await Deno.writeFile(path, encodeNpy("u8", [2, 2, 4, 4, 4], numbers));
    await assert.rejects(openScan(path, { partial: true, frame: 0 }), { kind: "BadParameter" });
  }));

Deno.test("patterns that are skipped are no rows", () =>
  withFolder(async (folder) => {
    const path = join(folder, "frames.npy"), numbers = Uint8Array.from({ length: 256 }, (_, i) => i);
    await Deno.writeFile(path, encodeNpy("u8", [16, 4, 4], numbers));
    const options = { partial: true, skipFrames: 2, scanShape: { rows: 5, columns: 4 } };
    const scan = await openScan(path, options);
    assert.deepEqual([scan.shape.rows, scan.announcedRows], [3, 5]);
    assert.equal((await rowsOf(scan, 1))[0], 32);
    scan.close();
    await Deno.truncate(path, 128 + 16 * 11);
    const cut = await openScan(path, options);
    assert.deepEqual([cut.shape.rows, cut.announcedRows], [2, 5]);
    assert.equal((await rowsOf(cut, 2))[64], 32 + 64);
    cut.close();
  }));

/** Numbers of the first rows. */
async function rowsOf(scan: Scan, rows: number): Promise<PixelArray> {
  const into = createPixelArray(scan.dtype, rows * scan.shape.columns * pixelCount(scan.shape));
  await scan.readRows(0, rows, into);
  return into;
}
