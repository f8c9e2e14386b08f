/** The documentation is true: its flags exist and are complete, its commands and examples run, its links lead somewhere. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { growClusters } from "../library/cluster/growth.ts";
import { createProgram } from "../commands/program.ts";
import config from "../deno.json" with { type: "json" };
import {
  clusterScan,
  defaultParameters,
  defaultPrefilter,
  type PrefilterParameters,
  simulateScan,
} from "../mod.ts";
import { pagesOf } from "../tasks/documentation/contents.ts";
import { withFolder } from "./support/folders.ts";
import { writeHdf5 } from "./support/hdf5_files.ts";
import {
  anchorsOf,
  codeBlocks,
  commandLines,
  cutAtHeadings,
  flagsIn,
  linksIn,
  pathsIn,
  tableRows,
} from "../tasks/documentation/markdown.ts";

const root = new URL("../", import.meta.url);
const read = (page: string) => Deno.readTextFileSync(new URL(page, root)).replaceAll("\r\n", "\n");

/** Folders of the project whose files pages may name. */
const folders = [
  ...[
    "assembly",
    "bench",
    "commands",
    "docs",
    "islands",
    "library",
    "parameters",
    "routes",
    "tasks",
    "tests",
  ],
  "viewer",
];

const sitePages = pagesOf(root);
/** Beside those of the site: what stands in packages. */
const pages = [...sitePages, "python/README.md", "wasi/README.md"];
/** The page of a scan's first steps, whose commands go on where those of the README stop. */
const tutorial = "docs/using/first_scan.md";
/** The page about the library. */
const libraryPage = "docs/using/scripting.md";
/** Pages for those who use the program; the others may name flags of other programs. Their commands build on each other. */
const userPages = Array.from(
  new Set([
    ...["README.md", tutorial],
    ...sitePages.filter((page) => page.startsWith("docs/using/")),
    "docs/inside/architecture.md",
  ]),
);

/** Flags of Deno itself, which these pages name where they say what the program needs to be allowed. */
const denoFlags = ["--no-prompt", "--allow-net", "--allow-read", "--allow-write", "--allow-run"];

const { commands } = createProgram({
  say: () => {},
  io: { writeOut() {}, writeError() {}, terminal: null },
  signal: new AbortController().signal,
  command: [],
});
type Option = typeof commands[number]["options"][number];

const sections = new Map(
  cutAtHeadings(read("docs/using/options.md"), 2).map(({ title, text }) => [title, tableRows(text)]),
);
/** Sections of docs/using/options.md that hold for several commands. */
const sharedSections = ["Reading a scan", "Prefilter", "Threads and memory", "Output"];
const optionTitle = (option: Option) => `\`${option.flags}\``;

/** The default as the help states it, in the words of docs/using/options.md. */
function defaultOf(option: Option): string {
  if (option.defaultValue !== undefined) return String(option.defaultValue);
  const { description } = option;
  const stated = description.lastIndexOf("(default: "), needed = description.lastIndexOf("(required");
  const start = stated >= 0 ? stated + "(default: ".length : needed + 1;
  return description.slice(start, description.lastIndexOf(")")).replaceAll("--preset ", "");
}

for (const page of userPages) {
  Deno.test(`every flag in ${page} exists`, () => {
    const known = new Set(commands.flatMap((command) => command.options.map((option) => option.long)));
    if (["docs/using/options.md", "docs/using/scripting.md"].includes(page)) {
      denoFlags.forEach((flag) => known.add(flag));
    }
    if (page === "docs/using/sandboxes.md") {
      ["--dir", ...flagsIn(read("assembly/wasi/help.ts"))].forEach((flag) => known.add(flag));
    }
    for (const flag of flagsIn(read(page))) {
      assert.ok(known.has(flag) || flag === "--help" || flag === "--version", flag);
    }
  });
}

for (const command of commands) {
  Deno.test(`docs/using/options.md has every option of ${command.name()}, with its default`, () => {
    for (const option of command.options) {
      const own = sections.get(command.name())?.find(([title]) => title === optionTitle(option));
      // A series is told what each of its frames is told, a plan what each of its parts is.
      const shared = ["series", "watch", "plan", "batch"].includes(command.name())
        ? ["cluster", ...sharedSections]
        : sharedSections;
      const row = own ?? shared.flatMap((title) => sections.get(title) ?? [])
        .find(([title]) => title === optionTitle(option));
      assert.ok(row, `${option.flags} is missing`);
      assert.equal(row[2].replaceAll("`", ""), defaultOf(option), option.flags);
    }
  });

  Deno.test(`docs/using/options.md has no option under ${command.name()} that is not there`, () => {
    const titles = command.options.map(optionTitle);
    const rows = sections.get(command.name())?.filter(([title]) => title.startsWith("`--")) ?? [];
    // The table of presets has flags in its header only.
    for (const [title] of rows) assert.ok(titles.includes(title), title);
  });
}

