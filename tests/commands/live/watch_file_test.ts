/** Watching a file that is written row by row: clusters of the rows so far, and in the end what `cluster` makes of it. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { readLiveRecord } from "../../../library/live/live_folder.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import { assertFailure, crystallite, crystalliteJson, startCrystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";

const [rows, columns, side] = [24, 16, 32], rowBytes = 2 * columns * side * side, header = 128;
const flags = ["--threshold", "0.98", "--mask", "none", "--min-size", "3"];

function scanBytes(seed = 3): Uint8Array {
  const scan = simulateScan({ rows, columns, patternRows: side, patternColumns: side, grains: 6, seed });
  const data = new Uint16Array(rows * columns * side * side);
  scan.readRows(0, rows, data);
  return encodeNpy("u16", [rows, columns, side, side], data);
}

/** Files of a result whose bytes are those of the run alone. */
const arrays = ["labels.npy", "similarity.npy", "mean_similarity.npy", "mask.npy", "clusters.csv", "map.png"];

function assertSameResult(one: string, other: string): void {
  const names = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  assert.deepEqual(names(one), names(other));
  for (const name of arrays.filter((name) => names(other).includes(name))) {
    assert.deepEqual(Deno.readFileSync(join(one, name)), Deno.readFileSync(join(other, name)), name);
  }
  assert.ok(names(other).includes("labels.npy"));
}

/** Waits until the folder knows of so many rows. */
async function shownRows(out: string, wanted: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (((await readLiveRecord(out))?.rows ?? 0) >= wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`${out} never had ${wanted} rows`);
}

Deno.test("rows are clustered as they are written, across a kill, and the end is what cluster makes of the file", () =>
  withFolder(async (folder) => {
    const path = join(folder, "scan.npy"), out = join(folder, "live"), whole = join(folder, "whole");
    const bytes = scanBytes(), file = Deno.openSync(path, { create: true, write: true });
    const write = (from: number, to: number) => file.writeSync(bytes.subarray(from, to));
    write(0, header + 5.5 * rowBytes);
    const first = startCrystallite("watch", path, "--out", out, ...flags);
    await shownRows(out, 5);
    const labels = Deno.readFileSync(join(out, "labels.npy"));
    assert.equal(labels.length, 128 + 4 * 5 * columns);
    assert.equal(Deno.statSync(join(out, "similarity.bin")).size, 16 * 4 * columns);
    first.kill("SIGKILL");
    await first.outcome;
    write(header + 5.5 * rowBytes, header + 9 * rowBytes);
    const second = startCrystallite("watch", path, "--out", out, ...flags, "--json");
    await shownRows(out, 9);
    write(header + 9 * rowBytes, bytes.length);
    file.close();
    const { code, out: printed, error } = await second.outcome;
    assert.equal(code, 0, error);
    const lines = printed.trim().split("\n").map((line) => JSON.parse(line));
    assert.ok(lines.length > 1);
    assert.ok(lines.slice(0, -1).every((line) => line.event === "rows" && line.of === rows));
    const last = lines.at(-1);
    assert.deepEqual([last.event, last.complete, last.rows], ["done", true, rows]);
    await crystalliteJson("cluster", path, "--out", whole, ...flags);
    assertSameResult(out, whole);
    const { command } = JSON.parse(Deno.readTextFileSync(join(out, "run.json")));
    assert.deepEqual(command.slice(0, 4), ["crystallite", "cluster", path, "--out"]);

    // Once more, as a script would that does not know whether it was done.
    const again = await crystalliteJson("watch", path, "--out", out, ...flags);
    assert.deepEqual([again.event, again.complete], ["done", true]);
    assertFailure(
      await crystallite("watch", path, "--out", out, ...flags, "--blur", "2"),
      2,
      /result of other settings/,
    );
  }));

