/** Scripts of batches: what they ask for, and that Slurm and Snakemake run them to the result of one machine. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { assertFailure, crystallite, crystalliteJson } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";
import { clusterFlags, writeFilm } from "../../support/scan_files.ts";
import { hasSlurm, programPath, withSlurm } from "../../support/slurm.ts";

const cli = fileURLToPath(new URL("../../../cli.ts", import.meta.url));
/** How the scripts call what is tested. */
const program = `${Deno.execPath()} run -A --no-check --quiet ${cli}`;
const snakemake = Deno.env.get("CRYSTALLITE_TEST_SNAKEMAKE") ?? programPath("snakemake");

/** A test that needs a program; where it is absent it is ignored and says so. */
function testWith(present: boolean, needed: string, name: string, fn: () => Promise<void>): void {
  if (!present) console.warn(`skipped, ${needed} is not here: ${name}`);
  Deno.test({ name, ignore: !present, fn });
}

/** Runs a program that must succeed. */
async function succeed(
  path: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(path, { args: [...args], env, stdin: "null" })
    .output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, text);
  return text;
}

function assertSameArrays(one: string, other: string): void {
  const names = Array.from(Deno.readDirSync(one), ({ name }) => name).filter((name) => name.endsWith(".npy"));
  assert.ok(names.length > 5);
  for (const name of names) {
    assert.deepEqual(Deno.readFileSync(join(one, name)), Deno.readFileSync(join(other, name)), name);
  }
}

Deno.test("scripts ask for rows, threads, memory and time by the plan", async () => {
  await withFolder(async (folder) => {
    const film = await writeFilm(folder), out = join(folder, "a job");
    const written = await crystalliteJson(
      ...["batch", "slurm", film, ...clusterFlags, "--parts", "3", "--workers", "4", "--memory", "2G"],
      ...["--partition", "short", "--account", "em", "--out", out],
    );
    assert.deepEqual(
      written.steps.map(({ name, tasks }: { name: string; tasks: number }) => [name, tasks]),
      [["cluster", 3], ["labels", 1], ["average", 3], ["merge", 1]],
    );
    const script = await Deno.readTextFile(join(out, "cluster.sbatch"));
    assert.match(script, /^#!\/bin\/bash\n#SBATCH --job-name=crystallite-cluster\n#SBATCH --array=0-2\n/);
    assert.match(script, /--cpus-per-task=4\n.*--mem=\d+M\n.*--time=\d+\n/s);
    assert.match(script, /--partition=short\n#SBATCH --account=em\n/);
    assert.match(script, /items=\(0:4 4:8 8:12\)/);
    const memory = Number(/--mem=(\d+)M/.exec(script)![1]) * 2 ** 20;
    assert.ok(Math.abs(memory - written.steps[0].memory) <= 2 ** 20 && memory > 1.5e8 && memory < 2e9);
    // What is printed can be pasted into a shell.
    const start = join(out, "submit.sh");
    assert.equal(written.start, `'${start}'`);
    const submit = await Deno.readTextFile(start);
    assert.match(submit, /job_merge=\$\(sbatch .*afterok:\$job_cluster,afterok:\$job_average /);
    assert.ok((await Deno.stat(start)).mode! & 0o100);
    // All of it is shell.
    for (const name of written.scripts) await succeed("bash", ["-n", join(out, name)]);

    const bare = await crystalliteJson(
      ...["batch", "snakemake", film, ...clusterFlags, "--average", "none", "--out", join(folder, "short")],
    );
    assert.deepEqual(bare.steps.map(({ name }: { name: string }) => name), ["cluster", "merge"]);
    const again = await crystallite("batch", "slurm", film, ...clusterFlags, "--out", out, "--quiet");
    assertFailure(again, 2, /is there already/);
    const several = await crystallite("batch", "slurm", film, film, "--out", join(folder, "x"), "--quiet");
    assertFailure(several, 2, /several inputs are a series/);
    const braced = await crystallite("batch", "snakemake", film, "--out", join(folder, "{x}"), "--quiet");
    assertFailure(braced, 2, /Snakemake takes braces in names of files for wildcards/);
  });
});

testWith(hasSlurm(), "Slurm", "Slurm runs the scripts, and what had failed runs again", async () => {
  await withFolder(async (folder) => {
    const film = await writeFilm(folder), job = join(folder, "job");
    const how = ["--parts", "2", "--workers", "1", "--program", program, "--out", job];
    await Promise.all([
      crystalliteJson("cluster", film, ...clusterFlags, "--out", join(folder, "whole")),
      crystalliteJson("batch", "slurm", film, ...clusterFlags, ...how),
    ]);
    await withSlurm(join(folder, "slurm"), async ({ environment, settled }) => {
      // A part that fails: something else is in its place.
      const taken = join(job, "parts", "similarities-6-12");
      await Deno.mkdir(taken);
      await Deno.writeTextFile(join(taken, "notes.txt"), "mine");
      await succeed(join(job, "submit.sh"), [], environment);
      await settled();
      assert.match(await Deno.readTextFile(join(job, "logs", "cluster-1.log")), /is no part of a scan/);
      assert.throws(() => Deno.statSync(join(job, "result")), Deno.errors.NotFound);
      const before = Deno.statSync(join(job, "parts", "similarities-0-6", "part.json")).mtime;

      await Deno.remove(taken, { recursive: true });
      await succeed(join(job, "submit.sh"), [], environment);
      await settled();
      assertSameArrays(join(folder, "whole"), join(job, "result"));
      const after = Deno.statSync(join(job, "parts", "similarities-0-6", "part.json")).mtime;
      assert.deepEqual(after, before);
    });
  });
});

testWith(snakemake !== null, "Snakemake", "Snakemake runs the Snakefile", async () => {
  await withFolder(async (folder) => {
    const film = await writeFilm(folder), job = join(folder, "job 1");
    const words = ["--workers", "1", "--program", program];
    await Promise.all([
      crystalliteJson("cluster", film, ...clusterFlags, "--out", join(folder, "whole")),
      crystalliteJson("batch", "snakemake", film, ...clusterFlags, "--parts", "2", ...words, "--out", job),
    ]);
    const args = ["--snakefile", join(job, "Snakefile"), "--cores", "2", "--quiet", "--directory", job];
    await succeed(snakemake!, args, { XDG_CACHE_HOME: join(folder, "cache") });
    assertSameArrays(join(folder, "whole"), join(job, "result"));
  });
});
