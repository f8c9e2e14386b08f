/** What deno.json says, of which a shipped program needs a part. */

/** The part of deno.json that shipping reads. */
export interface Configuration {
  readonly version: string;
  readonly license: string;
  /** What names of imports lead to: files of the project, or packages. */
  readonly imports: Readonly<Record<string, string>>;
  readonly compilerOptions: Readonly<Record<string, unknown>>;
}

/** Reads deno.json of a project. */
export async function readConfiguration(root: URL): Promise<Configuration> {
  return JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
}

/** Packages that run, with their exact versions, by name. */
export function packageVersions(
  { imports }: Configuration,
  packages: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(packages.map((name) => {
    const version = new RegExp(`^npm:${name}@(.+)$`).exec(imports[name] ?? "")?.[1];
    if (!version) throw new Error(`deno.json does not say which version of ${name}`);
    return [name, version];
  }));
}

/** Names that lead to files of the project. */
export function fileImports({ imports }: Configuration): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(imports).filter(([, target]) => target.startsWith("./"))
      .map(([name, target]) => [name, target.slice(2)]),
  );
}
