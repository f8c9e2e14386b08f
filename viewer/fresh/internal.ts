/** What the server entry that the build writes needs. */

import type { App } from "./app.ts";
import { islandsOf, type RouteFile } from "./build.ts";
import { fileReader } from "./files.ts";

/** What the build has found and made. */
export interface Snapshot {
  readonly root: string;
  /** Folder of static files, from there. */
  readonly staticDir: string;
  readonly clientEntry: string;
  readonly scripts: readonly string[];
  readonly islands: readonly { readonly module: Record<string, unknown>; readonly url: string }[];
  readonly routes: readonly RouteFile[];
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
