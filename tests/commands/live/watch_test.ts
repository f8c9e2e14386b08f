/** Watching a session: scans are taken when they are finished, and the end is what `series` makes of them. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { assertFailure, crystallite, crystalliteJson, startCrystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { assertSameFolder } from "../../support/same_result.ts";

const flags = ["--preset", "auto"];

function scanBytes(seed: number): Uint8Array {
  const scan = simulateScan({ rows: 12, columns: 12, patternRows: 32, patternColumns: 32, grains: 3, seed });
  const data = new Uint16Array(12 * 12 * 1024);
  scan.readRows(0, 12, data);
  return encodeNpy("u16", [12, 12, 32, 32], data);
}

Deno.test("scans of a session are taken when they are finished, in their order, and a second run goes on", () =>
  withFolder(async (folder) => {
    const session = join(folder, "session"), out = join(folder, "live");
    Deno.mkdirSync(session);
    const [first, bytes] = [scanBytes(1), scanBytes(2)];
    const watching = startCrystallite(
      ...["watch", session, "--out", out, ...flags, "--workers", "2", "--idle", "2 s", "--json"],
    );
    await watching.shown(/watching/);
    Deno.writeFileSync(join(session, "scan_1.npy"), first);
    Deno.writeTextFileSync(join(session, "notes.txt"), "sample 7");
    // The second one is written slowly: it is not taken before it is whole.
    const half = bytes.length >> 1;
    const file = Deno.openSync(join(session, "scan_2.npy"), { create: true, write: true });
    file.writeSync(bytes.subarray(0, half));
    await watching.shown(/scan_1\.npy/);
    file.writeSync(bytes.subarray(half));
    file.close();
    const { code, out: printed, error } = await watching.outcome;
    assert.equal(code, 0, error);
    const record = JSON.parse(printed);
    const names = (frames: { path: string }[]) => frames.map(({ path }) => path.slice(session.length + 1));
    assert.deepEqual(names(record.frames), ["scan_1.npy", "scan_2.npy"]);
    assert.ok(record.frames.every((frame: { error?: unknown }) => frame.error === undefined), error);

    Deno.writeFileSync(join(session, "scan_0.npy"), scanBytes(3));
    const again = await crystalliteJson(
      ...["watch", session, "--out", out, ...flags, "--workers", "1", "--idle", "1 s"],
    );
    assert.deepEqual(names(again.frames), ["scan_1.npy", "scan_2.npy", "scan_0.npy"]);
    const inputs = names(again.frames).map((name) => join(session, name)), whole = join(folder, "whole");
    await crystalliteJson("series", ...inputs, "--out", whole, ...flags, "--workers", "3");
    assertSameFolder(out, whole);
    const missing = await crystallite(
      "watch",
      join(folder, "nowhere"),
      "--out",
      join(folder, "new"),
      ...flags,
    );
    assertFailure(missing, 1, /nowhere/);
    assertFailure(
      await crystallite("watch", session, "--out", out, "--idle", "soon"),
      2,
      /does not understand "soon"/,
    );
  }));

Deno.test("a session that is stopped by Ctrl-C is left as one that ended by itself", () =>
  withFolder(async (folder) => {
    const session = join(folder, "session"), out = join(folder, "live"), whole = join(folder, "whole");
    Deno.mkdirSync(session);
    const path = join(session, "scan_1.npy");
    Deno.writeFileSync(path, scanBytes(1));
    const watching = startCrystallite("watch", session, "--out", out, ...flags, "--workers", "1");
    await watching.shown(/1 frame, \d+ tracks?/);
    assert.ok(!Array.from(Deno.readDirSync(out)).some(({ name }) => name === "track_averages.npy"));
    watching.kill("SIGINT");
    const { code, error } = await watching.outcome;
    assert.equal(code, 130, error);
    assert.match(error, /the run was cancelled/);
    await crystalliteJson("series", path, "--out", whole, ...flags, "--workers", "1");
    assertSameFolder(out, whole);
  }));
