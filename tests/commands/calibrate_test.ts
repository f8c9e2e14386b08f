/** Calibration on the command line: a stretched, drifting scan of gold whose truth is known. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { assertFailure, crystallite, crystalliteJson } from "../support/command_line.ts";
import { withFolder } from "../support/folders.ts";
import { decodeNpy, readNpz } from "../support/numpy.ts";

const conditions = ["--crystal", "Au", "--voltage", "200kV"];

Deno.test("calibrate measures beam, ellipse and pixel size, and orient and strain go by them", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "gold.npy"), out = join(folder, "result");
    const simulated = await crystalliteJson(
      ...["simulate", "--out", scan, "--rows", "20", "--columns", "20", "--grains", "12", "--seed", "5"],
      ...[
        "--pattern-rows",
        "96",
        "--pattern-columns",
        "96",
        "--maximum-q",
        "1.3",
        "--convergence-angle",
        "1.5",
      ],
      ...["--descan", "1.5", "--ellipse", "1.03"],
    );
    assert.ok(simulated);
    await crystalliteJson("cluster", scan, "--out", out, "--preset", "auto");
    const before = readNpz(join(folder, "gold_truth.npz"));
    const truth = Number(before.q_pixel_size.data[0]);
    const found = await crystalliteJson("calibrate", out, ...conditions, "--q-pixel-size", "0.024 A^-1");
    const told = JSON.stringify(found);
    assert.ok(Math.abs(found.ellipse.ratio - 1.03) < 0.006, told);
    assert.ok(Math.abs(Math.sin(found.ellipse.angle)) < 0.2, told);
    assert.ok(Math.abs(found.qPixelSize / truth - 1) < 0.006, `${told}, true ${truth}`);
    assert.ok(found.origin.residual < 0.2 && found.origin.descan > 0.5, told);
    assert.ok(found.ellipseFit.error < 0.01 && found.pixelSizeFit.error < 0.01, told);
    assert.deepEqual(decodeNpy(Deno.readFileSync(join(out, "fitted_origin.npy"))).shape, [20, 20, 2]);
    const again = await crystalliteJson(
      "calibrate",
      out,
      ...conditions,
      "--q-pixel-size",
      "0.024 A^-1",
      "--workers",
      "1",
    );
    assert.deepEqual(again, found);

    const oriented = await crystalliteJson("orient", out, "--crystal", "Au");
    assert.equal(oriented.qPixelSize, found.qPixelSize, "orient takes the size from there");
    const record = () => JSON.parse(Deno.readTextFileSync(join(out, "run.json")));
    assert.deepEqual(record().orientation.ellipse, found.ellipse);
    const straight = await crystalliteJson("strain", out, "--reference", "cif");
    const round = await crystalliteJson(
      "calibrate",
      out,
      ...conditions,
      "--q-pixel-size",
      "0.024 A^-1",
      "--no-ellipse",
    );
    assert.equal(round.ellipse, undefined);
    await crystalliteJson("orient", out, "--crystal", "Au");
    const stretched = await crystalliteJson("strain", out, "--reference", "cif");
    // 3 % of stretch are a false strain of a part each way.
    assert.ok(straight.rms.xx < stretched.rms.xx, `${straight.rms.xx}, ${stretched.rms.xx}`);
  }));

Deno.test("calibrate says what is missing", () =>
  withFolder(async (folder) => {
    assertFailure(await crystallite("calibrate", folder), 2, /no crystal is given.*--crystal/s);
    assertFailure(await crystallite("calibrate", folder, "--crystal", "Au"), 2, /not a result/);
  }));
