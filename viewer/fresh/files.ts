/** Files of the build and of static/, by address. */

import type { StaticFile } from "./build.ts";

const contentTypes: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webp: "image/webp",
};

/** Addresses below this have names that change with their content. */
export const hashedFiles = "/_fresh/js/";

/** A file as it is sent; the tag is a digest of its content. */
export async function staticFile(pathname: string, body: Uint8Array<ArrayBuffer>): Promise<StaticFile> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body), 0, 12);
  const tag = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const extension = pathname.slice(pathname.lastIndexOf(".") + 1);
  return {
    body,
    contentType: contentTypes[extension] ?? "application/octet-stream",
    etag: `"${tag}"`,
    immutable: pathname.startsWith(hashedFiles),
  };
}

/**
 * Reads files below folders, or below addresses of a registry, of which the first that has one wins. Segments are plain
 * names, so that no request leads out of the folders or to a hidden file, on any operating system. A lone tilde is the
 * folder in which `deno doc` keeps symbols.
 */
export function fileReader(folders: readonly string[]): (pathname: string) => Promise<StaticFile | null> {
  return async (pathname) => {
    if (!/^(\/(~|[A-Za-z0-9_-][A-Za-z0-9_.-]*))+$/.test(pathname)) return null;
    for (const folder of folders) {
      const body = await contentOf(`${folder}${pathname}`);
      if (body !== null) return await staticFile(pathname, body);
    }
    return null;
  };
}

/** What a file holds, or what an address answers; `null` where there is none. */
async function contentOf(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  if (/^https?:\/\//.test(path)) {
    const answer = await fetch(path);
    if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
    await answer.body?.cancel();
    if (answer.status === 404) return null;
    throw new Error(`${path} is answered with status ${answer.status}`);
  }
  try {
    // A folder cannot be read everywhere with the same error, so it is asked for first.
    return (await Deno.stat(path)).isFile ? await Deno.readFile(path) : null;
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw cause;
  }
}

/** `NotADirectory` where the address goes on behind a file. */
function isMissing(cause: unknown): boolean {
  return cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory;
}
