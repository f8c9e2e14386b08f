/** What the documentation names exists, and nothing is left out: flags and their defaults, links, files, tasks. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createProgram } from "../commands/program.ts";
import config from "../deno.json" with { type: "json" };
import {
  anchorsOf,
  cutAtHeadings,
  flagsIn,
  linksIn,
  pathsIn,
  tableRows,
} from "../tasks/documentation/markdown.ts";
import { read, root, sitePages, userPages } from "./support/pages.ts";

/** Folders of the project whose files pages may name. */
const folders = [
  ...[
    "assembly",
    "bench",
    "commands",
    "docs",
    "islands",
    "library",
    "npm",
    "python",
    "routes",
    "tasks",
    "tests",
  ],
  ...["viewer", "wasi"],
];

/** Beside those of the site: what stands in packages. */
const pages = [...sitePages, "python/README.md", "wasi/README.md"];

/** Flags of Deno itself, which these pages name where they say what the program needs to be allowed. */
const denoFlags = ["--no-prompt", "--allow-net", "--allow-read", "--allow-write", "--allow-run"];

const { commands } = await createProgram({
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

Deno.test("pages of the worked examples name the figures of their table", () => {
  const rows = tableRows(read("docs/using/examples/README.md"));
  /** A figure of the table, in percent or as it stands, with so many digits. */
  const figure = (result: string, name: string, digits: number, percent = false) => {
    const row = rows.find((cells) => cells[0] === `\`${result}\`` && cells[1] === name);
    assert.ok(row, `${name} of ${result}`);
    return (Number(row[2]) * (percent ? 100 : 1)).toFixed(digits);
  };
  const strain = (result: string) =>
    ["clusters", "probes alone"].map((way) => figure(result, `rms error of dilation in %, ${way}`, 3));
  const share = (result: string, what: string, way: string) =>
    figure(result, `share of ${what} within 3°, ${way}`, 0, true);
  const median = (result: string, way: string, digits: number) =>
    figure(result, `median error of orientation in degrees, ${way}`, digits);
  const said: [page: string, text: string][] = [
    ...([["gold", "orientation_and_strain"], ["silver", "twins"], ["phases", "phases"]] as const).map(
      ([result, page]): [string, string] => {
        const [clusters, alone] = strain(result);
        return [page, `Strain has an error of ${clusters} % rms against ${alone} % at the`];
      },
    ),
    [
      "orientation_and_strain",
      `Of the clusters ${
        share("gold", "grains", "clusters")
      } % get the right orientation, with a median error of ` +
      `${median("gold", "clusters", 1)}°, of the grains seen by single patterns ` +
      `${share("gold", "grains", "probes alone")} %, with ${median("gold", "probes alone", 1)}°.`,
    ],
    [
      "twins",
      `By clusters ${
        share("silver", "grains", "clusters")
      } % of the grains get the right orientation with a median ` +
      `error of ${median("silver", "clusters", 2)}°, by single patterns ${
        share("silver", "grains", "probes alone")
      } % with ${median("silver", "probes alone", 2)}°.`,
    ],
    ["growth", `HOTA is ${figure("growth", "HOTA of the tracks", 2)}.`],
  ];
  for (const [page, text] of said) {
    const words = read(`docs/using/examples/${page}.md`).replace(/\s+/g, " ");
    assert.ok(words.includes(text), `${page}.md does not say: ${text}`);
  }
});

Deno.test("kinds of errors that Python's documentation names are those of the program", () => {
  const [, kinds] = /kind : str\n([^]*?)\n {4}remedy/.exec(read("python/src/crystallite/_errors.py"))!;
  const named = Array.from(kinds.matchAll(/``(\w+)``/g), ([, kind]) => kind);
  const own = Array.from(
    /type ErrorKind =([^;]*);/.exec(read("library/scan/errors.ts"))![1].matchAll(/"(\w+)"/g),
    ([, kind]) => kind,
  );
  assert.deepEqual(named.sort(), [...own, "Unexpected"].sort());
});
