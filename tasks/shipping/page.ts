/** Makes the page that clusters in the browser alone: one file, with all that it needs in it. */

import { createHash } from "node:crypto";
import * as esbuild from "esbuild";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { resultPlace } from "../../library/results/result_page.ts";
import type { DeliveredName } from "../../viewer/alone/delivered.ts";
import { copy, emptyFolder, writeText } from "./folders.ts";
import { pageScript } from "./page_scripts.ts";

/** In the order in which routes/_app.tsx has them. */
const styles = ["base", "layout", "panes", "inspector", "series", "cover", "figure"];

/**
 * Writes the folder: the page, the licence, and what the packages in it say of theirs.
 *
 * @param root folder of the project, where the kernels have been built
 * @param folder where to; what was there is removed
 * @returns bytes of the page
 */
export async function writePage(root: URL, folder: URL): Promise<number> {
  const page = await pageText(root);
  await emptyFolder(folder);
  await writeText(new URL("index.html", folder), page);
  for (const name of ["LICENSE", "THIRD_PARTY_NOTICES.md"]) {
    await copy(new URL(name, root), new URL(name, folder));
  }
  return new TextEncoder().encode(page).length;
}

/** The page's text, with a place where {@link resultPlace} stands for a result. */
export async function pageText(root: URL): Promise<string> {
  const path = fileURLToPath(root).replace(/[\\/]$/, "");
  const style = (await Promise.all(
    styles.map((name) => Deno.readTextFile(new URL(`viewer/static/styles/${name}.css`, root))),
  )).join("");
  const icon = await Deno.readFile(new URL("viewer/static/icon.svg", root));
  const kernels = await Deno.readFile(new URL("build/kernels.wasm.bin", root));
  try {
    const [script, threads, labelling] = await Promise.all(
      (["page", "threads", "labelling"] as const).map((name) => pageScript(path, name)),
    );
    const delivered: Readonly<Record<Exclude<DeliveredName, "result">, string>> = {
      threads,
      labelling,
      kernels: base64(kernels),
    };
    return [
      "<!doctype html>",
      '<html lang="en">',
      "<head>",
      '<meta charset="utf-8">',
      `<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">`,
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="color-scheme" content="dark light">',
      '<meta name="referrer" content="no-referrer">',
      "<title>crystallite</title>",
      `<link rel="icon" href="data:image/svg+xml;base64,${base64(icon)}">`,
      `<style>${style}</style>`,
      ...Object.entries(delivered).map(([id, text]) =>
        `<script type="text/plain" id="${id}">${text}</script>`
      ),
      resultPlace,
      "</head>",
      // What the page shows takes the place of whatever is in its body.
      "<body>",
      `<script>${script}</script>`,
      "</body>",
      "</html>",
      "",
    ].join("\n");
  } finally {
    await esbuild.stop();
  }
}

/** Its own script and style, threads that it makes, and no connection to anywhere: a browser refuses all else. */
function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}' 'wasm-unsafe-eval' blob:`,
    `style-src '${hashOf(style)}'`,
    "worker-src blob:",
    "img-src data: blob:",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

if (import.meta.main) {
  const root = new URL("../../", import.meta.url);
  const bytes = await writePage(root, new URL("build/page/", root));
  console.error(`build/page/ is ready: index.html, ${bytes} bytes, opens as a file or from any web server`);
}
