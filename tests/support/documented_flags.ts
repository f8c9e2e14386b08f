/** The permissions that the documentation names for a viewer. */

import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");

/** A port that was free a moment ago: the permission must name it beforehand. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

/** Folder of Deno's packages. */
export async function packageFolder(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], cwd: root })
    .output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** The documented flags with the places of this machine in them. */
export async function documentedFlags(served: string, port: number): Promise<string[]> {
  const page = Deno.readTextFileSync(`${root}/docs/using/options.md`);
  const [, line] = /^deno run ([^]*?) \/opt\/crystallite\/cli\.ts serve/m.exec(page)!;
  const packages = await packageFolder();
  return line.split(/\s+/).map((flag) =>
    flag.replaceAll("/data", served).replaceAll("/opt/crystallite", root)
      .replaceAll("/home/me/.cache/deno", packages).replaceAll("8416", String(port))
  );
}
