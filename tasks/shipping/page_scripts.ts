/** The scripts of the page that clusters in the browser alone: modules of the program, bundled for a browser. */

import * as esbuild from "esbuild";
import { join } from "node:path";
import { browserTargets, projectFiles } from "../../viewer/fresh/bundle.ts";

/** Folder of what stands in for the system. */
const platform = "viewer/alone/platform";

/** What browsers have not, by what stands in for it. */
const standIns: Readonly<Record<string, string>> = {
  "node:path": "path.ts",
  "node:zlib": "zlib.ts",
  ...Object.fromEntries(
    ["node:buffer", "node:crypto", "node:fs", "node:os", "node:url", "@spglib/moyo-wasm"].map((
      name,
    ) => [name, "absent.ts"]),
  ),
};

/** The same for files of the project. */
const replaced: Readonly<Record<string, string>> = {
  "library/formats/inflate_stream.ts": "inflate_stream.ts",
  "library/formats/hdf5/library_blocks.ts": "library_blocks.ts",
  "library/formats/hdf5/packages.ts": "absent.ts",
  "library/formats/zarr/packages.ts": "absent.ts",
};

/** A script by itself, which needs no other file. */
export type PageScript = "page" | "threads" | "labelling";

const entries: Readonly<Record<PageScript, string>> = {
  page: "viewer/alone/page.tsx",
  threads: "viewer/alone/thread.ts",
  labelling: "viewer/labels/labelling_worker.ts",
};

/**
 * Bundles a script.
 *
 * @param root path of the project
 * @returns its text, in which nothing ends an element of HTML
 */
export async function pageScript(root: string, name: PageScript): Promise<string> {
  const ofThreads = name === "threads";
  const { outputFiles: [{ text }] } = await esbuild.build({
    entryPoints: [entries[name]],
    absWorkingDir: root,
    alias: await projectFiles(root),
    bundle: true,
    format: "iife",
    platform: "browser",
    target: browserTargets,
    minify: true,
    legalComments: "none",
    jsx: "automatic",
    jsxImportSource: "preact",
    inject: ofThreads ? [`${platform}/globals.ts`] : [],
    plugins: ofThreads ? [systemOf(root)] : [],
    write: false,
    logLevel: "silent",
  });
  return text.trim().replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

/** Has the program find what stands in for the system, and its modules know where they would lie. */
function systemOf(root: string): esbuild.Plugin {
  const inPlatform = (file: string) => join(root, platform, file);
  return {
    name: "system",
    setup(build) {
      build.onResolve(
        { filter: /^(node:|@spglib\/)/ },
        ({ path }) => path in standIns ? { path: inPlatform(standIns[path]) } : undefined,
      );
      build.onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
        const file = path.slice(root.length).replaceAll("\\", "/").replace(/^\//, "");
        if (file in replaced) {
          const standIn = JSON.stringify(inPlatform(replaced[file]));
          return { contents: `export * from ${standIn};`, loader: "ts", resolveDir: root };
        }
        const text = await Deno.readTextFile(path);
        if (!text.includes("import.meta.url")) return undefined;
        const address = JSON.stringify(`file:///${file}`);
        return {
          contents: text.replaceAll("import.meta.url", address),
          loader: path.endsWith("x") ? "tsx" : "ts",
        };
      });
    },
  };
}
