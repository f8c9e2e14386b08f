/** Makes the folder that the Python package is built from: its sources, and the program with all packages that it needs. */

import { fileURLToPath } from "node:url";
import { copy, emptyFolder, writeText } from "./folders.ts";
import { writeManual } from "./manual.ts";
import { writeProgram } from "./program.ts";

/**
 * Writes the folder.
 *
 * @param root folder of the project, where everything has been built
 * @param folder where to; what was there is removed
 * @throws Error when npm, which brings the packages, fails
 */
export async function writePythonPackage(root: URL, folder: URL): Promise<void> {
  await emptyFolder(folder);
  await copy(new URL("python/", root), folder);
  await writeManual(root, new URL("crystallite.1", folder));
  const program = new URL("src/crystallite/program/", folder);
  const { version, license, dependencies } = await writeProgram(root, program);
  const description = {
    name: "crystallite-program",
    private: true,
    type: "module",
    version,
    license,
    dependencies,
  };
  await writeText(new URL("package.json", program), `${JSON.stringify(description, null, 2)}\n`);
  await installPackages(program);
  await writeText(
    new URL("src/crystallite/_version.py", folder),
    `"""The version, that of the program."""\n\n__version__ = "${version}"\n`,
  );
}

/** Has npm bring the packages; none of their scripts run. */
async function installPackages(program: URL): Promise<void> {
  const { success, stderr } = await new Deno.Command("npm", {
    args: [
      "install",
      "--omit=dev",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--no-bin-links",
      "--silent",
    ],
    cwd: fileURLToPath(program),
  }).output();
  if (!success) throw new Error(`npm install failed:\n${new TextDecoder().decode(stderr)}`);
}

if (import.meta.main) {
  const root = new URL("../../", import.meta.url);
  await writePythonPackage(root, new URL("build/python/", root));
  console.error(
    "build/python/ is ready: python -m build --wheel build/python, or pip install ./build/python",
  );
}