for (const page of pages) {
  Deno.test(`the links in ${page} lead to files and headings that exist`, () => {
    for (const target of linksIn(read(page))) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path, anchor] = target.split("#");
      const file = path === "" ? new URL(page, root) : new URL(path, new URL(page, root));
      assert.ok(Deno.statSync(file).isFile, target);
      if (anchor !== undefined) assert.ok(anchorsOf(Deno.readTextFileSync(file)).has(anchor), target);
    }
  });

  Deno.test(`the files and folders that ${page} names exist`, () => {
    for (const path of pathsIn(read(page), folders)) assert.ok(existsSync(new URL(path, root)), path);
  });

  Deno.test(`the tasks in ${page} exist`, () => {
    for (const [, task] of read(page).matchAll(/deno(?:@[\d.]+)? task ([\w:]+)/g)) {
      assert.ok(task in config.tasks, task);
    }
  });
}

Deno.test("README.md is short: at most 9 KB", () => {
  assert.ok(new TextEncoder().encode(read("README.md")).length <= 9000);
});

Deno.test("CITATION.cff cites this version, and the paper as the README does", () => {
  const citation = read("CITATION.cff");
  const valuesOf = (name: string) =>
    Array.from(citation.matchAll(new RegExp(`^[ -]*${name}: "?([^"\n]*)"?$`, "gm")), ([, value]) => value);
  assert.deepEqual(valuesOf("version"), [config.version]);
  assert.deepEqual(valuesOf("license"), [config.license]);
  const given = valuesOf("given-names"), family = valuesOf("family-names");
  const names = family.map((name, index) => `${given[index]} ${name}`);
  const citing = read("README.md").replace(/\s+/g, " ");
  assert.ok(names.length > 0 && citing.includes(`${names.slice(0, -1).join(", ")} and ${names.at(-1)}`));
  assert.ok(citing.includes(`"${valuesOf("title")[1]}"`));
});

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

/** Similarities of the tutorial's simulated scan, grown with any threshold. */
async function tutorialScan(prefilter: PrefilterParameters | null) {
  const { similarity, meanSimilarity, mask, shape } = await clusterScan(simulateScan({ seed: 3 }), {
    ...defaultParameters,
    blur: 1,
    detectorMask: { kind: "outside", radius: 6 },
    prefilter,
    threshold: 0.98,
  });
  return (threshold: number) => {
    const { sizes } = growClusters({
      ...{ rows: shape.rows, columns: shape.columns, similarity, meanSimilarity, mask, threshold },
      borderWidth: defaultParameters.borderWidth,
      minimumSize: defaultParameters.minimumSize,
    });
    const covered = sizes.reduce((sum, size) => sum + size, 0) / mask.length;
    return [sizes.length, `${(100 * covered).toFixed(1)} %`, Math.max(...sizes)] as const;
  };
}

Deno.test("the tutorial's table of thresholds is what the commands give", async () => {
  const grow = await tutorialScan(null);
  const rows = tableRows(read(tutorial)).filter(([first]) => /^0\.9\d*$/.test(first));
  assert.equal(rows.length, 6);
  for (const [threshold, clusters, coverage, largest] of rows) {
    const found = grow(Number(threshold));
    assert.deepEqual([Number(clusters), coverage, Number(largest.replace(",", ""))], found, threshold);
  }
});

Deno.test("with the prefilter the tutorial's scan clusters alike at every threshold from 0.95 to 0.99", async () => {
  const claim = "every threshold from 0.95 to 0.99 then gives 20 to 23 clusters";
  assert.ok(read(tutorial).replace(/\s+/g, " ").includes(claim));
  const grow = await tutorialScan({ ...defaultPrefilter, edge: 2 });
  for (let percent = 95; percent <= 99; percent++) {
    const [clusters] = grow(percent / 100);
    assert.ok(clusters >= 20 && clusters <= 23, `${clusters} clusters at 0.${percent}`);
  }
});
