/** The notices name every package of others that comes with the program, as they are installed. */

import assert from "node:assert/strict";
import { compiledIn } from "../../tasks/compiled_in.ts";
import { notices, notShipped, shippedPackages } from "../../tasks/notices.ts";
import { cutAtHeadings } from "../../tasks/documentation/markdown.ts";
import { crystallite } from "../support/command_line.ts";

const root = new URL("../../", import.meta.url);
const text = await Deno.readTextFile(new URL("THIRD_PARTY_NOTICES.md", root));

Deno.test("THIRD_PARTY_NOTICES.md is what `deno task notices` writes", async () => {
  assert.equal(text, await notices(root));
});

Deno.test("every package that the program imports has its notice, tools that build and test it have none", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const imported = Object.values<string>(imports).flatMap((address) =>
    /^npm:(@?[^@]+)@/.exec(address)?.[1] ?? []
  );
  const shipped = new Set((await shippedPackages(root)).map(({ name }) => name));
  for (const name of imported) {
    const tool = notShipped.includes(name) || name.startsWith("@types/");
    assert.equal(shipped.has(name), !tool, name);
  }
  const headings = cutAtHeadings(text, 2).slice(1).map(({ title }) => title!.split(" ")[0]);
  assert.deepEqual(headings, [...shipped]);
  for (
    const name of [
      ...["HDF5", "NIST-developed software", "Zstandard", "bzip2"],
      "This software is based in part on the work of the Independent JPEG Group.",
    ]
  ) {
    assert.ok(text.includes(name), name);
  }
});

Deno.test("each text of third_party says where it comes from, and names who holds the copyright", async () => {
  const parts = cutAtHeadings(text, 3).slice(1);
  for (const { title, text } of parts) {
    assert.match(title!, /, in \S+$/);
    assert.match(text, /^\n([^\n]+\n\n)?From [^\n]*https:\/\/[^\n]+:\n/, title);
  }
  for await (const { name } of Deno.readDir(new URL("third_party", root))) {
    const license = (await Deno.readTextFile(new URL(`third_party/${name}`, root))).trim();
    const lines = license.replaceAll(/[ \t\r]+$/gm, "");
    assert.ok(parts.some(({ text }) => text.includes(lines)), `${name} is in no notice`);
    assert.match(license, /(copyright|\(c\)) +((\(c\)|©) )?(19|20)\d\d|Copyright \(c\) Meta/i, name);
  }
});

Deno.test("what packages hold compiled has its notice: each plugin of HDF5, and each codec that their code names", async () => {
  const installed = new URL("node_modules/.deno/", root);
  const folderOf = async (name: string) => {
    const used = (await shippedPackages(root)).find((shipped) => shipped.name === name)!;
    return new URL(`${name}@${used.version}/node_modules/${name}/`, installed);
  };
  const named = (name: string) => new Set((compiledIn[name] ?? []).map(({ file }) => file));
  const ofPlugin: Readonly<Record<string, readonly string[]>> = {
    ...{ bitgroom: ["ccr"], bitround: ["ccr"], blosc: ["blosc", "blosc_hdf5", "fastlz"], blosc2: ["blosc"] },
    ...{ bshuf: ["bitshuffle", "lz4", "zstd"], bz2: ["bzip2", "pytables"], jpeg: ["jpeg"] },
    ...{ lz4: ["lz4", "lz4_hdf5"], lzf: ["lzf", "liblzf"], zfp: ["zfp", "h5z_zfp"], zstd: ["zstd"] },
  };
  const plugins = Array.from(Deno.readDirSync(new URL("plugins/", await folderOf("h5wasm-plugins"))));
  for (const { name } of plugins) {
    const files = ofPlugin[/^libH5Z(\w+)\.so$/.exec(name)![1]];
    assert.ok(files?.every((file) => named("h5wasm-plugins").has(file)), name);
  }
  // Compiled code lies as base64 in scripts; three shifts make a word findable in it.
  const holds = (script: string, word: string) =>
    [0, 1, 2].some((shift) => {
      const encoded = btoa("\0".repeat(shift) + word), whole = Math.floor((shift + word.length) / 3) * 4;
      return script.includes(encoded.slice(Math.ceil(shift * 4 / 3), whole));
    });
  const hdf5 = await Deno.readTextFile(new URL("dist/node/hdf5_util.js", await folderOf("h5wasm")));
  assert.equal(holds(hdf5, "szip-src/src/vector.c"), named("h5wasm").has("libaec"));
  const codec = await Deno.readTextFile(new URL("dist/blosc.js", await folderOf("numcodecs")));
  assert.equal(holds(codec, "N6snappy4SinkE"), named("numcodecs").has("snappy"));
});

Deno.test("Deno fetches what only tests need for nobody else: it is in their own lock file", async () => {
  // As committed: a test of the page that ran without --lock has written into the file.
  const shown = await new Deno.Command("git", { args: ["show", "HEAD:deno.lock"], cwd: root }).output()
    .catch(() => undefined);
  const committed = shown?.success ? new TextDecoder().decode(shown.stdout) : undefined;
  const read = (path: string) => Deno.readTextFile(new URL(path, root));
  const [own, tests] = [committed ?? await read("deno.lock"), await read("tests/deno.lock")]
    .map((text) => JSON.parse(text) as { npm: Record<string, unknown> });
  const more = Object.keys(tests.npm).filter((name) => !(name in own.npm));
  assert.deepEqual(
    more.map((name) => name.split("@")[0]),
    ["axe-core", "playwright-core"],
    "write tests/deno.lock anew",
  );
  const remedy = "undo what a test wrote into deno.lock, and run tests with --lock=tests/deno.lock";
  for (const name of Object.keys(own.npm)) {
    assert.deepEqual(tests.npm[name], own.npm[name], `${name}: ${remedy}`);
  }
});

Deno.test("the program prints its license and the notices", async () => {
  const { out } = await crystallite("licenses");
  assert.match(out, /^MIT License/);
  assert.ok(out.includes(text.trim()));
});
