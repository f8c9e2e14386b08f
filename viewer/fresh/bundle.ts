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
  /** Modules that are no files, by their names as entries: their text, which may import files by their paths. */
  readonly written?: Readonly<Record<string, string>>;
}

/** Bundled modules. */
export interface Bundle {
  /** Contents by file name. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** File names by entry. */
  readonly names: ReadonlyMap<string, string>;
  /** The files that an entry runs with, its own first: what is only imported on demand is none of them. */
  neededBy(entry: string): readonly string[];
}

/** Browsers of 2022 and later. */
export const browserTargets = ["chrome105", "firefox105", "safari16"];

/**
 * Bundles modules with all that they import. Packages are looked for in node_modules, so that the build runs with
 * `--node-modules-dir=auto`; names that deno.json maps to files of the project lead to those.
 */
export async function bundle({ root, entries, names, minify, written = {} }: BundleOptions): Promise<Bundle> {
  const outdir = join(root, "_fresh");
  try {
    const { outputFiles, metafile } = await esbuild.build({
      entryPoints: [...entries],
      entryNames: names,
      chunkNames: "[name]-[hash]",
      outdir,
      absWorkingDir: root,
      alias: await projectFiles(root),
      plugins: [writtenModules(root, written)],
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
    const imported = new Map(
      Object.entries(metafile.outputs).map(([output, { imports }]) => [
        nameOf(join(root, output)),
        imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => nameOf(join(root, path))),
      ]),
    );
    const entryOf = (point: string) =>
      point.startsWith(writtenPrefix) ? point.slice(writtenPrefix.length) : join(root, point);
    const nameByEntry = new Map(
      Object.entries(metafile.outputs).flatMap(([output, { entryPoint }]) =>
        entryPoint === undefined ? [] : [[entryOf(entryPoint), nameOf(join(root, output))] as const]
      ),
    );
    return {
      files: new Map(outputFiles.map(({ path, contents }) => [nameOf(path), new Uint8Array(contents)])),
      names: nameByEntry,
      neededBy(entry) {
        const needed = new Set([nameByEntry.get(entry)!]);
        for (const name of needed) for (const other of imported.get(name) ?? []) needed.add(other);
        return [...needed];
      },
    };
  } finally {
    await esbuild.stop();
  }
}

const writtenPrefix = "written:";

/** Has esbuild take modules from their texts. */
function writtenModules(root: string, written: Readonly<Record<string, string>>): esbuild.Plugin {
  return {
    name: "written modules",
    setup(build) {
      build.onResolve(
        { filter: /./ },
        ({ path, kind }) =>
          kind === "entry-point" && Object.hasOwn(written, path)
            ? { path, namespace: writtenPrefix.slice(0, -1) }
            : undefined,
      );
      build.onLoad({ filter: /./, namespace: writtenPrefix.slice(0, -1) }, ({ path }) => ({
        contents: written[path],
        resolveDir: root,
      }));
    },
  };
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
