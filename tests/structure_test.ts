/** The tree shows the data flow: folders import only from those above them, and every import names a real file. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { tableRows } from "../tasks/documentation/markdown.ts";

/** Folders in the order in which they may import; each only from itself and those before it. */
const order = [
  ...["library/scan", "library/engine", "library/formats", "library/parameters"],
  ...["library/crystal", "library/simulation", "library/scoring", "library/measuring"],
  ...[
    "library/passes",
    "library/cluster",
    "library/series",
    "library/mapping",
    "library/report",
    "library/results",
    "library/distributed",
    "library/live",
  ],
  ...["library/conversion", "mod.ts"],
  ...["viewer/protocol", "viewer/labels", "viewer/drawing", "viewer/fresh", "viewer/server", "viewer/page"],
  ...["viewer/components", "islands", "viewer/arrangement", "routes", "main.ts", "dev.ts", "viewer/alone"],
  ...["commands/console", "commands/options", "commands/scans", "commands/clusters", "commands/series"],
  ...[
    "commands/crystals",
    "commands/live",
    "commands/distributed",
    "commands/serving",
    "commands/demo",
    "commands/about",
  ],
  ...["commands/program.ts", "cli.ts"],
];
const root = new URL("../", import.meta.url);

function sources(folder: URL, prefix = ""): string[] {
  return Array.from(entriesOf(folder)).flatMap((entry) => {
    const path = prefix + entry.name;
    if (entry.isDirectory) return sources(new URL(`${entry.name}/`, folder), `${path}/`);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}

/** Empty for a folder that is not there. */
function entriesOf(folder: URL): Iterable<Deno.DirEntry> {
  return existsSync(folder) ? Deno.readDirSync(folder) : [];
}

const files = order.flatMap((place) =>
  place.endsWith(".ts") ? [place] : sources(new URL(`${place}/`, root)).map((file) => `${place}/${file}`)
);

function importsOf(file: string): string[] {
  const text = Deno.readTextFileSync(new URL(file, root)).replace(/^\s*\*.*$/gm, "");
  return Array.from(text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g), ([, specifier]) => specifier);
}

/** Folders whose code runs in the browser, where a worker is another thing. */
const browserFolders = /^(viewer\/(protocol|drawing|labels|page|components|arrangement)|islands)\//;

const rank = (file: string) => order.findIndex((place) => file === place || file.startsWith(`${place}/`));

for (const file of files) {
  Deno.test(`${file} imports only from the folders before its own`, () => {
    for (const specifier of importsOf(file)) {
      if (!specifier.startsWith(".")) {
        assert.ok(!/^(https?|jsr|npm):/.test(specifier), `${specifier} belongs into deno.json`);
        continue;
      }
      const target = new URL(specifier, new URL(file, root)).href.slice(root.href.length);
      if (target === "deno.json" || /^(build|_fresh)\//.test(target)) continue;
      assert.ok(files.includes(target), `${file} imports ${target}, which is not there`);
      assert.ok(rank(target) <= rank(file), `${file} imports ${target}`);
    }
  });
}

Deno.test("no circle of files, type imports included", () => {
  const state = new Map<string, "open" | "done">();
  const visit = (file: string, path: readonly string[]): void => {
    const known = state.get(file);
    if (known === "done") return;
    assert.notEqual(known, "open", `a circle: ${[...path.slice(path.indexOf(file)), file].join(" > ")}`);
    state.set(file, "open");
    for (const specifier of importsOf(file).filter((specifier) => specifier.startsWith("."))) {
      const target = new URL(specifier, new URL(file, root)).href.slice(root.href.length);
      if (files.includes(target)) visit(target, [...path, file]);
    }
    state.set(file, "done");
  };
  for (const file of files) visit(file, []);
});

/** Files that a file brings along when it runs: type imports are gone by then. */
function companions(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file) || !files.includes(file)) return found;
  found.add(file);
  const text = Deno.readTextFileSync(new URL(file, root)).replace(/^\s*\*.*$/gm, "");
  for (
    const [, type, specifier] of text.matchAll(/^(?:import|export)\s(type\s)?[^;]*?from\s*"(\.[^"]+)"/gm)
  ) {
    if (type) continue;
    companions(new URL(specifier, new URL(file, root)).href.slice(root.href.length), found);
  }
  return found;
}

