/** Runs of the page: the labels of the command line, rows as they come, cancelling, and one at a time. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { OpenedItem } from "../../../viewer/protocol/items.ts";
import type { LabelView } from "../../../viewer/protocol/label_views.ts";
import type { LabelsHeader, MapHeader, SimilarityHeader } from "../../../viewer/protocol/maps.ts";
import { encodeNpy, readResult } from "../../../mod.ts";
import { encodeMask } from "../../../viewer/labels/drawn_mask.ts";
import { formatEditLog } from "../../../library/results/edits_file.ts";
import { crystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";
import { failureOf, partsOf, succeed, type TestServer, withServer } from "../../support/serving.ts";

/** The result of `cluster` with these flags. */
async function clustered(film: string, out: string, flags: readonly string[]) {
  const { code, error } = await crystallite("cluster", film, "--out", out, ...flags);
  assert.equal(code, 0, error);
  return await readResult(out);
}

/** Labels of the map that the page gets. */
async function mapOf(server: TestServer, id: string) {
  return (await partsOf<MapHeader>(server.get(`/api/items/${id}/map`))).arrays;
}

const blurred = ["--blur", "2.5", "--threshold", "0.98", "--mask", "triangle"];
const cases: readonly (readonly string[])[] = [
  ["--preset", "auto"],
  ["--preset", "paper", "--prefilter-edge", "2"],
  ["--preset", "auto", "--method", "growth"],
  ["--preset", "py4dstem", "--threshold", "0.6"],
  blurred,
  clusterFlags,
];

for (const words of cases) {
  Deno.test(`page and command line give the same bytes with ${words.join(" ")}`, () =>
    withFolder(async (folder) => {
      const film = await writeFilm(folder);
      const stored = await clustered(film, join(folder, "result"), words);
      await withServer({ roots: [folder] }, async (server) => {
        const { id } = await server.open(film);
        const { last, rows } = await server.run(id, words);
        assert.equal(last.kind, "done");
        const item: OpenedItem = (last as { item: OpenedItem }).item;
        assert.equal(item.revision, 1);
        assert.deepEqual(item.clustering?.words, words);
        assert.equal(item.run, undefined);
        const map = await mapOf(server, id);
        assert.deepEqual(map.labels, stored.labels);
        assert.deepEqual(map.mask, stored.mask);
        assert.deepEqual(map.mean, stored.meanSimilarity);
        // Rows as first computed are those of the end but for what was computed again.
        assert.deepEqual([...rows.keys()], Array.from({ length: 12 }, (_, row) => row));
        const { arrays } = await partsOf<SimilarityHeader>(server.get(`/api/items/${id}/similarity`));
        rows.forEach((forward, row) => {
          const final = (arrays.forward as Float32Array).subarray(row * 56, row * 56 + 56);
          forward.forEach((value, k) =>
            assert.ok(Object.is(value, final[k]) || Math.abs(value - final[k]) < 2e-5)
          );
        });
      });
    }));
}

/** Every other probe of the upper rows. */
const drawn = Uint8Array.from({ length: 168 }, (_, probe) => probe < 98 && probe % 14 > 2 ? 1 : 0);

for (
  const [words, more] of [
    [["--blur", "2.5", "--threshold", "0.98"], []],
    [blurred, []],
    [["--preset", "auto"], []],
  ]
) {
  Deno.test(`a drawn mask with ${words.join(" ")} gives what a mask file gives`, () =>
    withFolder(async (folder) => {
      const film = await writeFilm(folder), mask = join(folder, "mask.npy");
      // What the words' own mask admits, together with what is drawn.
      const own = words.includes("--mask") || words.includes("auto")
        ? (await clustered(film, join(folder, "own"), words)).mask
        : drawn.map(() => 1);
      await Deno.writeFile(mask, encodeNpy("u8", [12, 14], drawn.map((inside, i) => inside & own[i])));
      const stored = await clustered(film, join(folder, "result"), [...words, ...more, "--mask", mask]);
      await withServer({ roots: [folder] }, async (server) => {
        const { id } = await server.open(film);
        assert.equal((await server.run(id, words, encodeMask(drawn))).last.kind, "done");
        const map = await mapOf(server, id);
        assert.deepEqual(map.labels, stored.labels);
        assert.deepEqual(map.mask, stored.mask);
      });
    }));
}

