/**
 * `deno compile` gives an executable that simulates, clusters and reads bitshuffle-LZ4 data from an empty folder.
 * Compiling needs Deno's own runtime; where it cannot be downloaded, CRYSTALLITE_COMPILE_DENO names a Deno and DENORT_BIN
 * an executable compiled with the same version.
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { sharedPath } from "./support/shared.ts";

const deno = Deno.env.get("CRYSTALLITE_COMPILE_DENO");
const root = fileURLToPath(new URL("../", import.meta.url));
if (!deno) console.warn("skipped, CRYSTALLITE_COMPILE_DENO is not set: the compiled executable");

Deno.test({
  name: "the compiled executable runs the demo and reads an Arina scan, with nothing but itself",
  ignore: !deno,
  fn: () => {
    const folder = Deno.makeTempDirSync();
    try {
      const executable = `${folder}/crystallite`;
      const { tasks } = JSON.parse(Deno.readTextFileSync(`${root}deno.json`));
      const includes = tasks.compile.command.match(/--include \S+/g).join(" ").split(" ");
      const built = new Deno.Command(deno!, {
        args: ["compile", "--no-lock", "-A", ...includes, "--output", executable, "cli.ts"],
        cwd: root,
      }).outputSync();
      assert.ok(built.success, new TextDecoder().decode(built.stderr));
      Deno.mkdirSync(`${folder}/empty`);
      const run = (...args: string[]) => {
        const { stdout, stderr, code } = new Deno.Command(executable, {
          args,
          cwd: `${folder}/empty`,
          clearEnv: true,
          env: { HOME: `${folder}/empty`, PATH: "", TMPDIR: folder },
        }).outputSync();
        assert.equal(code, 0, new TextDecoder().decode(stderr));
        return JSON.parse(new TextDecoder().decode(stdout));
      };
      assert.ok(run("demo", "--json").clusters > 1);
      const arina = sharedPath("data/formats/synthetic/syn_master.h5");
      if (!arina) {
        return console.warn("skipped, the shared data are not here: an Arina scan in the executable");
      }
      const result = run(
        "cluster",
        arina,
        "--scan-shape",
        "4x5",
        "--threshold",
        "-1",
        "--out",
        "result",
        "--json",
      );
      assert.equal(result.clusters, 1);
      assert.deepEqual(
        Array.from(Deno.readDirSync(folder), ({ name }) => name).sort(),
        ["crystallite", "empty"],
        "the plugins' temporary folder is gone",
      );
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
