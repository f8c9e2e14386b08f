import assert from "node:assert/strict";
import { join } from "node:path";
import { crystallite, startCrystallite } from "../../support/command_line.ts";
import { clusterFlags, writeFilm, writeZeros } from "../../support/scan_files.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { slowness } from "../../support/slowness.ts";

/** Far above the second that is promised, so that a busy machine does not fail the test. */
const generousMilliseconds = 5000 * slowness();

/** Large enough that no machine is done before the signal comes. */
const large = { rows: 2048, columns: 1024, patternRows: 64, patternColumns: 64 };

/** Interrupts a command when it shows a text; asserts that it stops, in time, as interrupted. */
async function assertInterruptible(signal: Deno.Signal, when: RegExp, ...args: string[]): Promise<void> {
  const running = startCrystallite(...args);
  await running.shown(when);
  const sent = performance.now();
  running.kill(signal);
  const { code, out, error } = await running.outcome;
  const waited = performance.now() - sent;
  assert.equal(code, 130, error);
  assert.equal(out, "");
  assert.match(error, /the run was cancelled/);
  assert.doesNotMatch(error, /^\s+at /m);
  assert(waited < generousMilliseconds, `it took ${waited} ms to stop`);
}

Deno.test("Ctrl-C ends a clustering run, leaves nothing behind and an older result intact", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), out = join(folder, "result");
    assert.equal((await crystallite("cluster", film, "--out", out, ...clusterFlags, "--quiet")).code, 0);
    const older = await Deno.readFile(join(out, "run.json"));
    const zeros = await writeZeros(folder, large);
    const flags = ["--out", out, "--force", "--threshold", "0", "--bad-pixels", "none", "--workers", "1"];
    await assertInterruptible("SIGINT", /similarity: \d+ %/, "cluster", zeros, ...flags);
    assert.deepEqual(await fileNames(folder), ["film.npy", "result", "zeros.npy"]);
    assert.deepEqual(await Deno.readFile(join(out, "run.json")), older);
  }));

Deno.test("SIGTERM in the middle of a filtered file removes what was written", () =>
  withFolder(async (folder) => {
    const zeros = await writeZeros(folder, { ...large, rows: 64 });
    const out = join(folder, "filtered.npy");
    await Deno.writeTextFile(out, "older");
    const flags = ["--out", out, "--force", "--bad-pixels", "none"];
    await assertInterruptible("SIGTERM", /prefilter: 100 %/, "filter", zeros, ...flags);
    assert.deepEqual(await fileNames(folder), ["filtered.npy", "zeros.npy"]);
    assert.equal(await Deno.readTextFile(out), "older");
  }));

Deno.test("Ctrl-C ends a conversion and removes what was written, file or folder", () =>
  withFolder(async (folder) => {
    const zeros = await writeZeros(folder, large);
    for (const name of ["scan.h5", "scan.zspy", "scan.npy"]) {
      await assertInterruptible("SIGINT", /convert: \d+ %/, "convert", zeros, "--out", join(folder, name));
      assert.deepEqual(await fileNames(folder), ["zeros.npy"]);
    }
  }));

Deno.test("Ctrl-C ends a simulation and leaves no half-written scan", () =>
  withFolder(async (folder) => {
    const flags = ["--out", join(folder, "scan.npy"), "--rows", "4096", "--columns", "64"];
    await assertInterruptible("SIGINT", /simulation: \d+ %/, "simulate", ...flags);
    assert.deepEqual(await fileNames(folder), []);
  }));

Deno.test("--json says that a run was cancelled", () =>
  withFolder(async (folder) => {
    const flags = ["--out", join(folder, "scan.npy"), "--rows", "4096", "--columns", "64", "--json"];
    const running = startCrystallite("simulate", ...flags);
    await running.shown(/simulation/);
    running.kill("SIGINT");
    const { code, out } = await running.outcome;
    assert.equal(code, 130);
    assert.equal(JSON.parse(out).error.kind, "Aborted");
  }));
