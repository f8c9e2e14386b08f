/** Makes the page that `crystallite page` puts results into. */

import { brotliCompressSync, constants } from "node:zlib";
import { pageText } from "./shipping/page.ts";
import { replaceFile, step } from "./up_to_date.ts";

/** What the page is bundled from. */
const sources = [
  ...["library/", "viewer/", "islands/", "tasks/shipping/", "tasks/build_page.ts"],
  ...["build/kernels.wasm.bin", "deno.json"],
];

/** 8 % larger than at the highest quality, in a fifteenth of its time. */
const quality = 9;

/**
 * Makes it where it is older than its sources.
 *
 * @param root folder of the project, where the kernels and the viewer have been built
 */
export async function buildPage(root: URL): Promise<void> {
  const output = new URL("build/page.html.br", root);
  await step(output, sources.map((path) => new URL(path, root)), async () => {
    const packed = brotliCompressSync(await pageText(root), {
      params: { [constants.BROTLI_PARAM_QUALITY]: quality },
    });
    await replaceFile(output, packed);
    return `build/page.html.br: ${packed.length} bytes`;
  });
}
