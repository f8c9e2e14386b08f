/** Notes on clusters are kept with the result: whole, one after the other, through edits and results saved anew. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { ClusterNote } from "../../../library/cluster/notes.ts";
import { readResult } from "../../../mod.ts";
import type { NotesAnswer } from "../../../viewer/protocol/notes.ts";
import { crystallite } from "../../support/command_line.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";
import { failureOf, succeed, withServer } from "../../support/serving.ts";

Deno.test("notes", async (context) => {
  await withFolder((folder) =>
    withServer({ roots: [folder] }, async (server) => {
      const film = await writeFilm(folder), result = join(folder, "result");
      const noted = async (id: string, row: number, column: number, text: string): Promise<NotesAnswer> =>
        await (await succeed(server.post(`/api/items/${id}/notes`, { row, column, text }))).json();
      const stored = async (directory: string) => (await readResult(directory)).run.clusterNotes;
      const two: ClusterNote[] = [{ probe: [0, 1], text: "hole" }, { probe: [2, 3], text: "twin #Σ3" }];

      await context.step("of clusters that lie nowhere yet wait for the result that is saved", async () => {
        const { id } = await server.open(film);
        await server.run(id, clusterFlags);
        assert.deepEqual(await noted(id, 2, 3, "twin #Σ3"), { notes: [two[1]], onDisk: false });
        await noted(id, 0, 1, "hole");
        assert.deepEqual((await server.open(film)).notes, two);
        const request = { view: { source: "method" }, folder, name: "result", kinds: ["result"] };
        await succeed(server.post(`/api/items/${id}/save`, request));
        assert.deepEqual(await stored(result), two);
        // A session has them too, and the tables of both say them.
        const others = { ...request, name: "film", kinds: ["session", "table"] };
        await succeed(server.post(`/api/items/${id}/save`, others));
        const table = Deno.readTextFileSync(join(result, "clusters.csv"));
        assert.equal(Deno.readTextFileSync(join(folder, "film_clusters.csv")), table);
        assert.match(table, /^id,.*,mean_similarity,note,tags\n/);
        assert.match(table, /,"[^"]*twin #Σ3","σ3"\n/);
      });

      await context.step(
        "of a result are in its record at once; the rest of it stays, and nothing lies beside",
        async () => {
          const before = (await readResult(result)).run, names = await fileNames(result);
          const { id, notes } = await server.open(result);
          assert.deepEqual(notes, two);
          // Many at once: each is kept.
          await Promise.all(Array.from({ length: 8 }, (_, column) => noted(id, 4, column, `note ${column}`)));
          await noted(id, 0, 1, "");
          assert.equal((await stored(result))!.length, 9);
          for (let column = 0; column < 8; column++) await noted(id, 4, column, "");
          const { clusterNotes, files, bytesOut, ...after } = (await readResult(result)).run,
            { clusterNotes: _, files: listed, bytesOut: all, ...own } = before;
          assert.deepEqual(clusterNotes, [two[1]]);
          assert.deepEqual(after, own);
          // The table has changed with them, and the record says how long it is.
          const sizes = (of: typeof files) => of.filter(({ name }) => name !== "clusters.csv");
          assert.deepEqual(sizes(files), sizes(listed));
          const { bytes } = files.find(({ name }) => name === "clusters.csv")!;
          assert.equal(bytes, Deno.statSync(join(result, "clusters.csv")).size);
          assert.equal(bytesOut - all, bytes - listed.find(({ name }) => name === "clusters.csv")!.bytes);
          assert.doesNotMatch(Deno.readTextFileSync(join(result, "clusters.csv")), /hole|note 7/);
          assert.deepEqual(await fileNames(result), names);
        },
      );

      await context.step("stay when the result is corrected on the command line", async () => {
        const { id } = await server.open(result);
        const { code, error } = await crystallite("edit", result, "--exclude", "1");
        assert.equal(code, 0, error);
        assert.deepEqual(await stored(result), [two[1]]);
        // Whoever still has the clusters from before cannot write their table over that of the new ones.
        const table = Deno.readTextFileSync(join(result, "clusters.csv"));
        const { message } = await failureOf(
          server.post(`/api/items/${id}/notes`, { row: 4, column: 4, text: "late" }),
        );
        assert.match(message, /have changed since it was opened/);
        assert.deepEqual(await stored(result), [two[1]]);
        assert.equal(Deno.readTextFileSync(join(result, "clusters.csv")), table);
        assert.match(table, /,note,tags\n/);
      });

      await context.step("that are none, or cannot be written, change nothing", async () => {
        const { id } = await server.open(result);
        const ask = (body: unknown) => failureOf(server.post(`/api/items/${id}/notes`, body));
        for (
          const body of [
            { row: 500, column: 0, text: "x" },
            { row: 0, column: 0, text: "two\nlines" },
            { row: -1, column: 0, text: "x" },
            { row: 0, column: 0 },
          ]
        ) assert.ok((await ask(body)).kind);
        const record = join(result, "run.json"), text = Deno.readTextFileSync(record);
        Deno.writeTextFileSync(record, "{}");
        assert.ok((await ask({ row: 0, column: 0, text: "x" })).kind);
        assert.equal(Deno.readTextFileSync(record), "{}");
        Deno.writeTextFileSync(record, text);
        assert.deepEqual((await server.open(result)).notes, [two[1]]);
      });
    })
  );
});

Deno.test("a session brings its notes back; those of a result stay its own", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), session = join(folder, "film.session.json");
    const note = { row: 2, column: 3, text: "twin #Σ3" },
      kept: ClusterNote[] = [{ probe: [2, 3], text: note.text }];
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(film);
      await server.run(id, clusterFlags);
      await succeed(server.post(`/api/items/${id}/notes`, note));
      const request = { view: { source: "method" }, folder, name: "film", kinds: ["session"] };
      await succeed(server.post(`/api/items/${id}/save`, request));
    });
    // Another server knows nothing but what the file says.
    await withServer({ roots: [folder] }, async (server) => {
      const opened = await (await succeed(server.post("/api/open", { path: session }))).json();
      assert.deepEqual(opened.item.notes, kept);
      await server.run(opened.item.id, clusterFlags);
      const request = { view: { source: "method" }, folder, name: "result", kinds: ["result", "session"] };
      await succeed(server.post(`/api/items/${opened.item.id}/save`, request));
      const result = join(folder, "result");
      assert.deepEqual((await readResult(result)).run.clusterNotes, kept);
      const { id } = await server.open(result);
      const view = { view: { source: "method" }, folder, name: "of result", kinds: ["session"] };
      await succeed(server.post(`/api/items/${id}/save`, view));
      await succeed(server.post(`/api/items/${id}/notes`, { ...note, text: "grain" }));
      const again = await (await succeed(
        server.post("/api/open", { path: join(folder, "of result.session.json") }),
      )).json();
      assert.deepEqual(again.item.notes, [{ probe: [2, 3], text: "grain" }]);
    });
  }));
