/** Calibration on the command line: a stretched, drifting scan of gold whose truth is known. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { assertFailure, crystallite, crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { decodeNpy, readNpz } from "../../support/numpy.ts";

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

Deno.test("calibrate takes a scan, the probe as it was measured, and centres of inversion", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "gold.npy"),
      probe = join(folder, "vacuum.npy"),
      out = join(folder, "origin.npy");
    await crystalliteJson(
      ...["simulate", "--out", scan, "--rows", "10", "--columns", "10", "--grains", "9", "--seed", "5"],
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
      ...["--descan", "2"],
    );
    const { q_pixel_size } = readNpz(join(folder, "gold_truth.npz")), truth = Number(q_pixel_size.data[0]);
    const radius = 1.5e-3 / 0.02507934 / truth;
    const pattern = Float32Array.from({ length: 96 * 96 }, (_, pixel) => {
      const distance = Math.hypot(Math.floor(pixel / 96) - 44.3, pixel % 96 - 50);
      return 500 / (1 + Math.exp(4 * (distance - radius)));
    });
    Deno.writeFileSync(probe, encodeNpy("f32", [1, 1, 96, 96], pattern));
    const size = ["--q-pixel-size", "0.024 A^-1"], ways = ["--origin", "friedel", "--origin-fit", "parabola"];
    const found = await crystalliteJson(
      ...["calibrate", scan, ...conditions, ...size, ...ways, "--template", probe, "--origin-out", out],
    );
    const told = JSON.stringify(found);
    assert.ok(Math.abs(found.qPixelSize / truth - 1) < 0.008, `${told}, true ${truth}`);
    assert.ok(Math.abs(found.diskRadius - radius) < 0.25 && found.template === probe, told);
    assert.ok(
      found.origin.error < 0.2 && found.origin.descan > 0.5 && found.origin.method === "friedel",
      told,
    );
    assert.deepEqual(decodeNpy(Deno.readFileSync(out)).shape, [10, 10, 2]);
    const brightest = await crystalliteJson(
      "calibrate",
      scan,
      ...conditions,
      ...size,
      "--origin",
      "brightest",
    );
    assert.ok(Math.abs(brightest.origin.descan - found.origin.descan) < 0.3, JSON.stringify(brightest));
    const both = [...conditions, ...size, "--template", probe, "--disk-radius", "3"];
    assertFailure(await crystallite("calibrate", scan, ...both), 2, /--disk-radius.*contradict/);
  }));

Deno.test("a measured probe stays with the result, and orient and strain look for its disks", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "gold.npy"), out = join(folder, "result");
    await crystalliteJson(
      ...[
        "simulate",
        "--out",
        scan,
        "--rows",
        "12",
        "--columns",
        "12",
        "--layout",
        "particles",
        "--seed",
        "5",
      ],
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
    );
    await crystalliteJson("cluster", scan, "--out", out, "--preset", "auto");
    const { labels } = readNpz(join(folder, "gold_truth.npz"));
    const empty = Array.from({ length: 144 }, (_, probe) => probe).find((probe) =>
      Number(labels.data[probe]) < 0
    )!;
    const [row, column] = [Math.floor(empty / 12), empty % 12];
    const region = `${row}:${row + 1},${column}:${column + 1}`;
    const found = await crystalliteJson(
      ...["calibrate", out, ...conditions, "--q-pixel-size", "0.024 A^-1", "--probe-roi", region],
    );
    assert.match(found.template, /region/);
    const [side, other] = decodeNpy(Deno.readFileSync(join(out, "probe_template.npy"))).shape;
    assert.ok(side === other && side % 2 === 1 && side > 2 * found.diskRadius);
    const refused = await crystallite("calibrate", out, ...conditions, "--q-bin", "2");
    assertFailure(refused, 2, /read as they are/);
    await crystalliteJson("calibrate", out, ...conditions, "--q-pixel-size", "0.024 A^-1");
    assert.throws(() => Deno.statSync(join(out, "probe_template.npy")), Deno.errors.NotFound);
  }));

Deno.test("calibrate is not led astray by a hot pixel, and says where the direct beam or the crystal is doubtful", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "gold.npy"),
      hot = join(folder, "hot.npy"),
      film = ["--grains", "9", "--seed", "5"];
    await crystalliteJson(
      ...["simulate", "--out", scan, "--rows", "10", "--columns", "10", ...film, "--maximum-q", "1.3"],
      ...["--pattern-rows", "96", "--pattern-columns", "96", "--convergence-angle", "1.5"],
    );
    const truth = Number(readNpz(join(folder, "gold_truth.npz")).q_pixel_size.data[0]);
    const { data } = decodeNpy(Deno.readFileSync(scan));
    for (let probe = 0; probe < 100; probe++) data[96 * 96 * probe + 96 * 20 + 70] = 60_000;
    Deno.writeFileSync(hot, encodeNpy("u16", [10, 10, 96, 96], data as Uint16Array));
    const size = ["--q-pixel-size", "0.0274 A^-1"];
    const found = await crystalliteJson("calibrate", hot, ...conditions, ...size);
    assert.ok(Math.abs(found.qPixelSize / truth - 1) < 0.008, `${found.qPixelSize}, true ${truth}`);
    assert.ok(found.origin.used > 0.8 && found.origin.residual < 0.2, JSON.stringify(found.origin));
    const elsewhere = await crystallite("calibrate", scan, ...conditions, ...size, "--q-center", "20,70");
    assert.equal(elsewhere.code, 0, elsewhere.error);
    assert.match(elsewhere.error, /direct beam is not clear/);
    const copper = ["--crystal", "Cu", "--voltage", "200kV"];
    const other = await crystallite("calibrate", scan, ...copper, ...size);
    assert.match(other.error, /1[123]\.\d % from the 0\.0274 1\/Å that was given/);
  }));
