/** The library as a package for a registry such as JSR: documented, fast to type-check, and complete. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { withFolder } from "./support/folders.ts";

const root = new URL("../", import.meta.url);

/** Runs Deno in the project; gives everything that it says. */
async function deno(args: readonly string[], env: Record<string, string> = {}): Promise<[boolean, string]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: fileURLToPath(root),
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
  }).output();
  const decoder = new TextDecoder();
  return [success, decoder.decode(stdout) + decoder.decode(stderr)];
}

Deno.test("everything that mod.ts exports is documented, and speaks of exported types only", async () => {
  const [success, said] = await deno(["doc", "--lint", "mod.ts"]);
  assert.ok(success, said);
});

Deno.test("the library works from an address: kernels and threads come from there too", () =>
  withFolder(async (folder) => {
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
      const path = new URL(request.url).pathname.slice(1);
      if (!/^(library\/|build\/kernels|deno\.json$)/.test(path)) return new Response(null, { status: 404 });
      const type = path.endsWith(".ts") ? "application/typescript" : "application/octet-stream";
      return new Response(await Deno.readFile(new URL(path, root)), { headers: { "content-type": type } });
    });
    const address = `http://127.0.0.1:${server.addr.port}`;
    await Deno.writeTextFile(
      `${folder}/run.ts`,
      `import { defaultParameters } from "${address}/library/cluster/presets.ts";
      import { clusterScan } from "${address}/library/cluster/pipeline.ts";
      import { simulateScan } from "${address}/library/simulation/scan.ts";
      const scan = simulateScan({ rows: 8, columns: 8, grains: 2, seed: 1 });
      const { labels } = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 }, { workers: 2 });
      console.log(labels.length);`,
    );
    // A cache of its own, which does not keep what comes from a server that is gone.
    const cache = { DENO_DIR: `${folder}/cache` };
    const program = ["run", "-A", "--quiet", "--no-check", "--no-lock", "--no-config", `${folder}/run.ts`];
    const [success, said] = await deno(program, cache);
    await server.shutdown();
    assert.ok(success, said);
    assert.equal(said, "64\n");
  }));
