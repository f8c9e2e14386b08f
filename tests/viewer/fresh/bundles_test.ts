/** What the build leaves for the browser: small, self-contained, nothing of a server in it. */

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

const root = new URL("../../../", import.meta.url);
const folders = ["_fresh/static/_fresh/js/", "viewer/static/workers/"];
const scripts = folders.flatMap((folder) =>
  Array.from(Deno.readDirSync(new URL(folder, root)), ({ name }) => folder + name)
);
const textOf = (script: string) => Deno.readTextFileSync(new URL(script, root));

/** Scripts that are there once somebody asks for them, and no others need them: by a call of `import`, not by a statement. */
function onDemand(): Set<string> {
  const named = (pattern: RegExp) =>
    scripts.flatMap((script) =>
      Array.from(textOf(script).matchAll(pattern), ([, name]) => folders[0] + name)
    );
  const called = new Set(named(/\bimport\("\.\/([\w-]+\.js)"\)/g));
  const statements = (script: string) =>
    Array.from(
      textOf(script).matchAll(/(?:from|import)"\.\/([\w-]+\.js)"/g),
      ([, name]) => folders[0] + name,
    );
  const islands = scripts.filter((script) => !called.has(script) && !/\/chunk-/.test(script));
  const needed = new Set<string>(),
    visit = (script: string): void => {
      if (needed.has(script)) return;
      needed.add(script);
      statements(script).forEach(visit);
    };
  islands.forEach(visit);
  return new Set(scripts.filter((script) => !needed.has(script)));
}

Deno.test("what the page begins with is at most 150 KB gzipped, with what is loaded on demand 200 KB", () => {
  const later = onDemand(),
    sizes = scripts.map((script) => [script, gzipSync(textOf(script)).length] as const);
  const sum = (of: typeof sizes) => of.reduce((sum, [, bytes]) => sum + bytes, 0);
  const all = sum(sizes), first = sum(sizes.filter(([script]) => !later.has(script)));
  const told = `${first} and ${all} bytes: ${JSON.stringify(Object.fromEntries(sizes))}`;
  assert.ok([...later].some((script) => script.includes("FigureDialog")), told);
  assert.ok(first > 0 && first <= 150_000 && all <= 200_000, told);
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
