/**
 * `deno task fuzz [--reader NAME] [--count N] [--seed S] [--from N] [--minutes M] [--processes P] [--keep DIR]`: damaged
 * files by the thousands for every reader, `P` readers at a time (default: one a core). Says on standard error how far it
 * is. A case is named by reader, seed and number: `--reader npy --seed 1 --from 123 --count 1` runs it alone, and
 * `--keep DIR` writes its files there. Ends with 1 when a case was handled wrongly.
 */

import { parseArgs } from "node:util";
import { damage } from "./mutations.ts";
import { readers } from "./readers.ts";
import { fuzzReader, type ReaderReport } from "./watch.ts";

const { values } = parseArgs({
  options: {
    reader: { type: "string", multiple: true },
    count: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    minutes: { type: "string" },
    processes: { type: "string" },
    keep: { type: "string" },
  },
});

const chosen = values.reader ? readers.filter(({ name }) => values.reader!.includes(name)) : readers;
if (chosen.length === 0) {
  console.error(`no such reader; there are ${readers.map(({ name }) => name).join(", ")}`);
  Deno.exit(2);
}
const [count, seed, from] = [values.count, values.seed, values.from].map(Number);

if (values.keep !== undefined) {
  for (const reader of chosen) {
    const subjects = await reader.subjects(), subject = subjects[from % subjects.length];
    const { files, what } = damage(subject, seed, Math.floor(from / subjects.length));
    for (const [name, bytes] of files) {
      const path = `${values.keep}/${name}`;
      Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      Deno.writeFileSync(path, bytes);
    }
    console.log(`${values.keep}: ${subject.name}; ${what}`);
  }
}

const began = Date.now(), minutes = values.minutes === undefined ? Infinity : Number(values.minutes);
const processes = Math.max(1, Number(values.processes ?? navigator.hardwareConcurrency));
const done = new Map<string, number>(), running = new Set<string>(), waiting = chosen.slice();
let faults = 0;

function casesDone(): number {
  return Array.from(done.values()).reduce((sum, cases) => sum + cases, 0);
}

/** Takes one reader after the other, until none waits. */
async function runReaders(): Promise<void> {
  for (let reader = waiting.shift(); reader !== undefined; reader = waiting.shift()) {
    const { name } = reader, turns = Math.ceil((waiting.length + 1) / processes);
    const milliseconds = (began + minutes * 60_000 - Date.now()) / turns;
    running.add(name);
    const report = await fuzzReader(name, {
      ...{ seed, from, count, milliseconds },
      progress: (cases) => done.set(name, cases),
    });
    running.delete(name);
    done.set(name, report.cases);
    print(report);
    faults += report.faults.length;
  }
}

const progress = setInterval(() => {
  const going = Array.from(running, (name) => `${name} ${done.get(name) ?? 0}`).join(", ");
  const seconds = Math.round((Date.now() - began) / 1000);
  console.error(`after ${seconds} s: ${casesDone()} of ${count * chosen.length} cases; at ${going}`);
}, 30_000);
console.log("reader      cases  cases/s  slowest  most memory  outcomes");
await Promise.all(Array.from({ length: Math.min(processes, chosen.length) }, runReaders));
clearInterval(progress);
const seconds = (Date.now() - began) / 1000;
console.log(`${casesDone()} cases of seed ${seed} in ${Math.round(seconds)} s, ${faults} faults`);
Deno.exit(faults > 0 ? 1 : 0);

function print({ name, cases, seconds, counts, slowest, largest, faults }: ReaderReport): void {
  const outcomes = Object.entries(counts).map(([outcome, number]) => `${outcome} ${number}`).join(", ");
  console.log([
    ...[name.padEnd(9), String(cases).padStart(7), String(Math.round(cases / seconds)).padStart(8)],
    ...[
      `${Math.round(slowest)} ms`.padStart(8),
      `${Math.round(largest / 2 ** 20)} MiB`.padStart(12),
      ` ${outcomes}`,
    ],
  ].join(" "));
  // Faults of one kind are mostly one fault.
  const kinds = Map.groupBy(faults, ({ fault }) => fault.replace(/\d+/g, "#").slice(0, 160));
  for (const [, [first, ...others]] of kinds) {
    console.log(
      `  ${name}:${seed}:${first.index} ${first.subject}: ${first.what}\n    ${first.fault.slice(0, 1200)}`,
    );
    if (others.length > 0) {
      console.log(
        `    and ${others.length} like it: ${others.slice(0, 5).map(({ index }) => index).join(", ")}`,
      );
    }
  }
}
