/** Scans of a session that cannot be read, or are no frames of the series: one sentence each, and the series goes on. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { assertFailure, crystallite, crystalliteJson, startCrystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";

const flags = ["--preset", "auto"];

/** A scan of so many rows and 12 columns. */
function scanBytes(seed: number, rows = 12): Uint8Array {
  const scan = simulateScan({ rows, columns: 12, patternRows: 32, patternColumns: 32, grains: 3, seed });
  const data = new Uint16Array(rows * 12 * 1024);
  scan.readRows(0, rows, data);
  return encodeNpy("u16", [rows, 12, 32, 32], data);
}

interface Frames {
  readonly frames: readonly { readonly path: string; readonly error?: { readonly message: string } }[];
}

Deno.test("a series, a scan of another shape and one that is cut are told of in a sentence; the others are linked", () =>
  withFolder(async (folder) => {
    const session = join(folder, "session"), out = join(folder, "live"), sound = scanBytes(1);
    Deno.mkdirSync(session);
    const put = (name: string, bytes: Uint8Array) => Deno.writeFileSync(join(session, name), bytes);
    put("scan_1.npy", encodeNpy("u16", [2, 3, 4, 16, 16], new Uint16Array(2 * 3 * 4 * 256)));
    put("scan_2.npy", sound);
    put("scan_3.npy", scanBytes(2, 10));
    put("scan_4.npy", sound.subarray(0, sound.length >> 1));
    put("scan_5.npy", new Uint8Array(300));
    put("scan_6.npy", scanBytes(3));
    const { code, out: printed, error } = await crystallite(
      ...["watch", session, "--out", out, ...flags, "--idle", "1 s", "--json"],
    );
    assert.equal(code, 0, error);
    const { frames }: Frames = JSON.parse(printed);
    // What is of no format at all is no scan.
    const expected = ["series of 2 scans", "", "of 10 x 12", "ends too early", ""];
    assert.equal(frames.length, expected.length, printed);
    for (const [frame, { error }] of frames.entries()) {
      if (expected[frame] === "") assert.equal(error, undefined);
      else assert.match(error!.message, new RegExp(expected[frame]));
    }
    const again: Frames = await crystalliteJson("watch", session, "--out", out, ...flags, "--idle", "1 s");
    assert.deepEqual(again.frames, frames);
  }));

Deno.test("scans that are deleted, cut off or replaced while they are read do not end a session", () =>
  withFolder(async (folder) => {
    const session = join(folder, "session"), out = join(folder, "live");
    Deno.mkdirSync(session);
    const path = (name: string) => join(session, name);
    const watching = startCrystallite("watch", session, "--out", out, ...flags, "--idle", "3 s", "--json");
    await watching.shown(/watching/);
    // Each is taken in the order of its name; meanwhile the one behind it is spoiled again and again.
    for (const seed of [1, 2, 3, 4]) Deno.writeFileSync(path(`scan_${seed}.npy`), scanBytes(seed));
    await watching.shown(/scan_1\.npy: /);
    Deno.truncateSync(path("scan_2.npy"), 5000);
    Deno.removeSync(path("scan_3.npy"));
    const other = path(".other.npy");
    Deno.writeFileSync(other, scanBytes(9, 10));
    Deno.renameSync(other, path("scan_4.npy"));
    Deno.writeFileSync(path("scan_5.npy"), scanBytes(5));
    const { code, out: printed, error } = await watching.outcome;
    assert.equal(code, 0, error);
    const { frames }: Frames = JSON.parse(printed);
    const sound = frames.filter(({ error }) => error === undefined).map(({ path }) => path.slice(-10));
    assert.ok(sound.includes("scan_1.npy") && sound.includes("scan_5.npy"), printed);
    for (const { error } of frames) if (error) assert.doesNotMatch(error.message, /\n/);
  }));

