/** The process that runs cases for run.ts: it may hang or crash, so it says what it does in files and on its output. */

import { fileURLToPath } from "node:url";
import { base_url } from "h5wasm-plugins";
import { runCases } from "./cases.ts";
import type { FuzzedReader } from "./subject.ts";

const [module, name, seed, from, to, folder, ...allowed] = Deno.args;
const { readers } = await import(module) as { readers: readonly FuzzedReader[] };
const reader = readers.find((reader) => reader.name === name);
if (!reader) throw new Error(`no reader ${name}`);

const progress = Deno.openSync(`${folder}/progress`, { write: true, create: true });
const number = new Float64Array(1), bytes = new Uint8Array(number.buffer);
/** The case in hand, for whoever has to end this process. */
function begin(index: number): void {
  number[0] = index;
  progress.seekSync(0, Deno.SeekMode.Start);
  progress.writeSync(bytes);
}

// Most cases end with an error, whose stack takes long to write down.
Error.stackTraceLimit = 4;

const encoder = new TextEncoder();
function say(value: unknown): void {
  const line = encoder.encode(JSON.stringify(value) + "\n");
  for (let written = 0; written < line.length;) written += Deno.stdout.writeSync(line.subarray(written));
}

/** Cases between two messages. */
const batch = 200;
const collect = (globalThis as { gc?: () => void }).gc;
// Filters of HDF5 are loaded when they are first met.
allowed.push(fileURLToPath(base_url).replace(/\/+$/, ""));
const range = { seed: Number(seed), from: Number(from), to: Number(to), folder, allowed, begin, collect };
let counts: Record<string, number> = {},
  done = 0,
  slowest = 0,
  slowestIndex = -1,
  largest = 0,
  largestIndex = -1;
const flush = () => {
  say({ counts, slowest, slowestIndex, largest, largestIndex });
  [counts, done] = [{}, 0];
};
for await (const { index, subject, what, verdict, milliseconds, bytes } of runCases(reader, range)) {
  const outcome = "fault" in verdict ? "fault" : "read" in verdict ? "read" : verdict.refused;
  counts[outcome] = (counts[outcome] ?? 0) + 1;
  done++;
  if (milliseconds > slowest) [slowest, slowestIndex] = [milliseconds, index];
  if (bytes > largest) [largest, largestIndex] = [bytes, index];
  if ("fault" in verdict) say({ fault: verdict.fault, index, subject, what });
  if (done === batch) flush();
}
flush();
// Workers of libraries would keep the process alive.
Deno.exit(0);
