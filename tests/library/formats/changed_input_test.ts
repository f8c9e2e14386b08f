/** A file that is changed after it was opened makes no result, whichever of a scan's files it is. */

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { defaultParameters } from "../../../library/cluster/presets.ts";
import { clusterScan } from "../../../library/cluster/pipeline.ts";
import { convertScan } from "../../../library/conversion/convert.ts";
import { writeFilteredScan } from "../../../library/conversion/filtered_scan.ts";
import type { RunOptions } from "../../../library/engine/options.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { openScan, openScans } from "../../../library/formats/open.ts";
import { findPeaks } from "../../../library/passes/bragg_peaks/peak_pass.ts";
import { defaultPrefilter } from "../../../library/passes/prefilter/parameters.ts";
import { virtualImage } from "../../../library/passes/virtual_image.ts";
import { writeResult } from "../../../library/results/write.ts";
import { FileUnavailable } from "../../../library/scan/errors.ts";
import type { Scan } from "../../../library/scan/scan.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { readers } from "../../support/fuzzing/readers.ts";

/** Whether what is opened still says that its files are what they were. */
function isUnchanged({ requireUnchanged }: Pick<Scan, "requireUnchanged">, changed: string): boolean {
  try {
    requireUnchanged!();
    return true;
  } catch (cause) {
    assert.ok(cause instanceof FileUnavailable, String(cause));
    assert.equal(Deno.realPathSync(cause.details.file!), Deno.realPathSync(changed));
    return false;
  }
}

Deno.test("every file of every format is looked at again", () =>
  withFolder(async (folder) => {
    const unwatched: string[] = [];
    for (const reader of readers) {
      for (const [index, subject] of (await reader.subjects()).entries()) {
        if (subject.read) continue;
        const base = join(folder, `${reader.name}${index}`);
        for (const [name, bytes] of subject.files) {
          await Deno.mkdir(dirname(join(base, name)), { recursive: true });
          await Deno.writeFile(join(base, name), bytes);
        }
        const opened = await openScans(join(base, subject.opens), subject.options);
        for (const name of subject.files.keys()) {
          const path = join(base, name), { mtime } = await Deno.stat(path);
          assert.ok(isUnchanged(opened, path));
          await Deno.utime(path, new Date(), new Date(mtime!.getTime() - 5000));
          if (isUnchanged(opened, path)) unwatched.push(`${subject.name}: ${name}`);
          await Deno.utime(path, new Date(), mtime!);
        }
        opened.close();
      }
    }
    assert.deepEqual(unwatched, []);
  }));

Deno.test("a longer file, another time, or another file in its place are seen; one that is gone can be read", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.npy"), bytes = encodeNpy("u16", [2, 2, 8, 8], new Uint16Array(256));
    const time = new Date(1.5e12);
    const changes: [change: () => Promise<void>, unchanged: boolean][] = [
      [() => Deno.utime(path, time, time), true],
      [() => Deno.chmod(path, 0o600), true],
      [() => Deno.writeFile(path, new Uint8Array(1), { append: true }), false],
      [() => Deno.utime(path, time, new Date(1.5e12 + 1)), false],
      [() => Deno.remove(path), true],
      [async () => {
        await Deno.writeFile(`${path}.new`, bytes);
        await Deno.utime(`${path}.new`, time, time);
        await Deno.rename(`${path}.new`, path);
      }, Deno.build.os === "windows"],
    ];
    for (const [change, unchanged] of changes) {
      await Deno.writeFile(path, bytes);
      await Deno.utime(path, time, time);
      const scan = await openScan(path);
      await change();
      if (unchanged) scan.requireUnchanged!();
      else assert.throws(() => scan.requireUnchanged!(), FileUnavailable);
      scan.close();
    }
  }));

Deno.test("nothing is made of a scan that is rewritten meanwhile", () =>
  withFolder(async (folder) => {
    const shape = { rows: 8, columns: 8, patternRows: 32, patternColumns: 32 };
    const patterns = new Uint16Array(64 * 1024);
    await simulateScan({ ...shape, grains: 2, seed: 3 }).readRows(0, 8, patterns);
    const bytes = encodeNpy("u16", [8, 8, 32, 32], patterns), input = join(folder, "scan.npy");
    const out = join(folder, "out");
    const parameters = { ...defaultParameters, blur: 1, threshold: 0.9 };
    const { center, badPixels } = parameters;
    const works: Record<string, (scan: Scan, options: RunOptions) => Promise<unknown>> = {
      cluster: (scan, options) => clusterScan(scan, parameters, options),
      result: async (scan, { onProgress }) => {
        const clustering = await clusterScan(scan, parameters);
        onProgress!({ stage: "", done: 0, total: 1 });
        await writeResult(out, { scan, clustering, averages: null });
      },
      convert: (scan, options) => convertScan(scan, `${out}.h5`, options),
      store: (scan, options) => convertScan(scan, `${out}.zarr`, options),
      filter: (scan, options) =>
        writeFilteredScan(scan, `${out}.h5`, { badPixels, prefilter: defaultPrefilter }, options),
      virtual: (scan, options) =>
        virtualImage(scan, { detector: { kind: "disk", radius: 4 }, center, badPixels }, options),
      peaks: (scan, options) => findPeaks(scan, { template: null, badPixels }, options),
    };
    for (const [name, work] of Object.entries(works)) {
      await Deno.writeFile(input, bytes);
      const scan = await openScan(input);
      let rewritten = false;
      const onProgress = () => {
        if (rewritten) return;
        rewritten = true;
        Deno.writeFileSync(input, bytes);
        const later = new Date(Date.now() + 5000);
        Deno.utimeSync(input, later, later);
      };
      await assert.rejects(work(scan, { workers: 1, onProgress }), (cause) => {
        assert.ok(cause instanceof FileUnavailable, `${name}: ${cause}`);
        assert.match(cause.message, /scan\.npy was changed after it was opened/, name);
        return true;
      });
      scan.close();
      assert.deepEqual(await fileNames(folder), ["scan.npy"], name);
    }
  }));
