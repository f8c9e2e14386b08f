/** What ships: the modules that run, as JavaScript that leads to JavaScript. */

import assert from "node:assert/strict";
import { moduleGraph } from "../../../tasks/shipping/module_graph.ts";
import { packageVersions, readConfiguration } from "../../../tasks/shipping/configuration.ts";
import { leadToScripts } from "../../../tasks/shipping/transpile.ts";

const root = new URL("../../../", import.meta.url);

Deno.test("what runs has its threads and its built viewer, and nothing that only builds or tests", async () => {
  const { files, threads, packages } = await moduleGraph(root, ["cli.ts"]);
  assert.deepEqual(threads, [
    "commands/series/series_worker.ts",
    "commands/serving/analysis_worker.ts",
    "library/engine/worker.ts",
    "library/formats/hdf5/library_worker.ts",
    "viewer/server/runs/run_worker.ts",
  ]);
  for (const file of ["cli.ts", "_fresh/server.js", "islands/RealSpace.tsx", ...threads]) {
    assert.ok(files.includes(file), file);
  }
  assert.deepEqual(files.filter((file) => /^(tasks|tests|bench|assembly)\/|fresh\/dev/.test(file)), []);
  for (const name of ["esbuild", "assemblyscript", "playwright-core", "typescript"]) {
    assert.ok(!packages.includes(name), name);
  }
  assert.deepEqual(packages.filter((name) => name.startsWith("@types/")), []);
  assert.ok(packages.includes("h5wasm") && packages.includes("@preact/signals"), packages.join());
  const versions = packageVersions(await readConfiguration(root), packages);
  for (const version of Object.values(versions)) assert.match(version, /^\d+\.\d+\.\d+$/);
});

Deno.test("a module that is not there is an error", async () => {
  await assert.rejects(moduleGraph(root, ["not_there.ts"]), /not_there/);
});

Deno.test("a package without a version in deno.json is an error", () => {
  const configuration = { version: "", license: "", imports: { a: "npm:a@1.0.0" }, compilerOptions: {} };
  assert.deepEqual(packageVersions(configuration, ["a"]), { a: "1.0.0" });
  assert.throws(() => packageVersions(configuration, ["b"]), /which version of b/);
});

Deno.test("addresses of modules lead to JavaScript, wherever they stand; other texts stay", () => {
  const names = new Map([["crystallite", "mod.ts"], ["fresh", "viewer/fresh/mod.ts"]]);
  const rewritten = (text: string) => leadToScripts(text, "viewer/server/a.ts", names);
  const cases = [
    ['import { a } from "./b.ts";', 'import { a } from "./b.js";'],
    ['import C from "../components/C.tsx";', 'import C from "../components/C.js";'],
    ['export * from "../../mod.ts";', 'export * from "../../mod.js";'],
    ['await import("./b.ts")', 'await import("./b.js")'],
    ['new URL("./run_worker.ts", import.meta.url)', 'new URL("./run_worker.js", import.meta.url)'],
    ['import { App } from "fresh";', 'import { App } from "../fresh/mod.js";'],
    ['import { openScan } from "crystallite";', 'import { openScan } from "../../mod.js";'],
    ['import { h } from "preact";', 'import { h } from "preact";'],
    [
      'import project from "../../deno.json" with { type: "json" };',
      'import project from "../../package.json" with { type: "json" };',
    ],
    ['say("see notes.ts");', 'say("see notes.ts");'],
    ['say("fresh");', 'say("fresh");'],
  ];
  for (const [before, after] of cases) assert.equal(rewritten(before), after);
});
