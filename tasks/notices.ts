/** The notices of what the program is made with: every package that is part of it, and what was compiled into those. */

/** Packages that only build or test the program, with those that they alone need. */
export const notShipped = [
  ...["esbuild", "binaryen", "long", "undici-types"],
  ...["markdown-it", "argparse", "entities", "linkify-it", "mdurl", "punycode.js", "uc.micro"],
];

/** Code of others that lies compiled in packages whose licenses don't name it, by the file of its license. */
const compiledIn: Readonly<Record<string, readonly (readonly [what: string, file: string])[]>> = {
  "@spglib/moyo-wasm": [["moyo", "moyo"]],
  "h5wasm": [["zlib", "zlib"]],
  "h5wasm-plugins": [
    ["Bitshuffle", "bitshuffle"],
    ["Blosc and Blosc2", "blosc"],
    ["bzip2", "bzip2"],
    ["BitGroom and Granular BitRound of the Community Codec Repository", "ccr"],
    ["JPEG", "jpeg"],
    ["LZ4", "lz4"],
    ["LZF", "lzf"],
    ["zfp", "zfp"],
    ["zlib", "zlib"],
    ["Zstandard", "zstd"],
  ],
  "numcodecs": [["Blosc", "blosc"], ["LZ4", "lz4"], ["zlib", "zlib"], ["Zstandard", "zstd"]],
};

/** Where each of these texts comes from. */
const sources: Readonly<Record<string, string>> = {
  bitshuffle: "LICENSE of https://github.com/kiyo-masui/bitshuffle",
  blosc: "LICENSE.txt of https://github.com/Blosc/c-blosc2",
  bzip2: "LICENSE of https://sourceware.org/bzip2",
  ccr: "LICENSE of https://github.com/ccr/ccr",
  jpeg: "LEGAL ISSUES in the README of release 9d, https://ijg.org",
  lz4: "lib/LICENSE of https://github.com/lz4/lz4",
  lzf: "lzf/LICENSE.txt of https://github.com/h5py/h5py",
  moyo: "LICENSE-MIT of https://github.com/spglib/moyo",
  zfp: "the head of the sources of zfp 0.5, https://github.com/LLNL/zfp",
  zlib: "https://zlib.net/zlib_license.html",
  zstd: "LICENSE of https://github.com/facebook/zstd",
};

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
    for (const [what, file] of compiledIn[name] ?? []) {
      const text = await Deno.readTextFile(new URL(`third_party/${file}.txt`, root));
      parts.push(`### ${what}, in ${name}`, `From ${sources[file]}:`, quoted(text));
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