for (
  const file of [
    ...files.filter((file) => browserFolders.test(file)),
    "viewer/fresh/client.ts",
    "viewer/fresh/runtime.ts",
  ]
) {
  Deno.test(`${file} runs in a browser, with all that it imports`, () => {
    for (const companion of companions(file)) {
      // What is for systems there is never called in a browser; tests/viewer/fresh/bundles_test.ts sees that it is left out.
      if (companion === "library/scan/errors.ts") continue;
      const code = Deno.readTextFileSync(new URL(companion, root)).replace(/^\s*(\*|\/\/).*$/gm, "");
      assert.doesNotMatch(code, /\bDeno\.|["']node:/, companion);
      assert.doesNotMatch(companion, /^(mod\.ts|viewer\/server\/|library\/results\/)/);
    }
  });
}

Deno.test("no schema of a request reaches a browser: what runs there takes their types alone", () => {
  const schemas = files.filter((file) =>
    file.startsWith("viewer/protocol/") && importsOf(file).includes("valibot")
  );
  assert.ok(schemas.includes("viewer/protocol/endpoints.ts"));
  for (const file of files.filter((file) => browserFolders.test(file) && !schemas.includes(file))) {
    for (const companion of companions(file)) {
      assert.ok(!schemas.includes(companion), `${file}: ${companion}`);
    }
  }
});

/** State of the page that more than one file would write: by its owner, whose actions the others call. */
const owned: Readonly<Record<string, readonly string[]>> = {
  "viewer/page/looking/selection.ts": ["selection", "selectedIds"],
  "viewer/page/opening/screen.ts": ["screen"],
  "viewer/page/sources/pattern_sources.ts": ["upperSource"],
  "viewer/page/views/real_views.ts": ["realView"],
};

Deno.test("state with an owner is written by it alone, and others see it read-only", () => {
  const browser = files.filter((file) => browserFolders.test(file));
  for (const [owner, names] of Object.entries(owned)) {
    for (const name of names) {
      const text = Deno.readTextFileSync(new URL(owner, root));
      assert.match(text, new RegExp(`export const ${name}: ReadonlySignal<`), `${owner}: ${name}`);
      // Casts would get around the type.
      const writes = new RegExp(`\\b${name}( as [^;]*\\))?\\.value\\s*([-+*/|&?]{0,2}=(?!=)|\\+\\+|--)`);
      for (const file of browser.filter((file) => file !== owner)) {
        assert.doesNotMatch(Deno.readTextFileSync(new URL(file, root)), writes, file);
      }
    }
  }
});

Deno.test("mod.ts is the users' door: nothing of the project goes through it", () => {
  for (const file of files) {
    const targets = importsOf(file).map((specifier) => new URL(specifier, new URL(file, root)).href);
    assert.ok(!targets.includes(new URL("mod.ts", root).href), file);
  }
});

Deno.test("every source lies where the order names it", () => {
  const others = /^(assembly|bench|tests|tasks|docs|build|coverage|node_modules|_fresh)\//;
  const known = new Set(files);
  for (const file of sources(root)) {
    if (!others.test(file) && !/^\.|static\/workers/.test(file)) assert.ok(known.has(file), file);
  }
});

Deno.test("docs/inside/architecture.md lists the places in this order", () => {
  const page = Deno.readTextFileSync(new URL("docs/inside/architecture.md", root));
  const named = tableRows(page).flatMap(([cell]) =>
    Array.from(cell.matchAll(/`([^`]+?)\/?`/g), ([, place]) => place)
  );
  const listed = (place: string) => named.includes(place);
  assert.deepEqual(named.filter((place) => order.includes(place)), order.filter(listed));
  assert.deepEqual(order.filter((place) => !listed(place)), []);
});

Deno.test("the kernels import nothing but kernels; the WASI command, which reads and writes, them and its own", () => {
  for (const file of sources(new URL("assembly/", root))) {
    const allowed = file.startsWith("wasi/") ? /^\.\.?\/[a-z][a-z0-9]*$/ : /^\.\/[a-z][a-z0-9]*$/;
    for (const specifier of importsOf(`assembly/${file}`)) assert.match(specifier, allowed, file);
  }
});

Deno.test("only the engine, and the page by itself, know WebAssembly.Memory; they and the page's labelling know workers", () => {
  for (const file of files.filter((file) => !file.startsWith("library/engine/"))) {
    if (file.startsWith("viewer/alone/")) continue;
    const text = Deno.readTextFileSync(new URL(file, root));
    assert.doesNotMatch(text, /WebAssembly\.Memory/, file);
    if (file !== "viewer/labels/labelling_client.ts") assert.doesNotMatch(text, /new Worker\(/, file);
  }
});

Deno.test("the library neither prints nor ends the process", () => {
  for (const file of files.filter((file) => !/^(commands\/|cli\.ts|dev\.ts)/.test(file))) {
    const code = Deno.readTextFileSync(new URL(file, root)).replace(/^\s*(\*|\/\/).*$/gm, "");
    assert.doesNotMatch(code, /console\.|Deno\.exit|process\.exit/, file);
  }
});

Deno.test("the kernels keep their decorators, which formatters that do not know AssemblyScript take away", () => {
  for (const file of sources(new URL("assembly/", root))) {
    const text = Deno.readTextFileSync(new URL(`assembly/${file}`, root));
    assert.doesNotMatch(text, /\/\/ @ts-ignore: decorator\s*\n(?!@)/, file);
  }
});
