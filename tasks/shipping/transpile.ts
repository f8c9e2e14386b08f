/** Modules as JavaScript, for places where nothing knows TypeScript or the names of deno.json. */

import * as esbuild from "esbuild";
import { posix } from "node:path";

const source = /\.tsx?$/;

/** The name of a module once it is JavaScript. */
const scriptName = (file: string): string => file.replace(source, ".js");

/**
 * Makes JavaScript of modules, one by one; nothing is bundled, so that threads and their addresses stay what they are.
 *
 * @param root folder of the project
 * @param files modules of it
 * @param fileImports names that lead to files of the project
 * @param take gets each module's new name and text
 */
export async function transpile(
  root: URL,
  files: readonly string[],
  fileImports: ReadonlyMap<string, string>,
  take: (name: string, text: string) => Promise<void>,
): Promise<void> {
  try {
    for (const file of files) {
      const text = await Deno.readTextFile(new URL(file, root));
      const { code } = await esbuild.transform(text, {
        loader: file.endsWith(".tsx") ? "tsx" : file.endsWith(".ts") ? "ts" : "js",
        format: "esm",
        target: "esnext",
        jsx: "automatic",
        jsxImportSource: "preact",
        // Notices of licenses go along; what a module is for, its source says.
        legalComments: "inline",
      });
      await take(scriptName(file), leadToScripts(code, file, fileImports));
    }
  } finally {
    await esbuild.stop();
  }
}

/**
 * A module's text with its addresses of other modules as they are once all are JavaScript.
 *
 * @param file where the module lies in the project
 * @param fileImports names that lead to files of the project
 */
export function leadToScripts(
  text: string,
  file: string,
  fileImports: ReadonlyMap<string, string>,
): string {
  return text
    .replace(/(["'])(\.{1,2}\/[^"'\n]+?)\.tsx?\1/g, "$1$2.js$1")
    // What deno.json says of the program, package.json says too.
    .replace(/(["'])((?:\.\.\/)+)deno\.json\1/g, "$1$2package.json$1")
    .replace(/\b(from |import |import\()(["'])([^"'.][^"'\n]*)\2/g, (whole, before, quote, name) => {
      const target = fileImports.get(name);
      if (target === undefined) return whole;
      const path = posix.relative(posix.dirname(file), scriptName(target));
      return `${before}${quote}${path.startsWith(".") ? path : `./${path}`}${quote}`;
    });
}
