/** The viewer runs with exactly the permissions that docs/options.md names, and with none of them left out. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { withFolder } from "./support/folders.ts";
import { startViewer, withViewer } from "./support/viewer.ts";

const root = fileURLToPath(new URL("../", import.meta.url)).replace(/[\\/]$/, "");

/** A port that was free a moment ago: the permission must name it beforehand. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

/** Folder of Deno's packages. */
async function packageFolder(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], cwd: root })
    .output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** The documented flags with the places of this machine in them. */
async function documentedFlags(served: string, port: number): Promise<string[]> {
  const page = Deno.readTextFileSync(`${root}/docs/options.md`);
  const [, line] = /^deno run ([^]*?) \/opt\/crystallite\/cli\.ts serve/m.exec(page)!;
  const packages = await packageFolder();
  return line.split(/\s+/).map((flag) =>
    flag.replaceAll("/data", served).replaceAll("/opt/crystallite", root)
      .replaceAll("/home/me/.cache/deno", packages).replaceAll("8416", String(port))
  );
}

Deno.test("the documented permissions suffice", () =>
  withFolder(async (folder) => {
    const port = freePort();
    const permissions = await documentedFlags(folder, port);
    const names = permissions.map((flag) => flag.split("=")[0]).sort();
    assert.deepEqual(names, ["--allow-net", "--allow-read", "--allow-write", "--no-prompt"]);
    await withViewer({ args: [folder, "--port", String(port)], permissions }, async ({ request }) => {
      for (const path of ["/", "/viewer.css", "/workers/labelling.js"]) {
        const answer = await request(path);
        assert.equal(answer.status, 200, path);
        await answer.text();
      }
    });
  }));

Deno.test("without one of them the viewer says what it may not do", () =>
  withFolder(async (folder) => {
    const port = freePort();
    const permissions = await documentedFlags(folder, port);
    const without = (name: string) => permissions.filter((flag) => !flag.startsWith(name));
    const start = (permissions: readonly string[]) =>
      startViewer({ args: [folder, "--port", String(port)], permissions: [...permissions] });
    await assert.rejects(start(without("--allow-net")), /not allowed to listen on 127\.0\.0\.1:\d+/);
    await assert.rejects(start(without("--allow-read")), /no permission to read/);
  }));
