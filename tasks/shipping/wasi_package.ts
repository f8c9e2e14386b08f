/** Makes the folder for sandboxes: the WASI command, what runs it on Node and Deno, and how it is used. */

import { copy, emptyFolder } from "./folders.ts";

/**
 * Writes the folder.
 *
 * @param root folder of the project, where the kernels have been built
 * @param folder where to; what was there is removed
 */
export async function writeWasiPackage(root: URL, folder: URL): Promise<void> {
  await emptyFolder(folder);
  await copy(new URL("wasi/", root), folder);
  await copy(new URL("build/crystallite.wasm", root), new URL("crystallite.wasm", folder));
  await copy(new URL("LICENSE", root), new URL("LICENSE", folder));
}

if (import.meta.main) {
  const root = new URL("../../", import.meta.url);
  await writeWasiPackage(root, new URL("build/wasi/", root));
  console.error("build/wasi/ is ready: wasmtime run build/wasi/crystallite.wasm --help");
}
