/** The folder for sandboxes holds what its page says, and what the page shows runs, with the rights that it names. */

import assert from "node:assert/strict";
import { writeWasiPackage } from "../../../tasks/shipping/wasi_package.ts";
import { fileNames, withFolder } from "../../support/folders.ts";
import { flagsIn } from "../../../tasks/documentation/markdown.ts";
import { writeFilm } from "../../support/scan_files.ts";
import { equal, expectedArrays, parametersOf, requireArrays, sandboxes } from "../../support/wasi.ts";

const root = new URL("../../../", import.meta.url);
const page = await Deno.readTextFile(new URL("wasi/README.md", root));
const deno = sandboxes().some(({ name }) => name === "Deno");

function shell(cwd: string, command: string): Deno.CommandOutput {
  const output = new Deno.Command("sh", { args: ["-c", command], cwd, env: { NO_COLOR: "1" } }).outputSync();
  assert.equal(output.code, 0, `${command}: ${new TextDecoder().decode(output.stderr)}`);
  return output;
}

Deno.test("every flag that the page of the WASI command names is in its help", () => {
  const help = Deno.readTextFileSync(new URL("assembly/wasi/help.ts", root));
  // Of wasmtime, run.mjs and Deno, of jco, and of the whole program.
  const others = ["--dir", "--allow-read", "--allow-write", "--no-prompt", "--wasi-command"];
  for (const flag of flagsIn(page)) assert.ok(others.includes(flag) || help.includes(`${flag} `), flag);
});

Deno.test({
  name: "the folder for sandboxes works by itself, with the rights that its page names",
  ignore: !deno,
  fn: () =>
    withFolder(async (folder) => {
      await writeWasiPackage(root, new URL(`file://${folder}/package/`));
      assert.deepEqual(await fileNames(`${folder}/package`), [
        "LICENSE",
        "README.md",
        "crystallite.wasm",
        "run.mjs",
      ]);
      const file = await writeFilm(folder), words = ["--threshold", "0.95"];
      const expected = await expectedArrays(file, parametersOf(words));
      Deno.mkdirSync(`${folder}/results`);
      const here = (command: string) =>
        command.replaceAll("/results", `${folder}/results`).replace("scan.npy", file).replace(
          "deno run",
          `'${Deno.execPath()}' run --no-config --no-lock`,
        );
      const [documented] = /deno run .*/.exec(page)!;
      shell(`${folder}/package`, here(documented));
      await requireArrays(`${folder}/results/scan`, expected);
      // Standard input and output need no folder at all.
      const bare = here(
        "deno run --no-prompt --allow-read=. run.mjs crystallite.wasm --threshold 0.95 --arrays labels < scan.npy",
      );
      assert.ok(equal(shell(`${folder}/package`, bare).stdout, expected.get("labels")!));
    }),
});
