/** The demo: from nothing to a result with orientations and strain, near the truth. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { readResult } from "../../../library/results/read.ts";
import { openScanOf } from "../../../library/results/scan_of_result.ts";
import { crystalliteJson } from "../../support/command_line.ts";
import { fileNames, withFolder } from "../../support/folders.ts";

Deno.test("the demo says how far clusters, orientations and dilation are from the truth", () =>
  withFolder(async (folder) => {
    const out = join(folder, "demo");
    const { adjustedRandIndex, orientation, strain } = await crystalliteJson("demo", "--out", out);
    assert.ok(adjustedRandIndex > 0.95);
    assert.ok(orientation.grainsNear > 0.6 && orientation.median < 2, JSON.stringify(orientation));
    assert.ok(strain.rms.dilation < 0.002 && strain.measured > 0.5, JSON.stringify(strain));
    const files = await fileNames(out);
    for (const name of ["in_plane.png", "dilation.png", "boundaries.csv"]) {
      assert.ok(files.includes(name), name);
    }
    // Whoever opens the result later sees its patterns.
    const scan = await openScanOf(await readResult(out), undefined);
    assert.equal(scan.source.path, `${out}-scan.h5`);
    scan.close();
    // Nothing needs to be told again to cluster it once more, and the truth is there to compare with.
    assert.ok(scan.calibration.qPixelSize && scan.calibration.beamEnergy === 300);
    assert.ok((await fileNames(folder)).includes("demo-scan_truth.npz"));
  }));
