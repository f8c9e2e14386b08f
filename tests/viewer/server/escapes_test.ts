/**
 * Whatever a file, a link or an address names outside of the served folders: no answer of the viewer holds anything of it, or
 * tells whether it is there. With all permissions and with those that the documentation names.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy } from "../../../library/formats/npy_writer.ts";
import type { OpenedItem } from "../../../viewer/protocol/items.ts";
import { crystallite } from "../../support/command_line.ts";
import { documentedFlags, freePort } from "../../support/documented_flags.ts";
import { newXml } from "../../support/empad_files.ts";
import { withFolder } from "../../support/folders.ts";
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

/** Everything that can be asked about a path. */
async function askAll({ request }: RunningViewer, item: string, path: string): Promise<string[]> {
  const answer = async (address: string, body?: unknown) => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await request(address, init);
    const text = (await response.text()).replaceAll(/"modified":\d+/g, "");
    return `${address.split("?")[0]} ${response.status} ${text}`;
  };
  const save = { view: { source: "method" }, kinds: ["table"], name: "saved", folder: path };
  return [
    await answer("/api/open", { path, input: [] }),
    await answer("/api/open", { path: `${path}/..`, input: [] }),
    await answer("/api/open", { path: item, input: ["--bad-pixels", path] }),
    await answer(`/api/files?path=${encodeURIComponent(path)}`),
    await answer(`${item}/estimate`, { words: ["--threshold", "0.9", "--mask", path] }),
    await answer(`${item}/runs`, { words: ["--threshold", "0.9", "--q-mask", path] }),
    await answer(`${item}/virtual`, { detector: { row: 4, column: 4, outer: 3, path } }),
    await answer(`${item}/save`, save),
    await answer(`${item}/download`, { ...save, folder: undefined, name: path }),
    await answer(`${item}/command`, { source: "method", mask: path }),
    await answer(`/api/items/${encodeURIComponent(path)}/map`),
  ];
}

const addresses = [
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
  const paths = [await writeEscapes(served, outside, here), await writeEscapes(served, outside, gone)];
  for (const [index, path] of paths[0].entries()) {
    const item = `/api/items/${id}`;
    const [there, missing] = [await askAll(viewer, item, path), await askAll(viewer, item, paths[1][index])];
    // With this path as a result or session, which is read as a whole, opening alone is of interest.
    for (const [question, text] of there.entries()) {
      assert.ok(!text.includes(secret), `${path}: ${text}`);
      assert.equal(text.replaceAll(here, gone), missing[question], path);
      assert.ok(!text.startsWith("/api/open 200"), `${path}: ${text}`);
    }
  }
  for (const name of ["view_outside.h5", "raw.h5"]) {
    await Deno.copyFile(new URL(`../../data/hdf5_foreign/${name}`, import.meta.url), join(served, name));
    const [text] = await askAll(viewer, `/api/items/${id}`, join(served, name));
    assert.match(text, /^\/api\/open 403/);
  }
  for (const address of addresses) {
    const response = await request(address), text = await response.text();
    assert.ok(response.status === 404 || response.status === 400, `${address}: ${response.status}`);
    assert.ok(!text.includes(secret) && !text.includes('"tasks"'), address);
  }
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
