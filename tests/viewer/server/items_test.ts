/** What the page reads of scans and results: the same bytes as the command line writes. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeParts, encodeParts } from "../../../viewer/protocol/parts.ts";
import { isFailure } from "../../../viewer/protocol/failure.ts";
import type { OpenedItem } from "../../../viewer/protocol/items.ts";
import { clustersOf } from "../../../viewer/labels/cluster_figures.ts";
import type { ForestHeader, MapHeader } from "../../../viewer/protocol/maps.ts";
import type { AverageHeader, PatternHeader, WholeHeader } from "../../../viewer/protocol/patterns.ts";
import { readMessages } from "../../../viewer/protocol/messages.ts";
import { encodeNpy, nameClusters, openScan, readPattern, readResult } from "../../../mod.ts";
import { assignColours } from "../../../library/report/colours.ts";
import { readStoredArray } from "../../../library/results/stored_array.ts";
import { crystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { clusterFlags, writeFilm, writeZeros } from "../../support/scan_files.ts";
import { failureOf, partsOf, piecesOf, succeed, withServer } from "../../support/serving.ts";

/** A film, its result, and a server for both. */
function withResult(
  test: Parameters<typeof withServer>[1] extends (server: infer Server) => unknown
    ? (server: Server, film: string, result: string) => Promise<void>
    : never,
) {
  return withFolder(async (folder) => {
    const film = await writeFilm(folder), result = join(folder, "result");
    const { code, error } = await crystallite("cluster", film, "--out", result, ...clusterFlags);
    assert.equal(code, 0, error);
    await withServer({ roots: [folder] }, (server) => test(server, film, result));
  });
}

Deno.test("a scan is opened once, and says what it is", () =>
  withFolder(async (folder) => {
    const film = await writeFilm(folder);
    await withServer({ roots: [folder] }, async (server) => {
      const item = await server.open(film);
      assert.deepEqual(item.shape, { rows: 12, columns: 14, patternRows: 32, patternColumns: 32 });
      assert.deepEqual(item.scan, { readable: true, path: film });
      assert.equal(item.clustering, undefined);
      assert.equal((await server.open(film)).id, item.id);
      assert.notEqual((await server.open(film, ["--q-bin", "2"])).id, item.id);
      const again: OpenedItem = await (await succeed(server.get(`/api/items/${item.id}`))).json();
      assert.deepEqual(again, item);
    });
  }));

Deno.test("a stack is refused with what the page offers, by the name of its field", () =>
  withFolder(async (folder) => {
    const path = join(folder, "stack.npy");
    await Deno.writeFile(path, encodeNpy("u8", [6, 2, 2], new Uint8Array(24)));
    await withServer({ roots: [folder] }, async (server) => {
      const { kind, details } = await failureOf(server.post("/api/open", { path }));
      assert.equal(kind, "ShapeUnknown");
      assert.deepEqual([details.parameter, details.patterns], ["scanShape", 6]);
      assert.deepEqual(details.shapes, [{ rows: 2, columns: 3 }, { rows: 3, columns: 2 }]);
      assert.match(details.remedy ?? "", /^give “Scan shape” ROWSxCOLUMNS/);
    });
  }));

