/** The build of what runs in the browser, tried on a project of a few lines. */

import assert from "node:assert/strict";
import { fileNames, withFolder } from "../support/folders.ts";
import { runModule as run, writeProject } from "../support/small_project.ts";

const project: Record<string, string> = {
  "main.ts": 'import { App } from "fresh";\nexport const app = new App().fsRoutes();\n',
  "routes/_app.tsx":
    "export default ({ Component }: { Component: () => null }) => <html><head></head><body><Component /></body></html>;\n",
  "routes/index.tsx":
    'import A from "../islands/A.tsx";\nimport B from "../islands/B.tsx";\nexport default () => <><A /><B /></>;\n',
  "islands/A.tsx":
    'import { shared } from "../viewer/labels/shared.ts";\nimport { IS_BROWSER } from "fresh/runtime";\n' +
    "export default () => <b>{shared} {String(IS_BROWSER)}</b>;\n",
  "islands/B.tsx":
    'import { shared } from "../viewer/labels/shared.ts";\nexport default () => <i>{shared}</i>;\n',
  "viewer/labels/shared.ts":
    'import { signal } from "@preact/signals";\nexport const shared = signal("a text that both islands share");\n',
  "viewer/labels/labelling_worker.ts":
    "/** A comment. */\nself.onmessage = ({ data }) => self.postMessage(data + 1);\n",
};

Deno.test("islands are one file, the worker another, and nothing is built twice", () =>
  withFolder(async (folder) => {
    await writeProject(folder, project);
    const first = await run(folder, "build.ts");
    assert.equal(first.code, 0, first.error);
    assert.match(
      first.error,
      /_fresh\/: \d+ bytes of scripts in [\d.]+ s\nviewer\/static\/workers\/labelling\.js: \d+ bytes/,
    );
    const scripts = await fileNames(`${folder}/_fresh/static/_fresh/js`);
    const holders: string[] = [];
    for (const name of scripts) {
      assert.match(name, /^\w+-[A-Z0-9]{8}\.js$/);
      const text = await Deno.readTextFile(`${folder}/_fresh/static/_fresh/js/${name}`);
      if (text.includes("a text that both islands share")) holders.push(name);
      assert.ok(!text.includes("sourceMappingURL"));
    }
    assert.deepEqual(holders, scripts);
    assert.equal(scripts.length, 1);
    assert.match(scripts[0], /^page-/);
    const worker = await Deno.readTextFile(`${folder}/viewer/static/workers/labelling.js`);
    assert.match(worker, /^self\.onmessage=\(\{data:\w+\}\)=>self\.postMessage\(\w+\+1\);\s*$/);

    const again = await run(folder, "build.ts");
    assert.equal(again.error, "");
    await Deno.writeTextFile(`${folder}/islands/A.tsx`, "export default () => <b>changed</b>;\n");
    assert.match((await run(folder, "build.ts")).error, /_fresh\//);
    await Deno.remove(`${folder}/islands/B.tsx`);
    await Deno.writeTextFile(`${folder}/routes/index.tsx`, "export default () => <b>no island</b>;\n");
    assert.match((await run(folder, "build.ts")).error, /_fresh\//, "a file that goes is a change too");
    assert.deepEqual(
      (await fileNames(`${folder}/_fresh/static/_fresh/js`)).map((name) => name.split("-")[0]),
      ["page"],
    );
    assert.deepEqual((await fileNames(folder)).filter((name) => name.startsWith("_fresh")), ["_fresh"]);
  }));

Deno.test("the server entry that is built answers with the islands, without the bundler", () =>
  withFolder(async (folder) => {
    await writeProject(folder, project);
    assert.equal((await run(folder, "build.ts")).code, 0);
    await Deno.remove(`${folder}/node_modules/esbuild`, { recursive: true });
    await Deno.writeTextFile(
      `${folder}/ask.ts`,
      'import server from "./_fresh/server.js";\n' +
        'console.log(await (await server.fetch(new Request("http://localhost/"))).text());\n',
    );
    const { out, error } = await run(folder, "ask.ts");
    assert.match(
      out,
      /<!--island 0--><b>a text that both islands share false<\/b><!--\/island 0--><!--island 1--><i>/,
      error,
    );
    assert.match(
      out,
      /import\{islands,start\}from"\/_fresh\/js\/page-\w+\.js";start\(islands\)/,
    );
  }));

Deno.test("a module that does not build is named, and what was built before stays", () =>
  withFolder(async (folder) => {
    await writeProject(folder, project);
    assert.equal((await run(folder, "build.ts")).code, 0);
    const before = await Deno.readTextFile(`${folder}/_fresh/server.js`);
    await Deno.writeTextFile(`${folder}/islands/A.tsx`, 'import "node:fs";\nexport default () => null;\n');
    const { code, error } = await run(folder, "build.ts");
    assert.equal(code, 1);
    assert.match(error, /islands\/A\.tsx:1:7: ERROR: Could not resolve "node:fs"/);
    assert.equal(await Deno.readTextFile(`${folder}/_fresh/server.js`), before);
  }));
