import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { assertFailure, crystallite } from "../../support/command_line.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";
import { fileNames, resultFiles, withFolder } from "../../support/folders.ts";

/** All files of a folder with their bytes. */
async function contentOf(folder: string): Promise<Record<string, Uint8Array>> {
  const names = await fileNames(folder);
  return Object.fromEntries(names.map((name) => [name, Deno.readFileSync(join(folder, name))]));
}

Deno.test("cluster writes the whole result and prints a summary that says where the report lies", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder), out = join(folder, "result");
    const { code, out: summary, error } = await crystallite("cluster", scan, "--out", out, ...clusterFlags);
    assert.equal(code, 0, error);
    assert.deepEqual(await fileNames(out), resultFiles);
    for (const word of ["clusters", "R = ", "coverage", "largest", "GB/s"]) {
      assert(summary.includes(word), word);
    }
    assert(summary.includes(join(out, "report.html")));
    assert.match(error, /^similarity: 100 %/m);
    assert.match(error, /^writing \d+ clusters?, about [\d.]+ kB, to /m);
    assert.deepEqual(await fileNames(folder), ["film.npy", "result"]);
    const record = JSON.parse(await Deno.readTextFile(join(out, "run.json")));
    assert.deepEqual(record.command, ["crystallite", "cluster", scan, "--out", out, ...clusterFlags]);
  }));

Deno.test("cluster --json prints one object, --quiet nothing on standard error, and both agree with the text", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder), out = join(folder, "result");
    const flags = ["--out", out, ...clusterFlags, "--json", "--quiet", "--workers", "1", "--memory", "512M"];
    const outcome = await crystallite("cluster", scan, ...flags);
    assert.equal(outcome.code, 0, outcome.error);
    assert.equal(outcome.error, "");
    const result = JSON.parse(outcome.out);
    const record = JSON.parse(await Deno.readTextFile(join(out, "run.json")));
    assert.equal(result.clusters, record.clusters);
    assert.equal(result.reductionRatio, record.reductionRatio);
    assert.equal(result.coveredFraction, record.coveredFraction);
    assert.equal(result.out, out);
    assert(result.clusters >= 2, "the film has three grains");
    assert.deepEqual(result.warnings, record.warnings);
    assert.deepEqual([result.bytesOut, result.timings], [record.bytesOut, record.timings]);
  }));

Deno.test("--export and --average none leave files out", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder), out = join(folder, "result");
    const flags = ["--out", out, ...clusterFlags, "--export", "npy,csv", "--average", "none", "--quiet"];
    const outcome = await crystallite("cluster", scan, ...flags);
    assert.equal(outcome.code, 0, outcome.error);
    const left = resultFiles.filter((name) => /npy|csv|json/.test(name) && name !== "averages.npy");
    assert.deepEqual(await fileNames(out), left);
  }));

Deno.test("an older result is refused without --force, replaced with it, and intact after any failure", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder), out = join(folder, "result");
    const cluster = (path: string, ...flags: string[]) =>
      crystallite("cluster", path, "--out", out, "--quiet", ...flags);
    assert.equal((await cluster(scan, ...clusterFlags)).code, 0);
    const older = await contentOf(out);

    const again = await cluster(scan, ...clusterFlags);
    assert([1, 2].includes(again.code));
    assert.match(again.error, /--force/);
    assert.deepEqual(await contentOf(out), older);

    const truncated = join(folder, "truncated.npy");
    await Deno.writeFile(truncated, (await Deno.readFile(scan)).slice(0, -1000));
    assertFailure(await cluster(truncated, ...clusterFlags, "--force"), 1, /truncated\.npy/);
    assertFailure(
      await cluster(scan, "--threshold", "0.8", "--mask", join(folder, "no.npy"), "--force"),
      1,
      /no\.npy/,
    );
    assertFailure(
      await cluster(scan, ...clusterFlags, "--roi", "0:99,0:9", "--force"),
      2,
      /not inside the scan/,
    );
    assertFailure(await cluster(scan, ...clusterFlags, "--average", "filtered", "--force"), 2, /prefilter/);
    assert.deepEqual(await contentOf(out), older);

    const replaced = await cluster(scan, ...clusterFlags, "--min-size", "1", "--force");
    assert.equal(replaced.code, 0, replaced.error);
    assert.notDeepEqual(Deno.readFileSync(join(out, "run.json")), older["run.json"]);
    assert.deepEqual(await fileNames(folder), ["film.npy", "result", "truncated.npy"]);
  }));

Deno.test("--force never replaces a folder that is not a result, before any work is done", () =>
  withFolder(async (folder) => {
    const out = join(folder, "thesis");
    await Deno.mkdir(out);
    await Deno.writeTextFile(join(out, "chapter.txt"), "all my work");
    // The input is missing, yet the folder is what is complained about: it is looked at first.
    const outcome = await crystallite(
      "cluster",
      "missing.npy",
      "--out",
      out,
      "--threshold",
      "0.9",
      "--force",
    );
    assertFailure(outcome, 2, /thesis exists and is not a result/);
    assert.deepEqual(await fileNames(out), ["chapter.txt"]);
  }));

Deno.test("a map of bad pixels is of the detector before binning", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder);
    const map = new Uint8Array(32 * 32);
    map[5 * 32 + 9] = 1;
    await Deno.writeFile(join(folder, "bad.npy"), encodeNpy("u8", [32, 32], map));
    const flags = [
      "--q-bin",
      "2",
      "--bad-pixels",
      join(folder, "bad.npy"),
      "--threshold",
      "0.9",
      "--average",
      "none",
    ];
    const out = join(folder, "binned");
    const { code, error } = await crystallite("cluster", scan, "--out", out, ...flags);
    assert.equal(code, 0, error);
    const { badPixels } = JSON.parse(await Deno.readTextFile(join(out, "run.json")));
    assert.deepEqual(badPixels.filled, [2 * 16 + 4]);
  }));

Deno.test("masks in files take part, and must fit the scan", () =>
  withFolder(async (folder) => {
    const scan = await writeFilm(folder), out = join(folder, "result");
    const left = Uint8Array.from({ length: 12 * 14 }, (_, probe) => probe % 14 < 7 ? 1 : 0);
    const mask = join(folder, "left.npy");
    await Deno.writeFile(mask, encodeNpy("u8", [12, 14], left));
    const flags = ["--out", out, ...clusterFlags, "--mask", mask, "--json", "--quiet"];
    const outcome = await crystallite("cluster", scan, ...flags);
    assert.equal(outcome.code, 0, outcome.error + outcome.out);
    assert(JSON.parse(outcome.out).coveredFraction <= 0.5);
    const unfit = await crystallite(
      "cluster",
      scan,
      "--out",
      join(folder, "b"),
      ...clusterFlags,
      "--q-mask",
      mask,
    );
    assert.notEqual(unfit.code, 0);
    assert.match(unfit.error, /left\.npy/);
    assert.deepEqual(await fileNames(folder), ["film.npy", "left.npy", "result"]);
  }));
