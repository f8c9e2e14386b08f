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
          const { clusterNotes, ...after } = (await readResult(result)).run,
            { clusterNotes: _, ...own } = before;
          assert.deepEqual(clusterNotes, [two[1]]);
          assert.deepEqual(after, own);
          assert.deepEqual(await fileNames(result), names);
        },
      );

      await context.step("stay when the result is corrected on the command line", async () => {
        const { code, error } = await crystallite("edit", result, "--exclude", "1");
        assert.equal(code, 0, error);
        assert.deepEqual(await stored(result), [two[1]]);
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
