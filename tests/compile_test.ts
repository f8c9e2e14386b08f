/**
 * `deno compile` gives an executable that simulates, clusters and reads bitshuffle-LZ4 data from an empty folder.
 * Compiling needs Deno's own runtime; where it cannot be downloaded, CRYSTALLITE_COMPILE_DENO names a Deno and DENORT_BIN
 * an executable compiled with the same version.
 */

import assert from "node:assert/strict";
import { compileExecutable } from "../tasks/shipping/compile.ts";
import { decodeParts } from "../viewer/protocol/parts.ts";
import type { MapHeader } from "../viewer/protocol/maps.ts";
import { crystallite } from "./support/command_line.ts";
import { clusterFlags, writeFilm } from "./support/scan_files.ts";
import { collectRun } from "./support/serving.ts";
import { sharedPath } from "./support/shared.ts";
import { type RunningViewer, withViewer } from "./support/viewer.ts";

const deno = Deno.env.get("CRYSTALLITE_COMPILE_DENO");
const root = new URL("../", import.meta.url);
if (!deno) console.warn("skipped, CRYSTALLITE_COMPILE_DENO is not set: the compiled executable");

/** Compiles as `deno task compile` does; gives the executable, in a folder beside an empty one. */
async function compile(folder: string): Promise<string> {
  const executable = `${folder}/crystallite`;
  const said = await compileExecutable(root, ["--no-lock", "--output", executable], deno!);
  assert.match(said, /h5wasm/, "the list of what is in it");
  assert.doesNotMatch(said, /binaryen|esbuild|playwright|assemblyscript|@types/);
  const { size } = Deno.statSync(executable);
  assert.ok(size < 135e6, `the executable has ${size} bytes`);
  Deno.mkdirSync(`${folder}/empty`);
  return executable;
}

Deno.test({
  name:
    "the compiled executable runs the demo, reads an Arina scan and serves the viewer, with nothing but itself",
  ignore: !deno,
  fn: async () => {
    const folder = Deno.makeTempDirSync();
    try {
      const executable = await compile(folder);
      const env = { HOME: `${folder}/empty`, PATH: "", TMPDIR: folder };
      const run = (...args: string[]) => {
        const { stdout, stderr, code } = new Deno.Command(executable, {
          args,
          cwd: `${folder}/empty`,
          clearEnv: true,
          env,
        }).outputSync();
        assert.equal(code, 0, new TextDecoder().decode(stderr));
        return JSON.parse(new TextDecoder().decode(stdout));
      };
      assert.ok(run("demo", "--json").clusters > 1);
      const film = await writeFilm(`${folder}/empty`);
      run("cluster", "film.npy", "--out", "there", ...clusterFlags, "--json");
      const here = await crystallite("cluster", film, "--out", `${folder}/empty/here`, ...clusterFlags);
      assert.equal(here.code, 0, here.error);
      for (const file of ["labels.npy", "averages.npy", "similarity.npy"]) {
        const [there, expected] = ["there", "here"].map((name) =>
          Deno.readFileSync(`${folder}/empty/${name}/${file}`)
        );
        assert.deepEqual(there, expected, file);
      }
      await checkViewer(executable, `${folder}/empty`, env);
      const arina = sharedPath("data/formats/synthetic/syn_master.h5");
      if (!arina) {
        return console.warn("skipped, the shared data are not here: an Arina scan in the executable");
      }
      const result = run(
        "cluster",
        arina,
        "--scan-shape",
        "4x5",
        "--threshold",
        "-1",
        "--out",
        "result",
        "--json",
      );
      assert.equal(result.clusters, 1);
      assert.deepEqual(
        Array.from(Deno.readDirSync(folder), ({ name }) => name).sort(),
        ["crystallite", "empty"],
        "the plugins' temporary folder is gone",
      );
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

/** The viewer of the executable sends its page, and everything that the page asks for. */
async function checkViewer(executable: string, cwd: string, env: Record<string, string>): Promise<void> {
  await withViewer({ executable: [executable], cwd, env }, async ({ request }) => {
    const page = await (await request("/")).text();
    const addresses = Array.from(page.matchAll(/(?:from|href=)"(\/[^"]+)"/g), ([, address]) => address);
    assert.ok(addresses.some((address) => /^\/_fresh\/js\/page-\w+\.js$/.test(address)), page);
    const seen = new Set<string>(), wanted = [...addresses, "/workers/labelling.js"];
    for (let address = wanted.pop(); address !== undefined; address = wanted.pop()) {
      if (seen.has(address)) continue;
      seen.add(address);
      const answer = await request(address);
      assert.equal(answer.status, 200, address);
      const text = await answer.text();
      if (!address.endsWith(".js")) continue;
      assert.match(answer.headers.get("content-type")!, /^text\/javascript/);
      for (const [, name] of text.matchAll(/(?:from|import)\s*"\.\/([\w-]+\.js)"/g)) {
        wanted.push(address.slice(0, address.lastIndexOf("/") + 1) + name);
      }
    }
    assert.ok([...seen].some((address) => /\/chunk-\w+\.js$/.test(address)), [...seen].join());
    const { headers } = await request("/docs");
    const docs = await request(headers.get("location")!);
    assert.equal(docs.status, 200);
    assert.match(await docs.text(), /<main id="content">\s*<h1[^>]*>crystallite/);
    await checkRun(`${cwd}/film.npy`, request);
  });
}

/** A run in the executable, in a thread of its own, gives a map. */
async function checkRun(path: string, request: RunningViewer["request"]): Promise<void> {
  const post = async (address: string, body: unknown) => {
    const headers = { "content-type": "application/json" };
    const answer = await request(address, { method: "POST", headers, body: JSON.stringify(body) });
    assert.equal(answer.status, 200, await answer.clone().text());
    return await answer.json();
  };
  const { id } = await post("/api/open", { path });
  const { run } = await post(`/api/items/${id}/runs`, { words: clusterFlags });
  const { last } = await collectRun(await request(`/api/runs/${run}/stream?row=0`));
  assert.equal(last.kind, "done", JSON.stringify(last));
  const answer = await request(`/api/items/${id}/map`);
  const { arrays } = decodeParts<MapHeader>(await answer.arrayBuffer());
  assert.ok(arrays.names.length > 1 && arrays.labels.length === 12 * 14);
}
