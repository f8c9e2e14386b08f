import assert from "node:assert/strict";
import { join } from "node:path";
import { readResult } from "../../../library/results/read.ts";
import { assertFailure, crystallite, crystalliteJson, startCrystallite } from "../../support/command_line.ts";
import { fileNames, resultFiles, withFolder } from "../../support/folders.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";

const editedFiles = [...resultFiles, "base_labels.npy", "edits.json"].sort();

/** A film clustered into `result`, with four clusters or more. */
async function clusterFilm(folder: string, ...more: string[]): Promise<{ scan: string; out: string }> {
  const scan = await writeFilm(folder), out = join(folder, "result");
  const { code, error } = await crystallite(
    "cluster",
    scan,
    "--out",
    out,
    "--quiet",
    ...clusterFlags,
    ...more,
  );
  assert.equal(code, 0, error);
  return { scan, out };
}

/** The files of a result whose bytes depend on nothing but the data. */
async function dataOf(out: string): Promise<Record<string, Uint8Array>> {
  const names = (await fileNames(out)).filter((name) => /\.(npy|csv|png)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, Deno.readFileSync(join(out, name))]));
}

const editJson = (...args: string[]) => crystalliteJson("edit", ...args);

const firstProbe = (labels: Int32Array, id: number, columns: number) => {
  const probe = labels.indexOf(id);
  return `${Math.floor(probe / columns)},${probe % columns}`;
};

Deno.test("edits change every file that follows from the labels, undo brings every byte back, redo every edit", () =>
  withFolder(async (folder) => {
    const { out } = await clusterFilm(folder);
    const before = await readResult(out), { columns } = before.shape;
    const original = await dataOf(out);
    assert(before.clusters.length >= 3);

    const merged = await editJson(out, "--merge", "1,0");
    assert.equal(merged.clusters, before.clusters.length - 1);
    assert.equal(merged.clustersBefore, before.clusters.length);
    assert.deepEqual(await fileNames(out), editedFiles);
    assert.deepEqual(await fileNames(folder), ["film.npy", "result"]);
    const stored = await readResult(out);
    assert.equal(stored.clusters[0].size, before.clusters[0].size + before.clusters[1].size);
    assert.deepEqual(stored.edits?.baseLabels, before.labels);
    assert.deepEqual(stored.run.parameters, before.run.parameters);
    assert.deepEqual(stored.run.input, before.run.input);
    assert.deepEqual(stored.run.edits, { operations: 1, applied: 1 });

    const probe = firstProbe(stored.labels, 1, columns);
    const flags = ["--assign", `${probe}=new`, "--exclude", "0"];
    assert.equal((await editJson(out, ...flags)).clusters, stored.clusters.length);
    const third = await dataOf(out);
    const undone = await editJson(out, "--undo", "3", "--log");
    assert.equal(undone.applied, 0);
    assert.deepEqual(undone.log.operations.map(({ kind }: { kind: string }) => kind), [
      "merge",
      "assign",
      "exclude",
    ]);
    const { "base_labels.npy": base, ...rest } = await dataOf(out);
    assert.deepEqual(rest, original);
    assert.deepEqual(base, original["labels.npy"]);
    await editJson(out, "--redo", "--redo", "2");
    assert.deepEqual(await dataOf(out), third);
  }));

Deno.test("a merged average is the mean of the averages weighted with their sizes", () =>
  withFolder(async (folder) => {
    const { out } = await clusterFilm(folder);
    const { clusters } = await readResult(out);
    const averagesOf = async () => {
      const bytes = await Deno.readFile(join(out, "averages.npy"));
      return new Float32Array(bytes.slice(10 + bytes[8] + 256 * bytes[9]).buffer);
    };
    const apart = await averagesOf(), pixels = 32 * 32;
    await editJson(out, "--merge", "0,1");
    const joined = await averagesOf();
    assert.equal(joined.length, apart.length - pixels);
    const [one, other] = clusters.map(({ size }) => size);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const expected = (one * apart[pixel] + other * apart[pixels + pixel]) / (one + other);
      assert(Math.abs(joined[pixel] - expected) <= 1e-5 * Math.max(1, expected));
    }
  }));

