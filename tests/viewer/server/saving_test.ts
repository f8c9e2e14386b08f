/** What is saved: the same files as the command line gives, all of them or none, and sessions that open again. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { SaveRequest } from "../../../viewer/protocol/exports.ts";
import type { LabelView } from "../../../viewer/protocol/label_views.ts";
import type { MapHeader } from "../../../viewer/protocol/maps.ts";
import type { OpenedSession } from "../../../viewer/protocol/sessions.ts";
import { readResult } from "../../../mod.ts";
import { readStoredArray } from "../../../library/results/stored_array.ts";
import { encodeMask } from "../../../viewer/labels/drawn_mask.ts";
import { crystallite } from "../../support/command_line.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { decodePng } from "../../support/png.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";
import { failureOf, partsOf, succeed, type TestServer, withServer } from "../../support/serving.ts";

const method: LabelView = { source: "method" };

/** A clustered film, and a folder to save into. */
function withClustered(
  words: readonly string[],
  test: (server: TestServer, id: string, film: string, target: string) => Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    const film = await writeFilm(folder), target = join(folder, "saved");
    await Deno.mkdir(target);
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(film);
      assert.equal((await server.run(id, words)).last.kind, "done");
      await test(server, id, film, target);
    });
  });
}

async function save(server: TestServer, id: string, request: SaveRequest): Promise<string[]> {
  const { files } = await (await succeed(server.post(`/api/items/${id}/save`, request))).json();
  for (const { path, bytes } of files) {
    const info = await Deno.stat(path);
    if (info.isFile) assert.equal(info.size, bytes);
  }
  return files.map(({ path }: { path: string }) => path);
}

/** Files of two results that must not differ by a byte. */
async function sameFiles(first: string, second: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    assert.deepEqual(await Deno.readFile(join(first, name)), await Deno.readFile(join(second, name)), name);
  }
}

const dataFiles = [
  "labels.npy",
  "similarity.npy",
  "mean_similarity.npy",
  "mask.npy",
  "averages.npy",
  "clusters.csv",
];

