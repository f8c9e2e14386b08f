/** The notices name every package of others that comes with the program, as they are installed. */

import assert from "node:assert/strict";
import { notices, notShipped, shippedPackages } from "../../tasks/notices.ts";
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
  const headings = [...text.matchAll(/^## (\S+) /gm)].map(([, name]) => name);
  assert.deepEqual(headings, [...shipped]);
  for (const name of ["HDF5", "NIST-developed software", "Zstandard", "bzip2", "Independent JPEG Group"]) {
    assert.ok(text.includes(name), name);
  }
});

Deno.test("each text of third_party says where it comes from, and names who holds the copyright", async () => {
  const parts = text.split(/^### /m).slice(1);
  for (const part of parts) {
    assert.match(part, /^[^\n]+, in \S+\n\nFrom [^\n]*https:\/\/[^\n]+:\n/, part.slice(0, 60));
  }
  for await (const { name } of Deno.readDir(new URL("third_party", root))) {
    const license = (await Deno.readTextFile(new URL(`third_party/${name}`, root))).trim();
    const first = license.split("\n")[0];
    assert.ok(parts.some((part) => part.includes(first)), `${name} is in no notice`);
    assert.match(license, /(copyright|\(c\)) +(\(c\) )?(19|20)\d\d|Copyright \(c\) Meta/i, name);
  }
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
