/** Every row of the manifest of the shared files, as it stands there: shape, number type, sum, values, largest value. */

import assert from "node:assert/strict";
import type { OpenOptions } from "../../../library/formats/format.ts";
import { openFile } from "../../../library/formats/open.ts";
import { isSeries } from "../../../library/scan/scan.ts";
import { tableRows } from "../../../tasks/documentation/markdown.ts";
import { readAll, sumOf } from "../../support/reading.ts";
import { sharedPath, sharedTest } from "../../support/shared.ts";

const stack = (frames: number): OpenOptions => ({ scanShape: { rows: 1, columns: frames } });
const depth = (index: number): OpenOptions => ({
  dataset: `4DSTEM_simulation/data/datacubes/CBED_array_depth000${index}`,
});

/** How files are opened that do not say it themselves, by the beginning of the name; rows of one file in turn. */
const options: Readonly<Record<string, OpenOptions | readonly OpenOptions[]>> = {
  "emd/Si100_4D.emd": [depth(0), depth(1)],
  "merlin/Single": stack(1),
  "merlin/Quad": stack(1),
  "mrc/HAADFscan.mrc": stack(1),
  "tvips/test_tvips_2345": { scanShape: { rows: 2, columns: 3 } },
  "tia/": stack(5),
  "dm/3D_test-1": stack(2),
  "dm/test_stackbuilder": stack(3),
  "tiff/": stack(2),
  "synthetic/syn_master.h5": { scanShape: { rows: 4, columns: 5 } },
  "synthetic/filters.h5": { dataset: "bslz4_u2" },
};

/** Rows of arrays that are no scans: one image, spectra, whole numbers of 64 bits in two axes. Tests of their formats read them. */
const noScans = /^(prz|hspy|zspy)\/|EELS_SI|test_diffraction_pattern/;

/** Rows of frames in the order of acquisition, which are read on their places: real_movies_test.ts has both. */
const placed = /(ROI_Random_Scan|Custom)_movie/;

const numbersIn = (text: string) => Array.from(text.matchAll(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g), Number);
const manifest = sharedPath("data/formats/MANIFEST.md");
const rows = manifest === null ? [] : tableRows(Deno.readTextFileSync(manifest).replaceAll("|u1", "u1"));

const seen = new Map<string, number>();
for (const [name, , , shapeText, typeText, sumText, valuesText, mostText] of rows) {
  const file = name.replaceAll("`", ""), turn = seen.get(file) ?? 0;
  seen.set(file, turn + 1);
  sharedTest(`${file}, row ${turn + 1}, is read as the manifest says`, async () => {
    const given = Object.entries(options).find(([beginning]) => file.startsWith(beginning))?.[1];
    const path = sharedPath(`data/formats/${file}`)!, how = Array.isArray(given) ? given[turn] : given;
    if (noScans.test(file)) return await assert.rejects(openFile(path, how), { kind: "UnsupportedFormat" });
    const opened = await openFile(path, how);
    try {
      const frames = isSeries(opened)
        ? Array.from({ length: opened.frames }, (_, index) => opened.frame(index))
        : [opened];
      const pixels = (await Promise.all(frames.map((frame) => readAll(frame)))).flatMap((read) => [...read]);
      const { rows, columns, patternRows, patternColumns } = opened.shape, sum = sumOf(pixels);
      assert.ok(Math.abs(sum - Number(sumText)) <= 1e-10 * Number(sumText), `sum ${sum}, not ${sumText}`);
      assert.equal(pixels.reduce((most, value) => Math.max(most, value)), numbersIn(mostText)[0]);
      if (placed.test(file)) return;
      const shape = numbersIn(shapeText), all = [frames.length, rows, columns, patternRows, patternColumns];
      // A stack of frames, or a single scan, has fewer axes in the manifest.
      const significant = (lengths: readonly number[]) => lengths.filter((length) => length > 1);
      assert.deepEqual(significant(all), significant(shape));
      assert.equal(opened.dtype, `${typeText.at(-2)}${8 * Number(typeText.at(-1))}`);
      for (const part of valuesText.split(";")) {
        const [position, value] = part.split("="), at = numbersIn(position);
        assert.equal(at.length, shape.length);
        const flat = at.reduce((sofar, index, axis) => sofar * shape[axis] + index, 0);
        assert.equal(pixels[flat], Number(value), part);
      }
    } finally {
      opened.close();
    }
  });
}

sharedTest("the manifest has the rows that are read here", () => {
  assert.ok(rows.length >= 39, `${rows.length} rows`);
  for (const row of rows) assert.equal(row.length, 10, row[0]);
});
