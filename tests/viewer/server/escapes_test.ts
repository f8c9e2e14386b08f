/**
 * Whatever a file, a link or an address names outside of the served folders: no answer of the viewer holds anything of it, or
 * tells whether it is there. With all permissions and with those that the documentation names.
 */

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import { emptyTrackLog } from "../../../library/series/editing/track_log.ts";
import type { OpenedItem } from "../../../viewer/protocol/items.ts";
import type { OpenedSeries } from "../../../viewer/protocol/series.ts";
import { crystallite } from "../../support/command_line.ts";
import { documentedFlags, freePort } from "../../support/documented_flags.ts";
import { newXml } from "../../support/empad_files.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";
import { succeed } from "../../support/serving.ts";
import { type RunningViewer, withViewer } from "../../support/viewer.ts";
import { arrayFiles, writeStore } from "../../support/zarr_stores.ts";

/** Stands in every file outside, also as numbers. */
const secret = "SECRETSECRET";
const secretNumbers = new Uint16Array(new TextEncoder().encode(secret).buffer);
const shape = [3, 4, 8, 8], numbers = Uint16Array.from({ length: 768 }, (_, i) => secretNumbers[i % 6]);
const bytes = new Uint8Array(numbers.buffer);

/** Names of what is there outside, and of what is not. */
const here = "inplace", gone = "missing";

async function writeOutside(outside: string): Promise<void> {
  const scan = { data: numbers, shape, dtype: "<H" };
  for (const name of [`${here}.h5`, "source.h5"]) {
    await writeHdf5(join(outside, name), (file) => file.create_dataset({ name: "scan", ...scan }));
  }
  await Deno.writeFile(join(outside, `${here}.npy`), encodeNpy("u16", shape, numbers));
  await Deno.writeFile(
    join(outside, `${here}.raw`),
    new Uint8Array(12 * 130 * 128 * 4).map((_, i) => bytes[i % 12]),
  );
  await Deno.writeFile(join(outside, `${here}.chunk`), bytes.subarray(0, 128));
  await Deno.writeTextFile(join(outside, `${here}.json`), secret);
}

/** Writes files and links into the served folder that lead to a file outside; gives their paths. */
async function writeEscapes(served: string, outside: string, name: string): Promise<string[]> {
  const path = (file: string) => join(served, `${name} ${file}`);
  await Deno.symlink(join(outside, `${name}.npy`), path("link.npy"));
  await Deno.symlink(`../outside/${name}.npy`, path("relative.npy"));
  const links = {
    up: `../outside/${name}.h5`,
    through: `out/${name}.h5`,
    absolute: join(outside, `${name}.h5`),
  };
  for (const [kind, target] of Object.entries(links)) {
    await writeHdf5(path(`${kind}.h5`), (file) => file.create_external_link(target, "/scan", "data"));
  }
  await Deno.writeTextFile(path("up.xml"), newXml(`../outside/${name}.raw`));
  await Deno.writeTextFile(path("through.xml"), newXml(`out/${name}.raw`));
  const recipe = {
    version: 2,
    lengths: [2, 4, 4, 4],
    chunks: [1, 4, 4, 4],
    data: new Uint16Array(128),
  } as const;
  const store = await arrayFiles("", recipe);
  const first = "0.0.0.0";
  assert.ok(store.delete(first));
  await writeStore(path("store.zarr"), store);
  await Deno.symlink(join(outside, `${name}.chunk`), join(path("store.zarr"), first));
  for (const member of ["labels.npy", "run.json"]) {
    const folder = path(`result ${member}`);
    await Deno.mkdir(folder);
    for await (const file of Deno.readDir(join(served, "result"))) {
      await Deno.copyFile(join(served, "result", file.name), join(folder, file.name));
    }
    await Deno.remove(join(folder, member));
    await Deno.symlink(join(outside, `${name}${member.slice(member.indexOf("."))}`), join(folder, member));
  }
  const session = { program: "crystallite", session: 1, path: join(outside, `${name}.npy`), input: [] };
  await Deno.writeTextFile(path("a.session.json"), JSON.stringify(session));
  await Deno.symlink(join(outside, `${name}.json`), path("b.session.json"));
  return [
    ...["link.npy", "relative.npy", "up.h5", "through.h5", "absolute.h5", "up.xml", "through.xml"].map(path),
    ...["store.zarr", "result labels.npy", "result run.json", "a.session.json", "b.session.json"].map(path),
    join(served, "out", `${name}.npy`),
    join(outside, `${name}.npy`),
    `${served}/../outside/${name}.h5`,
  ];
}

/** What is open while paths are tried: the addresses of an item and of a series, and the path of the item. */
interface Opened {
  readonly item: string;
  readonly series: string;
  readonly film: string;
}