Deno.test("every kind of file is saved with what the command line gives", () =>
  withClustered(clusterFlags, async (server, id, film, target) => {
    const out = join(target, "..", "result");
    await crystallite("cluster", film, "--out", out, ...clusterFlags);
    const kinds = [
      "picture",
      "drawing",
      "table",
      "averages",
      "tiff",
      "labels",
      "report",
      "session",
      "result",
    ] as const;
    const paths = await save(server, id, { view: method, kinds, folder: target, name: "film" });
    assert.deepEqual(await fileNames(target), [
      ...["film", "film.session.json", "film_averages.npy", "film_averages.tif", "film_clusters.csv"],
      ...["film_labels.npy", "film_map.png", "film_map.svg", "film_report.html"],
    ]);
    assert.equal(paths.length, 9);
    const stored = await readResult(out), saved = await readResult(join(target, "film"));
    await sameFiles(out, join(target, "film"), [...dataFiles, "forest_probes.npy", "map.png"]);
    const same = async (name: string, other: string) =>
      assert.deepEqual(await Deno.readFile(join(target, name)), await Deno.readFile(join(out, other)));
    await same("film_labels.npy", "labels.npy");
    await same("film_clusters.csv", "clusters.csv");
    await same("film_averages.npy", "averages.npy");
    assert.deepEqual(saved.run.parameters, stored.run.parameters);
    assert.equal(saved.run.command.slice(0, 3).join(" "), `crystallite cluster ${film}`);

    const averages = readStoredArray(join(out, "averages.npy"), "f32", [stored.clusters.length, 32, 32]);
    assert.deepEqual(
      await tiffPages(join(target, "film_averages.tif")),
      splitPages(averages as Float32Array),
    );
    const picture = decodePng(await Deno.readFile(join(target, "film_map.png")));
    assert.ok(picture.height > 12 * (picture.width / 14), "a scale bar and a legend lie below the map");
    const drawing = await Deno.readTextFile(join(target, "film_map.svg"));
    assert.match(drawing, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    const numbers = Array.from(
      drawing.matchAll(/<text x="([\d.]+)" y="([\d.]+)">(\d+)<\/text>/g),
      (found) => found.slice(1).map(Number),
    );
    assert.ok(numbers.length > 2, drawing.slice(-2000));
    // Each number stands on its cluster, whatever the magnification.
    const side = Number(/<image [^>]*width="(\d+)"/.exec(drawing)![1]) / stored.shape.columns;
    for (const [x, y, id] of numbers) {
      const probe = Math.floor(y / side) * stored.shape.columns + Math.floor(x / side);
      assert.equal(stored.labels[probe], id);
    }
    const report = await Deno.readTextFile(join(target, "film_report.html"));
    assert.match(report, /<title>film.npy/);
    assert.doesNotMatch(report, /https?:\/\/(?!www\.w3\.org)/);
  }));

/** Reads the pages of a TIFF file one directory after the other, as the format has it. */
async function tiffPages(path: string): Promise<Float32Array[]> {
  const bytes = await Deno.readFile(path), view = new DataView(bytes.buffer), pages: Float32Array[] = [];
  assert.equal(view.getUint32(0, true), 0x2a_4949);
  for (let at = view.getUint32(4, true); at !== 0;) {
    const tags = new Map<number, number>(), count = view.getUint16(at, true);
    for (let k = 0; k < count; k++) {
      const entry = at + 2 + 12 * k, short = view.getUint16(entry + 2, true) === 3;
      const value = short ? view.getUint16(entry + 8, true) : view.getUint32(entry + 8, true);
      tags.set(view.getUint16(entry, true), value);
    }
    const length = tags.get(256)! * tags.get(257)!, from = tags.get(273)!;
    assert.equal(tags.get(279), 4 * length);
    pages.push(Float32Array.from({ length }, (_, i) => view.getFloat32(from + 4 * i, true)));
    at = view.getUint32(at + 2 + 12 * count, true);
  }
  return pages;
}

function splitPages(averages: Float32Array): Float32Array[] {
  return Array.from({ length: averages.length / 1024 }, (_, k) => averages.slice(1024 * k, 1024 * (k + 1)));
}

Deno.test("a result at another threshold, with mask and edits, is that of its own command", () =>
  withClustered(["--blur", "2.5", "--threshold", "0.97"], async (server, id, film, target) => {
    const drawn = Uint8Array.from({ length: 168 }, (_, probe) => probe % 14 > 1 ? 1 : 0);
    const plain: LabelView = {
      source: "threshold",
      threshold: 0.985,
      minimumSize: 2,
      mask: encodeMask(drawn),
    };
    await save(server, id, { view: plain, kinds: ["result"], folder: target, name: "first" });
    const [{ seed }] = (await readResult(join(target, "first"))).clusters;
    const edits = {
      version: 1,
      operations: [{ kind: "exclude", cluster: [seed.row, seed.column] }],
      cursor: 1,
    } as const;
    const request = { view: { ...plain, edits }, kinds: ["result"], folder: target, name: "view" } as const;
    await save(server, id, request);
    assert.deepEqual(await fileNames(target), [
      "first",
      "first_mask.npy",
      "view",
      "view_edits.json",
      "view_mask.npy",
    ]);
    const saved = await readResult(join(target, "view"));
    assert.ok(saved.run.command.includes("--min-size"));
    const out = join(target, "again");
    const words = saved.run.command.slice(2).map((word, place, all) =>
      all[place - 1] === "--out" ? out : word
    );
    const { code, error } = await crystallite("cluster", ...words);
    assert.equal(code, 0, error);
    await sameFiles(join(target, "view"), out, [...dataFiles, "base_labels.npy", "edits.json"]);
    assert.deepEqual(saved.run.parameters, (await readResult(out)).run.parameters);
    assert.equal(film, saved.run.input.path);
  }));

Deno.test("a result that was opened is saved with other edits and keeps what does not follow from labels", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), out = join(folder, "result");
    await crystallite("cluster", film, "--out", out, "--preset", "auto");
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(out), stored = await readResult(out);
      const [{ seed }] = stored.clusters;
      const edits = {
        version: 1,
        operations: [{ kind: "exclude", cluster: [seed.row, seed.column] }],
        cursor: 1,
      } as const;
      await save(server, id, { view: { ...method, edits }, kinds: ["result"], folder, name: "edited" });
      const edited = await readResult(join(folder, "edited"));
      assert.equal(edited.clusters.length, stored.clusters.length - 1);
      await sameFiles(out, join(folder, "edited"), ["similarity.npy", "margin.npy", "mixture_clusters.npy"]);
      const log = join(folder, "edited_edits.json"), again = join(folder, "again");
      await crystallite("cluster", film, "--out", again, "--preset", "auto", "--edits", log);
      await sameFiles(again, join(folder, "edited"), dataFiles);
      // Without edits once more: the labels before.
      const opened = await server.open(join(folder, "edited"));
      assert.equal(opened.clustering?.edits?.operations.length, 1);
      await save(server, opened.id, { view: method, kinds: ["labels"], folder, name: "unedited" });
      const labels = readStoredArray(join(folder, "unedited_labels.npy"), "i32", [12, 14]);
      assert.deepEqual(labels, stored.labels);
    });
  }));

