/** Modules for the browser: bundled and split by esbuild, which only those who build need. */

import * as esbuild from "esbuild";
import { join, relative } from "node:path";

/** How modules are bundled. */
export interface BundleOptions {
  /** Folder of deno.json and node_modules. */
  readonly root: string;
  /** Modules to bundle, as paths; those that share code share a file. */
  readonly entries: readonly string[];
  /** Names of entries in the output; `[hash]` changes with the content. */
  readonly names: string;
  readonly minify: boolean;
}

/** Bundled modules. */
export interface Bundle {
  /** Contents by file name. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** File names by entry. */
  readonly names: ReadonlyMap<string, string>;
}

/** Browsers of 2022 and later. */
export const browserTargets = ["chrome105", "firefox105", "safari16"];

/**
 * Bundles modules with all that they import. Packages are looked for in node_modules, so that the build runs with
 * `--node-modules-dir=auto`; names that deno.json maps to files of the project lead to those.
 */
export async function bundle({ root, entries, names, minify }: BundleOptions): Promise<Bundle> {
  const outdir = join(root, "_fresh");
  try {
    const { outputFiles, metafile } = await esbuild.build({
      entryPoints: [...entries],
      entryNames: names,
      chunkNames: "[name]-[hash]",
      outdir,
      absWorkingDir: root,
      alias: await projectFiles(root),
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "browser",
      target: browserTargets,
      minify,
      legalComments: "none",
      jsx: "automatic",
      jsxImportSource: "preact",
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    const nameOf = (path: string) => relative(outdir, path).replaceAll("\\", "/");
    return {
      files: new Map(outputFiles.map(({ path, contents }) => [nameOf(path), new Uint8Array(contents)])),
      names: new Map(
        Object.entries(metafile.outputs).flatMap(([output, { entryPoint }]) =>
          entryPoint === undefined ? [] : [[join(root, entryPoint), nameOf(join(root, output))] as const]
        ),
      ),
    };
  } finally {
    await esbuild.stop();
  }
}

/** Names that deno.json maps to files of the project. */
export async function projectFiles(root: string): Promise<Record<string, string>> {
  const { imports } = JSON.parse(await Deno.readTextFile(join(root, "deno.json"))) as {
    imports: Record<string, string>;
  };
  return Object.fromEntries(
    Object.entries(imports).filter(([, target]) => target.startsWith("./"))
      .map(([name, target]) => [name, join(root, target)]),
  );
}
