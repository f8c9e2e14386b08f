/** Declarations of types, for programs that use the package's library. */

import { fileURLToPath } from "node:url";
import { emptyFolder } from "./folders.ts";
import { leadToScripts } from "./transpile.ts";

/**
 * The compiler, which npm fetches for this task alone: in deno.lock it would go along with packages that take it where it
 * is, and so into the executable.
 */
const compiler = "typescript@5.9.3";

/**
 * Makes a `.d.ts` of a module and of all that it takes types from.
 *
 * @param root folder of the project, with the packages in node_modules
 * @param entry file of it
 * @param fileImports names that lead to files of the project
 * @param take gets each declaration's name and text
 * @throws Error with the compiler's words when a type cannot be told
 */
export async function declareTypes(
  root: URL,
  entry: string,
  fileImports: ReadonlyMap<string, string>,
  take: (name: string, text: string) => Promise<void>,
): Promise<void> {
  const folder = new URL("build/declarations/", root);
  await emptyFolder(folder);
  await Deno.writeFile(new URL("deno.d.ts", folder), await denoTypes());
  const configuration = {
    files: [`../../${entry}`, "deno.d.ts"],
    compilerOptions: {
      ...{ target: "esnext", module: "esnext", moduleResolution: "bundler", lib: ["esnext"], types: [] },
      paths: Object.fromEntries(Array.from(fileImports, ([name, path]) => [name, [`../../${path}`]])),
      ...{ allowImportingTsExtensions: true, resolveJsonModule: true, strict: true, skipLibCheck: true },
      // deno check has seen to that.
      noCheck: true,
      ...{ declaration: true, emitDeclarationOnly: true, rootDir: "../..", outDir: "types" },
    },
  };
  await Deno.writeTextFile(new URL("tsconfig.json", folder), JSON.stringify(configuration));
  const { success, stdout, stderr } = await new Deno.Command("npx", {
    args: ["--yes", "--package", compiler, "--", "tsc", "--project", "build/declarations"],
    cwd: fileURLToPath(root),
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`tsc failed:\n${decoder.decode(stdout)}${decoder.decode(stderr)}`);
  await takeAll(
    new URL("types/", folder),
    "",
    (name, text) => take(name, leadToScripts(text, name, fileImports)),
  );
}

/** What Deno says of its own objects. */
async function denoTypes(): Promise<Uint8Array> {
  return (await new Deno.Command(Deno.execPath(), { args: ["types"] }).output()).stdout;
}

async function takeAll(
  folder: URL,
  prefix: string,
  take: (name: string, text: string) => Promise<void>,
): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) await takeAll(new URL(`${name}/`, folder), `${prefix}${name}/`, take);
    else await take(`${prefix}${name}`, await Deno.readTextFile(new URL(name, folder)));
  }
}
