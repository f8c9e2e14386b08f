/** Files of peaks, read back. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { PeakLists } from "../../../library/passes/bragg_peaks/peak_pass.ts";
import { writePeaksFile } from "../../../library/results/peaks_file.ts";
import { readPeaksFile } from "../../../library/results/read_peaks.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { withFolder } from "../../support/folders.ts";

const scan = simulateScan({ rows: 2, columns: 3, grains: 1, seed: 1 });
const peaks: PeakLists = {
  offsets: Uint32Array.of(0, 2, 2, 3, 4, 4, 5),
  row: Float32Array.of(1.5, 2, 3, 4, 5),
  column: Float32Array.of(6, 7, 8, 9, 10.25),
  height: Float32Array.of(100, 50, 20, 10, 1),
};

Deno.test("peaks are read as they were written, and only for their own scan", () =>
  withFolder(async (folder) => {
    const path = join(folder, "peaks.h5");
    await writePeaksFile(path, peaks, scan, "test");
    assert.deepEqual(await readPeaksFile(path, scan.shape), peaks);
    await assert.rejects(readPeaksFile(path, { rows: 2, columns: 2 }), {
      kind: "CorruptFile",
      message: /does not hold the peaks of this scan/,
    });
    await writePeaksFile(path, { ...peaks, offsets: Uint32Array.of(0, 2, 1, 3, 4, 4, 5) }, scan, "test");
    await assert.rejects(readPeaksFile(path, scan.shape), { kind: "CorruptFile" });
    Deno.writeTextFileSync(path, "no peaks");
    await assert.rejects(readPeaksFile(path, scan.shape), { kind: "CorruptFile" });
    await assert.rejects(readPeaksFile(join(folder, "none.h5"), scan.shape), { kind: "FileUnavailable" });
  }));

Deno.test("a scan without any peak has a file as well", () =>
  withFolder(async (folder) => {
    const path = join(folder, "peaks.h5"), none = new Float32Array(0);
    await writePeaksFile(
      path,
      { offsets: new Uint32Array(7), row: none, column: none, height: none },
      scan,
      "test",
    );
    assert.equal((await readPeaksFile(path, scan.shape)).row.length, 0);
  }));