Deno.test("files that are there are not replaced unless asked, and nothing is left half done", () =>
  withClustered(clusterFlags, async (server, id, _film, target) => {
    const request: SaveRequest = { view: method, kinds: ["table", "labels"], folder: target, name: "a" };
    await Deno.writeTextFile(join(target, "a_labels.npy"), "mine");
    const refused = await failureOf(server.post(`/api/items/${id}/save`, request));
    assert.equal(refused.kind, "FileUnavailable");
    assert.deepEqual(await fileNames(target), ["a_labels.npy"]);
    assert.equal(await Deno.readTextFile(join(target, "a_labels.npy")), "mine");
    await save(server, id, { ...request, replace: true });
    assert.deepEqual(await fileNames(target), ["a_clusters.csv", "a_labels.npy"]);

    // The last of several cannot be written: a folder has its name.
    await Deno.mkdir(join(target, "b_map.png"));
    const kinds = ["table", "picture"] as const;
    const half = await failureOf(
      server.post(`/api/items/${id}/save`, { ...request, kinds, name: "b", replace: true }),
    );
    assert.equal(half.kind, "FileUnavailable");
    assert.deepEqual(await fileNames(target), ["a_clusters.csv", "a_labels.npy", "b_map.png"]);

    // A folder that is no result is never replaced, and what was saved beside it is taken back.
    await Deno.mkdir(join(target, "c"));
    const result = { ...request, kinds: ["table", "result"], name: "c", replace: true };
    assert.equal((await failureOf(server.post(`/api/items/${id}/save`, result))).kind, "BadParameter");
    assert.deepEqual(await fileNames(target), ["a_clusters.csv", "a_labels.npy", "b_map.png", "c"]);
  }));

Deno.test("names and folders that lead elsewhere are refused", () =>
  withClustered(clusterFlags, async (server, id, film, target) => {
    const refuse = async (changes: Partial<SaveRequest>, kind: string) => {
      const request = { view: method, kinds: ["table"], folder: target, name: "x", ...changes };
      assert.equal(
        (await failureOf(server.post(`/api/items/${id}/save`, request))).kind,
        kind,
        JSON.stringify(changes),
      );
    };
    for (const name of ["../x", "a/b", "a\\b", ".x", "", "x\0", "con", "x:y", "x".repeat(121), "x."]) {
      await refuse({ name }, "BadParameter");
    }
    await refuse({ folder: "/" }, "Refused");
    await refuse({ folder: join(target, "..", "..") }, "Refused");
    await refuse({ folder: film }, "FileUnavailable");
    await refuse({ folder: undefined }, "BadParameter");
    await refuse({ kinds: [] }, "BadParameter");
    await refuse({ kinds: ["picture"], colours: [1] }, "BadParameter");
    assert.deepEqual(await fileNames(target), []);
  }));

