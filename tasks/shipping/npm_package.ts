/** Makes the npm package: JavaScript, its kernels and viewer, and a command that npm's own Deno runs. */

import { fileImports, readConfiguration } from "./configuration.ts";
import { declareTypes } from "./declarations.ts";
import { copy, writeText } from "./folders.ts";
import { writeManual } from "./manual.ts";
import { type ProgramDescription, writeProgram } from "./program.ts";

/** The Deno that runs the command; npm brings its executable for six platforms. */
const denoVersion = "2.9.6";

/** Where the manual page lies, which npm puts where man looks. */
const manual = "man/crystallite.1";

/**
 * Writes the package.
 *
 * @param root folder of the project, where everything has been built
 * @param folder where to; what was there is removed
 */
export async function writeNpmPackage(root: URL, folder: URL): Promise<void> {
  const program = await writeProgram(root, folder);
  await declareTypes(root, "mod.ts", fileImports(await readConfiguration(root)), async (name, text) => {
    await writeText(new URL(name, folder), text);
  });
  await copy(new URL("npm/", root), folder);
  await writeManual(root, new URL(manual, folder));
  const text = JSON.stringify(packageDescription(program), null, 2);
  await writeText(new URL("package.json", folder), `${text}\n`);
}

/** package.json of the package. */
function packageDescription({ version, license, dependencies }: ProgramDescription) {
  return {
    name: "crystallite",
    version,
    description:
      "Finds the coherent regions of 4D-STEM scans and gives each one averaged diffraction pattern",
    keywords: [
      "4D-STEM",
      "electron microscopy",
      "electron diffraction",
      "clustering",
      "orientation",
      "strain",
    ],
    license,
    type: "module",
    bin: { crystallite: "bin/crystallite.js" },
    man: `./${manual}`,
    exports: { ".": { types: "./mod.d.ts", default: "./mod.js" }, "./package.json": "./package.json" },
    engines: { node: ">=18" },
    dependencies: { ...dependencies, deno: denoVersion },
  };
}

if (import.meta.main) {
  const root = new URL("../../", import.meta.url), folder = new URL("build/npm/", root);
  await writeNpmPackage(root, folder);
  console.error("build/npm/ is ready: npm pack ./build/npm, npm publish ./build/npm");
}
