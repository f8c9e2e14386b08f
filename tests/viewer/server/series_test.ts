/** Series behind the endpoints: what is answered is what the files say, and nothing leads out of what is served. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { emptyTrackLog } from "../../../library/series/editing/track_log.ts";
import type {
  KymographHeader,
  OpenedSeries,
  RegionAverageHeader,
  SeriesTableHeader,
  TracksHeader,
} from "../../../viewer/protocol/series.ts";
import { withFolder } from "../../support/folders.ts";
import { failureOf, partsOf, succeed, type TestServer, withServer } from "../../support/serving.ts";
import { storedMaps, storedShape, writeStoredSeries } from "../../support/stored_series.ts";

const { rows, columns } = storedShape;
const mapOf = (frame: number) =>
  storedMaps[frame].split("").map((track) => track === "." ? -1 : Number(track));

async function openSeries(
  server: TestServer,
  path: string,
  input: readonly string[] = [],
): Promise<OpenedSeries> {
  return await (await succeed(server.post("/api/open", { path, input, frames: true }))).json();
}

/** A server with the series that was written by hand. */
const withSeries = (
  test: (server: TestServer, opened: OpenedSeries, series: string, folder: string) => Promise<void>,
) =>
  withFolder(async (folder) => {
    const series = writeStoredSeries(folder);
    await withServer({ roots: [folder] }, async (server) =>
      await test(server, await openSeries(server, series), series, folder));
  });

Deno.test("the regions, maps and lines of a series are those of its files", () =>
  withSeries(async (server, opened, series) => {
    assert.deepEqual([opened.name, opened.linked, opened.frames.length], ["stored", true, 4]);
    assert.deepEqual(opened.frames.map(({ value }) => value), [0, 0.5, 1, 1.5]);
    assert.equal((await openSeries(server, series)).series, opened.series, "the same series once more");
    const at = `/api/series/${opened.series}`;
    const { header, arrays } = await partsOf<SeriesTableHeader>(server.get(`${at}/table`));
    assert.deepEqual(header.edits, emptyTrackLog);
    assert.deepEqual(Array.from(arrays.track), [0, 1, 0, 1, 2, 0, 0, 2]);
    assert.deepEqual(Array.from(arrays.size), [6, 4, 6, 4, 2, 14, 14, 2]);
    assert.deepEqual(Array.from(arrays.drift), [0, 0, 1, 0, 2, 0, 3, 0]);
    assert.equal(arrays.colours.length, 3);
    for (let frame = 0; frame < 4; frame++) {
      const { tracks } = (await partsOf(server.get(`${at}/frame?frame=${frame}`))).arrays;
      assert.deepEqual(Array.from(tracks), mapOf(frame));
    }
    const line = { from: { row: 0.5, column: 0.5 }, to: { row: 0.5, column: 5.5 } };
    for (const corrected of [false, true]) {
      const { header, arrays } = await partsOf<KymographHeader>(
        server.post(`${at}/kymograph`, { ...line, corrected }),
      );
      assert.equal(header.places, 6);
      const expected = [0, 1, 2, 3].flatMap((frame) => {
        const row = corrected ? frame : 0;
        return row < rows ? mapOf(frame).slice(row * columns, (row + 1) * columns) : Array(6).fill(-2);
      });
      assert.deepEqual(Array.from(arrays.tracks), expected);
    }
  }));

