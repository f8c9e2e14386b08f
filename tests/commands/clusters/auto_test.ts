/** `cluster --preset auto` as a user runs it: no parameter, everything about trust in the result, reproducible, editable. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { readResult } from "../../../library/results/read.ts";
import { crystallite } from "../../support/command_line.ts";
import { fileNames, resultFiles, withFolder } from "../../support/folders.ts";
import { writeFilm } from "../../support/scan_files.ts";

const trustFiles = ["margin.npy", "mixture_clusters.npy", "mixture_fractions.npy"];

Deno.test("--preset auto needs no parameter, says how far to trust it, and gives the same bytes again", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), out = join(folder, "out"), again = join(folder, "again");
    const run = await crystallite(
      "cluster",
      film,
      "--out",
      out,
      "--preset",
      "auto",
      "--json",
      "--workers",
      "1",
    );
    assert.equal(run.code, 0, run.error);
    const { clusters } = JSON.parse(run.out);
    assert.equal(clusters, 3);
    assert.deepEqual(await fileNames(out), [...resultFiles, ...trustFiles].sort());
    const record = JSON.parse(await Deno.readTextFile(join(out, "run.json")));
    assert.equal(record.parameters.method, "regions");
    assert.equal(record.settled.threshold, null);
    assert.ok(record.settled.blur > 0 && record.settled.detectorMask.kind === "outside");
    assert.ok(record.regions.stability > 0.9 && record.regions.mixedProbes > 0);
    assert.equal(typeof record.background.present, "boolean");
    const second = await crystallite(
      ...["cluster", film, "--out", again, "--preset", "auto", "--workers", "2", "--quiet"],
    );
    assert.equal(second.code, 0, second.error);
    for (const name of (await fileNames(out)).filter((file) => /\.(npy|csv|png)$/.test(file))) {
      assert.deepEqual(await Deno.readFile(join(again, name)), await Deno.readFile(join(out, name)), name);
    }
  }));

Deno.test("without preset, threshold and method --preset auto holds, which is said, recorded, and overridden by flags", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder);
    const cluster = async (name: string, ...flags: string[]) => {
      const run = await crystallite("cluster", film, "--out", join(folder, name), ...flags);
      assert.equal(run.code, 0, run.error);
      return { error: run.error, run: (await readResult(join(folder, name))).run };
    };
    const named = await cluster("named", "--preset", "auto"), bare = await cluster("bare");
    assert.match(bare.error, /^without --preset, --threshold or --method: --preset auto/m);
    assert.doesNotMatch(named.error, /without --preset/);
    assert.deepEqual(bare.run.parameters, named.run.parameters);
    assert.deepEqual(bare.run.command.slice(-2), ["--preset", "auto"]);
    assert.deepEqual(
      await Deno.readFile(join(folder, "bare", "labels.npy")),
      await Deno.readFile(join(folder, "named", "labels.npy")),
    );
    const blurred = await cluster("blurred", "--blur", "2", "--average", "none");
    assert.match(blurred.error, /--preset auto/);
    assert.deepEqual([blurred.run.parameters.method, blurred.run.parameters.blur], ["regions", 2]);
    const quiet = await cluster("quiet", "--quiet");
    assert.equal(quiet.error, "");
    const growth = await cluster("growth", "--threshold", "0.9");
    assert.doesNotMatch(growth.error, /without --preset/);
    assert.equal(growth.run.parameters.method, "growth");
  }));

Deno.test("a result of --preset auto can be edited, and undone to the byte", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), out = join(folder, "out");
    const run = await crystallite("cluster", film, "--out", out, "--preset", "auto", "--quiet");
    assert.equal(run.code, 0, run.error);
    const before = await Deno.readFile(join(out, "labels.npy"));
    const edited = await crystallite("edit", out, "--merge", "0,1", "--quiet");
    assert.equal(edited.code, 0, edited.error);
    assert.equal((await readResult(out)).clusters.length, 2);
    const undone = await crystallite("edit", out, "--undo", "--quiet");
    assert.equal(undone.code, 0, undone.error);
    // Numbers follow the seeds once there was an edit, as those of growth do.
    const { clusters, forest, regions } = await readResult(out), margin = regions?.margin;
    assert.equal(clusters.length, 3);
    assert.ok(forest && margin);
    assert.equal((await Deno.readFile(join(out, "labels.npy"))).length, before.length);
  }));

Deno.test("--threshold auto prints why, writes it down, and equals the number it chose", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), flags = ["--blur", "1", "--q-mask", "outside:4"];
    const auto = await crystallite(
      ...["cluster", film, "--out", join(folder, "auto"), ...flags, "--threshold", "auto"],
    );
    assert.equal(auto.code, 0, auto.error);
    assert.match(auto.error, /entropy/);
    const { settled, evidence } = JSON.parse(await Deno.readTextFile(join(folder, "auto", "run.json")));
    assert.equal(Math.fround(evidence.best.threshold), Math.fround(settled.threshold));
    const fixed = await crystallite(
      ...[
        "cluster",
        film,
        "--out",
        join(folder, "fixed"),
        ...flags,
        "--threshold",
        String(settled.threshold),
      ],
    );
    assert.equal(fixed.code, 0, fixed.error);
    for (const name of ["labels.npy", "averages.npy"]) {
      assert.deepEqual(
        await Deno.readFile(join(folder, "fixed", name)),
        await Deno.readFile(join(folder, "auto", name)),
      );
    }
  }));

Deno.test("automatic choices that cannot be are wrong usage with a remedy", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), out = join(folder, "out");
    const cases = [
      ["--preset", "py4dstem", "--threshold", "auto"],
      ["--threshold", "q1.5"],
      ["--threshold", "automatic"],
      ["--threshold", "0.9", "--blur", "aut"],
      ["--method", "watershed"],
    ];
    for (const flags of cases) {
      const { code, error } = await crystallite("cluster", film, "--out", out, ...flags);
      assert.equal(code, 2, `${flags.join(" ")}: ${error}`);
    }
  }));
