/** Folders that packages are put together in. */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** A folder with nothing in it. */
export async function emptyFolder(folder: URL): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  await Deno.mkdir(folder, { recursive: true });
}

/** Copies a file, or a folder with everything in it. */
export async function copy(from: URL, to: URL): Promise<void> {
  if (!(await Deno.stat(from)).isDirectory) return await writeFile(to, await Deno.readFile(from));
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const path = `${encodeURIComponent(name)}${isDirectory ? "/" : ""}`;
    await copy(new URL(path, asFolder(from)), new URL(path, asFolder(to)));
  }
}

const asFolder = (url: URL) => new URL(url.href.endsWith("/") ? url.href : `${url.href}/`);

async function writeFile(to: URL, contents: Uint8Array): Promise<void> {
  await Deno.mkdir(dirname(fileURLToPath(to)), { recursive: true });
  await Deno.writeFile(to, contents);
}

/** Writes a text as a file, and the folders that it lies in. */
export function writeText(to: URL, text: string): Promise<void> {
  return writeFile(to, new TextEncoder().encode(text));
}
