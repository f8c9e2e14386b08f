/** Completions, as the shells that are here understand them. */

import assert from "node:assert/strict";
import { crystallite } from "../../support/command_line.ts";
import { withFolder } from "../../support/folders.ts";

function has(shell: string): boolean {
  try {
    return new Deno.Command(shell, { args: ["-c", "true"], stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

async function completionsFor(shell: string): Promise<string> {
  const { code, out, error } = await crystallite("completions", shell);
  assert.equal(code, 0, error);
  return out;
}

const withoutBash = !has("bash");
if (withoutBash) console.warn("skipped, bash is not here: its completions");

Deno.test({
  name: "bash completes commands, options and their values, and files elsewhere",
  ignore: withoutBash,
  fn: () =>
    withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/completions`, await completionsFor("bash"));
      const complete = (...words: string[]) => {
        const script = `source ${folder}/completions; COMP_WORDS=(${
          words.map((word) => `'${word}'`).join(" ")
        }); ` +
          `COMP_CWORD=${words.length - 1}; _crystallite; echo "\${COMPREPLY[*]}"`;
        const { stdout, stderr } = new Deno.Command("bash", { args: ["-c", script] }).outputSync();
        assert.equal(new TextDecoder().decode(stderr), "");
        return new TextDecoder().decode(stdout).trim().split(" ");
      };
      assert.deepEqual(complete("crystallite", "clu"), ["cluster"]);
      assert.ok(complete("crystallite", "").includes("orient"));
      assert.deepEqual(complete("crystallite", "cluster", "--pres"), ["--preset"]);
      assert.deepEqual(complete("crystallite", "cluster", "--preset", "p"), ["paper", "py4dstem"]);
      assert.deepEqual(complete("crystallite", "orient", "--pres"), [""], "an option of another command");
      assert.deepEqual(complete("crystallite", "cluster", "scan"), [""], "files are bash's own");
    }),
});

for (const shell of ["zsh", "fish"]) {
  Deno.test(`${shell} gets every command with its options`, async () => {
    const script = await completionsFor(shell);
    for (const text of ["cluster", "orient", "series", "preset", "threshold", "paper py4dstem"]) {
      assert.ok(script.includes(text), text);
    }
    if (!has(shell)) return console.warn(`skipped, ${shell} is not here: whether it reads its completions`);
    await withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/completions`, script);
      const args = ["-n", `${folder}/completions`];
      const { success, stderr } = new Deno.Command(shell, { args }).outputSync();
      assert.ok(success, new TextDecoder().decode(stderr));
    });
  });
}

Deno.test("another shell is wrong usage", async () => {
  const { code, error } = await crystallite("completions", "sh");
  assert.equal(code, 2);
  assert.match(error, /bash, zsh, fish/);
});
