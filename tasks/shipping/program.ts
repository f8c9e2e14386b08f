/** The program as a folder of JavaScript with what it reads: what the executable and the packages for npm and Python hold. */

import { fileURLToPath } from "node:url";
import { buildSite } from "../documentation/site.ts";
import { fileImports, packageVersions, readConfiguration } from "./configuration.ts";
import { copy, emptyFolder, writeText } from "./folders.ts";
import { moduleGraph } from "./module_graph.ts";
import { transpile } from "./transpile.ts";

/** Files that the program reads beside its modules. */
export const programAssets = [
  "build/kernels.wasm.bin",
  "build/page.html.br",
  "_fresh/static",
  "viewer/static",
  "LICENSE",
  "THIRD_PARTY_NOTICES.md",
];

/** What a package has to say of the program. */
export interface ProgramDescription {
  readonly version: string;
  readonly license: string;
  /** Exact versions of the packages that it needs, by name. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Writes the program: `cli.js` is the command line, `mod.js` the library.
 *
 * @param root folder of the project, where everything has been built
 * @param folder where to; what was there is removed
 */
export async function writeProgram(root: URL, folder: URL): Promise<ProgramDescription> {
  const configuration = await readConfiguration(root);
  const { files, packages } = await moduleGraph(root, ["cli.ts", "mod.ts"]);
  await emptyFolder(folder);
  const modules = files.filter((file) => /\.[jt]sx?$/.test(file) && !file.endsWith(".d.ts"));
  await transpile(root, modules, fileImports(configuration), async (name, text) => {
    await writeText(new URL(name, folder), text);
  });
  for (const asset of programAssets) await copy(new URL(asset, root), new URL(asset, folder));
  // For reading without a network: the viewer shows it under /docs. The library's interface would be ten times as large.
  await buildSite(fileURLToPath(new URL("_fresh/static/docs/", folder)), false);
  const { version, license } = configuration;
  return { version, license, dependencies: packageVersions(configuration, packages) };
}
