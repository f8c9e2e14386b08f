/** Bundles what the viewer runs in the browser: its islands and its worker. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Builder } from "fresh/dev";
import { bundle } from "../viewer/fresh/bundle.ts";
import { replaceFile, step } from "./up_to_date.ts";

/** Folders that browser code may come from, and what decides how it is bundled. */
const sources = [
  ...["library/", "viewer/components/", "viewer/drawing/", "viewer/labels/", "viewer/page/"],
  ...["viewer/protocol/", "viewer/fresh/", "islands/", "routes/", "deno.json", "tasks/build_viewer.ts"],
];

const worker = { entry: "viewer/labels/labelling_worker.ts", output: "viewer/static/workers/labelling.js" };

/**
 * Bundles what is older than its sources.
 *
 * @param root folder of the project
 */
export async function buildViewer(root: URL): Promise<void> {
  const inputs = await existing(sources.map((path) => new URL(path, root)));
  const folder = fileURLToPath(root);
  await step(new URL("_fresh/server.js", root), inputs, async () => {
    await new Builder({ root: folder, staticDir: "viewer/static" }).build();
    return `_fresh/: ${await size(new URL("_fresh/static/", root))} bytes of scripts`;
  });
  await step(new URL(worker.output, root), inputs, async () => {
    const entry = join(folder, worker.entry);
    const { files, names } = await bundle({ root: folder, entries: [entry], names: "[name]", minify: true });
    const script = files.get(names.get(entry)!)!;
    await replaceFile(new URL(worker.output, root), script);
    return `${worker.output}: ${script.length} bytes`;
  });
}

async function existing(paths: readonly URL[]): Promise<URL[]> {
  const found: URL[] = [];
  for (const path of paths) {
    try {
      await Deno.stat(path);
      found.push(path);
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    }
  }
  return found;
}

async function size(folder: URL): Promise<number> {
  let bytes = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    bytes += isDirectory
      ? await size(new URL(`${name}/`, folder))
      : (await Deno.stat(new URL(name, folder))).size;
  }
  return bytes;
}