Deno.test("cluster --edits gives the edited result in one command, and run.json holds that command", () =>
  withFolder(async (folder) => {
    const { out } = await clusterFilm(folder);
    await editJson(out, "--merge", "0,1", "--exclude", "2", "--undo");
    const { run } = await readResult(out);
    assert.deepEqual(run.command.slice(-2), ["--edits", join(out, "edits.json")]);
    const again = join(folder, "again");
    const command = run.command.slice(1).map((word) => word === out ? again : word);
    const { code, error } = await crystallite(...command);
    assert.equal(code, 0, error);
    assert.deepEqual(await dataOf(again), await dataOf(out));
    assert.deepEqual(
      await Deno.readFile(join(again, "edits.json")),
      await Deno.readFile(join(out, "edits.json")),
    );
    const record = JSON.parse(await Deno.readTextFile(join(again, "run.json")));
    assert.deepEqual(record.edits, { operations: 2, applied: 1 });
    assert.match(await Deno.readTextFile(join(again, "report.html")), /1 correction/);
    // Editing further replaces the log that is replayed.
    await editJson(again, "--undo");
    const { command: words } = JSON.parse(await Deno.readTextFile(join(again, "run.json")));
    assert.deepEqual(words.filter((word: string) => word.includes("edits")), [
      "--edits",
      join(again, "edits.json"),
    ]);
  }));

Deno.test("filtered averages, dark fields and masks from files survive an edit and its undoing", () =>
  withFolder(async (folder) => {
    const prefilter = ["--prefilter", "--prefilter-edge", "2", "--prefilter-range", "0.5,0.9"];
    const { out } = await clusterFilm(folder, ...prefilter, "--average", "filtered", "--mask", "virtual");
    const original = await dataOf(out);
    assert("dark_field.npy" in original);
    await editJson(out, "--exclude", "0");
    const { "base_labels.npy": _, ...rest } = (await editJson(out, "--undo"), await dataOf(out));
    assert.deepEqual(rest, original);

    const kept = join(folder, "kept"), mask = join(folder, "result", "mask.npy");
    const copy = join(folder, "mask.npy");
    await Deno.copyFile(mask, copy);
    const flags = ["--mask", copy, "--bad-pixels", "none", "--quiet"];
    const film = join(folder, "film.npy");
    assert.equal((await crystallite("cluster", film, "--out", kept, ...clusterFlags, ...flags)).code, 0);
    const before = await readResult(kept);
    await Deno.remove(copy);
    await editJson(kept, "--exclude", "0");
    assert.deepEqual((await readResult(kept)).run.parameters, before.run.parameters);
  }));

Deno.test("without its scan a result is edited only by --no-averages or with --scan, and nothing is changed before", () =>
  withFolder(async (folder) => {
    const { scan, out } = await clusterFilm(folder);
    const original = await dataOf(out);
    const moved = join(folder, "moved.npy");
    await Deno.rename(scan, moved);
    assertFailure(
      await crystallite("edit", out, "--merge", "0,1", "--quiet"),
      1,
      /averages need the scan[^]*--scan FILE[^]*--no-averages/,
    );
    const other = join(folder, "other.npy");
    const bytes = await Deno.readFile(moved);
    bytes[bytes.length - 1]++;
    await Deno.writeFile(other, bytes);
    assertFailure(
      await crystallite("edit", out, "--merge", "0,1", "--scan", other, "--quiet"),
      2,
      /other\.npy is not the scan/,
    );
    assert.deepEqual(await dataOf(out), original);

    const dropped = await editJson(out, "--merge", "0,1", "--no-averages");
    assert.match(dropped.warnings.join(), /--no-averages/);
    assert(!(await fileNames(out)).includes("averages.npy"));
    const found = await editJson(out, "--undo", "--scan", moved);
    assert.doesNotMatch(found.warnings.join(), /--no-averages/);
    const { "base_labels.npy": _, ...rest } = await dataOf(out);
    assert.deepEqual(rest, original);
    const record = JSON.parse(await Deno.readTextFile(join(out, "run.json")));
    assert.equal(record.input.path, moved);
    assert(record.input.checksum.value);
    await editJson(out, "--redo");
  }));

