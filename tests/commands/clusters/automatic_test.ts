/** What the command line says of choices that the program makes by itself. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { readResult } from "../../../library/results/read.ts";
import { crystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { writeFilm } from "../../support/scan_files.ts";

const automatic = ["--threshold", "auto", "--blur", "1", "--average", "none"];

Deno.test("an automatic threshold is shown with a plot on standard error and named in the summary", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder), out = join(folder, "result");
    const { code, out: summary, error } = await crystallite("cluster", scan, "--out", out, ...automatic);
    assert.equal(code, 0, error);
    assert.match(error, /^entropy of the cluster sizes over the threshold; applied: [\d.]+$/m);
    assert.match(error, /^ +0 -*\^-*$/m);
    assert.match(error, /^ clusters +\d/m);
    const [, threshold] = /^threshold +([\d.]+), chosen by the sizes of the clusters$/m.exec(summary)!;
    const { run } = await readResult(out);
    assert.ok(Math.abs(run.settled.threshold! - Number(threshold)) < 1e-7);
    assert.equal(run.evidence!.best.threshold, run.settled.threshold);
    assert.match(await Deno.readTextFile(join(out, "report.html")), /<svg class="evidence"/);
  }));

Deno.test("no plot comes with --quiet, with --json, or with a number; quantiles are named as such", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder);
    const run = (name: string, ...flags: string[]) =>
      crystallite("cluster", scan, "--out", join(folder, name), "--export", "npy", ...flags);
    const quiet = await run("quiet", ...automatic, "--quiet");
    assert.deepEqual([quiet.code, quiet.error], [0, ""]);
    const json = await run("json", ...automatic, "--json");
    assert.equal(json.code, 0, json.error);
    assert.doesNotMatch(json.error, /entropy/);
    const record = JSON.parse(await Deno.readTextFile(join(folder, "json", "run.json")));
    assert.equal(JSON.parse(json.out).threshold, record.settled.threshold);
    const number = await run("number", "--threshold", "0.9", "--average", "none");
    assert.doesNotMatch(number.error, /entropy/);
    assert.doesNotMatch(number.out, /^threshold/m);
    const quantile = await run("quantile", "--threshold", "q0.25", "--average", "none");
    assert.match(quantile.error, /entropy/);
    assert.match(quantile.out, /^threshold +[\d.]+, quantile 0\.25 of the similarities$/m);
  }));

Deno.test("regions come with stability and background, in the summary, as JSON and in the report", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder), out = join(folder, "result");
    const flags = ["--preset", "auto", "--average", "none", "--export", "npy,csv,html", "--force"];
    const text = await crystallite("cluster", scan, "--out", out, ...flags);
    assert.equal(text.code, 0, text.error);
    assert.match(text.out, /^stability +[\d.]+ of 1: (half of the electrons|some boundaries|do not rely)/m);
    assert.match(text.out, /^background +(none )?found/m);
    assert.doesNotMatch(text.error, /entropy of/);
    const json = await crystallite("cluster", scan, "--out", out, ...flags, "--json");
    const plain = JSON.parse(json.out), { run, regions } = await readResult(out);
    assert.equal(plain.threshold, null);
    assert.equal(plain.stability, run.regions!.stability);
    assert.deepEqual(plain.background, run.background);
    assert.deepEqual(Object.keys(plain.background).sort(), [
      "coverage",
      "doubtful",
      "present",
      "ratio",
      "valley",
    ]);
    assert.equal(regions!.margin.length, run.shape.rows * run.shape.columns);
    assert.match(await Deno.readTextFile(join(out, "report.html")), /<h2>How far to trust this<\/h2>/);
  }));
