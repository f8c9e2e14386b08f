/**
 * `deno task examples`: runs every command of the worked examples in a folder of its own (build/examples), makes their
 * pictures and compares them, and the figures of the table, with those of the pages. `--write` replaces them instead.
 */

import { fileURLToPath } from "node:url";
import { commandLines } from "../documentation/markdown.ts";
import { compareFigures, readFigures, writeFigures } from "./figures.ts";
import { difference, makePicture, pictures } from "./pictures.ts";

const root = new URL("../../", import.meta.url);
const pagesFolder = new URL("docs/using/examples/", root),
  picturesFolder = new URL("docs/images/examples/", root);
/** Pages in the order in which their commands build on each other. */
const pages = ["README.md", "clusters.md", "patterns.md", "disks.md", "orientation_and_strain.md"];
const morePages = ["twins.md", "phases.md", "growth.md", "own_scan.md"];
/** Pixels that may differ: strain is rounded to colours. */
const differing = 0.005;
/** Bytes of a picture. */
const most = 150_000;

async function run(folder: string, args: readonly string[]): Promise<void> {
  const started = performance.now();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", fileURLToPath(new URL("cli.ts", root)), ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  console.log(`${((performance.now() - started) / 1000).toFixed(1)} s  crystallite ${args.join(" ")}`);
  if (code !== 0) {
    console.error(new TextDecoder().decode(stderr));
    Deno.exit(1);
  }
  const text = new TextDecoder().decode(stdout);
  if (args[0] === "score") console.log(text);
}

const write = Deno.args.includes("--write"), keep = Deno.args.includes("--pictures-only");
const folder = fileURLToPath(new URL("build/examples/", root));
if (!keep) {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  for (const page of [...pages, ...morePages]) {
    console.log(`\n${page}`);
    for (const [program, ...args] of commandLines(Deno.readTextFileSync(new URL(page, pagesFolder)))) {
      if (program !== "crystallite") throw new Error(`${page}: ${program} is not run`);
      await run(folder, args);
    }
  }
}

const wrong: string[] = [];
await Deno.mkdir(picturesFolder, { recursive: true });
for (const name of Object.keys(pictures)) {
  const made = await makePicture(name, folder), path = new URL(name, picturesFolder);
  if (made.length > most) wrong.push(`${name} has ${made.length} bytes, more than ${most}`);
  if (write) Deno.writeFileSync(path, made);
  else {
    const off = difference(made, Deno.readFileSync(path));
    if (off > differing) wrong.push(`${name}: ${(100 * off).toFixed(1)} % of its pixels differ`);
  }
}
const page = new URL("README.md", pagesFolder), figures = await readFigures(folder);
if (write) writeFigures(page, figures);
else wrong.push(...compareFigures(Deno.readTextFileSync(page), figures));
wrong.forEach((sentence) => console.error(sentence));
console.log(wrong.length === 0 ? "\nall examples are what their pages say" : `\n${wrong.length} differ`);
if (wrong.length > 0) Deno.exit(1);