Deno.test("a session opens again with what was looked at, also after scan and session were moved", () =>
  withClustered(clusterFlags, async (server, id, film, target) => {
    const view: LabelView = { source: "threshold", threshold: 0.98, minimumSize: 3 };
    const page = { palette: "viridis", probe: "3,4" };
    const [path] = await save(server, id, { view, kinds: ["session"], folder: target, name: "s", page });
    const open = async (path: string): Promise<OpenedSession> =>
      await (await succeed(server.post("/api/open", { path }))).json();
    const session = await open(path);
    assert.equal(session.item.id, id);
    assert.deepEqual([session.view, session.page], [view, page]);
    assert.deepEqual(session.run, { words: [...clusterFlags] });
    const away = join(target, "..", "away");
    await Deno.mkdir(join(away, "saved"), { recursive: true });
    await Deno.rename(film, join(away, "film.npy"));
    await Deno.rename(path, join(away, "saved", "s.session.json"));
    assert.equal((await open(join(away, "saved", "s.session.json"))).item.path, join(away, "film.npy"));
    for (const text of ["", "{}", `{"program":"crystallite","session":1,"path":7}`]) {
      await Deno.writeTextFile(path, text);
      assert.equal((await failureOf(server.post("/api/open", { path }))).kind, "CorruptFile");
    }
    const outside = { program: "crystallite", session: 1, path: "/etc/passwd", input: [], view, page };
    await Deno.writeTextFile(path, JSON.stringify(outside));
    assert.equal((await failureOf(server.post("/api/open", { path }))).kind, "Refused");
  }));

Deno.test("downloads are files with names, never pages", () =>
  withClustered(clusterFlags, async (server, id) => {
    const download = (kinds: string[], name: string) =>
      server.post(`/api/items/${id}/download`, { view: method, kinds, name });
    const labels = await succeed(download(["labels"], "größe (1)"));
    assert.equal(
      labels.headers.get("content-disposition"),
      "attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%281%29_labels.npy",
    );
    const map = await partsOf<MapHeader>(server.get(`/api/items/${id}/map`));
    const bytes = new Uint8Array(await labels.arrayBuffer());
    assert.deepEqual(new Int32Array(bytes.slice(128).buffer), map.arrays.labels);
    const report = await succeed(download(["report"], "r"));
    assert.equal(report.headers.get("content-type"), "application/octet-stream");
    assert.match(await report.text(), /^<!doctype html>/);
    assert.equal((await (await succeed(download(["tiff"], "t"))).bytes())[0], 0x49);
    assert.equal((await failureOf(download(["result"], "r"))).kind, "BadParameter");
    assert.equal((await failureOf(download(["table", "labels"], "r"))).kind, "BadParameter");
  }));

Deno.test("without its scan a result still gives averages and report, but none of other clusters", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder), out = join(folder, "result");
    await crystallite("cluster", film, "--out", out, ...clusterFlags);
    await Deno.remove(film);
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(out);
      const kinds = ["averages", "tiff", "report"] as const;
      await save(server, id, { view: method, kinds, folder, name: "x" });
      const same = await Promise.all(
        [join(out, "averages.npy"), join(folder, "x_averages.npy")].map((path) => Deno.readFile(path)),
      );
      assert.deepEqual(same[0], same[1]);
      assert.match(await Deno.readTextFile(join(folder, "x_report.html")), /data:image\/png/);
      const view: LabelView = { source: "threshold", threshold: 0.99, minimumSize: 1 };
      const request = { view, kinds: ["averages"], folder, name: "y" };
      assert.equal((await failureOf(server.post(`/api/items/${id}/save`, request))).kind, "FileUnavailable");
      await save(server, id, { view, kinds: ["report", "picture"], folder, name: "y" });
      assert.ok(!(await fileNames(folder)).includes("y_averages.npy"));
    });
  }));