async function isLink(path: string): Promise<boolean> {
  return (await Deno.lstat(path)).isSymlink;
}

/** How a run ends, where an answer has started one; else that answer. */
async function endOf({ request }: RunningViewer, address: string, answer: string): Promise<string> {
  const run = /^{"run":"(\w+)"}$/.exec(answer)?.[1];
  if (run === undefined) return answer;
  const runs = address.startsWith("/api/series/") ? "series-runs" : "runs";
  const stream = await (await request(`/api/${runs}/${run}/stream`)).text();
  const end = /"kind":"(done|cancelled|failed".*)/s.exec(stream);
  assert.ok(end, `${address}: ${stream}`);
  return end[1];
}

/** Everything that can be asked about a path. */
async function askAll(
  viewer: RunningViewer,
  { item, series, film }: Opened,
  path: string,
): Promise<string[]> {
  const answer = async (address: string, body?: unknown) => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await viewer.request(address, init);
    // Checksums are those of the files with links, whose own bytes name what they lead to.
    const text = (await response.text()).replaceAll(
      /"modified":\d+|"found":"[0-9a-f]{64}"|"(upload|series)":"[^"]+"/g,
      "",
    );
    return `${address.split("?")[0]} ${response.status} ${await endOf(viewer, address, text)}`;
  };
  const save = { view: { source: "method" }, kinds: ["table"], name: "saved", folder: path };
  const served = dirname(film), name = encodeURIComponent(path);
  const leadsOut = dirname(path) !== served || await isLink(path);
  const orient = { kind: "orient", voltage: "200 kV", qPixelSize: "0.02 A^-1" };
  return [
    await answer("/api/open", { path, input: [] }),
    await answer("/api/open", { path, input: [], frames: true }),
    await answer("/api/open", { path: `${path}/..`, input: [] }),
    await answer("/api/open", { path: film, input: [], scan: path }),
    await answer("/api/open", { path: item, input: ["--bad-pixels", path] }),
    await answer("/api/open", { path: join(served, "film.npy"), input: ["--bad-pixels", path] }),
    await answer(`/api/files?path=${name}`),
    await answer(`${item}/estimate`, { words: ["--threshold", "0.9", "--mask", path] }),
    await answer(`${item}/runs`, { words: ["--threshold", "0.9", "--q-mask", path] }),
    await answer(`${item}/virtual`, { detector: { row: 4, column: 4, outer: 3, path } }),
    await answer(`${item}/save`, save),
    await answer(`${item}/download`, { ...save, folder: undefined, name: path }),
    await answer(`${item}/command`, { source: "method", mask: path }),
    await answer("/api/uploads", { folder: path, name: "new.npy", bytes: 8 }),
    await answer("/api/uploads", { folder: `${path}/..`, name: "new.txt", bytes: 8 }),
    await answer("/api/uploads", { folder: served, name: path.slice(-200), bytes: 8 }),
    // Whatever lies in a served folder itself may be taken for a crystal, and starts a thread.
    ...leadsOut
      ? [
        await answer(`${item}/analyses`, { ...orient, cifs: [path] }),
        await answer(`${series}/runs`, {
          words: ["--threshold", "0.9"],
          item: item.split("/").at(-1),
          folder: path,
        }),
      ]
      : [],
    await answer(`${series}/save`, { edits: emptyTrackLog, folder: path }),
    ...await Promise.all(
      [`items/${name}/map`, `series/${name}`, `series/${name}/table`, `runs/${name}/stream`].map((address) =>
        answer(`/api/${address}`)
      ),
    ),
    await answer(`/api/uploads/${name}/cancel`, {}),
  ];
}

