/** `crystallite doctor` tries what a machine offers. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type Finding, machineChecks, runCheck } from "../../../commands/about/machine_checks.ts";
import { crystallite } from "../../support/command_line.ts";

const program = fileURLToPath(new URL("../../../cli.ts", import.meta.url));
const project = fileURLToPath(new URL("../../../", import.meta.url));

Deno.test("all is fine here, told in lines and as JSON", async () => {
  const { code, out, error } = await crystallite("doctor");
  assert.equal(code, 0, error);
  for (const { name } of machineChecks) assert.match(out, new RegExp(`^${name} +\\S`, "m"));
  const { fine, findings } = JSON.parse((await crystallite("doctor", "--json")).out);
  assert.equal(fine, true);
  assert.deepEqual(findings.map(({ name }: Finding) => name), machineChecks.map(({ name }) => name));
  assert.match(findings.find(({ name }: Finding) => name === "HDF5").found, /bshuf.*lz4.*zstd/);
});

Deno.test("where the program may not read its packages or write temporary files, it says so, with what to do", () => {
  const args = ["run", "--no-prompt", "--no-check", "--quiet", `--allow-read=${project}`, program, "doctor"];
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } })
    .outputSync();
  const out = new TextDecoder().decode(stdout);
  assert.equal(code, 1, out);
  assert.match(out, /^threads +\d+ core/m);
  assert.match(out, /^kernels +576 simulated patterns clustered/m, "the rest is tried all the same");
  assert.match(out, /^temporary files +FAULT: .*\n +→ name a folder that can be written in TMPDIR$/m);
  assert.match(
    new TextDecoder().decode(stderr),
    /^error: not everything works on this machine: .*temporary files\.$/m,
  );
});

Deno.test("what a check throws is a fault with its remedy", async () => {
  const check = {
    name: "thing",
    remedy: "mend it",
    run() {
      throw new Error("it is broken\nin two lines");
    },
  };
  assert.deepEqual(await runCheck(check), {
    name: "thing",
    state: "fault",
    found: "it is broken",
    remedy: "mend it",
  });
});