Deno.test("ids are those of the map before the command, whatever stands before them on the line", () =>
  withFolder(async (folder) => {
    const { out } = await clusterFilm(folder, "--average", "none");
    const { clusters, labels, shape: { columns } } = await readResult(out);
    assert(clusters.length >= 3);
    await editJson(out, "--exclude", "0", "--exclude", "1");
    const after = await readResult(out);
    assert.deepEqual(after.clusters.map(({ size }) => size), clusters.slice(2).map(({ size }) => size));
    await editJson(out, "--undo", "2");

    const { seed } = clusters[1];
    const lost = await crystallite("edit", out, "--assign", `${seed.row},${seed.column}=0`, "--exclude", "1");
    assertFailure(lost, 2, /cluster 1 has lost its seed/);
    const probe = firstProbe(labels, 1, columns);
    await editJson(out, "--assign", `${probe}=0`);
    const row = Number(probe.split(",")[0]), column = Number(probe.split(",")[1]);
    const moved = await readResult(out);
    const first = clusters[0].seed;
    assert.equal(
      moved.labels[row * columns + column],
      moved.labels[first.row * columns + first.column],
    );
  }));

Deno.test("a split undoes a merge", () =>
  withFolder(async (folder) => {
    const { out } = await clusterFilm(folder);
    const original = await dataOf(out);
    await editJson(out, "--merge", "0,1", "--split", "1");
    const { "base_labels.npy": _, ...rest } = await dataOf(out);
    assert.deepEqual(rest, original);
  }));