/** Analyses of a result that says its scan lies outside: how each ends, and what it leaves in the result. */
async function analyseMoved(
  viewer: RunningViewer,
  served: string,
  outside: string,
  name: string,
): Promise<string[]> {
  const folder = join(served, `${name} moved`), record = join(folder, "run.json");
  await Deno.mkdir(folder);
  for await (const file of Deno.readDir(join(served, "result"))) {
    await Deno.copyFile(join(served, "result", file.name), join(folder, file.name));
  }
  const run = JSON.parse(await Deno.readTextFile(record));
  run.input.path = join(outside, `${name}.npy`);
  await Deno.writeTextFile(record, JSON.stringify(run));
  const ask = async (address: string, body: unknown) => {
    const response = await viewer.request(address, { method: "POST", body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  };
  const { id } = JSON.parse((await ask("/api/open", { path: folder, input: [] })).text);
  const said: string[] = [];
  for (
    const wanted of [
      { kind: "strain" },
      { kind: "orient", crystals: ["Au"], voltage: "200 kV", qPixelSize: "0.02 A^-1" },
      { kind: "orient", crystals: [record] },
    ]
  ) {
    const address = `/api/items/${id}/analyses`, { status, text } = await ask(address, wanted);
    said.push(`${status} ${await endOf(viewer, address, text)}`);
  }
  for (
    const file of (await fileNames(folder)).filter((file) => file.endsWith(".json") && file !== "run.json")
  ) {
    said.push(await Deno.readTextFile(join(folder, file)));
  }
  return said;
}

const addresses = [
  "/docs/..%2f..%2f..%2fdeno.json",
  "/docs/%2e%2e%2f%2e%2e%2fdeno.json",
  "/..%2foutside%2finplace.json",
  "/%2e%2e%2foutside%2finplace.json",
  "/workers/..%2f..%2f..%2fdeno.json",
  "/_fresh/js/..%2f..%2f..%2fdeno.json",
  "/_fresh/..%5c..%5cdeno.json",
  "/%00",
  "/%2foutside%2finplace.json",
  "/api/..%2f..%2fdeno.json",
];

async function tryEverything(viewer: RunningViewer, served: string, outside: string): Promise<void> {
  const { request } = viewer;
  const film = join(served, "result");
  const opened = await succeed(
    request("/api/open", { method: "POST", body: JSON.stringify({ path: film, input: [] }) }),
  );
  const { id }: OpenedItem = await opened.json();
  await Deno.writeFile(join(served, "frames.npy"), encodeNpy("u16", [2, 3, 4, 8, 8], new Uint16Array(1536)));
  const frames = { path: join(served, "frames.npy"), input: [], frames: true };
  const { series }: OpenedSeries = await (await succeed(
    request("/api/open", { method: "POST", body: JSON.stringify(frames) }),
  )).json();
  const open = { item: `/api/items/${id}`, series: `/api/series/${series}`, film };
  const outsideBefore = await fileNames(outside);
  const paths = [await writeEscapes(served, outside, here), await writeEscapes(served, outside, gone)];
  for (const [index, path] of paths[0].entries()) {
    const [there, missing] = [await askAll(viewer, open, path), await askAll(viewer, open, paths[1][index])];
    // With this path as a result or session, which is read as a whole, opening alone is of interest.
    for (const [question, text] of there.entries()) {
      assert.ok(!text.includes(secret), `${path}: ${text}`);
      assert.equal(text.replaceAll(here, gone), missing[question], path);
      // Files of a folder may be asked for as frames: what each of them is not, is said of it.
      assert.ok(!/^\/api\/open 200 (?!.*"frames":\[{"error")/.test(text), `${path}: ${text}`);
    }
  }
  for (const name of ["view_outside.h5", "raw.h5"]) {
    await Deno.copyFile(new URL(`../../data/hdf5_foreign/${name}`, import.meta.url), join(served, name));
    const [text] = await askAll(viewer, open, join(served, name));
    assert.match(text, /^\/api\/open 403/);
  }
  const [there, missing] = [
    await analyseMoved(viewer, served, outside, here),
    await analyseMoved(viewer, served, outside, gone),
  ];
  assert.deepEqual(there.map((text) => text.replaceAll(here, gone)), missing);
  assert.match(there[0], /^404 .*cannot be read/);
  assert.equal(there[1], "200 done");
  for (const address of addresses) {
    const response = await request(address), text = await response.text();
    assert.ok(response.status === 404 || response.status === 400, `${address}: ${response.status}`);
    assert.ok(!text.includes(secret) && !text.includes('"tasks"'), address);
  }
  assert.deepEqual(await fileNames(outside), outsideBefore, "nothing is written outside");
}

for (const documented of [false, true]) {
  const how = documented ? "the documented permissions" : "all permissions";
  Deno.test({
    name: `nothing outside of the served folders is read or told of, with ${how}`,
    ignore: Deno.build.os === "windows",
    fn: () =>
      withFolder(async (folder) => {
        const served = join(folder, "served"), outside = join(folder, "outside");
        for (const path of [served, outside]) await Deno.mkdir(path);
        await writeOutside(outside);
        const out = join(served, "result");
        await crystallite(
          "cluster",
          await writeFilm(served),
          "--out",
          out,
          ...clusterFlags,
          "--export",
          "npy,csv",
        );
        await Deno.symlink(outside, join(served, "out"));
        const port = freePort();
        const permissions = documented ? await documentedFlags(served, port) : undefined;
        const args = [served, "--port", String(port), "--workers", "1"];
        // Started outside: what lies in the working folder is no more to be found than anything else.
        await withViewer({ args, permissions, cwd: outside }, (viewer) =>
          tryEverything(viewer, served, outside));
      }),
  });
}
