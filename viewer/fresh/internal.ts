/** What the server entry that the build writes needs. */

import { fileURLToPath } from "node:url";
import type { App } from "./app.ts";
import { islandsOf, type RouteFile } from "./build.ts";
import { fileReader } from "./files.ts";

/** What the build has found and made. */
export interface Snapshot {
  /** Folder of the project, or its address where a registry keeps it. */
  readonly root: string;
  /** Folder of static files, from there. */
  readonly staticDir: string;
  readonly clientEntry: string;
  readonly scripts: readonly string[];
  readonly islands: readonly { readonly module: Record<string, unknown>; readonly name: string }[];
  readonly routes: readonly RouteFile[];
}

/** The folder or the address that a module's own folder lies in. */
export function rootOf(module: string): string {
  const root = new URL("..", module);
  return (root.protocol === "file:" ? fileURLToPath(root) : root.href).replace(/[\\/]$/, "");
}

/** Hands a finished build over to its application. */
export function useSnapshot<State>(
  app: App<State>,
  { root, staticDir, clientEntry, scripts, islands, routes }: Snapshot,
): void {
  app.setBuild({
    root,
    clientEntry,
    scripts,
    routes,
    islands: islandsOf(islands),
    read: fileReader([`${root}/_fresh/static`, `${root}/${staticDir}`]),
  }, "production");
}
