/** The package for JSR: what it holds, and that command line and viewer work when they are loaded from there by http. */

import assert from "node:assert/strict";
import { decodeNpy } from "./support/numpy.ts";
import { packageFolder } from "./support/documented_flags.ts";
import { withFolder } from "./support/folders.ts";
import { withPublished } from "./support/registry.ts";
import { clusterFlags, writeFilm } from "./support/scan_files.ts";
import { startViewer } from "./support/viewer.ts";
import { crystallite } from "./support/command_line.ts";

/** What a Deno has that has never seen the package, but those of npm, which lie where others have them. */
async function freshCache(folder: string): Promise<string> {
  Deno.mkdirSync(`${folder}/cache`);
  Deno.symlinkSync(`${await packageFolder()}/npm`, `${folder}/cache/npm`, { type: "dir" });
  return `${folder}/cache`;
}

const flags = ["--quiet", "--no-check", "--no-lock", "--no-config", "--node-modules-dir=none"];

Deno.test("the published package runs from its registry and from any address: clusters, HDF5, viewer", () =>
  withFolder((folder) =>
    withPublished(async ({ registry, address, files, said }) => {
      assert.doesNotMatch(said, /warning/i);
      const folders = new Set(Array.from(files.keys(), (name) => name.split("/")[1]));
      assert.deepEqual([...folders].sort(), [
        "LICENSE",
        "README.md",
        "THIRD_PARTY_NOTICES.md",
        "_fresh",
        "build",
        "cli.ts",
        "commands",
        "deno.json",
        "islands",
        "library",
        "main.ts",
        "mod.ts",
        "routes",
        "viewer",
      ]);
      assert.deepEqual(Array.from(files.keys()).filter((name) => name.startsWith("/build")), [
        "/build/kernels.wasm.bin",
        "/build/page.html.br",
      ]);
      const bytes = Array.from(files.values()).reduce((sum, { length }) => sum + length, 0);
      // With the documentation that the viewer shows; a reader of the module fetches none of it.
      assert.ok(bytes < 9e6, `${bytes} bytes`);

      const scan = await writeFilm(folder), env = { JSR_URL: registry, DENO_DIR: await freshCache(folder) };
      const run = async (program: string, ...words: string[]) => {
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", ...flags, program, ...words],
          cwd: folder,
          env: { ...env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
        }).output();
        const text = new TextDecoder();
        assert.equal(code, 0, text.decode(stderr));
        return text.decode(stdout);
      };
      const here = await crystallite("cluster", scan, "--out", `${folder}/here`, ...clusterFlags, "--quiet");
      assert.equal(here.code, 0, here.error);
      // From the registry, from any address, and from there a packed HDF5 file, which a package unpacks.
      await run(
        "jsr:@crystallite/crystallite/cli",
        "cluster",
        scan,
        "--out",
        "registry",
        ...clusterFlags,
        "--quiet",
      );
      const cli = `${address}/cli.ts`;
      await run(cli, "convert", scan, "--out", "scan.h5", "--quiet");
      await run(cli, "cluster", "scan.h5", "--out", "address", ...clusterFlags, "--quiet");
      const labels = (name: string) => Deno.readFileSync(`${folder}/${name}/labels.npy`);
      assert.ok(new Set(decodeNpy(labels("here")).data as Int32Array).size > 2);
      for (const name of ["registry", "address"]) assert.deepEqual(labels(name), labels("here"), name);
      assert.match(await run(cli, "licenses"), /MIT License[^]*Notices/i);

      const executable = [Deno.execPath(), "run", "-A", ...flags, cli] as const;
      const viewer = await startViewer({ args: [`${folder}/here`], executable, cwd: folder, env });
      try {
        const page = await (await viewer.request("/")).text();
        for (
          const path of [
            ...new Set(page.match(/\/(_fresh\/js|styles)\/[\w./-]+\.(js|css)/g)),
            "/workers/labelling.js",
          ]
        ) {
          const answer = await viewer.request(path), body = new Uint8Array(await answer.arrayBuffer());
          const place = path.startsWith("/_fresh") ? `/_fresh/static${path}` : `/viewer/static${path}`;
          assert.equal(answer.status, 200, path);
          assert.deepEqual(body, files.get(place), path);
        }
        const missing = await viewer.request("/not_there.js");
        await missing.body?.cancel();
        assert.equal(missing.status, 404);
      } finally {
        await viewer.stop();
      }
    })
  ));
