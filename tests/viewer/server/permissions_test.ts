/** The viewer runs with exactly the permissions that docs/using/options.md names, and with none of them left out. */

import assert from "node:assert/strict";
import { encodeParts } from "../../../viewer/protocol/parts.ts";
import type { OpenedItem } from "../../../viewer/protocol/items.ts";
import type { StartedRun } from "../../../viewer/protocol/runs.ts";
import { documentedFlags, freePort } from "../../support/documented_flags.ts";
import { withFolder } from "../../support/folders.ts";
import { writeHdf5 } from "../../support/hdf5_files.ts";
import { collectRun, partsOf, piecesOf, succeed } from "../../support/serving.ts";
import { type RunningViewer, startViewer, withViewer } from "../../support/viewer.ts";

const bitshuffleZstd = { compression: 32008, compression_opts: [0, 3] };

/** A scan that can only be read with one of the HDF5 filters that come as files. */
async function writePacked(path: string): Promise<void> {
  const data = Uint16Array.from({ length: 12 * 10 * 16 * 16 }, (_, index) => index * 7919 >> 8 & 31);
  await writeHdf5(path, (file) => {
    file.create_dataset({
      name: "scan",
      data,
      shape: [12, 10, 16, 16],
      chunks: [1, 10, 16, 16],
      ...bitshuffleZstd,
    });
  });
}

/** Does what the page can do: looks at a scan, clusters it, saves the result. */
async function useEverything({ request }: RunningViewer, folder: string): Promise<void> {
  const post = (path: string, body: unknown) =>
    succeed(request(path, { method: "POST", body: JSON.stringify(body) }));
  for (const path of ["/", "/icon.svg", "/workers/labelling.js"]) {
    await (await succeed(request(path))).text();
  }
  await (await succeed(request(`/api/files?path=${encodeURIComponent(folder)}`))).json();
  const { id }: OpenedItem = await (await post("/api/open", { path: `${folder}/scan.h5`, input: [] })).json();
  const item = `/api/items/${id}`;
  assert.equal((await partsOf(request(`${item}/pattern?row=3&column=4`))).arrays.pattern.length, 256);
  assert.equal(
    (await partsOf(post(`${item}/virtual`, { detector: { row: 8, column: 8, outer: 3 } }))).arrays.image
      .length,
    120,
  );
  const { run }: StartedRun = await (await post(`${item}/runs`, { words: ["--threshold", "0.2"] })).json();
  assert.equal((await collectRun(await succeed(request(`/api/runs/${run}/stream`)))).last.kind, "done");
  assert.equal((await partsOf(request(`${item}/map`))).arrays.labels.length, 120);
  const body = encodeParts({ header: { sizes: [2] }, arrays: { probes: Uint32Array.of(0, 1) } });
  assert.equal((await piecesOf(request(`${item}/averages`, { method: "POST", body }))).length, 1);
  await partsOf(request(`${item}/whole`));
  const kinds = ["picture", "drawing", "table", "averages", "tiff", "labels", "report", "session", "result"];
  const saved =
    await (await post(`${item}/save`, { view: { source: "method" }, kinds, folder, name: "saved" })).json();
  assert.ok(saved.files.length >= kinds.length);
  for (const kind of ["averages", "tiff", "report", "labels"]) {
    const file = await post(`${item}/download`, { view: { source: "method" }, kinds: [kind], name: "file" });
    assert.ok((await file.arrayBuffer()).byteLength > 0);
  }
}

Deno.test("the documented permissions suffice for everything that the page can do", () =>
  withFolder(async (folder) => {
    await writePacked(`${folder}/scan.h5`);
    const port = freePort();
    const permissions = await documentedFlags(folder, port);
    const names = permissions.map((flag) => flag.split("=")[0]).sort();
    assert.deepEqual(names, ["--allow-net", "--allow-read", "--allow-write", "--no-prompt"]);
    const args = [folder, "--port", String(port), "--workers", "2"];
    await withViewer({ args, permissions }, (viewer) => useEverything(viewer, folder));
  }));

Deno.test("without one of them the viewer says what it may not do", () =>
  withFolder(async (folder) => {
    const port = freePort();
    const permissions = await documentedFlags(folder, port);
    const without = (name: string) => permissions.filter((flag) => !flag.startsWith(name));
    const start = (permissions: readonly string[]) =>
      startViewer({ args: [folder, "--port", String(port)], permissions: [...permissions] });
    await assert.rejects(start(without("--allow-net")), /not allowed to listen on 127\.0\.0\.1:\d+/);
    await assert.rejects(start(without("--allow-read")), /no permission to read/);
  }));