Deno.test("corrections are put behind the log, with the place of the region; what cannot be done is said", () =>
  withSeries(async (server, opened) => {
    const at = `/api/series/${opened.series}/tracks`;
    const first = await partsOf<TracksHeader>(
      server.post(at, { edits: emptyTrackLog, add: { kind: "cut", region: 5 } }),
    );
    assert.deepEqual(first.header.edits.operations, [{ kind: "cut", track: [2, 0, 0] }]);
    assert.deepEqual(Array.from(first.arrays.tracks), [0, 1, 0, 1, 2, 3, 3, 2]);
    const told = first.header.events.map(({ kind, frame, track, partner, byHand, provisional }) =>
      [kind, frame, track, partner, byHand, provisional].join(" ")
    );
    assert.deepEqual(told, [
      "birth 1 2 -1 false false",
      "death 2 0 -1 true false",
      "merge 2 1 3 false true",
      "birth 2 3 -1 true false",
    ]);
    const { edits } = first.header;
    const both = await failureOf(server.post(at, { edits, add: { kind: "join", regions: [0, 1] } }));
    assert.deepEqual([both.status, both.kind], [400, "BadParameter"]);
    assert.match(both.message, /tracks 0 and 1 are both in frame 0/);
    for (
      const body of [
        { edits, add: { kind: "cut", region: 8 } },
        { edits, add: { kind: "cut", region: -1 } },
        { edits, add: { kind: "join", regions: [1] } },
        { edits, add: { kind: "drop", region: 1 } },
        { edits: { ...edits, cursor: 5 } },
        { edits: { version: 1, operations: [], cursor: 0 } },
        {},
      ]
    ) assert.ok([400, 422].includes((await failureOf(server.post(at, body))).status), JSON.stringify(body));
  }));

Deno.test("corrections are kept beside the series, corrected tracks written into served folders only", () =>
  withSeries(async (server, opened, series, folder) => {
    const at = `/api/series/${opened.series}`;
    const { header: { edits } } = await partsOf<TracksHeader>(
      server.post(`${at}/tracks`, { edits: emptyTrackLog, add: { kind: "assign", region: 7, to: "new" } }),
    );
    await succeed(server.post(`${at}/edits`, { edits }));
    assert.deepEqual(JSON.parse(Deno.readTextFileSync(join(series, "edits.json"))), edits);
    assert.deepEqual((await partsOf<SeriesTableHeader>(server.get(`${at}/table`))).header.edits, edits);
    const save = (folder: string, replace = false) => server.post(`${at}/save`, { edits, folder, replace });
    const out = join(folder, "out");
    assert.equal((await (await succeed(save(out))).json()).files.length, 7);
    assert.equal((await failureOf(save(out))).kind, "FileUnavailable");
    await succeed(save(out, true));
    assert.match((await failureOf(save(series, true))).message, /is the series itself/);
    for (const place of [join(folder, "..", "beside"), "relative", ""]) {
      assert.equal((await failureOf(save(place))).kind, "Refused", place);
    }
    const missing = { edits: { ...edits, operations: [{ kind: "cut", track: [9, 0, 0] }] } };
    assert.match((await failureOf(server.post(`${at}/edits`, missing))).message, /no region at that place/);
    assert.deepEqual(JSON.parse(Deno.readTextFileSync(join(series, "edits.json"))), edits);
  }));

Deno.test("averages are those of the frame's result, as long as its clusters are those that were linked", () =>
  withFolder(async (folder) => {
    const series = writeStoredSeries(folder), result = join(series, "frames", "0000");
    Deno.mkdirSync(result, { recursive: true });
    const record = JSON.parse(Deno.readTextFileSync(join(series, "series.json")));
    record.frames[0].directory = "frames/0000";
    Deno.writeTextFileSync(join(series, "series.json"), JSON.stringify(record));
    const patterns = Float32Array.from({ length: 2 * 3 * 4 }, (_, index) => index);
    Deno.writeFileSync(join(result, "averages.npy"), encodeNpy("f32", [2, 3, 4], patterns));
    Deno.writeTextFileSync(
      join(result, "run.json"),
      '{"program": "crystallite", "parameters": {"average": "filtered"}}',
    );
    const labels = Int32Array.from(mapOf(0)), path = join(result, "labels.npy");
    Deno.writeFileSync(path, encodeNpy("i32", [rows, columns], labels));
    await withServer({ roots: [folder] }, async (server) => {
      const { series: id } = await openSeries(server, series);
      const average = (frame: number, cluster: number) =>
        server.get(`/api/series/${id}/average?frame=${frame}&cluster=${cluster}`);
      const { header, arrays } = await partsOf<RegionAverageHeader>(average(0, 1));
      assert.deepEqual([header.kind, Array.from(arrays.pattern)], [
        "filtered",
        Array.from(patterns.subarray(12)),
      ]);
      for (const [frame, cluster] of [[0, 2], [4, 0], [1, 0]]) {
        assert.equal((await failureOf(average(frame, cluster))).status, 400);
      }
      Deno.writeFileSync(
        path,
        encodeNpy("i32", [rows, columns], labels.map((label) => label < 0 ? -1 : 1 - label)),
      );
      assert.match((await failureOf(average(0, 1))).message, /was changed after the series was linked/);
    });
  }));

