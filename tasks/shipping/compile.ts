/**
 * Makes one executable of what runs. A configuration without the packages that only build and test leaves them out, on
 * every Deno; `--exclude-unused-npm` would do it on Deno 2.9 alone.
 */

import { fileURLToPath } from "node:url";
import { fileImports, packageVersions, readConfiguration } from "./configuration.ts";
import { moduleGraph } from "./module_graph.ts";

/** What the program reads that is no module. */
const assets = ["build/kernels.wasm.bin", "_fresh", "viewer/static", "LICENSE", "THIRD_PARTY_NOTICES.md"];

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
  const { threads, packages } = await moduleGraph(root, ["cli.ts"]);
  await writeLeanConfiguration(root, packages);
  const included = [...assets, ...threads].flatMap((path) => ["--include", path]);
  const { success, stderr } = await new Deno.Command(deno, {
    args: [
      ...["compile", "-A", "--no-check", "--config", "build/lean/deno.json", "--node-modules-dir=none"],
      ...included,
      ...args,
      "cli.ts",
    ],
    cwd: fileURLToPath(root),
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr);
  if (!success) throw new Error(`deno compile failed:\n${said}`);
  return said;
}

/** A configuration that names only what runs, with the versions of the lock file. */
async function writeLeanConfiguration(root: URL, packages: readonly string[]): Promise<void> {
  const configuration = await readConfiguration(root);
  const imports = {
    ...Object.fromEntries(Array.from(fileImports(configuration), ([name, path]) => [name, `../../${path}`])),
    ...Object.fromEntries(
      Object.entries(packageVersions(configuration, packages)).map((
        [name, version],
      ) => [name, `npm:${name}@${version}`]),
    ),
  };
  await Deno.mkdir(new URL("build/lean/", root), { recursive: true });
  const lean = { imports, compilerOptions: configuration.compilerOptions };
  await Deno.writeTextFile(new URL("build/lean/deno.json", root), JSON.stringify(lean, null, 2));
  await Deno.copyFile(new URL("deno.lock", root), new URL("build/lean/deno.lock", root));
}

if (import.meta.main) {
  const root = new URL("../../", import.meta.url);
  const output = Deno.args.some((argument) => argument.startsWith("--output"))
    ? []
    : ["--output", "crystallite"];
  console.error(await compileExecutable(root, [...output, ...Deno.args]));
}
