/** What a running application knows of its build: islands, routes, files. */

import type { ComponentType } from "preact";

/** Where the browser finds an island. */
export interface Island {
  /** Name of its module among those that {@link Build.clientEntry} holds. */
  readonly module: string;
  readonly exportName: string;
}

/** A file below routes/. */
export interface RouteFile {
  /** Path without extension, such as `api/items/[id]` or `_app`. */
  readonly id: string;
  /** What it exports. */
  readonly module: Record<string, unknown>;
}

/** A file as it is sent. */
export interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly etag: string;
  /** Whether the name changes with the content. */
  readonly immutable: boolean;
}

/** Everything that the build leaves to the running application. */
export interface Build {
  readonly root: string;
  /** Address of the module that holds the islands and starts them. */
  readonly clientEntry: string;
  /** Addresses of all modules that a page begins with: none need wait until another has asked for it. */
  readonly scripts: readonly string[];
  readonly islands: ReadonlyMap<ComponentType, Island>;
  readonly routes: readonly RouteFile[];
  /** The file that an address means, or `null`. */
  read(pathname: string): Promise<StaticFile | null>;
}

/** Islands by component: every function that their modules export. */
export function islandsOf(
  modules: readonly { readonly module: Record<string, unknown>; readonly name: string }[],
): ReadonlyMap<ComponentType, Island> {
  return new Map(
    modules.flatMap(({ module, name }) =>
      Object.entries(module)
        .filter(([, value]) => typeof value === "function")
        .map(([exportName, value]) => [value as ComponentType, { module: name, exportName }] as const)
    ),
  );
}
