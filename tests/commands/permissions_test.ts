/** Every analysis runs with exactly the permissions that docs/using/scripting.md names, and says which one is missing. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { withFolder } from "../support/folders.ts";
import { crystallite } from "../support/command_line.ts";
import { packageFolder } from "../support/documented_flags.ts";

const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");
const page = Deno.readTextFileSync(`${root}/docs/using/scripting.md`);

/** The documented flags with the folders of this test. */
async function documented(folder: string): Promise<{ readonly flags: string[]; readonly temporary: string }> {
  const [, variables, flags] = /```text\n(TMPDIR=\S+) deno run ([^`]+?)\s+\/opt\/crystallite\/cli\.ts/.exec(
    page,
  )!;
  const packages = await packageFolder();
  const here = (text: string) =>
    text.replaceAll("/data", `${folder}/data`).replaceAll("/results", `${folder}/results`)
      .replaceAll("/opt/crystallite", root).replaceAll("/cache", packages);
  return { flags: here(flags).split(/\s+/), temporary: here(variables.slice("TMPDIR=".length)) };
}

function run(flags: readonly string[], temporary: string, ...args: string[]) {
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--quiet", ...flags, `${root}/cli.ts`, ...args],
    cwd: root,
    env: { TMPDIR: temporary, NO_COLOR: "1" },
  }).outputSync();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), error: decoder.decode(stderr) };
}

Deno.test("the documented permissions suffice from scan to strain, and for HDF5", () =>
  withFolder(async (folder) => {
    for (const name of ["data", "results"]) Deno.mkdirSync(`${folder}/${name}`);
    const scan = `${folder}/data/scan.npy`,
      result = `${folder}/results/scan`,
      packed = `${folder}/results/scan.h5`;
    const made = await crystallite(
      "simulate",
      "--out",
      scan,
      "--rows",
      "16",
      "--columns",
      "16",
      "--seed",
      "4",
    );
    assert.equal(made.code, 0, made.error);
    const { flags, temporary } = await documented(folder);
    assert.deepEqual(flags.map((flag) => flag.split("=")[0]), [
      "--no-prompt",
      "--allow-read",
      "--allow-write",
    ]);
    const sure = (...args: string[]) => {
      const { code, error } = run(flags, temporary, ...args);
      assert.equal(code, 0, `${args.join(" ")}: ${error}`);
    };
    sure("info", scan);
    sure("cluster", scan, "--out", result);
    sure("orient", result, "--crystal", "Au", "--voltage", "200kV", "--q-pixel-size", "0.0375 A^-1");
    sure("strain", result);
    sure("convert", scan, "--out", packed);
    sure("cluster", packed, "--out", `${folder}/results/again`);
    assert.deepEqual(
      Deno.readFileSync(`${folder}/results/again/labels.npy`),
      Deno.readFileSync(`${result}/labels.npy`),
    );
    checkMissing(folder, flags, temporary, scan, result);
  }));

/** Without the folder of the packages a `.npy` scan is clustered; what needs them says so. */
function checkMissing(
  folder: string,
  flags: string[],
  temporary: string,
  scan: string,
  result: string,
): void {
  const [prompt, , write] = flags;
  const less = [prompt, `--allow-read=${folder},${root}`, write];
  const clustered = run(
    less,
    temporary,
    "cluster",
    scan,
    "--out",
    `${folder}/results/npy`,
    "--threshold",
    "0.9",
  );
  assert.equal(clustered.code, 0, clustered.error);
  const converted = run(less, temporary, "convert", scan, "--out", `${folder}/results/less.h5`);
  assert.equal(converted.code, 1);
  assert.match(
    converted.error,
    /^error: no permission to read .*h5wasm-plugins.*\n +Start the program with --allow-read=/m,
  );
  const oriented = run(less, temporary, "orient", result, "--crystal", "Au", "--voltage", "200kV");
  assert.equal(oriented.code, 1);
  assert.match(
    oriented.error,
    /^error: no permission to read .*moyo.*\n +Start the program with --allow-read=/m,
  );
  const unwritten = run(
    [prompt, flags[1]],
    temporary,
    "cluster",
    scan,
    "--out",
    `${folder}/results/not`,
    "--threshold",
    "0.9",
  );
  assert.equal(unwritten.code, 1);
  assert.match(unwritten.error, /no permission to write .*\n +Start the program with --allow-write=/);
}
