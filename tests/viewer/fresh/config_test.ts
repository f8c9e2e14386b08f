/** The viewer can run on Fresh itself: deno.fresh.json differs in that alone, and nothing beyond Fresh's API is used. */

import assert from "node:assert/strict";
import ours from "../../../deno.json" with { type: "json" };
import theirs from "../../../deno.fresh.json" with { type: "json" };
import * as fresh from "fresh";
import * as runtime from "fresh/runtime";
import * as dev from "fresh/dev";

/** What Fresh 2.3 exports, as far as it is documented. */
const documented: Record<string, readonly string[]> = {
  "fresh": [
    ...["App", "createDefine", "csp", "HttpError", "page", "staticFiles"],
    ...["Context", "CSPOptions", "Define", "HandlerByMethod", "HandlerFn", "Method", "Middleware"],
    ...["PageProps", "PageResponse", "RouteHandler"],
  ],
  "fresh/runtime": ["Head", "IS_BROWSER"],
  "fresh/dev": ["Builder"],
};

Deno.test("what is exported here is a part of what Fresh exports", () => {
  for (
    const [specifier, module] of Object.entries({
      "fresh": fresh,
      "fresh/runtime": runtime,
      "fresh/dev": dev,
    })
  ) {
    for (const name of Object.keys(module)) {
      assert.ok(documented[specifier].includes(name), `${specifier}: ${name}`);
    }
  }
});

Deno.test("deno.fresh.json leads the same specifiers to the same packages, and those of Fresh to Fresh", () => {
  const isFresh = (specifier: string) => /^fresh(\/|$)/.test(specifier);
  const { "preact-render-to-string": _, ...needed } = ours.imports;
  const rest = (imports: Record<string, string>) =>
    Object.fromEntries(Object.entries(imports).filter(([specifier]) => !isFresh(specifier)));
  assert.deepEqual(rest(theirs.imports), rest(needed));
  assert.deepEqual(
    Object.keys(theirs.imports).filter(isFresh),
    ["fresh"],
    "fresh/runtime and others follow from it",
  );
  assert.match(theirs.imports.fresh, /^jsr:@fresh\/core@\^2\.\d+\.\d+$/);
  for (
    const key of [
      "name",
      "version",
      "license",
      "exports",
      "compilerOptions",
      "fmt",
      "lint",
      "exclude",
    ] as const
  ) {
    assert.deepEqual(theirs[key], ours[key], key);
  }
});

const root = new URL("../../../", import.meta.url);

function sources(path: string): string[] {
  if (path.endsWith(".ts")) return [path];
  try {
    return Array.from(Deno.readDirSync(new URL(path, root))).flatMap(({ name, isDirectory }) =>
      isDirectory ? sources(`${path}${name}/`) : [path + name]
    );
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw cause;
  }
}

for (
  const file of [
    "main.ts",
    "dev.ts",
    ...["viewer/components/", "islands/", "viewer/page/", "routes/", "viewer/server/"].flatMap(sources),
  ]
) {
  Deno.test(`${file} takes only documented names from Fresh, and nothing from inside it`, () => {
    const text = Deno.readTextFileSync(new URL(file, root));
    assert.doesNotMatch(text, /from "(\.\.?\/)+fresh\//);
    for (const [, names, specifier] of text.matchAll(/import (?:type )?\{([^}]*)\} from "(fresh[^"]*)"/g)) {
      for (const name of names.split(",").map((part) => part.trim().replace(/^type /, "")).filter(Boolean)) {
        assert.ok(documented[specifier]?.includes(name.split(" as ")[0]), `${name} of ${specifier}`);
      }
    }
    // A name of the whole module would hide what is used of it.
    assert.doesNotMatch(text, /import \* as \w+ from "fresh/);
  });
}
