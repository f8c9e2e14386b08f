/** Inputs of a series that are no scans: one sentence for all, before anything is clustered. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { linkingOf, readFrameValues } from "../../../commands/series/series_options.ts";
import { refuseResults, tellUnreadable } from "../../../commands/series/unreadable.ts";
import { errorInFlags } from "../../../library/report/flag_names.ts";
import { CorruptFile, CrystalliteError, ShapeUnknown } from "../../../library/scan/errors.ts";
import { listFrames, scansInOrder } from "../../../library/formats/series_frames.ts";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { assertFailure, crystallite, crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { frameSide, movingWindow, patternSide } from "../../support/moving_series.ts";

Deno.test("a result, or a series of results, is not taken for a folder of scans", () =>
  withFolder(async (folder) => {
    const scans = join(folder, "scans"), scan = join(scans, "scan.npy"), out = join(folder, "out");
    Deno.mkdirSync(scans);
    const [frame] = movingWindow().frames;
    Deno.writeFileSync(scan, encodeNpy("u16", [frameSide, frameSide, patternSide, patternSide], frame));
    await refuseResults([folder, scans, scan, join(folder, "missing")]);
    await crystalliteJson("series", scans, "--out", out, "--preset", "auto", "--workers", "1");
    const other = ["--out", join(folder, "other"), "--preset", "auto"];
    const result = await crystallite("series", join(out, "frames", "0000"), ...other);
    assertFailure(result, 2, /^error: .*0000 is the result of a scan, not a folder of scans/);
    const series = await crystallite("series", scan, out, ...other);
    assertFailure(series, 2, /^error: .*out is a series that is clustered, not a folder of scans/);
    assertFailure(await crystallite("watch", out, ...other), 2, /out is a series that is clustered/);
  }));

Deno.test("a file that is named as the scans beside it, and is none, is a frame that failed", () =>
  withFolder(async (folder) => {
    const [frame] = movingWindow().frames;
    const bytes = encodeNpy("u16", [frameSide, frameSide, patternSide, patternSide], frame);
    for (const name of ["frame_1.npy", "frame_3.npy"]) Deno.writeFileSync(join(folder, name), bytes);
    for (const name of ["frame_2.npy", "notes.txt", "settings.mib"]) {
      Deno.writeTextFileSync(join(folder, name), "nothing of a scan");
    }
    const sources = await listFrames([folder], {});
    assert.deepEqual(
      sources.map(({ path, failure }) => [path.slice(folder.length + 1), failure?.kind]),
      [["frame_1.npy", undefined], ["frame_2.npy", "UnsupportedFormat"], ["frame_3.npy", undefined]],
    );
    // While a session is recorded it may yet become one.
    assert.equal((await scansInOrder(folder)).length, 2);
  }));

Deno.test("many files that cannot be opened are told of once, and where none can, that ends the series", () => {
  const warned: string[] = [], warn = (text: string) => void warned.push(text);
  const run = { options: {}, say() {}, warn, printEvent() {}, print() {} };
  const sound = { path: "/scans/scan.npy" };
  const broken = ["a", "b", "c", "d", "e"].map((name) => ({
    path: `/scans/${name}.npy`,
    failure: new ShapeUnknown(`${name}.npy holds 7 patterns`, { patterns: 7, remedy: "give a shape" }),
  }));
  assert.deepEqual(tellUnreadable(run, [sound, ...broken.slice(0, 3)]), new Set());
  assert.deepEqual(warned, []);
  assert.deepEqual(tellUnreadable(run, [sound, ...broken]), new Set(broken));
  assert.deepEqual(warned, [
    "5 files of 6 cannot be opened as a scan: a.npy, b.npy, c.npy and 2 more; the series goes on without them",
  ]);
  // What one needs may be what all need.
  assert.throws(() => tellUnreadable(run, broken), (error) => {
    assert.ok(error instanceof ShapeUnknown);
    assert.equal(
      error.message,
      "none of 5 files can be opened as a scan; of the first, a.npy holds 7 patterns",
    );
    assert.equal(error.details.remedy, "give a shape");
    return true;
  });
  const one = [{ path: "/scans/a.npy", failure: new CorruptFile("a.npy is cut") }];
  assert.deepEqual(tellUnreadable(run, one), new Set());
});

Deno.test("a word that an option does not take is told beside those that it takes", async () => {
  const said = async (reading: Promise<unknown>) => {
    const error = await reading.then(() => assert.fail("it was taken"), (cause) => cause);
    assert.ok(error instanceof CrystalliteError);
    return { ...errorInFlags(error) };
  };
  const drift = await said(linkingOf({ drift: "foo" }, 3));
  assert.equal(drift.expected, "auto, none, or a file of steps");
  assert.match(drift.remedy!, /give --drift one of these words/);
  const values = await said(readFrameValues("foo", 3));
  assert.match(values.remedy!, /give --frame-values one of these words/);
  const period = await said(readFrameValues("0.5 s", 3));
  assert.equal(period.expected, "a file with a number for each frame, or note:NAME");
  // A path is a path.
  assert.equal((await said(linkingOf({ drift: "steps/foo.txt" }, 3))).expected, undefined);
});
