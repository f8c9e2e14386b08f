/**
 * Runs every test and every example of the documentation, in two processes beside each other: a test keeps less than two
 * cores busy as a rule, and what it does to its process (memory, environment, plugins) must not reach the others.
 *
 * With other arguments than `--no-doc`, `--no-lock` and `--ignore=PATHS` it is `deno test` with these arguments. Types are
 * left to `deno task check`. This file must not be called test.ts: it would be taken for a test itself.
 */

import { filesBelow, foldersIn, foreign } from "./files.ts";

/** Processes at a time: of more, each would have less than a core, and its engine's memory beside. */
const processes = 2;

/** Begun first: it takes as long as a third of the others, and would be the only one at the end. */
const longest = "tests/viewer/browser";

/** Tests that one process runs. */
interface Part {
  readonly name: string;
  readonly arguments: readonly string[];
}

/** What processes counted. */
interface Count {
  passed: number;
  failed: number;
  ignored: number;
}

const asked = [...Deno.args];
const noDocumentation = take("--no-doc"), noLock = take("--no-lock");
const ignored = asked.findIndex((one) => one.startsWith("--ignore="));
const left = ignored < 0 ? [] : asked.splice(ignored, 1)[0].slice("--ignore=".length).split(",");
const always = [
  "test",
  "-A",
  "--no-check",
  "--permit-no-files",
  noLock ? "--no-lock" : "--lock=tests/deno.lock",
];
if (asked.length > 0) {
  const { code } = await new Deno.Command(Deno.execPath(), { args: [...always, ...asked] }).spawn().status;
  Deno.exit(code);
}

const parts = [...testParts(), ...(noDocumentation ? [] : documentationParts())];
const total: Count = { passed: 0, failed: 0, ignored: 0 }, failures: string[] = [];
const started = performance.now();
await Promise.all(Array.from({ length: processes }, async () => {
  for (let part = parts.shift(); part; part = parts.shift()) await run(part);
}));
if (failures.length > 0) console.log(`\nFAILURES\n\n${failures.join("\n")}`);
const { passed, failed, ignored: notRun } = total;
console.log(
  `\n${failed > 0 ? "FAILED" : "ok"} | ${passed} passed | ${failed} failed | ${notRun} ignored (${
    took(started)
  })`,
);
Deno.exit(failed > 0 ? 1 : 0);

/** Takes a flag off the arguments. */
function take(flag: string): boolean {
  const place = asked.indexOf(flag);
  if (place >= 0) asked.splice(place, 1);
  return place >= 0;
}

/** The longest first, then files that stand alone, then folder by folder. */
function testParts(): Part[] {
  const folders = new Map<string, string[]>();
  for (const path of filesBelow("tests", /_test\.tsx?$/)) {
    if (left.some((one) => path === one || path.startsWith(`${one}/`))) continue;
    const folder = path.slice(0, path.lastIndexOf("/"));
    const name = folder === "tests" ? path : folder;
    folders.set(name, [...(folders.get(name) ?? []), path]);
  }
  const parts = [...folders].map(([name, paths]) => ({ name, arguments: paths }));
  const rank = ({ name }: Part) => name === longest ? 0 : 1;
  return parts.sort((one, other) => rank(one) - rank(other));
}

/** Examples in comments and pages. Folders are named and not their files: a named file is run as a test itself. */
function documentationParts(): Part[] {
  const folders = foldersIn(".").filter((name) => name !== "tests");
  const inside = folders.flatMap((name) => name === "library" ? foldersIn(name) : [name]);
  return [
    {
      name: "examples of pages",
      arguments: ["--doc", `--ignore=${[...folders, "tests", ...foreign].join(",")}`, "."],
    },
    ...inside.filter((folder) =>
      filesBelow(folder, /\.(md|tsx?)$/).some((path) => read(path).includes("```"))
    )
      .map((folder) => ({ name: `examples of ${folder}`, arguments: ["--doc", folder] })),
  ];
}

async function run(part: Part): Promise<void> {
  const started = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [...always, ...part.arguments],
    ...{ stdout: "piped", stderr: "piped", env: { NO_COLOR: "1" } },
  });
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  const count = counted(text);
  // A process that ended otherwise has no last line.
  if (code !== 0 && count.failed === 0) count.failed = 1;
  for (const key of ["passed", "failed", "ignored"] as const) total[key] += count[key];
  const line = `${part.name}: ${count.passed} passed, ${count.failed} failed (${took(started)})`;
  if (count.failed === 0) {
    const notices = text.split("\n").filter((line) => /skipped,|\.\.\. ignored/.test(line));
    console.log([`ok ${line}`, ...notices].join("\n"));
  } else {
    console.log(`FAILED ${line}\n${text}`);
    failures.push(`${part.name}:\n${whatFailed(text)}`);
  }
}

/** What a process says of its failures, without the stacks below their first line; its last lines where it says nothing. */
function whatFailed(text: string): string {
  const lines = text.split("\n");
  const begin = lines.findIndex((line) => line === " ERRORS ");
  const end = lines.findIndex((line, place) => place > begin && line === " FAILURES ");
  if (begin < 0) return lines.slice(-20).join("\n");
  return lines.slice(begin + 1, end < 0 ? undefined : end).filter((line) =>
    line !== "" && !/^ {4}at /.test(line)
  )
    .join("\n");
}

/** The numbers of a process's last line. */
function counted(text: string): Count {
  const last = text.split("\n").findLast((line) => /^(ok|FAILED) \| \d+ passed/.test(line)) ?? "";
  const number = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(last)?.[1] ?? 0);
  return { passed: number("passed"), failed: number("failed"), ignored: number("ignored") };
}

function read(path: string): string {
  return Deno.readTextFileSync(path);
}

function took(started: number): string {
  const seconds = Math.round((performance.now() - started) / 1000);
  return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
