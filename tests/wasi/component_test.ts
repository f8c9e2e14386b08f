/** The same module as a component of WASI 0.2 gives the same bytes: its adapter takes memory, and the module takes none of it. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { withFolder } from "../support/folders.ts";
import { writeFilm } from "../support/scan_files.ts";
import {
  asStream,
  equal,
  expectedArrays,
  modulePath,
  parametersOf,
  requireArrays,
  runSandbox,
  sandboxes,
} from "../support/wasi.ts";

const wasmtime = sandboxes().find(({ name }) => name === "wasmtime");
const tools = Deno.env.get("CRYSTALLITE_TEST_COMPONENT_TOOLS");
if (!tools) console.warn("skipped, CRYSTALLITE_TEST_COMPONENT_TOOLS is not set: the component");

/** Makes the component. */
function makeComponent(folder: string): string {
  const component = `${folder}/crystallite.component.wasm`;
  const script = fileURLToPath(new URL("make_component.mjs", import.meta.url));
  const { code, stderr } = new Deno.Command("node", { args: [script, tools!, modulePath, component] })
    .outputSync();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  // The same eight bytes begin every component, and none of a module.
  const head = Deno.readFileSync(component).subarray(0, 8);
  assert.deepEqual([...head], [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]);
  return component;
}

Deno.test({
  name: "a component gives the bytes of the exact path, as a folder, as a stream, and says what is wrong",
  ignore: !tools || !wasmtime,
  fn: () =>
    withFolder(async (folder) => {
      const component = makeComponent(folder), words = ["--threshold", "0.97", "--q-mask", "outside:4"];
      Deno.mkdirSync(`${folder}/data`);
      const file = await writeFilm(`${folder}/data`),
        expected = await expectedArrays(file, parametersOf(words));
      const run = (input: Parameters<typeof runSandbox>[1], ...more: string[]) =>
        runSandbox({ ...wasmtime!, module: component }, input, ...more);
      const given = { folder: `${folder}/data` };
      const stored = await run(given, "/data/film.npy", "--out", "/data/result", "--quiet", ...words);
      assert.equal(stored.code, 0, stored.said);
      await requireArrays(`${folder}/data/result`, expected);
      const streamed = await run({ stdin: file, piped: true }, "-", "--quiet", ...words);
      assert.equal(streamed.code, 0, streamed.said);
      assert.ok(equal(streamed.out, asStream(expected)), "other bytes");
      const wrong = await run(given, "/data/none.npy", ...words);
      // WASI 0.2 knows done and failed, no numbers.
      assert.equal(wrong.code, 1);
      assert.match(wrong.said, /cannot read \/data\/none\.npy: there is no such file/);
    }),
});
