/** Files beside and inside of what is opened are read only where they are served. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { FolderListing } from "../../../viewer/protocol/folders.ts";
import { servedPaths } from "../../../viewer/server/files/served_paths.ts";
import { withFolderFormat, writeFolderScan } from "../../support/folder_format.ts";
import { withNeighbour } from "../../support/folders.ts";
import { writeMaster } from "../../support/hdf5_files.ts";
import { failureOf, succeed, withServer } from "../../support/serving.ts";

Deno.test("the scan shape of a master comes from the file beside it, unless that leads out", () =>
  withNeighbour(async (served, secret) => {
    const path = await writeMaster(served, { parts: [12], metadata: { NumPixelsX: 4, NumPixelsY: 3 } });
    const beside = path.replace("_master", "");
    await withServer({ roots: [served] }, async (server) => {
      assert.equal((await server.open(path)).shape.columns, 4);
      await Deno.rename(beside, join(secret, "far.h5"));
      await Deno.symlink(join(secret, "far.h5"), beside);
      const { kind, status } = await failureOf(server.post("/api/open", { path, input: ["--q-bin", "2"] }));
      assert.deepEqual([kind, status], ["Refused", 403]);
    });
    await withServer({ roots: [served, secret] }, async (server) => {
      assert.equal((await server.open(path)).shape.columns, 4);
    });
  }));

Deno.test("a scan that is a folder is listed and opened as a scan; what leads out of it is refused", () =>
  withNeighbour((served, secret) =>
    withFolderFormat(async () => {
      const path = join(served, "scan.rows"), row = join(path, "rows", "1");
      await writeFolderScan(path);
      await Deno.mkdir(join(served, "folder"));
      assert.deepEqual(await servedPaths([path]), { roots: [served], open: path });
      await withServer({ roots: [served] }, async (server) => {
        const listing: FolderListing = await (await succeed(
          server.get(`/api/files?path=${encodeURIComponent(served)}`),
        )).json();
        assert.deepEqual(listing.entries.map(({ name, kind }) => [name, kind]), [
          ["folder", "folder"],
          ["scan.rows", "scan"],
        ]);
        assert.deepEqual((await server.open(path)).shape.rows, 3);
        assert.equal(
          (await failureOf(server.post("/api/open", { path: join(served, "folder") }))).kind,
          "BadParameter",
        );
        await Deno.rename(row, join(secret, "1"));
        await Deno.symlink(join(secret, "1"), row);
        const { kind } = await failureOf(server.post("/api/open", { path, input: ["--q-bin", "2"] }));
        assert.equal(kind, "Refused");
      });
    })
  ));
