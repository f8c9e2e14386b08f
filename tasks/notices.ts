/** The notices of what the program is made with: every package that is part of it, and what was compiled into those. */

import { compiledIn } from "./compiled_in.ts";

/** Packages that only build or test the program, with those that they alone need. */
export const notShipped = [
  ...["esbuild", "binaryen", "long", "undici-types"],
  ...["markdown-it", "argparse", "entities", "linkify-it", "mdurl", "punycode.js", "uc.micro"],
];

/** Why a package is part of the program that one would take for a tool. */
const remarks: Readonly<Record<string, string>> = {
  "assemblyscript": "Its runtime library is compiled into the kernels.",
  "h5wasm": "Holds HDF5.",
};

/** A package with the version that is used. */
export interface UsedPackage {
  readonly name: string;
  readonly version: string;
}

/** Packages that are part of the program, by name, as the lock file has them. */
export async function shippedPackages(root: URL): Promise<UsedPackage[]> {
  const { npm } = JSON.parse(await Deno.readTextFile(new URL("deno.lock", root)));
  const left = (name: string) => notShipped.includes(name) || /^@(types|esbuild)\//.test(name);
  return Object.keys(npm)
    .map((key) => /^(?<name>@?[^@]+)@(?<version>[^_]+)/.exec(key)!.groups as unknown as UsedPackage)
    .filter(({ name }) => !left(name))
    .sort((one, other) => one.name < other.name ? -1 : 1);
}

/**
 * The text of THIRD_PARTY_NOTICES.md.
 *
 * @throws {Deno.errors.NotFound} when the packages were not installed: `deno task build` does that
 */
export async function notices(root: URL): Promise<string> {
  const parts = [
    "# Third-party notices",
    "crystallite is made with the works below, which come with it in its npm package, its wheel and its executable. The " +
    "executable also holds Deno (MIT license, https://github.com/denoland/deno) with V8 (BSD license).",
  ];
  for (const { name, version } of await shippedPackages(root)) {
    const remark = remarks[name] === undefined ? [] : [remarks[name]];
    parts.push(`## ${name} ${version}`, ...remark, ...await licensesOf(root, name, version));
    for (const { name: what, file, source, remark } of compiledIn[name] ?? []) {
      const text = await Deno.readTextFile(new URL(`third_party/${file}.txt`, root));
      parts.push(`### ${what}, in ${name}`, ...remark ? [remark] : [], `From ${source}:`, quoted(text));
    }
  }
  return `${parts.join("\n\n")}\n`;
}

/** The texts that a package has about its license. */
async function licensesOf(root: URL, name: string, version: string): Promise<string[]> {
  const installed = `node_modules/.deno/${name.replace("/", "+")}@${version}/node_modules/${name}/`;
  const folder = new URL(installed, root), texts: string[] = [];
  const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name))
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  for (const file of names) texts.push(quoted(await Deno.readTextFile(new URL(file, folder))));
  if (texts.length === 0 && !(name in compiledIn)) throw new Error(`${name} has no license`);
  return texts;
}

/** A text as a block of code, which nothing in it ends. */
function quoted(text: string): string {
  return `~~~~text\n${text.replaceAll("\r\n", "\n").replaceAll(/[ \t]+$/gm, "").trim()}\n~~~~`;
}
