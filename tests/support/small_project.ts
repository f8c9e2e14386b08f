/** Projects of a few lines that are built as this one is. */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { fileNames } from "./folders.ts";

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** A project with the build of this one. */
export async function writeProject(folder: string, sources: Readonly<Record<string, string>>): Promise<void> {
  const write = async (name: string, text: string) => {
    await Deno.mkdir(dirname(`${folder}/${name}`), { recursive: true });
    await Deno.writeTextFile(`${folder}/${name}`, text);
  };
  for (const [name, text] of Object.entries(sources)) await write(name, text);
  for (const part of ["viewer/fresh", "tasks"]) {
    for (const name of (await fileNames(path(part))).filter((name) => name.endsWith(".ts"))) {
      await write(`${part}/${name}`, await Deno.readTextFile(path(`${part}/${name}`)));
    }
  }
  const { imports, compilerOptions } = JSON.parse(await Deno.readTextFile(path("deno.json")));
  await write("deno.json", JSON.stringify({ imports, compilerOptions, nodeModulesDir: "auto" }));
  await write(
    "build.ts",
    'import { buildViewer } from "./tasks/build_viewer.ts";\nawait buildViewer(new URL("./", import.meta.url));\n',
  );
}

/** Runs a module of the project; gives what it prints and says. */
export async function runModule(
  folder: string,
  ...args: string[]
): Promise<{ readonly out: string; readonly error: string; readonly code: number }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-lock", "--no-check", "--quiet", ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), error: decoder.decode(stderr) };
}