Deno.test("a recording whose writer has died is finished as far as it is there, and cluster --partial makes the same of it", () =>
  withFolder(async (folder) => {
    const path = join(folder, "scan.npy"), out = join(folder, "live"), part = join(folder, "part");
    Deno.writeFileSync(path, scanBytes().subarray(0, header + 12.4 * rowBytes));
    const { code, out: printed, error } = await crystallite(
      ...["watch", path, "--out", out, ...flags, "--idle", "2 s", "--json"],
    );
    assert.equal(code, 0, error);
    assert.match(error, /after 12 rows of 24/);
    const last = JSON.parse(printed.trim().split("\n").at(-1)!);
    assert.deepEqual([last.event, last.complete, last.rows, last.of], ["done", false, 12, 24]);
    assert.match(last.warnings.join(), /12 of 24 rows are there/);
    await crystalliteJson("cluster", path, "--partial", "--out", part, ...flags);
    assertSameResult(out, part);
    const record = JSON.parse(Deno.readTextFileSync(join(out, "run.json")));
    assert.deepEqual(record.input.selection, { partial: true });
    assert.ok(record.command.includes("--partial") && !record.command.includes("--idle"));
  }));

Deno.test("of a file that has its size from the beginning, the rows that were written are taken", () =>
  withFolder(async (folder) => {
    const path = join(folder, "scan.npy"), out = join(folder, "live"), bytes = scanBytes();
    bytes.fill(0, header + 10 * rowBytes);
    Deno.writeFileSync(path, bytes);
    const { code, error } = await crystallite("watch", path, "--out", out, ...flags, "--idle", "1 s");
    assert.equal(code, 0, error);
    const record = JSON.parse(Deno.readTextFileSync(join(out, "run.json")));
    assert.equal(record.shape.rows, 10);
    assert.deepEqual(record.input.selection, { region: `0:10,0:${columns}` });
  }));

Deno.test("what cannot be watched is refused in a sentence", () =>
  withFolder(async (folder) => {
    const path = join(folder, "scan.npy"), out = join(folder, "live");
    Deno.writeFileSync(path, encodeNpy("u8", [2, 2, 2, 4, 4], new Uint8Array(128).fill(1)));
    assertFailure(await crystallite("watch", path, "--out", out, ...flags), 2, /series of 2 scans/);
    assertFailure(
      await crystallite("watch", path, "--out", out, ...flags, "--roi", "0:1,0:1"),
      2,
      /--roi.*is not for a scan that is still recorded/,
    );
    assertFailure(
      await crystallite("watch", join(folder, "none.npy"), "--out", out, ...flags, "--idle", "1 s"),
      1,
      /none\.npy/,
    );
    const other = join(folder, "other");
    Deno.mkdirSync(other);
    Deno.writeTextFileSync(join(other, "notes.txt"), "mine");
    assertFailure(
      await crystallite("watch", path, "--out", other, ...flags),
      2,
      /not a recording that crystallite watches/,
    );
  }));

Deno.test({
  name: "no other run writes into the folder of a recording that is watched, nor of a stream",
  ignore: !("tryLockSync" in Deno.FsFile.prototype),
  fn: () =>
    withFolder(async (folder) => {
      const path = join(folder, "scan.npy"), out = join(folder, "live"), bytes = scanBytes();
      Deno.writeFileSync(path, bytes.subarray(0, header + 3 * rowBytes));
      const first = startCrystallite("watch", path, "--out", out, ...flags);
      await shownRows(out, 3);
      const second = await crystallite("watch", path, "--out", out, ...flags, "--idle", "1 s");
      assertFailure(second, 1, /^error: .*live is being written by another run\.$/m);
      const forced = await crystallite("cluster", path, "--partial", "--out", out, ...flags, "--force");
      assertFailure(forced, 1, /^error: .*live is being written by another run\.$/m);
      first.kill("SIGKILL");
      await first.outcome;
      const third = await crystallite("watch", path, "--out", out, ...flags, "--idle", "1 s");
      assert.equal(third.code, 0, third.error);

      const socket = `unix:${join(folder, "socket")}`, streamed = join(folder, "streamed");
      const waiting = startCrystallite("watch", socket, "--out", streamed, ...flags);
      await waiting.shown(/waiting for frames/);
      const other = await crystallite("watch", "-", "--out", streamed, ...flags);
      assertFailure(other, 1, /^error: .*streamed is being written by another run\.$/m);
      waiting.kill("SIGKILL");
      await waiting.outcome;
    }),
});
