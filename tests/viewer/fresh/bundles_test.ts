/** What the build leaves for the browser: small, self-contained, nothing of a server in it. */

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

const root = new URL("../../../", import.meta.url);
const folders = ["_fresh/static/_fresh/js/", "viewer/static/workers/"];
const scripts = folders.flatMap((folder) =>
  Array.from(Deno.readDirSync(new URL(folder, root)), ({ name }) => folder + name)
);
const textOf = (script: string) => Deno.readTextFileSync(new URL(script, root));

Deno.test("all scripts of the page are at most 150 KB gzipped", () => {
  const sizes = scripts.map((script) => [script, gzipSync(textOf(script)).length] as const);
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  assert.ok(total > 0 && total <= 150_000, `${total} bytes: ${JSON.stringify(Object.fromEntries(sizes))}`);
});

for (const script of scripts) {
  Deno.test(`${script} runs in a browser and asks nobody else`, () => {
    const text = textOf(script);
    assert.doesNotMatch(text, /\bDeno\b|"node:|\bprocess\.env\b/);
    assert.doesNotMatch(text, /sourceMappingURL|\beval\(|\bnew Function\(/);
    for (const [, specifier] of text.matchAll(/(?:^|[;}])(?:import|export)\b[^;"(]*\(?"([^"]+)"/gm)) {
      assert.match(specifier, /^\.\/[\w-]+\.js$/);
    }
    // Names of XML vocabularies and addresses in sentences are not asked for; what loads something would need these.
    assert.doesNotMatch(
      text,
      /(?:fetch|import|importScripts|new Worker|new EventSource|new WebSocket)\("(?:https?:)?\/\//,
    );
  });
}
