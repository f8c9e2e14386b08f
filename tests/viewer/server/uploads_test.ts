/** Files from a browser come into served folders whole or not at all, and never in place of something. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeParts } from "../../../viewer/protocol/parts.ts";
import { mostUploaded } from "../../../viewer/protocol/limits.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { failureOf, succeed, type TestServer, withServer } from "../../support/serving.ts";

const content = Uint8Array.from({ length: 3000 }, (_, i) => 7 * i);

const begin = (server: TestServer, folder: string, name: string, bytes = content.length) =>
  server.post("/api/uploads", { folder, name, bytes });

async function begun(server: TestServer, folder: string, name: string): Promise<string> {
  return (await (await succeed(begin(server, folder, name))).json()).upload;
}

const piece = (server: TestServer, id: string, offset: number, end: number) =>
  server.post(
    `/api/uploads/${id}/pieces`,
    encodeParts({ header: { offset }, arrays: { bytes: content.slice(offset, end) } }),
  );

Deno.test("a file is copied piece by piece, and is there once it is whole", () =>
  withFolder((folder) =>
    withServer({ roots: [folder] }, async (server) => {
      const id = await begun(server, folder, "film.npy");
      assert.deepEqual(await (await succeed(piece(server, id, 0, 1000))).json(), { received: 1000 });
      assert.ok(!(await fileNames(folder)).includes("film.npy"));
      const path = join(folder, "film.npy");
      assert.deepEqual(await (await succeed(piece(server, id, 1000, 3000))).json(), { received: 3000, path });
      assert.deepEqual(await Deno.readFile(path), content);
      assert.deepEqual(await fileNames(folder), ["film.npy"]);
      assert.equal((await failureOf(piece(server, id, 3000, 3000))).status, 404);
    })
  ));

Deno.test("what is there is never replaced, also where it came while the copy went on", () =>
  withFolder((folder) =>
    withServer({ roots: [folder] }, async (server) => {
      const id = await begun(server, folder, "film.npy");
      await succeed(piece(server, id, 0, 1000));
      await Deno.writeTextFile(join(folder, "film.npy"), "mine");
      const late = await failureOf(piece(server, id, 1000, 3000));
      assert.deepEqual([late.status, late.kind], [403, "Refused"]);
      assert.match(late.message, /is there already/);
      assert.match((await failureOf(begin(server, folder, "film.npy"))).message, /is there already/);
      assert.equal(await Deno.readTextFile(join(folder, "film.npy")), "mine");
      await server.workspace.close();
      assert.deepEqual(await fileNames(folder), ["film.npy"]);
    })
  ));

Deno.test("names that lead elsewhere, other kinds, other folders and too large files are refused", () =>
  withFolder(async (folder) => {
    const served = join(folder, "served");
    await Deno.mkdir(served);
    await Deno.symlink(folder, join(served, "out"));
    await withServer({ roots: [served] }, async (server) => {
      for (
        const name of [
          "../film.npy",
          "a/b.npy",
          ".hidden.npy",
          "",
          "notes.txt",
          "run.json",
          "film",
          "nul.npy",
        ]
      ) {
        assert.equal((await failureOf(begin(server, served, name))).status, 400, name);
      }
      for (const other of [folder, join(served, "out"), "/", "served"]) {
        assert.equal((await failureOf(begin(server, other, "film.npy"))).status, 403, other);
      }
      for (const bytes of [0, -1, 1.5, mostUploaded + 1]) {
        assert.equal((await failureOf(begin(server, served, "film.npy", bytes))).status, 400, String(bytes));
      }
    });
    assert.deepEqual(await fileNames(served), ["out"]);
    assert.deepEqual(await fileNames(folder), ["served"]);
  }));

Deno.test("pieces that do not follow are refused, and what is given up leaves nothing", () =>
  withFolder((folder) =>
    withServer({ roots: [folder] }, async (server) => {
      const id = await begun(server, folder, "film.npy");
      assert.equal((await failureOf(piece(server, id, 1000, 2000))).status, 400);
      await succeed(piece(server, id, 0, 1000));
      assert.equal((await failureOf(piece(server, id, 0, 1000))).status, 400);
      await succeed(server.post(`/api/uploads/${id}/cancel`, {}));
      assert.equal((await failureOf(piece(server, id, 1000, 3000))).status, 404);
      const ids = await Promise.all([1, 2, 3, 4].map((number) => begun(server, folder, `${number}.npy`)));
      assert.equal((await failureOf(begin(server, folder, "5.npy"))).status, 409);
      for (const own of ids) await succeed(server.post(`/api/uploads/${own}/cancel`, {}));
      await begun(server, folder, "5.npy");
      await server.workspace.close();
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual(await fileNames(folder), []);
    })
  ));