Deno.test("a folder that is away for a while, as on a network, is watched on", () =>
  withFolder(async (folder) => {
    const session = join(folder, "session"), away = join(folder, "away"), sound = scanBytes(1);
    Deno.mkdirSync(session);
    const watching = startCrystallite(
      "watch",
      session,
      "--out",
      join(folder, "live"),
      ...flags,
      "--workers",
      "1",
    );
    await watching.shown(/watching/);
    Deno.renameSync(session, away);
    await watching.shown(/warning: .*session.*; it is watched on/);
    Deno.writeFileSync(join(away, "scan_1.npy"), sound.subarray(0, 5000));
    Deno.renameSync(away, session);
    // Its writer pauses meanwhile.
    await watching.shown(/scan_1\.npy is not whole yet, and is waited for/);
    Deno.writeFileSync(join(session, "scan_1.npy"), sound);
    await watching.shown(/1 frame, \d+ tracks?/);
    watching.kill("SIGINT");
    const { code, error } = await watching.outcome;
    assert.equal(code, 130, error);
    assert.doesNotMatch(error, /goes on without it/);
  }));

Deno.test("a session without a single sound scan ends with a sentence, and goes on when one comes", () =>
  withFolder(async (folder) => {
    const session = join(folder, "session"), out = join(folder, "live"), sound = scanBytes(1);
    Deno.mkdirSync(session);
    Deno.writeFileSync(join(session, "scan_1.npy"), sound.subarray(0, 9000));
    const nothing = await crystallite("watch", session, "--out", out, ...flags, "--idle", "1 s");
    assert.equal(nothing.code, 0, nothing.error);
    assert.match(nothing.error, /scan_1\.npy.*the series goes on without it/s);
    assert.match(nothing.out, /nothing came/);
    Deno.writeFileSync(join(session, "scan_2.npy"), sound);
    const { frames }: Frames = await crystalliteJson(
      ...["watch", session, "--out", out, ...flags, "--idle", "1 s"],
    );
    assert.equal(frames.length, 2);
    assert.equal(frames[1].error, undefined);
  }));

Deno.test("a frame that cannot be written is waited for, and none is left out", () =>
  withFolder(async (folder) => {
    const session = join(folder, "session"), out = join(folder, "live");
    Deno.mkdirSync(session);
    const watching = startCrystallite("watch", session, "--out", out, ...flags, "--workers", "1");
    await watching.shown(/watching/);
    Deno.writeFileSync(join(session, "scan_1.npy"), scanBytes(1));
    await watching.shown(/1 frame, \d+ tracks?/);
    Deno.renameSync(join(out, "frames"), join(folder, "away"));
    Deno.writeFileSync(join(session, "scan_2.npy"), scanBytes(2));
    await watching.shown(/warning: frame 1, .*scan_2\.npy, could not be written: .*; it is tried again/);
    Deno.renameSync(join(folder, "away"), join(out, "frames"));
    await watching.shown(/2 frames, \d+ tracks?/);
    watching.kill("SIGINT");
    const { error } = await watching.outcome;
    assert.doesNotMatch(error, /goes on without it/);
    assert.equal(error.match(/it is tried again/g)!.length, 1, error);
  }));

Deno.test("what cannot be written ends a session that is to end by itself, with a sentence", () =>
  withFolder(async (folder) => {
    const session = join(folder, "session"), out = join(folder, "live");
    Deno.mkdirSync(session);
    const idle = ["--workers", "1", "--idle", "2 s"];
    const watching = startCrystallite("watch", session, "--out", out, ...flags, ...idle);
    await watching.shown(/watching/);
    Deno.removeSync(join(out, "frames"));
    Deno.writeFileSync(join(session, "scan_1.npy"), scanBytes(1));
    const outcome = await watching.outcome;
    assertFailure(
      outcome,
      1,
      /^error: frame 0, .*scan_1\.npy, could not be written: .*frames does not exist\.$/m,
    );
  }));
