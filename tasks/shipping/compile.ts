/** Makes one executable of what runs: the program as the packages hold it, without types and sources of the build. */

import { fileURLToPath } from "node:url";
import { writeText } from "./folders.ts";
import { moduleGraph } from "./module_graph.ts";
import { programAssets, writeProgram } from "./program.ts";

/** Where the program is written, from the root of the project. */
const lean = "build/lean/";

/**
 * Compiles the command line.
 *
 * @param root folder of the project, where everything has been built
 * @param args further arguments of `deno compile`, such as `--output FILE` or `--target TRIPLE`
 * @param deno the Deno that compiles
 * @returns what Deno said, with the list of what lies in the executable
 * @throws Error with Deno's message when it fails
 */
export async function compileExecutable(
  root: URL,
  args: readonly string[],
  deno: string = Deno.execPath(),
): Promise<string> {
  const { threads } = await moduleGraph(root, ["cli.ts"]);
  const { version, dependencies } = await writeProgram(root, new URL(lean, root));
  const imports = Object.fromEntries(
    Object.entries(dependencies).map(([name, version]) => [name, `npm:${name}@${version}`]),
  );
  await writeText(new URL(`${lean}deno.json`, root), JSON.stringify({ imports }, null, 2));
  // The program reads its version there.
  await writeText(new URL(`${lean}package.json`, root), JSON.stringify({ version, type: "module" }));
  await Deno.copyFile(new URL("deno.lock", root), new URL(`${lean}deno.lock`, root));
  const modules = threads.map((path) => path.replace(/\.tsx?$/, ".js"));
  const included = [...programAssets, ...modules].flatMap((path) => ["--include", lean + path]);
  const { success, stderr } = await new Deno.Command(deno, {
    args: [
      ...["compile", "-A", "--no-check", "--config", `${lean}deno.json`, "--node-modules-dir=none"],
      ...included,
      ...args,
      `${lean}cli.js`,
    ],
    cwd: fileURLToPath(root),
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr);
  if (!success) throw new Error(`deno compile failed:\n${said}`);
  return said;
}

if (import.meta.main) {
  const root = new URL("../../", import.meta.url);
  const output = Deno.args.some((argument) => argument.startsWith("--output"))
    ? []
    : ["--output", "crystallite"];
  console.error(await compileExecutable(root, [...output, ...Deno.args]));
}
