/** Every format that can be followed, cut off after each row in turn; data files of Dectris come one after the other. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan } from "../../../library/formats/open.ts";
import { GrowingScan } from "../../../library/live/growing_scan.ts";
import { createPixelArray } from "../../../library/scan/dtype.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { pixelCount } from "../../../library/scan/shape.ts";
import { bytesPerElement } from "../../../library/scan/dtype.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { withFolder } from "../../support/folders.ts";
import { readers } from "../../support/fuzzing/readers.ts";
import { python } from "../../support/peers.ts";

/** Formats of records whose files end with their patterns. */
const recorded = ["raw", "npy", "merlin", "empad", "tvips", "seq", "mrc"];

async function rowOf(scan: Scan, row: number) {
  const into = createPixelArray(scan.dtype, scan.shape.columns * pixelCount(scan.shape));
  await scan.readRows(row, 1, into);
  return into;
}

Deno.test("rows of recordings are seen one after the other, in every format of records", () =>
  withFolder(async (folder) => {
    const tried = new Set<string>();
    for (const reader of readers.filter(({ name }) => recorded.includes(name) && !tried.has(name))) {
      for (const [index, subject] of (await reader.subjects()).entries()) {
        if (subject.read || tried.has(reader.name)) continue;
        const base = join(folder, `${reader.name}${index}`), path = join(base, subject.opens);
        await Deno.mkdir(base);
        for (const [name, bytes] of subject.files) await Deno.writeFile(join(base, name), bytes);
        const whole = await openScan(path, subject.options).catch(() => null);
        if (!whole) continue;
        if (whole.shape.rows < 2 || whole.stored?.length !== 1) {
          whole.close();
          continue;
        }
        const [part] = whole.stored, { rows, columns } = whole.shape;
        if (part.kind !== "contiguous" && (part.kind !== "frames" || part.order)) {
          whole.close();
          continue;
        }
        const last = await rowOf(whole, rows - 1), bytes = await Deno.readFile(part.path);
        whole.close();
        if (!last.some((value) => value !== 0)) continue;
        const pattern = pixelCount(whole.shape) * bytesPerElement(whole.dtype);
        const recordBytes = part.kind === "frames" ? part.recordBytes : pattern;
        const shape = (subject.options?.shape?.length ?? 0) < 4 ? { scanShape: { rows, columns } } : {};
        await Deno.writeFile(part.path, bytes.subarray(0, part.offset));
        const growing = new GrowingScan(path, { ...subject.options, ...shape });
        for (let row = 0; row <= rows; row++) {
          const end = row === rows ? bytes.length : part.offset + (row * columns + 0.5) * recordBytes;
          await Deno.writeFile(part.path, bytes.subarray(0, Math.floor(end)));
          const present = await growing.look();
          const told = `${subject.name}, row ${row}`;
          assert.equal(present?.rows, row === 0 ? undefined : row, told);
          if (row > 0) assert.deepEqual([present!.announced, present!.complete], [rows, row === rows], told);
          if (row === rows) assert.deepEqual(await rowOf(present!.scan, rows - 1), last, told);
        }
        growing.close();
        tried.add(reader.name);
      }
    }
    assert.deepEqual([...tried].sort(), [...recorded].sort());
  }));

Deno.test("data files of a Dectris master are read as they appear", () =>
  withFolder(async (folder) => {
    const reader = readers.find(({ name }) => name === "dectris")!;
    const subject = (await reader.subjects()).find(({ files }) =>
      Array.from(files.keys()).filter((name) => /_data_\d+\.h5$/.test(name)).length > 1
    )!;
    const data = Array.from(subject.files.keys()).filter((name) => /_data_\d+\.h5$/.test(name)).sort();
    for (const [name, bytes] of subject.files) await Deno.writeFile(join(folder, name), bytes);
    const whole = await openScan(join(folder, subject.opens), subject.options);
    const { rows, columns } = whole.shape, frames = rows * columns;
    whole.close();
    for (const name of data) await Deno.remove(join(folder, name));
    const scanShape = { rows: frames, columns: 1 };
    const growing = new GrowingScan(join(folder, subject.opens), { ...subject.options, scanShape });
    assert.equal(await growing.look(), undefined);
    let before = 0;
    for (const [index, name] of data.entries()) {
      await Deno.writeFile(join(folder, name), subject.files.get(name)!);
      const { rows: found, announced, complete } = (await growing.look())!;
      assert.ok(found > before && announced === frames, `${found} of ${announced} frames with ${name}`);
      assert.equal(complete, index === data.length - 1);
      before = found;
    }
    assert.equal(before, frames);
    growing.close();
  }));

const hasHdf5 = new Deno.Command(python, {
  args: ["-c", "import h5py, numpy"],
  stderr: "null",
  stdout: "null",
});
const canWrite = await hasHdf5.output().then(({ success }) => success, () => false);
if (!canWrite) console.warn(`skipped, ${python} lacks h5py: HDF5 that is read while it is written`);

for (const kind of ["rows", "frames", "whole"]) {
  Deno.test({
    name: `HDF5 that is read while it is written, ${kind}`,
    ignore: !canWrite,
    fn: () =>
      withFolder(async (folder) => {
        const [rows, columns, side] = [8, 6, 16];
        const scan = simulateScan({
          rows,
          columns,
          patternRows: side,
          patternColumns: side,
          grains: 2,
          seed: 2,
        });
        const data = new Uint16Array(rows * columns * side * side);
        scan.readRows(0, rows, data);
        const source = join(folder, "scan.npy"), path = join(folder, "scan.h5");
        await Deno.writeFile(source, encodeNpy("u16", [rows, columns, side, side], data));
        const script = new URL("../../python/write_swmr.py", import.meta.url).pathname;
        const child = new Deno.Command(python, {
          args: [script, source, path, kind, "0.15"],
          ...{ stdout: "piped", stderr: "inherit" } as const,
        }).spawn();
        const growing = new GrowingScan(path, kind === "frames" ? { scanShape: { rows, columns } } : {});
        const seen = new Set<number>();
        for (let tries = 0; tries < 200; tries++) {
          const present = await growing.look();
          if (present) {
            seen.add(present.rows);
            const length = columns * side * side;
            for (let row = 0; row < present.rows; row++) {
              const expected = data.slice(row * length, (row + 1) * length);
              assert.deepEqual(await rowOf(present.scan, row), expected, `row ${row} of ${present.rows}`);
            }
            if (present.complete) break;
          }
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        assert.ok(seen.has(rows) && seen.size > 2, Array.from(seen).join());
        growing.close();
        await child.output();
        const closed = await openScan(path, kind === "frames" ? { scanShape: { rows, columns } } : {});
        closed.close();
        assert.equal(closed.shape.rows, rows);
      }),
  });
}
