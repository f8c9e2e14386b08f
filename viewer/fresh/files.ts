/** Files of the build and of static/, by address. */

import type { StaticFile } from "./build.ts";

const contentTypes: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  ico: "image/x-icon",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
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
 * Reads files below folders, of which the first that has one wins. Segments are plain names, so that no address leads
 * out of the folders or to a hidden file, on any operating system.
 */
export function fileReader(folders: readonly string[]): (pathname: string) => Promise<StaticFile | null> {
  return async (pathname) => {
    if (!/^(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+$/.test(pathname)) return null;
    for (const folder of folders) {
      const path = `${folder}${pathname}`;
      try {
        // A folder cannot be read everywhere with the same error, so it is asked for first.
        if ((await Deno.stat(path)).isFile) return await staticFile(pathname, await Deno.readFile(path));
      } catch (cause) {
        if (!isMissing(cause)) throw cause;
      }
    }
    return null;
  };
}

/** `NotADirectory` where the address goes on behind a file. */
function isMissing(cause: unknown): boolean {
  return cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory;
}
