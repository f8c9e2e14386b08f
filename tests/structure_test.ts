/** The tree shows the data flow: folders import only from those above them, and every import names a real file. */

import assert from "node:assert/strict";

/** Folders in the order in which they may import; each only from itself and those before it. */
const order = [
  "scan",
  "engine",
  "formats",
  "simulation",
  "scoring",
  "cluster",
  "report",
  "display",
  "results",
  "mod.ts",
  "options",
  "commands",
  "cli.ts",
];
const root = new URL("../", import.meta.url);

function sources(folder: URL, prefix = ""): string[] {
  return Array.from(Deno.readDirSync(folder)).flatMap((entry) => {
    const path = prefix + entry.name;
    if (entry.isDirectory) return sources(new URL(`${entry.name}/`, folder), `${path}/`);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}

const files = order.flatMap((place) =>
  place.endsWith(".ts") ? [place] : sources(new URL(`${place}/`, root)).map((file) => `${place}/${file}`)
);

function importsOf(file: string): string[] {
  const text = Deno.readTextFileSync(new URL(file, root)).replace(/^\s*\*.*$/gm, "");
  return Array.from(text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g), ([, specifier]) => specifier);
}

const rank = (file: string) => order.indexOf(file.split("/")[0]);

for (const file of files) {
  Deno.test(`${file} imports only from the folders before its own`, () => {
    for (const specifier of importsOf(file)) {
      if (!specifier.startsWith(".")) {
        assert.ok(!/^(https?|jsr|npm):/.test(specifier), `${specifier} belongs into deno.json`);
        continue;
      }
      const target = new URL(specifier, new URL(file, root)).href.slice(root.href.length);
      if (target === "deno.json" || target.startsWith("build/")) continue;
      assert.ok(files.includes(target), `${file} imports ${target}, which is not there`);
      assert.ok(rank(target) <= rank(file), `${file} imports ${target}`);
    }
  });
}

Deno.test("the kernels import nothing but kernels", () => {
  for (const file of sources(new URL("assembly/", root))) {
    for (const specifier of importsOf(`assembly/${file}`)) assert.match(specifier, /^\.\/[a-z][a-z0-9]*$/);
  }
});

Deno.test("only the engine knows WebAssembly.Memory; it and the page's labelling know workers", () => {
  for (const file of files.filter((file) => !file.startsWith("engine/"))) {
    const text = Deno.readTextFileSync(new URL(file, root));
    assert.doesNotMatch(text, /WebAssembly\.Memory/, file);
    if (file !== "display/labelling_client.ts") assert.doesNotMatch(text, /new Worker\(/, file);
  }
});

Deno.test("the library neither prints nor ends the process", () => {
  for (const file of files.filter((file) => !/^(commands\/|cli\.ts)/.test(file))) {
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
