/** A scan in parts on the command line: what is written, what is kept, and what is refused. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { assertFailure, crystallite, crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";

/** Files whose bytes say nothing of when or where they were made. */
function comparable(result: string): string[] {
  return Array.from(Deno.readDirSync(result), ({ name }) => name).filter((name) =>
    /\.(npy|csv|png)$/.test(name)
  )
    .sort();
}

function assertSameResult(one: string, other: string): void {
  const names = comparable(one);
  assert.ok(names.includes("averages.npy") && names.includes("labels.npy"));
  assert.deepEqual(comparable(other), names);
  for (const name of names) {
    assert.deepEqual(Deno.readFileSync(join(one, name)), Deno.readFileSync(join(other, name)), name);
  }
}

Deno.test("parts and averages of parts are merged to the result of one run", async () => {
  await withFolder(async (folder) => {
    const film = await writeFilm(folder), at = (name: string) => join(folder, name);
    const plan = await crystalliteJson(
      "plan",
      film,
      ...clusterFlags,
      "--parts",
      "2",
      "--out",
      at("plan.json"),
    );
    assert.deepEqual(plan.rows, [[0, 6], [6, 12]]);
    assert.ok(plan.partMemory > 1e8 && plan.partBytes === 7 * 14 * 32 * 32 * 2);
    const cluster = (
      rows: string,
      part: string,
    ) => ["cluster", film, "--plan", at("plan.json"), "--rows", rows, "--part", at(part)];
    const [first, second] = await Promise.all([
      crystalliteJson(...cluster("0:6", "parts/a"), "--workers", "1"),
      crystalliteJson(...cluster("6:12", "parts/b"), "--workers", "2"),
    ]);
    assert.deepEqual([first.rowsRead, second.rowsRead, first.made], [[0, 7], [6, 12], true]);
    // A part that is whole is not made again.
    assert.equal((await crystalliteJson(...cluster("0:6", "parts/a"))).made, false);

    const labels = await crystalliteJson(
      "merge",
      at("parts/b"),
      at("parts/a"),
      "--labels",
      at("parts/labels"),
    );
    const average = (rows: string, part: string) =>
      crystalliteJson(
        ...["average", film, "--plan", at("plan.json"), "--labels", at("parts/labels")],
        ...["--rows", rows, "--part", at(part)],
      );
    const averaged = await Promise.all([
      average("0:6", "parts/averages-a"),
      average("6:12", "parts/averages-b"),
    ]);
    assert.equal(averaged[0].clusters + averaged[1].clusters, labels.clusters);
    const parts = ["a", "b", "averages-a", "averages-b"].map((name) => at(`parts/${name}`));
    const [whole, inParts, alone] = await Promise.all([
      crystalliteJson("cluster", film, ...clusterFlags, "--out", at("whole")),
      crystalliteJson("merge", ...parts, "--out", at("merged")),
      crystalliteJson("merge", ...parts.slice(0, 2), "--out", at("alone")),
    ]);
    assert.deepEqual([inParts.clusters, inParts.parts, inParts.averagesInParts], [whole.clusters, 2, 2]);
    assert.equal(alone.averagesInParts, 0);
    assertSameResult(at("whole"), at("merged"));
    assertSameResult(at("whole"), at("alone"));
  });
});

