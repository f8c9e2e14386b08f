/** The commands and examples of the documentation run, in their order. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { withFolder } from "./support/folders.ts";
import { writeHdf5 } from "./support/hdf5_files.ts";
import { codeBlocks, commandLines } from "../tasks/documentation/markdown.ts";
import { read, root, userPages } from "./support/pages.ts";

/** The page about the library. */
const libraryPage = "docs/using/scripting.md";

/** Runs a program in a folder; fails with what it said when it fails. */
async function runIn(folder: string, program: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  assert.equal(code, 0, `${args.join(" ")}\n${new TextDecoder().decode(stderr)}`);
}

const commandLine = ["run", "-A", "--no-check", "--quiet", fileURLToPath(new URL("cli.ts", root))];

/** The files that the documentation's commands read beside what they have written themselves. */
async function writeInputs(folder: string): Promise<void> {
  const data = Uint8Array.from({ length: 64 * 64 * 16 * 16 }, (_, index) => (index * 7919 >> 8) % 17);
  await writeHdf5(`${folder}/frames.h5`, (file) => {
    file.create_dataset({ name: "frames", data, shape: [64 * 64, 16, 16] });
  });
  await writeHdf5(`${folder}/lab.h5`, (file) => {
    file.create_group("measurement").create_dataset({ name: "patterns", data, shape: [64 * 64, 16, 16] });
  });
  const raw = new Uint8Array(1024 + 64 * 64 * 512);
  raw.set(data, 1024);
  await Deno.writeFile(`${folder}/patterns.bin`, raw);
  await writeHdf5(`${folder}/scan.h5`, (file) => {
    file.create_dataset({ name: "scan", data: data.subarray(0, 16 * 16 * 32 * 32), shape: [16, 16, 32, 32] });
  });
}

Deno.test("the command lines and examples of the documentation run, in their order", async () => {
  await withFolder(async (folder) => {
    await writeInputs(folder);
    for (const page of userPages) {
      // `deno task examples` runs them: they take minutes.
      if (page.startsWith("docs/using/examples/")) continue;
      for (const [program, ...args] of commandLines(read(page))) {
        if (program === "npx" || program === "deno") continue;
        assert.equal(program, "crystallite");
        await runIn(folder, Deno.execPath(), [...commandLine, ...args]);
      }
      const programs = codeBlocks(read(page), "ts");
      // `ignore` keeps `deno test --doc` away from them: they need the files made here.
      assert.ok(page !== libraryPage || programs.length > 0, `${libraryPage} shows how to use the library`);
      for (const [index, code] of programs.entries()) {
        const file = `${folder}/example_${index}.ts`;
        await Deno.writeTextFile(file, code);
        const project = fileURLToPath(new URL("deno.json", root));
        await runIn(folder, Deno.execPath(), [
          "run",
          "-A",
          "--check",
          "--no-lock",
          "--config",
          project,
          file,
        ]);
      }
      if (!hasPythonReaders) continue;
      for (const code of codeBlocks(read(page), "python")) {
        // tests/tasks/shipping/python_package_test.ts runs what needs the package.
        if (!code.includes("import crystallite")) await runIn(folder, python, ["-c", code]);
      }
    }
  });
});

const python = Deno.env.get("CRYSTALLITE_TEST_PYTHON") ?? "python3";
const hasPythonReaders = canImport("numpy, h5py, emdfile");

function canImport(packages: string): boolean {
  try {
    const output = new Deno.Command(python, { args: ["-c", `import ${packages}`], stderr: "null" })
      .outputSync();
    if (output.success) return true;
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  console.warn(`skipped, ${python} lacks ${packages}: the Python examples (set CRYSTALLITE_TEST_PYTHON)`);
  return false;
}