Deno.test("map, pattern and averages of a result are those of its files", () =>
  withResult(async (server, film, result) => {
    const item = await server.open(result), stored = await readResult(result);
    assert.deepEqual(item.clustering?.words, [...clusterFlags]);
    assert.equal(item.clustering?.threshold, 0.97);
    const { header, arrays } = await partsOf<MapHeader>(server.get(`/api/items/${item.id}/map`));
    assert.deepEqual(header, { revision: 0, hasForest: true });
    assert.deepEqual(clustersOf(arrays.figures), stored.clusters);
    assert.deepEqual(arrays.labels, stored.labels);
    assert.deepEqual(arrays.mean, stored.meanSimilarity);
    assert.deepEqual(arrays.mask, stored.mask);
    const forest = await partsOf<ForestHeader>(server.get(`/api/items/${item.id}/forest`));
    assert.deepEqual(forest.arrays.probes, stored.forest?.probes);
    assert.deepEqual(forest.arrays.similarity, stored.forest?.similarity);
    const sizes = stored.clusters.map(({ size }) => size);
    assert.deepEqual(
      arrays.names,
      nameClusters(stored.forest!, { labels: stored.labels, sizes: Int32Array.from(sizes) }),
    );
    assert.deepEqual(arrays.colours, Uint8Array.from(assignColours(stored.labels, stored.shape, sizes)));

    const pattern = await partsOf<PatternHeader>(server.get(`/api/items/${item.id}/pattern?row=3&column=7`));
    const scan = await openScan(film);
    assert.deepEqual(pattern.arrays.pattern, Float32Array.from(await readPattern(scan, 3, 7)));
    scan.close();
    assert.equal(pattern.header.sum, (pattern.arrays.pattern as Float32Array).reduce((a, b) => a + b));

    const count = stored.clusters.length;
    const averages = readStoredArray(join(result, "averages.npy"), "f32", [count, 32, 32]);
    const probes = (id: number) =>
      Array.from(stored.labels.keys()).filter((probe) => stored.labels[probe] === id);
    const groups = [1, 0].map(probes);
    const request = (lists: number[][], bin = 1) =>
      piecesOf<AverageHeader>(server.post(
        `/api/items/${item.id}/averages`,
        encodeParts({
          header: { sizes: lists.map((list) => list.length), bin },
          arrays: { probes: Uint32Array.from(lists.flat()) },
        }),
      ));
    const fromFile = await request(groups);
    assert.deepEqual(fromFile.map(({ header }) => header), [0, 1].map((place) => ({ place, kind: "raw" })));
    [1, 0].forEach((id, place) => {
      assert.deepEqual(fromFile[place].arrays.pattern, averages.slice(id * 1024, (id + 1) * 1024));
    });
    // Two of them, and a part of another that no file has: read from the scan.
    const half = groups[1].slice(0, 5);
    const fromScan = await request([groups[0], half]);
    const byPlace = new Map(fromScan.map(({ header, arrays }) => [header.place, arrays.pattern]));
    assert.deepEqual(byPlace.get(0), averages.slice(1024, 2048));
    assert.equal(byPlace.size, 2);
    const thumbnails = await request(groups, 4);
    assert.equal(thumbnails[0].arrays.pattern.length, 64);
    const sum = (values: Iterable<number>) => Array.from(values).reduce((a, b) => a + b);
    assert.ok(Math.abs(sum(thumbnails[0].arrays.pattern) - sum(averages.slice(1024, 2048))) < 0.05);
  }));

Deno.test("mean and maximum are those of all patterns", () =>
  withResult(async (server, film) => {
    const { id } = await server.open(film, ["--bad-pixels", "none"]);
    const { header, arrays } = await partsOf<WholeHeader>(server.get(`/api/items/${id}/whole`));
    assert.equal(header.probes, 168);
    const scan = await openScan(film), data = new Uint16Array(168 * 1024);
    await scan.readRows(0, 12, data);
    scan.close();
    const mean = new Float64Array(1024), maximum = new Float32Array(1024);
    data.forEach((count, i) => {
      mean[i % 1024] += count;
      maximum[i % 1024] = Math.max(maximum[i % 1024], count);
    });
    assert.deepEqual(arrays.mean, Float32Array.from(mean, (sum) => sum / 168));
    assert.deepEqual(arrays.maximum, maximum);
  }));

Deno.test("a result without its scan shows all but patterns, and averages from its file", () =>
  withResult(async (server, film, result) => {
    await Deno.rename(film, `${film}.away`);
    const item = await server.open(result), stored = await readResult(result);
    assert.equal(item.scan.readable, false);
    const failure = await failureOf(server.get(`/api/items/${item.id}/pattern?row=0&column=0`));
    assert.equal(failure.status, 404);
    assert.equal(failure.kind, "FileUnavailable");
    const probes = Uint32Array.from(
      Array.from(stored.labels.keys()).filter((probe) => stored.labels[probe] === 0),
    );
    const body = encodeParts({ header: { sizes: [probes.length] }, arrays: { probes } });
    const pieces = await piecesOf<AverageHeader>(server.post(`/api/items/${item.id}/averages`, body));
    assert.equal(pieces.length, 1);
  }));

