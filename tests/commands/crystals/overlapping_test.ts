/** Averages of several crystals: the further ones stand in a table of their own. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { builtInCrystal } from "../../../library/crystal/built_in.ts";
import type { Matrix3 } from "../../../library/crystal/matrix.ts";
import { disorientation } from "../../../library/crystal/matching/disorientation.ts";
import { laueGroup } from "../../../library/crystal/point_group.ts";
import { crystallite, crystalliteJson } from "../../support/command_line.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { readNpz } from "../../support/numpy.ts";
import { trueOrientation } from "../../support/orientations.ts";

const name = "overlapping_orientations.csv";

Deno.test("orient --matches writes the second crystal of an average, near the truth; without it there is no such table", () =>
  withFolder(async (folder) => {
    const scan = join(folder, "gold.npy"), out = join(folder, "result");
    const film = ["--rows", "10", "--columns", "10", "--pattern-rows", "96", "--pattern-columns", "96"];
    const simulated = await crystallite(
      ...["simulate", "--out", scan, ...film, "--grains", "2", "--twin-fraction", "0", "--seed", "3"],
      ...["--texture", "100", "--texture-spread", "1", "--convergence-angle", "1.5", "--maximum-q", "1.3"],
      "--quiet",
    );
    assert.equal(simulated.code, 0, simulated.error);
    // All probes are one cluster.
    const clustered = await crystalliteJson("cluster", scan, "--out", out, "--threshold", "0.01");
    assert.equal(clustered.clusters, 1);
    const conditions = ["--crystal", "Au", "--voltage", "200kV", "--q-pixel-size", "0.027 A^-1"];
    await crystalliteJson("orient", out, ...conditions, "--matches", "2");
    const [header, ...lines] = Deno.readTextFileSync(join(out, name)).trim().split("\n");
    const first = Deno.readTextFileSync(join(out, "orientations.csv")).trim().split("\n");
    assert.equal(header, first[0].replace("cluster,", "cluster,match,"));
    assert.equal(lines.length, 1);
    const cells = lines[0].split(",");
    assert.deepEqual(cells.slice(0, 3), ["0", "2", "Au"]);
    const truth = readNpz(join(folder, "gold_truth.npz")),
      { rotations } = laueGroup(await builtInCrystal("Au"));
    const matrixOf = (cells: readonly string[]) => cells.slice(-9).map(Number) as unknown as Matrix3;
    const nearest = [matrixOf(first[1].split(",")), matrixOf(cells)].map((matrix) => {
      const errors = [0, 1].map((grain) =>
        disorientation(rotations, matrix, trueOrientation(truth.orientation.data as Float64Array, grain))
      );
      return { grain: errors[0] < errors[1] ? 0 : 1, error: Math.min(...errors) };
    });
    assert.notEqual(nearest[0].grain, nearest[1].grain, "each crystal is found once");
    assert.ok(nearest.every(({ error }) => error < 3), JSON.stringify(nearest));
    await crystalliteJson("orient", out, ...conditions);
    assert.ok(!(await fileNames(out)).includes(name));
  }));