Deno.test("missing, broken, overlapping and foreign parts are named, with what to do", async () => {
  await withFolder(async (folder) => {
    const film = await writeFilm(folder), at = (name: string) => join(folder, name);
    const plan = (out: string, ...flags: string[]) =>
      crystalliteJson("plan", film, ...clusterFlags, ...flags, "--parts", "3", "--out", at(out));
    const part = (rows: string, name: string, from = "plan.json") =>
      crystalliteJson("cluster", film, "--plan", at(from), "--rows", rows, "--part", at(name));
    await Promise.all([plan("plan.json"), plan("other.json", "--min-size", "9")]);
    await Promise.all([
      ...[part("0:4", "p/one"), part("4:8", "p/two"), part("8:12", "p/three")],
      ...[part("3:8", "p/wide"), part("8:12", "p/foreign", "other.json")],
    ]);
    const merge = (...names: string[]) =>
      crystallite("merge", ...names.map((name) => at(`p/${name}`)), "--out", at("result"), "--quiet");
    const [missing, gone, overlap, foreign] = await Promise.all([
      merge("one", "three"),
      merge("one", "nowhere", "three"),
      merge("one", "wide", "three"),
      merge("one", "two", "foreign"),
    ]);
    assertFailure(missing, 1, /1 of the parts with similarities is missing or broken/);
    assert.match(
      missing.error,
      /crystallite cluster \S+film\.npy --plan \S+plan\.json --rows 4:8 --part \S+p\/similarities-4-8/,
    );
    assertFailure(gone, 1, /nowhere: it is not there/);
    assertFailure(overlap, 2, /one and \S+wide overlap .*0:4 and 3:8/);
    assertFailure(foreign, 2, /made by different plans/);

    const array = at("p/two/similarity.npy"), bytes = await Deno.readFile(array);
    bytes[bytes.length - 5] ^= 1;
    await Deno.writeFile(array, bytes);
    assertFailure(await merge("one", "two", "three"), 1, /similarity\.npy is not as it was written/);
    // The same command makes it again.
    assert.equal((await part("4:8", "p/two")).made, true);
    const merged = await merge("one", "two", "three");
    assert.equal(merged.code, 0, merged.error);

    const record = at("p/two/part.json");
    await Deno.writeTextFile(
      record,
      (await Deno.readTextFile(record)).replace(/"version": "[^"]+"/, '"version": "0.0.0"'),
    );
    await Deno.remove(at("result"), { recursive: true });
    assertFailure(await merge("one", "two", "three"), 2, /another version of crystallite/);
  });
});

Deno.test("what does not fit a plan is refused before any work", async () => {
  await withFolder(async (folder) => {
    const film = await writeFilm(folder), at = (name: string) => join(folder, name);
    await crystalliteJson("plan", film, ...clusterFlags, "--out", at("plan.json"));
    const part = ["--plan", at("plan.json"), "--rows", "0:12", "--part", at("part")];
    const changed = at("changed.npy"), bytes = await Deno.readFile(film);
    bytes[bytes.length - 1] ^= 1;
    await Deno.writeFile(changed, bytes);
    const edited = JSON.parse(await Deno.readTextFile(at("plan.json")));
    edited.detector.center.row += 1;
    await Deno.writeTextFile(at("edited.json"), JSON.stringify(edited));
    const run = (...args: string[]) => crystallite("cluster", ...args, "--quiet");
    const [flag, rows, other, forged, bare, neither] = await Promise.all([
      run(film, ...part, "--blur", "2"),
      run(film, "--plan", at("plan.json"), "--rows", "4:40", "--part", at("part")),
      run(changed, ...part),
      run(film, "--plan", at("edited.json"), "--rows", "0:12", "--part", at("part")),
      run(film, "--rows", "0:12"),
      crystallite("merge", at("part"), "--quiet"),
    ]);
    assertFailure(flag, 2, /--blur has no place beside --plan/);
    assertFailure(rows, 2, /rows 4:40 are not inside the scan/);
    assertFailure(other, 2, /changed\.npy is not the scan that the plan was made for/);
    assertFailure(forged, 1, /edited\.json is not a plan .*one that was changed/);
    assertFailure(bare, 2, /--plan FILE is missing/);
    assertFailure(neither, 2, /give either --out or --labels/);
    await Deno.mkdir(at("mine"));
    await Deno.writeTextFile(at("mine/notes.txt"), "mine");
    const mine = await run(film, "--plan", at("plan.json"), "--rows", "0:12", "--part", at("mine"));
    assertFailure(mine, 1, /mine is there already and is no part of a scan/);
    assert.equal(await Deno.readTextFile(at("mine/notes.txt")), "mine");
  });
});
