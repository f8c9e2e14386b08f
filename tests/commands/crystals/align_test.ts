/** Orientations from averages about a common origin, on the command line. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import type { Matrix3 } from "../../../library/crystal/matrix.ts";
import { disorientation } from "../../../library/crystal/matching/disorientation.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { readResult } from "../../../library/results/read.ts";
import { crystallite, crystalliteJson } from "../../support/command_line.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { decodeNpy, readNpz } from "../../support/numpy.ts";
import { trueOrientation } from "../../support/orientations.ts";

const conditions = ["--crystal", "Au", "--voltage", "200kV", "--q-pixel-size", "0.026 A^-1"];

Deno.test("where descan smears disks, orient aligns the averages and is nearer to the truth", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "gold.npy"), out = join(folder, "result");
    await crystalliteJson(
      ...["simulate", "--out", scan, "--rows", "20", "--columns", "20", "--grains", "5", "--seed", "4"],
      ...["--twin-fraction", "0", "--pattern-rows", "96", "--pattern-columns", "96", "--maximum-q", "1.3"],
      ...["--convergence-angle", "1.5", "--descan", "9"],
    );
    await crystalliteJson("cluster", scan, "--out", out, "--preset", "auto");
    const truth = readNpz(join(folder, "gold_truth.npz"));
    const stored = await readResult(out), { rotations } = laueGroup(await builtInCrystal("Au"));
    const errors = () => {
      const matrices = decodeNpy(Deno.readFileSync(join(out, "orientation_matrices.npy"))).data;
      return stored.clusters.filter(({ size }) => size >= 30).map(({ id, seed }) => {
        const crystal = Number(truth.labels.data[seed.row * 20 + seed.column]);
        const found = Array.from(matrices.slice(9 * id, 9 * id + 9), Number) as unknown as Matrix3;
        const right = trueOrientation(truth.orientation.data as Float64Array, crystal);
        const turned = found.map((value, index) => index % 3 === 2 ? value : -value) as unknown as Matrix3;
        return Math.min(disorientation(rotations, found, right), disorientation(rotations, turned, right));
      });
    };
    const record = () => JSON.parse(Deno.readTextFileSync(join(out, "run.json"))).orientation.alignment;

    const smeared = await crystalliteJson("orient", out, ...conditions, "--no-align");
    const before = errors();
    assert.deepEqual(record(), { aligned: false });
    const sharp = await crystalliteJson("orient", out, ...conditions);
    const after = errors(),
      sum = (values: number[]) => values.reduce((total, value) => total + (value || 0), 0);
    assert.equal(record().aligned, true);
    assert.ok(record().origin.descan > 3 && record().origin.error < 0.05, JSON.stringify(record()));
    assert.ok(sum(after) < sum(before), `${after} against ${before}`);
    assert.ok(sharp.agreement > smeared.agreement + 0.03, `${sharp.agreement}, ${smeared.agreement}`);
    assert.ok(sharp.pixelSizeFit.error < smeared.pixelSizeFit.error);

    const averages = () => Deno.readFileSync(join(out, "aligned_averages.npy")), first = averages();
    assert.deepEqual(decodeNpy(first).shape, [stored.clusters.length, 96, 96]);
    assert.deepEqual(decodeNpy(Deno.readFileSync(join(out, "origin.npy"))).shape, [20, 20, 2]);
    await crystalliteJson("orient", out, ...conditions, "--workers", "1", "--align");
    assert.deepEqual(averages(), first, "whatever the threads");

    Deno.renameSync(scan, join(folder, "elsewhere.npy"));
    const without = await crystallite("orient", out, ...conditions, "--quiet");
    assert.equal(without.code, 0, without.error);
    assert.match(without.error, /averages are not aligned.*gold\.npy/);
    assert.equal(record().aligned, false);
    assert.ok(!(await fileNames(out)).includes("aligned_averages.npy"), "of an earlier run");
  }));

Deno.test("behind a beam stop, orient goes by the direct beam that calibrate found, for averages and for probes", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "gold.npy"), out = join(folder, "result");
    await crystalliteJson(
      ...["simulate", "--out", scan, "--rows", "12", "--columns", "12", "--grains", "3", "--seed", "3"],
      ...["--twin-fraction", "0", "--pattern-rows", "96", "--pattern-columns", "96", "--maximum-q", "1.3"],
      ...["--convergence-angle", "1.5", "--descan", "2", "--offset", "2,-3", "--beam-stop-radius", "5"],
    );
    await crystalliteJson("cluster", scan, "--out", out, "--preset", "auto", "--q-center", "49.5,44.5");
    await crystalliteJson("calibrate", out, ...conditions, "--origin", "friedel");
    const oriented = await crystalliteJson("orient", out, "--crystal", "Au", "--per-probe");
    const origin = decodeNpy(Deno.readFileSync(join(out, "average_origin.npy"))).data as Float32Array;
    for (let cluster = 0; 2 * cluster < origin.length; cluster++) {
      const [row, column] = origin.subarray(2 * cluster);
      assert.ok(Math.hypot(row - 49.5, column - 44.5) < 2, `cluster ${cluster}: ${row}, ${column}`);
    }
    assert.ok(oriented.agreement > 0.7, `${oriented.agreement}`);
    const record = JSON.parse(Deno.readTextFileSync(join(out, "run.json")));
    const { used, residual } = record.diffraction.origin, { origin: ofProbes } = record.orientation.probes;
    assert.deepEqual([ofProbes.used, ofProbes.residual], [used, residual]);
  }));

Deno.test("behind a beam stop, orient and strain find their way without being told where the beam is, and say so", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "gold.npy"), out = join(folder, "result");
    await crystalliteJson(
      ...["simulate", "--out", scan, "--rows", "16", "--columns", "16", "--grains", "4", "--seed", "3"],
      ...["--twin-fraction", "0", "--pattern-rows", "96", "--pattern-columns", "96", "--maximum-q", "1.3"],
      ...["--convergence-angle", "1.5", "--offset", "2,-3", "--beam-stop-radius", "7"],
    );
    const clustered = await crystalliteJson("cluster", scan, "--out", out, "--preset", "auto");
    assert.match(clustered.warnings.join(" "), /The direct beam is not seen: a beam stop may hide it/);
    const oriented = await crystalliteJson("orient", out, ...conditions);
    assert.ok(oriented.agreement > 0.6, `${oriented.agreement}`);
    const strained = await crystalliteJson("strain", out);
    assert.match(strained.warnings.join(" "), /taken to stand still where cluster found it/);
    const { strain: { origin } } = JSON.parse(Deno.readTextFileSync(join(out, "run.json")));
    assert.deepEqual([origin.model, origin.residual, origin.descan], ["fixed", 0, 0]);
    const scored = await crystalliteJson("score", out, join(folder, "gold_truth.npz"));
    assert.ok(scored.orientation.near > 0.6, JSON.stringify(scored.orientation));
    assert.ok(
      scored.strain.measured > 0.4 && scored.strain.typical < 0.005,
      JSON.stringify(scored.strain),
    );
  }));
