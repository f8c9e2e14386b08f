/** What is to be opened first is open before anybody asks; where it cannot be, the one who asks hears why. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { clustersOf } from "../../../viewer/labels/cluster_figures.ts";
import type { MapHeader } from "../../../viewer/protocol/maps.ts";
import { prepareFirst, prepareNext } from "../../../viewer/server/prepare_first.ts";
import { crystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";
import { failureOf, partsOf, withServer } from "../../support/serving.ts";

Deno.test("the result that is opened first is read before the page asks, and once", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), result = join(folder, "result");
    const { code, error } = await crystallite("cluster", film, "--out", result, ...clusterFlags);
    assert.equal(code, 0, error);
    await withServer({ roots: [folder] }, async (server) => {
      assert.equal(await prepareFirst(server.workspace, result), true);
      // Whoever would read them now finds no labels.
      await Deno.truncate(join(result, "labels.npy"));
      const item = await server.open(result);
      const { arrays } = await partsOf<MapHeader>(server.get(`/api/items/${item.id}/map`));
      assert.equal(arrays.labels.length, item.shape.rows * item.shape.columns);
      assert.equal(arrays.colours.length, clustersOf(arrays.figures).length);
    });
  }));

Deno.test("what cannot be opened, and a scan, are left to whoever asks", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), broken = join(folder, "broken");
    await Deno.mkdir(broken);
    await Deno.writeTextFile(join(broken, "run.json"), '{"program": "crystallite"}');
    await withServer({ roots: [folder] }, async (server) => {
      for (const path of [film, broken, join(folder, "nothing")]) {
        assert.equal(await prepareFirst(server.workspace, path), false);
      }
      assert.equal((await failureOf(server.post("/api/open", { path: broken }))).kind, "UnsupportedFormat");
      assert.equal((await server.open(film)).clustering, undefined);
    });
  }));

Deno.test("how a result looks is worked out once it was opened; of a scan, and of what is gone by then, nothing is", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), result = join(folder, "result");
    const { code, error } = await crystallite("cluster", film, "--out", result, ...clusterFlags);
    assert.equal(code, 0, error);
    await withServer({ roots: [folder] }, async ({ workspace }) => {
      const opened = await workspace.open({ path: result });
      assert.equal(await prepareNext(workspace, opened), true);
      assert.equal(await prepareNext(workspace, await workspace.open({ path: film })), false);
      assert.equal(await prepareNext(workspace, { ...opened, id: "none" } as typeof opened), false);
    });
  }));