Deno.test("malformed requests are refused with what was expected", () =>
  withResult(async (server, film) => {
    const { id } = await server.open(film);
    const bad = async (response: Promise<Response>, kind = "BadParameter", status = 400) => {
      const failure = await failureOf(response);
      assert.deepEqual([failure.kind, failure.status], [kind, status], JSON.stringify(failure));
      assert.doesNotMatch(JSON.stringify(failure), /\.ts:\d+/);
    };
    await bad(server.get(`/api/items/${id}/pattern?row=12&column=0`));
    await bad(server.get(`/api/items/${id}/pattern?row=-1&column=0`));
    await bad(server.get(`/api/items/${id}/pattern?row=1e3&column=0`));
    await bad(server.get(`/api/items/none/pattern?row=0&column=0`), "NotFound", 404);
    await bad(server.get(`/api/items/${id}/map`), "FileUnavailable", 404);
    await bad(server.get("/api/runs/none/stream"), "NotFound", 404);
    await bad(server.post("/api/open", { path: film, input: ["--out", "x"] }));
    await bad(server.post("/api/open", { path: film, input: ["--scan-shape"] }));
    await bad(server.post("/api/open", { path: 5 }));
    await bad(server.post("/api/open", []));
    await bad(server.get("/api/open", { method: "POST", body: "{" }));
    await bad(server.post(`/api/items/${id}/runs`, { words: ["--threshold", "2"] }));
    await bad(server.post(`/api/items/${id}/runs`, { words: ["--roi", "0:2,0:2", "--preset", "auto"] }));
    await bad(server.post(`/api/items/${id}/runs`, { words: ["--preset", "auto"], mask: { runs: [3] } }));
    await bad(server.post(`/api/items/${id}/runs`, { words: ["--preset", "auto"], mask: { runs: [168] } }));
    await bad(server.post(`/api/items/${id}/virtual`, { detector: { row: 1, column: 1, outer: -1 } }));
    await bad(server.post(`/api/items/${id}/virtual`, { detector: { row: 1, column: 1, outer: null } }));
    await bad(server.post(`/api/items/${id}/averages`, new Uint8Array([1, 2, 3])));
    const averages = (sizes: number[], probes: number[]) =>
      server.post(
        `/api/items/${id}/averages`,
        encodeParts({ header: { sizes }, arrays: { probes: Uint32Array.from(probes) } }),
      );
    await bad(averages([2], [0]));
    await bad(averages([1, 1], [0, 0]));
    await bad(averages([1], [168]));
    await bad(averages([1], [0, 1]));
    await bad(averages(Array(65).fill(1), Array.from({ length: 65 }, (_, i) => i)));
    await bad(server.post(`/api/items/${id}/averages`, new Uint8Array(70_000)));
    await bad(server.post("/api/open", { path: film, input: ["x".repeat(5000)] }));
  }));

Deno.test("what fails after the status was sent is told in the answer", () =>
  withFolder(async (folder) => {
    // A minute of reading, cut off by closing the server.
    const path = await writeZeros(folder, { rows: 512, columns: 512, patternRows: 256, patternColumns: 256 });
    let whole: Response | undefined, averages: Response | undefined;
    await withServer({ roots: [folder] }, async (server) => {
      const { id } = await server.open(path, ["--bad-pixels", "none"]);
      const probes = Uint32Array.from({ length: 512 * 512 }, (_, probe) => probe);
      const body = encodeParts({ header: { sizes: [probes.length] }, arrays: { probes } });
      whole = await succeed(server.get(`/api/items/${id}/whole`));
      averages = await succeed(server.post(`/api/items/${id}/averages`, body));
    });
    const { header } = decodeParts(await whole!.arrayBuffer());
    assert.ok(isFailure(header) && header.error.kind === "Aborted", JSON.stringify(header));
    const [piece] = await Array.fromAsync(readMessages(averages!.body!));
    assert.ok(isFailure(piece.header), JSON.stringify(piece.header));
  }));
