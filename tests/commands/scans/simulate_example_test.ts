/** `simulate --example`, and the formats that it writes. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { openScan } from "../../../library/formats/open.ts";
import { assertFailure, crystallite, crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";

const few = ["--rows", "6", "--columns", "5", "--grains", "2"];

Deno.test("an experiment by its name carries its calibration, and options change it", () =>
  withFolder(async (folder) => {
    const gold = ["simulate", "--example", "liquid-cell-gold", ...few], written = [];
    for (const name of ["gold.h5", "gold.npy", "gold.zarr"]) {
      const path = join(folder, name),
        { truth, shape } = await crystalliteJson(...gold, "--out", path, "--force");
      assert.equal(truth, join(folder, "gold_truth.npz"));
      assert.deepEqual(shape, { rows: 6, columns: 5, patternRows: 192, patternColumns: 192 });
      const scan = await openScan(path), counts = new Uint16Array(6 * 5 * 192 * 192);
      await scan.readRows(0, 6, counts);
      const { beamEnergy, convergenceAngle, pixelSize, qPixelSize } = scan.calibration;
      if (name !== "gold.npy") {
        assert.deepEqual([beamEnergy, convergenceAngle, pixelSize?.row], [300, 0.622, 1.5]);
        assert.ok(Math.abs(qPixelSize!.row - 0.0125) < 1e-3, String(qPixelSize?.row));
      }
      scan.close();
      written.push(counts);
    }
    assert.deepEqual(written[1], written[0]);
    assert.deepEqual(written[2], written[0]);

    const series = await crystalliteJson(...gold, "--out", join(folder, "growth.h5"), "--frames", "3");
    assert.equal(series.frames, 3);
    const last = await openScan(join(folder, "growth.h5"), { frame: 2 });
    assert.equal(last.calibration.beamEnergy, 300);
    last.close();
  }));

Deno.test("a size without an experiment, unknown experiments and formats are refused", () =>
  withFolder(async (folder) => {
    const out = join(folder, "scan.h5");
    assertFailure(
      await crystallite("simulate", "--size", "paper", "--out", out),
      2,
      /--size needs an experiment/,
    );
    assertFailure(await crystallite("simulate", "--example", "tin", "--out", out), 2, /liquid-cell-gold/);
    assertFailure(await crystallite("simulate", "--out", join(folder, "scan.mib")), 2, /\.h5/);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));
