/** Corrections of tracks on the command line: kept beside the series, undone and redone, written elsewhere. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { readStoredArray } from "../../../library/results/stored_array.ts";
import { assertFailure, crystallite, crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { writeStoredSeries } from "../../support/stored_series.ts";

const tracksJson = (...args: string[]) => crystalliteJson("tracks", ...args);

/** The corrected map as it is written into a new folder. */
async function mapOf(series: string, out: string): Promise<string> {
  const { files } = await tracksJson(series, "--out", out);
  assert.equal(files.length, 7);
  const tracks = readStoredArray(join(out, "tracks.npy"), "i32", [4, 3, 6]) as Int32Array;
  return Array.from(tracks, (track) => track < 0 ? "." : String(track)).join("");
}

Deno.test("corrections are kept, undone, redone and listed; numbers are those before the command", () =>
  withFolder(async (folder) => {
    const series = writeStoredSeries(folder), untouched = await mapOf(series, join(folder, "linked"));
    assert.ok(!Array.from(Deno.readDirSync(series)).some(({ name }) => name === "edits.json"));
    const cut = await tracksJson(series, "--cut", "0@2", "--assign", "3:1=1");
    assert.deepEqual([cut.tracksBefore, cut.tracks, cut.operations, cut.applied], [3, 4, 2, 2]);
    const corrected = await mapOf(series, join(folder, "corrected"));
    assert.equal(
      corrected,
      untouched.slice(0, 36) + untouched.slice(36).replaceAll("0", "3").replaceAll("2", "1"),
    );

    assert.equal((await tracksJson(series, "--undo", "2")).applied, 0);
    assert.equal(await mapOf(series, join(folder, "undone")), untouched);
    const again = await tracksJson(series, "--redo", "2", "--log");
    assert.deepEqual(again.log.operations, [
      { kind: "cut", track: [2, 0, 0] },
      { kind: "assign", region: [3, 2, 4], track: [0, 0, 4] },
    ]);
    assert.equal(await mapOf(series, join(folder, "redone")), corrected);
    const { out: output } = await crystallite("tracks", series, "--undo", "--log");
    assert.match(output, /1 {2}cut the track at \(0, 0\) of frame 2\n2 {2}the region .* \(undone\)\n/);

    // The same log on the same series elsewhere.
    const other = writeStoredSeries(folder, "other");
    await tracksJson(other, "--edits", join(series, "edits.json"), "--redo");
    assert.equal(await mapOf(other, join(folder, "replayed")), corrected);
    await tracksJson(other, "--join", "0,3");
    assert.ok(!(await mapOf(other, join(folder, "joined"))).includes("3"));
  }));

Deno.test("what is not understood, not there or not possible is said, and changes nothing", () =>
  withFolder(async (folder) => {
    const series = writeStoredSeries(folder);
    const cases: readonly [args: string[], message: RegExp][] = [
      [[], /nothing to do/],
      [["--join", "1"], /--join/],
      [["--join", "1,1"], /--join/],
      [["--join", "1,9"], /has no track 9/],
      [["--join", "0,1"], /tracks 0 and 1 are both in frame/],
      [["--cut", "0"], /--cut/],
      [["--cut", "1@2"], /has no track 1 in frame 2 or later/],
      [["--cut", "1@0"], /begins in that frame/],
      [["--assign", "1:0"], /--assign/],
      [["--assign", "0:7=new"], /has no cluster 7 in frame 0/],
      [["--undo"], /cannot undo 1 operation: none can be undone/],
      [["--out", series], /is the series itself/],
    ];
    for (const [args, message] of cases) {
      assertFailure(await crystallite("tracks", series, ...args), 2, message);
      assert.ok(
        !Array.from(Deno.readDirSync(series)).some(({ name }) => name === "edits.json"),
        args.join(" "),
      );
    }
    assertFailure(await crystallite("tracks", folder, "--log"), 2, /is no series/);
    const out = join(folder, "out");
    await mapOf(series, out);
    assertFailure(await crystallite("tracks", series, "--out", out), 1, /exists already/);
    assert.equal((await crystallite("tracks", series, "--out", out, "--force")).code, 0);
  }));

Deno.test("corrected tracks are exported as a graph and as masks, as those of a series are", () =>
  withFolder(async (folder) => {
    const series = writeStoredSeries(folder), out = join(folder, "corrected");
    // What 0 is from frame 2 on becomes track 3, the guest's host.
    const { files } = await tracksJson(series, "--cut", "0@2", "--out", out, "--export", "geff,ctc");
    assert.deepEqual(files.slice(-2), [join(out, "tracks.geff"), join(out, "tracks.ctc")]);
    const labels = Deno.readTextFileSync(join(out, "tracks.ctc", "labels.csv"));
    // Track 2 is not seen in frame 2: its second part is a label of its own.
    assert.equal(labels, "label,track\n1,0\n2,1\n3,2\n4,3\n5,2\n");
    assert.equal(
      Deno.readTextFileSync(join(out, "tracks.ctc", "res_track.txt")),
      "1 0 1 0\n2 0 1 0\n3 1 1 0\n4 2 3 0\n5 3 3 3\n",
    );
    assert.ok(Deno.statSync(join(out, "tracks.ctc", "mask003.tif")).isFile);
    const numbers = (name: string) => {
      const { buffer } = Deno.readFileSync(join(out, "tracks.geff", "nodes", "props", name, "values", "0"));
      return Array.from(new Int32Array(buffer));
    };
    assert.deepEqual([numbers("track").join(""), numbers("t").join("")], ["01012332", "00111233"]);
    const edges = Deno.readFileSync(join(out, "tracks.geff", "edges", "ids", "0.0")).buffer;
    // 0 and 1 go on, 1 goes into 3, 3 and 2 go on.
    assert.deepEqual(
      Array.from(new BigUint64Array(edges), Number).join(" "),
      "0 2 1 3 3 5 5 6 4 7",
    );
    // Both take the place of those before, and of nothing else.
    const again = ["--out", out, "--export", "geff,ctc", "--force"];
    await tracksJson(series, "--join", "0,3", ...again);
    assert.equal(
      Deno.readTextFileSync(join(out, "tracks.ctc", "labels.csv")),
      "label,track\n1,0\n2,1\n3,2\n4,2\n",
    );
    Deno.removeSync(join(out, "tracks.ctc", "res_track.txt"));
    assertFailure(
      await crystallite("tracks", series, ...again),
      1,
      /tracks\.ctc exists and has no res_track/,
    );
    assertFailure(await crystallite("tracks", series, "--log", "--export", "geff"), 2, /--export/);
    assertFailure(await crystallite("tracks", series, "--out", out, "--export", "xml"), 2, /--export/);
  }));
