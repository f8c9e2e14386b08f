/** Builds the application: bundles its islands and lists its routes, or serves it while it is worked on. */

import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { App } from "./app.ts";
import { islandsOf } from "./build.ts";
import { type Bundle, bundle } from "./bundle.ts";
import { fileReader, hashedFiles, staticFile } from "./files.ts";

/** Where the project lies. */
export interface BuildOptions {
  /** Folder of the project; default: the working directory. */
  root?: string;
  /** Folder of static files, from there; default: `static`. */
  staticDir?: string;
}

const clientModule = fileURLToPath(new URL("./client.ts", import.meta.url));
/** The module that holds all islands: one file, because each file is a request that a first picture waits for. */
const pageModule = "page";
const sources = /\.tsx?$/;

/** Builds one project. */
export class Builder {
  readonly #root: string;
  readonly #static: string;

  constructor({ root = Deno.cwd(), staticDir = "static" }: BuildOptions = {}) {
    this.#root = root;
    this.#static = staticDir;
  }

  /** Writes `_fresh/`: bundled islands and a server entry, which need no bundler any more. */
  async build(): Promise<void> {
    const { islands, routes, bundled } = await this.#bundle(true);
    const out = join(this.#root, "_fresh"), partial = `${out}.${Deno.pid}`;
    const scripts = join(partial, "static", hashedFiles);
    await Deno.mkdir(scripts, { recursive: true });
    for (const [name, contents] of bundled.files) await Deno.writeFile(join(scripts, name), contents);
    await Deno.writeTextFile(join(partial, "server.js"), this.#serverEntry(islands, routes, bundled));
    await removeFolder(out);
    await Deno.rename(partial, out);
  }

  /** Serves the application without writing anything; changed files need a restart. */
  async listen<State>(
    importApp: () => Promise<{ app: App<State> }>,
    options: Deno.ServeTcpOptions = {},
  ): Promise<void> {
    const { app } = await importApp();
    const { islands, routes, bundled } = await this.#bundle(false);
    const load = (paths: readonly string[]) =>
      Promise.all(paths.map(async (path) => ({ path, module: await import(pathToFileURL(path).href) })));
    const files = fileReader([join(this.#root, this.#static)]);
    app.setBuild({
      root: this.#root,
      clientEntry: urlOf(bundled, pageModule),
      scripts: scriptsOf(bundled),
      islands: islandsOf(
        (await load(islands)).map(({ path, module }) => ({ module, name: this.#islandName(path) })),
      ),
      routes: (await load(routes)).map(({ path, module }) => ({ id: this.#routeId(path), module })),
      read: (pathname) => {
        const built = pathname.startsWith(hashedFiles)
          ? bundled.files.get(pathname.slice(hashedFiles.length))
          : undefined;
        return built ? staticFile(pathname, built) : files(pathname);
      },
    }, "development");
    await Deno.serve(options, app.handler()).finished;
  }

  async #bundle(minify: boolean): Promise<{ islands: string[]; routes: string[]; bundled: Bundle }> {
    const islands = await this.#list("islands"), routes = await this.#list("routes");
    const text = [
      `export { start } from ${JSON.stringify(clientModule)};`,
      ...islands.map((path, index) => `import * as island${index} from ${JSON.stringify(path)};`),
      "export const islands = {",
      ...islands.map((path, index) => `  ${JSON.stringify(this.#islandName(path))}: island${index},`),
      "};",
    ].join("\n");
    return {
      islands,
      routes,
      bundled: await bundle({
        ...{ root: this.#root, names: "[name]-[hash]", minify },
        ...{ entries: [pageModule], written: { [pageModule]: text } },
      }),
    };
  }

  /** Sources below a folder of the project, sorted. */
  async #list(folder: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { name, isDirectory } of Deno.readDir(join(this.#root, folder))) {
      if (isDirectory) found.push(...await this.#list(join(folder, name)));
      else if (sources.test(name)) found.push(join(this.#root, folder, name));
    }
    return found.sort();
  }

  #islandName(path: string): string {
    return slashed(relative(join(this.#root, "islands"), path)).replace(sources, "");
  }

  #routeId(path: string): string {
    return slashed(relative(join(this.#root, "routes"), path)).replace(sources, "");
  }

  #serverEntry(islands: readonly string[], routes: readonly string[], bundled: Bundle): string {
    const from = (path: string) => JSON.stringify(`../${slashed(relative(this.#root, path))}`);
    return [
      "// Written by the build.",
      'import { rootOf, useSnapshot } from "fresh/internal";',
      `import { app } from ${from(join(this.#root, "main.ts"))};`,
      ...islands.map((path, index) => `import * as island${index} from ${from(path)};`),
      ...routes.map((path, index) => `import * as route${index} from ${from(path)};`),
      "useSnapshot(app, {",
      "  root: rootOf(import.meta.url),",
      `  staticDir: ${JSON.stringify(slashed(this.#static))},`,
      `  clientEntry: ${JSON.stringify(urlOf(bundled, pageModule))},`,
      `  scripts: ${JSON.stringify(scriptsOf(bundled))},`,
      "  islands: [",
      ...islands.map((path, index) =>
        `    { module: island${index}, name: ${JSON.stringify(this.#islandName(path))} },`
      ),
      "  ],",
      "  routes: [",
      ...routes.map((path, index) =>
        `    { id: ${JSON.stringify(this.#routeId(path))}, module: route${index} },`
      ),
      "  ],",
      "});",
      "export default { fetch: app.handler() };",
      "",
    ].join("\n");
  }
}

const slashed = (path: string) => path.replaceAll("\\", "/");

const scriptsOf = (bundled: Bundle) => bundled.neededBy(pageModule).map((name) => hashedFiles + name);

const urlOf = ({ names }: Bundle, entry: string) => hashedFiles + names.get(entry);

async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
}