Deno.test("edits that cannot be are wrong usage and leave the result as it is", () =>
  withFolder(async (folder) => {
    const { out } = await clusterFilm(folder, "--average", "none", "--min-size", "4");
    const original = await dataOf(out);
    const cases: [string[], RegExp][] = [
      [[], /nothing to edit/],
      [["--merge", "3"], /--merge does not understand "3"/],
      [["--merge", "3,3"], /different ids/],
      [["--merge", "0,99"], /has no cluster 99/],
      [["--merge", "a,b"], /--merge does not understand/],
      [["--split", "-1"], /--split/],
      [["--split", "99"], /has no cluster 99/],
      [["--exclude", "1.5"], /--exclude does not understand/],
      [["--exclude", "0", "--exclude", "0"], /edit 2 \(exclude.*no cluster is at/],
      [["--assign", "0,0"], /--assign does not understand/],
      [["--assign", "=new"], /--assign does not understand/],
      [["--assign", "0,0,0=new"], /--assign does not understand/],
      [["--assign", "0,0=old"], /--assign does not understand/],
      [["--assign", "0,0=1=2"], /--assign does not understand/],
      [["--assign", "0,99=none"], /edit 1 \(assign probe \(0, 99\) to none\).*not in the scan/],
      [["--assign", "0,0=99"], /has no cluster 99/],
      [["--undo"], /cannot undo 1 operation: none can be undone/],
      [["--redo", "2"], /cannot redo 2/],
      [["--undo", "0"], /--undo does not understand "0"/],
    ];
    for (const [flags, message] of cases) {
      assertFailure(await crystallite("edit", out, ...flags, "--quiet"), 2, message);
    }
    assertFailure(await crystallite("edit", folder, "--undo"), 2, /not a result of crystallite/);
    assert.deepEqual(await dataOf(out), original);
    assert.deepEqual(await fileNames(folder), ["film.npy", "result"]);
  }));

Deno.test("--log lists the edits and changes nothing", () =>
  withFolder(async (folder) => {
    const { out } = await clusterFilm(folder, "--average", "none");
    await editJson(out, "--exclude", "0", "--assign", "0,0=new", "--undo");
    const record = await Deno.readFile(join(out, "run.json"));
    const { code, out: text } = await crystallite("edit", out, "--log");
    assert.equal(code, 0);
    assert.match(
      text,
      /^1 {2}exclude the cluster at \(\d+, \d+\)\n2 {2}assign probe \(0, 0\) to a new cluster {2}\(undone\)\n/,
    );
    assert.deepEqual(await Deno.readFile(join(out, "run.json")), record);
  }));

Deno.test("damaged logs and records are refused in words, and the result stays", () =>
  withFolder(async (folder) => {
    const { out } = await clusterFilm(folder, "--average", "none");
    await editJson(out, "--exclude", "0");
    const read = (name: string) => Deno.readTextFile(join(out, name));
    const log = await read("edits.json"), record = await read("run.json");
    const cases: [string, string, RegExp][] = [
      ["edits.json", "", /edits\.json is not an edit log/],
      ["edits.json", "[1, 2", /edits\.json is not an edit log/],
      ["edits.json", log.replace('"cursor": 1', '"cursor": 9'), /cursor/],
      ["edits.json", log.replace('"cursor": 1', '"cursor": 0'), /do not belong together: the edits differ/],
      ["edits.json", log.replace("exclude", "explode"), /operation 1/],
      [
        "run.json",
        record.replace('"average": "none"', '"average": "all"'),
        /no sensible parameters\.average/,
      ],
      ["run.json", record.replace('"minimumSize": 4', '"minimumSize": "4"'), /no sensible parameters/],
      [
        "run.json",
        record.replace('"filled": [', '"filled": [-1,'),
        /no sensible badPixels\.filled\[0\] \(expected a pixel from 0 to 1023, found -1\)/,
      ],
      ["run.json", record.replace('"files": [', '"files": [3,'), /does not list the files/],
      [
        "run.json",
        record.replace('"comparison": {', '"comparison": 3, "before": {'),
        /no sensible comparison/,
      ],
    ];
    for (const [name, text, message] of cases) {
      const good = await read(name);
      assert.notEqual(text, good);
      await Deno.writeTextFile(join(out, name), text);
      const outcome = await crystallite("edit", out, "--undo", "--quiet");
      assert.notEqual(outcome.code, 0);
      assert.match(outcome.error, message);
      assert.doesNotMatch(outcome.error, /bug|^\s+at /m, outcome.error);
      assert.equal(await read(name), text);
      await Deno.writeTextFile(join(out, name), good);
    }
    const bad = join(folder, "bad.json");
    await Deno.writeTextFile(bad, '{"version": 1}');
    const replay = ["cluster", join(folder, "film.npy"), "--out", join(folder, "b"), ...clusterFlags];
    assertFailure(await crystallite(...replay, "--edits", bad, "--quiet"), 1, /bad\.json is not an edit log/);
    assertFailure(
      await crystallite(...replay, "--edits", join(folder, "no"), "--quiet"),
      1,
      /does not exist/,
    );
    assert.deepEqual(await fileNames(folder), ["bad.json", "film.npy", "result"]);
  }));

Deno.test("files of others in the result stop an edit, and Ctrl-C leaves the old result", () =>
  withFolder(async (folder) => {
    const { out } = await clusterFilm(folder);
    const original = await dataOf(out);
    await Deno.writeTextFile(join(out, "notes.txt"), "mine");
    assertFailure(await crystallite("edit", out, "--exclude", "0", "--quiet"), 2, /notes\.txt/);
    await Deno.remove(join(out, "notes.txt"));
    const running = startCrystallite("edit", out, "--exclude", "0");
    await running.shown(/averages: /);
    running.kill("SIGINT");
    const { code } = await running.outcome;
    const { "base_labels.npy": base, ...rest } = await dataOf(out);
    // The run may have been over when the signal came; then it is the new result, whole.
    if (code === 130) assert.deepEqual(rest, original);
    else assert.deepEqual(base, original["labels.npy"]);
    assert.deepEqual(await fileNames(folder), ["film.npy", "result"]);
  }));