Deno.test("labels of a view are those of cluster with its threshold, size, mask and edits", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), mask = join(folder, "mask.npy"), log = join(folder, "edits.json");
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(film);
      await server.run(id, clusterFlags);
      const labels = async (view: LabelView) =>
        (await partsOf<LabelsHeader>(server.post(`/api/items/${id}/labels`, view))).arrays.labels;
      const method = await labels({ source: "method" });
      assert.deepEqual(method, (await mapOf(server, id)).labels);

      const flags = ["--blur", "1", "--q-mask", "outside:4", "--threshold", "0.985", "--min-size", "2"];
      const plain = await clustered(film, join(folder, "plain"), flags);
      assert.ok(plain.clusters.length >= 2);
      assert.deepEqual(await labels({ source: "threshold", threshold: 0.985, minimumSize: 2 }), plain.labels);

      await Deno.writeFile(mask, encodeNpy("u8", [12, 14], drawn));
      const masked = await clustered(film, join(folder, "masked"), [...flags, "--mask", mask]);
      const view = {
        source: "threshold",
        threshold: 0.985,
        minimumSize: 2,
        mask: encodeMask(drawn),
      } as const;
      assert.deepEqual(await labels(view), masked.labels);

      const [first, second] = masked.clusters.map(({ seed }) => [seed.row, seed.column] as const);
      const edits = {
        version: 1,
        operations: [{ kind: "merge", clusters: [first, second] }, { kind: "exclude", cluster: first }],
        cursor: 1,
      } as const;
      await Deno.writeTextFile(log, formatEditLog(edits));
      const edited = await clustered(film, join(folder, "edited"), [
        ...flags,
        "--mask",
        mask,
        "--edits",
        log,
      ]);
      assert.deepEqual(await labels({ ...view, edits }), edited.labels);
      assert.equal(edited.clusters.length, masked.clusters.length - 1);

      const wrong = {
        ...view,
        edits: { ...edits, operations: [{ kind: "exclude", cluster: [99, 0] }], cursor: 1 },
      };
      assert.equal((await failureOf(server.post(`/api/items/${id}/labels`, wrong))).kind, "BadParameter");
    });
  }));

Deno.test("a cut of regions is what growth within their mask gives", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), mask = join(folder, "mask.npy");
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(film);
      await server.run(id, ["--preset", "auto"]);
      await Deno.writeFile(mask, encodeNpy("u8", [12, 14], (await mapOf(server, id)).mask));
      const flags = ["--preset", "auto", "--method", "growth", "--threshold", "0.97", "--mask", mask];
      const stored = await clustered(film, join(folder, "result"), flags);
      const view = { source: "threshold", threshold: 0.97 } as const;
      const { arrays } = await partsOf<LabelsHeader>(server.post(`/api/items/${id}/labels`, view));
      assert.deepEqual(arrays.labels, stored.labels);
    });
  }));

Deno.test("one run at a time; a cancelled one leaves what was there, and another can start", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder);
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(film), words = [...clusterFlags];
      const start = () => server.post(`/api/items/${id}/runs`, { words });
      const { run } = await (await succeed(start())).json();
      const busy = await failureOf(start());
      assert.deepEqual([busy.kind, busy.status], ["Busy", 409]);
      await succeed(server.post(`/api/runs/${run}/cancel`, {}));
      assert.equal((await server.watch(run)).last.kind, "cancelled");
      const item: OpenedItem = await (await server.get(`/api/items/${id}`)).json();
      assert.deepEqual([item.revision, item.clustering, item.run], [0, undefined, undefined]);
      assert.equal((await server.run(id, words)).last.kind, "done");
    });
  }));

Deno.test("a run that fails says why, and its rows can be taken up from any of them", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder);
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(film);
      const failed = await server.run(id, [
        "--threshold",
        "0.9",
        "--q-mask",
        "disk:0",
        "--q-center",
        "0.5,0.5",
      ]);
      assert.equal(failed.last.kind, "failed");
      const { run } = await (await server.post(`/api/items/${id}/runs`, { words: [...clusterFlags] })).json();
      const all = await server.watch(run), rest = await server.watch(run, 7);
      assert.deepEqual([...rest.rows.keys()], [7, 8, 9, 10, 11]);
      rest.rows.forEach((forward, row) => assert.deepEqual(forward, all.rows.get(row)));
      assert.equal(rest.last.kind, "done");
    });
  }));

Deno.test("what a run would take is known before", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder);
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(film);
      const answer = await succeed(
        server.post(`/api/items/${id}/estimate`, { words: ["--preset", "paper"] }),
      );
      const { seconds, bytes } = await answer.json();
      assert.ok(seconds > 0 && seconds < 10 && bytes > 1e8 && bytes < 2 ** 30);
    });
  }));
