/** Peaks as a file: those that the library finds, of scans and of averages. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { loadHdf5 } from "../../../library/formats/hdf5/library.ts";
import { openScan } from "../../../library/formats/open.ts";
import { findPeaks } from "../../../library/passes/bragg_peaks/peak_pass.ts";
import { diskTemplate } from "../../../library/passes/bragg_peaks/probe_template.ts";
import { assertFailure, crystallite } from "../../support/command_line.ts";
import { fileNames, withFolder } from "../../support/folders.ts";

const json = async (...args: string[]) => {
  const { code, out, error } = await crystallite(...args, "--json", "--quiet");
  assert.equal(code, 0, error + out);
  return JSON.parse(out);
};

async function arraysOf(path: string): Promise<Record<string, ArrayLike<number>>> {
  const { File } = await loadHdf5();
  const file = new File(path, "r");
  try {
    // deno-lint-ignore no-explicit-any
    const value = (name: string) => (file.get(`crystallite/${name}`) as any).value;
    const fields = ["row", "column", "height"].map((name) => [name, value(`peaks/${name}`)]);
    return Object.fromEntries([
      ...fields,
      ["offsets", value("offsets/data")],
      ["counts", value("counts/data")],
    ]);
  } finally {
    file.close();
  }
}

Deno.test("peaks writes what the library finds, whatever the threads, and stands beside nothing half done", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "gold.npy"), out = join(folder, "peaks.h5");
    await json("simulate", "--out", scan, "--rows", "8", "--columns", "6", "--grains", "2", "--seed", "2");
    const found = await json(
      "peaks",
      scan,
      "--out",
      out,
      "--disk-radius",
      "2.5",
      "--most",
      "9",
      "--bad-pixels",
      "none",
    );
    const opened = await openScan(scan);
    const expected = await findPeaks(opened, {
      ...{ template: diskTemplate(2.5), most: 9, badPixels: { kind: "none" } },
    });
    opened.close();
    const { counts, ...lists } = await arraysOf(out);
    assert.deepEqual({ ...lists }, { ...expected });
    assert.equal(counts.length, 48);
    assert.equal(Array.from(counts).reduce((sum, count) => sum + count, 0), found.peaks);
    assert.ok(found.peaks > 48);
    assertFailure(await crystallite("peaks", scan, "--out", out), 1, /exists already.*--force/s);
    const spots = await json("peaks", scan, "--out", out, "--force", "--template", "none", "--workers", "1");
    assert.equal(spots.patterns, 48);
    assert.equal("diskRadius" in spots, false);
    assert.deepEqual(
      (await fileNames(folder)).filter((name) => name.includes("partial")),
      [],
    );

    const result = join(folder, "result"), averages = join(folder, "averages.h5");
    await json("cluster", scan, "--out", result, "--preset", "auto");
    const averaged = await json("peaks", result, "--out", averages, "--disk-radius", "2.5");
    assert.ok(averaged.patterns >= 1 && averaged.patterns < 48 && averaged.peaks >= averaged.patterns);
    const refused = await crystallite("peaks", result, "--out", out, "--force", "--q-bin", "2");
    assertFailure(refused, 2, /read as they are/);
  }));

Deno.test("peaks says what is wrong", () =>
  withFolder(async (folder) => {
    assertFailure(await crystallite("peaks", join(folder, "scan.npy")), 2, /--out/);
    const out = ["--out", join(folder, "peaks.npy")];
    assertFailure(await crystallite("peaks", join(folder, "scan.npy"), ...out), 2, /\.h5/);
  }));
