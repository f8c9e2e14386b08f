/** What of the project runs: the modules that the program reaches, threads and the built viewer included. */

import { fileURLToPath } from "node:url";

/** Modules and packages that something needs. */
export interface ModuleGraph {
  /** Files of the project, relative to it, sorted. */
  readonly files: readonly string[];
  /** Files among them that threads run: only their addresses stand in the code that starts them. */
  readonly threads: readonly string[];
  /** Names of packages that are imported, those of types alone left out; sorted. */
  readonly packages: readonly string[];
}

/** Modules of threads are named beside the code that starts them. */
const threadModule = /new URL\("(\.[^"]*worker\.ts)", import\.meta\.url\)/g;

/** What `deno info` says of one module. */
interface Module {
  readonly specifier: string;
  readonly error?: string;
}

/**
 * The modules that entries reach. Imports of types are left out where nothing else comes from a file.
 *
 * @param root folder of the project, where everything has been built
 * @param entries files of it
 * @throws Error when a module cannot be found
 */
export async function moduleGraph(root: URL, entries: readonly string[]): Promise<ModuleGraph> {
  const files = new Set<string>(), threads = new Set<string>(), packages = new Set<string>();
  for (const waiting = [...entries]; waiting.length > 0;) {
    for (const { specifier, error } of await modulesOf(root, waiting.shift()!)) {
      if (error) throw new Error(`${specifier}: ${error}`);
      const name = /^npm:\/?((?:@[^/]+\/)?[^@/]+)@/.exec(specifier)?.[1];
      if (name && !name.startsWith("@types/")) packages.add(name);
      if (!specifier.startsWith(root.href)) continue;
      const file = decodeURIComponent(specifier.slice(root.href.length));
      if (files.has(file)) continue;
      files.add(file);
      const text = await Deno.readTextFile(new URL(specifier));
      for (const [, name] of text.matchAll(threadModule)) {
        const thread = new URL(name, specifier).href.slice(root.href.length);
        if (threads.has(thread)) continue;
        threads.add(thread);
        waiting.push(thread);
      }
    }
  }
  const sorted = (names: ReadonlySet<string>) => Array.from(names).sort();
  return { files: sorted(files), threads: sorted(threads), packages: sorted(packages) };
}

async function modulesOf(root: URL, entry: string): Promise<readonly Module[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--node-modules-dir=none", entry],
    cwd: fileURLToPath(root),
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)).modules;
}
