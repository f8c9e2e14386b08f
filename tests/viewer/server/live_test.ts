/** A recording that is watched, in the viewer: its rows come as those of a run, and in the end it is its result. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { simulateScan } from "../../../library/simulation/scan.ts";
import type { OpenedItem } from "../../../viewer/protocol/items.ts";
import { servedPaths } from "../../../viewer/server/files/served_paths.ts";
import { startCrystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { failureOf, withServer } from "../../support/serving.ts";

const [rows, columns, side] = [16, 12, 32], rowBytes = 2 * columns * side * side;

Deno.test("rows of a recording come as those of a run, and then its result is open", () =>
  withFolder(async (folder) => {
    const path = join(folder, "scan.npy"), out = join(folder, "live");
    const scan = simulateScan({ rows, columns, patternRows: side, patternColumns: side, grains: 4, seed: 6 });
    const data = new Uint16Array(rows * columns * side * side);
    scan.readRows(0, rows, data);
    const bytes = encodeNpy("u16", [rows, columns, side, side], data);
    const file = Deno.openSync(path, { create: true, write: true });
    file.writeSync(bytes.subarray(0, 128 + 6 * rowBytes));
    const watching = startCrystallite("watch", path, "--out", out, "--threshold", "0.98", "--min-size", "2");
    for (let tries = 0; tries < 600; tries++) {
      if (await Deno.stat(join(out, "live.json")).catch(() => null)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.deepEqual(await servedPaths([out]), {
      roots: [Deno.realPathSync(folder)],
      open: Deno.realPathSync(out),
    });
    await withServer({ roots: [folder] }, async (server) => {
      const { entries } = await server.workspace.list(folder);
      assert.equal(entries.find(({ name }) => name === "live")?.kind, "result");
      const opened = await server.open(out);
      assert.equal(opened.shape.rows, rows);
      assert.match((opened.scan as { why: string }).why, /scan\.npy is still being recorded/);
      assert.ok(opened.run);
      const followed = server.watch(opened.run);
      file.writeSync(bytes.subarray(128 + 6 * rowBytes));
      file.close();
      const { last, rows: seen } = await followed;
      assert.equal((await watching.outcome).code, 0);
      assert.equal(last.kind, "done", JSON.stringify(last));
      assert.deepEqual([...seen.keys()], Array.from({ length: rows }, (_, row) => row));
      const { item } = last as { item: OpenedItem };
      assert.deepEqual([item.id, item.run, item.scan.readable], [opened.id, undefined, true]);
      assert.ok(item.clustering && item.clustering.threshold === 0.98);
    });
  }));

Deno.test("a recording that would take too much memory, or whose folder goes, is told of", () =>
  withFolder(async (folder) => {
    const out = join(folder, "live");
    Deno.mkdirSync(out);
    const record = {
      ...{ program: "crystallite", version: "0", input: "scan.npy", workingDirectory: "/", command: [] },
      ...{
        state: "recording",
        dtype: "u8",
        rows: 0,
        comparedRows: 0,
        beginnings: 0,
        clusters: 0,
        threshold: null,
      },
      ...{ method: "growth", rowsPerSecond: 0, secondsLeft: null, files: [] },
    };
    const put = (shape: Record<string, number>) =>
      Deno.writeTextFileSync(join(out, "live.json"), JSON.stringify({ ...record, shape }));
    put({ rows: 2 ** 40, columns: 2 ** 40, patternRows: 8, patternColumns: 8 });
    await withServer({ roots: [folder] }, async (server) => {
      const { message } = await failureOf(server.post("/api/open", { path: out }));
      assert.match(message, /too large to be followed/);
      put({ rows: 4, columns: 4, patternRows: 8, patternColumns: 8 });
      const { run } = await server.open(out);
      Deno.removeSync(out, { recursive: true });
      const { last } = await server.watch(run!);
      assert.equal(last.kind, "failed");
      assert.match(
        (last as { error: { message: string } }).error.message,
        /not the folder of this recording/,
      );
    });
  }));