Deno.test("frames and files of a series that lie outside are neither opened nor read", () =>
  withFolder(async (folder) => {
    const served = join(folder, "served");
    Deno.mkdirSync(served);
    const outside = writeStoredSeries(folder, "outside"), series = writeStoredSeries(served);
    const path = join(series, "series.json"), record = JSON.parse(Deno.readTextFileSync(path));
    record.frames[0].directory = "../../outside";
    record.frames[1].directory = outside;
    Deno.symlinkSync(outside, join(series, "link"));
    record.frames[2].directory = "link";
    Deno.writeTextFileSync(path, JSON.stringify(record));
    await withServer({ roots: [served] }, async (server) => {
      const { frames } = await openSeries(server, series);
      assert.ok(frames.every(({ open }) => open === undefined), JSON.stringify(frames));
      for (const name of ["tracks.npy", "tracks.csv", "events.csv", "edits.json"]) {
        const led = writeStoredSeries(served, `led ${name}`);
        await Deno.remove(join(led, name)).catch(() => {});
        Deno.symlinkSync(join(outside, name), join(led, name));
        assert.equal(
          (await failureOf(server.post("/api/open", { path: led, frames: true }))).kind,
          "Refused",
          name,
        );
      }
      const led = join(served, "led");
      Deno.mkdirSync(led);
      Deno.symlinkSync(join(outside, "series.json"), join(led, "series.json"));
      assert.equal((await failureOf(server.post("/api/open", { path: led, frames: true }))).kind, "Refused");
    });
  }));

Deno.test("several scans are frames, with the flags that open each; a server without a runner runs none", () =>
  withFolder(async (folder) => {
    const five = join(folder, "five.npy"), scans = join(folder, "scans");
    Deno.mkdirSync(scans);
    const values = Uint16Array.from({ length: 2 * 3 * 4 * 8 * 8 }, (_, index) => index % 7);
    Deno.writeFileSync(five, encodeNpy("u16", [2, 3, 4, 8, 8], values));
    for (const name of ["f10.npy", "f2.npy"]) {
      Deno.writeFileSync(join(scans, name), encodeNpy("u16", [3, 4, 8, 8], values.subarray(0, 768)));
    }
    await withServer({ roots: [folder] }, async (server) => {
      const opened = await openSeries(server, five, ["--bad-pixels", "none"]);
      assert.deepEqual(
        opened.frames.map(({ open }) => open),
        [0, 1].map((frame) => ({
          path: five,
          input: ["--bad-pixels", "none", "--frames", String(frame)],
        })),
      );
      const { id } = await server.open(five, opened.frames[1].open!.input);
      const alone = await failureOf(server.post("/api/open", { path: five }));
      assert.match(alone.message, /is a series of 2 scans/, "who does not ask for frames gets none");
      const beside = await openSeries(server, scans);
      assert.deepEqual(beside.frames.map(({ open }) => open!.path), [
        join(scans, "f2.npy"),
        join(scans, "f10.npy"),
      ]);
      assert.equal((await failureOf(server.get(`/api/series/${opened.series}/table`))).kind, "NotFound");
      const run = { item: id, words: ["--preset", "auto"], folder: join(folder, "out") };
      const start = (changed: object) =>
        failureOf(server.post(`/api/series/${opened.series}/runs`, { ...run, ...changed }));
      assert.equal((await start({})).kind, "Busy");
      assert.equal((await start({ words: ["--blur", "no"] })).kind, "BadParameter");
      assert.equal((await start({ folder: join(folder, "..", "out") })).kind, "Refused");
      assert.equal((await start({ item: "none" })).kind, "NotFound");
    });
  }));
