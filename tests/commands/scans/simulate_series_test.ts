/** `simulate --frames` and `score --series` on what it writes. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { assertFailure, crystallite, crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { decodeNpy } from "../../support/numpy.ts";

const small = ["--rows", "20", "--columns", "20", "--pattern-rows", "24", "--pattern-columns", "24"];

Deno.test("a simulated series is clustered, followed and scored, with its events", () =>
  withFolder(async (folder) => {
    const file = join(folder, "growth.npy"),
      truth = join(folder, "growth_truth.npz"),
      out = join(folder, "out");
    const particles = ["--layout", "particles", "--grains", "4", "--coverage", "0.4", "--twin-fraction", "0"];
    const course = ["--frames", "4", "--drift", "1", "--merges", "1", "--births", "0", "--seed", "2"];
    const optics = ["--convergence-angle", "4", "--strain", "0", "--bend", "0", "--dose", "10000"];
    const written = await crystalliteJson(
      "simulate",
      "--out",
      file,
      ...small,
      ...particles,
      ...course,
      ...optics,
    );
    assert.equal(written.frames, 4);
    assert.deepEqual(decodeNpy(Deno.readFileSync(file)).shape, [4, 20, 20, 24, 24]);
    await crystalliteJson("series", file, "--out", out, "--preset", "auto");
    const score = await crystalliteJson("score", out, truth, "--series");
    assert.ok(score.hota > 0.5, JSON.stringify(score));
    assert.equal(score.events.merge.real, written.events.merge ?? 0);
    assert.ok(score.certain.merge.told <= score.events.merge.told);
    // The truth against itself is perfect.
    const perfect = await crystalliteJson("score", truth, truth, "--series");
    assert.equal(perfect.hota, 1);
    assert.equal(perfect.events, undefined);

    assertFailure(
      await crystallite("simulate", "--out", join(folder, "one.npy"), "--merges", "2"),
      2,
      /needs a series/,
    );
    assertFailure(
      await crystallite("simulate", "--out", join(folder, "one.npy"), "--frames", "0"),
      2,
      /frames is out of range/,
    );
  }));
