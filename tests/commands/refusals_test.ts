/** What is said when a word, a folder or a scan is not what a command needs: what it is taken for, and what helps. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../library/formats/npy_writer.ts";
import { assertFailure, crystallite } from "../support/command_line.ts";
import { clusterFlags, writeFilm } from "../support/scan_files.ts";
import { withFolder } from "../support/folders.ts";

Deno.test("a mistyped word of a mask is no file that is missing alone: the words are named", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder);
    const cluster = (...flags: string[]) =>
      crystallite("cluster", scan, "--out", join(folder, "r"), "--threshold", "0.9", "--quiet", ...flags);
    for (const [flag, word] of [["--mask", "triangle"], ["--q-mask", "annulus"], ["--bad-pixels", "file"]]) {
      const sentence = new RegExp(`atuo does not exist \\([^)]*auto[^)]*${word}[^]*or give ${flag} one of`);
      assertFailure(await cluster(flag, "atuo"), 1, sentence);
    }
    const missing = await cluster("--mask", join(folder, "mask.npy"));
    assertFailure(missing, 1, /mask\.npy does not exist\.\n +Check the path\./);
    const { error } = JSON.parse((await cluster("--mask", "atuo", "--json")).out);
    assert.deepEqual([error.kind, error.parameter], ["FileUnavailable", "mask"]);
  }));

Deno.test("a wrong radius or quantile is shown in its whole word", async () => {
  const virtual = (shape: string) => crystallite("virtual", "x.npy", "--out", "v.png", "--detector", shape);
  assertFailure(await virtual("bf:-1"), 2, /"bf:-1"[^]*Give --detector bf:R with a radius R of at least 0/);
  assertFailure(await virtual("adf:3"), 2, /"adf:3"[^]*Give --detector adf:R1,R2 with two radii/);
  assertFailure(await virtual("adf:9,3"), 2, /"adf:9,3"[^]*Give --detector adf:R1,R2 with 0 <= R1 <= R2/);
  const cluster = await crystallite("cluster", "x.npy", "--out", "r", "--threshold", "q2");
  assertFailure(cluster, 2, /does not understand "q2"/);
});

Deno.test("info names the memory that would do where the limit is below what any run needs", () =>
  withFolder(async (folder) => {
    const { code, out } = await crystallite("info", await writeFilm(folder), "--memory", "100M");
    assert.equal(code, 0);
    assert.match(out, /^cluster +the memory limit is too small; raise --memory to 266M or more$/m);
  }));

Deno.test("an empty name of a file is called so", async () => {
  assertFailure(await crystallite("info", ""), 1, /the name of the file is empty/);
});

Deno.test("without their scan commands do not advise a flag that they lack", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder), out = join(folder, "result");
    const clustered = await crystallite("cluster", scan, "--out", out, ...clusterFlags, "--quiet");
    assert.equal(clustered.code, 0, clustered.error);
    await Deno.remove(scan);
    const flags = ["--crystal", "Au", "--voltage", "200kV", "--q-pixel-size", "0.075 A^-1"];
    const outcome = await crystallite("calibrate", out, ...flags, "--quiet");
    assertFailure(outcome, 1, /film\.npy does not exist[^]*--scan FILE\.$/m);
    assert.doesNotMatch(outcome.error, /averages/);
  }));

Deno.test("a series and the result of one scan are told apart, with the way out", () =>
  withFolder(async (folder) => {
    const at = (name: string) => join(folder, name), scan = await writeFilm(folder);
    const series = await crystallite("series", scan, "--out", at("series"), ...clusterFlags, "--quiet");
    assert.equal(series.code, 0, series.error);
    await Deno.writeFile(at("truth.npy"), encodeNpy("i32", [12, 14], new Int32Array(12 * 14)));
    const first = /is a series[^]*series.frames.0000/;
    for (const command of ["describe", "texture", "edit"]) {
      assertFailure(
        await crystallite(command, at("series"), ...command === "edit" ? ["--log"] : []),
        2,
        first,
      );
    }
    assertFailure(await crystallite("info", at("series")), 1, /is a folder[^]*It is a series; name a scan/);
    assertFailure(
      await crystallite("score", at("series"), at("truth.npy")),
      2,
      /is a series[^]*Add --series/,
    );
    const frame = join(at("series"), "frames", "0000");
    const backwards = await crystallite("score", frame, at("truth.npy"), "--series");
    assertFailure(backwards, 2, /is the result of one scan[^]*--series/);
    assertFailure(await crystallite("score", folder, at("truth.npy")), 2, /is not a result of crystallite/);
    const again = await crystallite("series", scan, "--out", at("series"), "--threshold", "0.5", "--quiet");
    assertFailure(again, 2, /result of other settings \(expected [^{]*, found [^{]*\)\.\n/);
    assert.match(again.error, /expected threshold 0\.5, /);
    assert.match(again.error, /found threshold 0\.97, /);
    assert.doesNotMatch(again.error, /metric/);
  }));
