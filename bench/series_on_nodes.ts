/**
 * A model of a series whose frames are tasks of a cluster of computers, and how far a run of four frames keeps to it.
 *
 * A frame costs something by itself (the start, and samples of a fixed number of patterns) and something for each byte.
 * Both are measured on two smaller scans, of which even the smaller has more patterns than the samples take: below that
 * the samples grow with the scan, and a line through it is too steep. Four larger frames of a simulated series are then run
 * one by one, as the script of `crystallite batch slurm --series` does, and linked.
 *
 *   deno run -A --no-check bench/series_on_nodes.ts [FOLDER [SEED]]
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
const folder = Deno.args[0] ?? await Deno.makeTempDir({ prefix: "series-on-nodes-" });
const seed = Deno.args[1] ?? "3";
await Deno.mkdir(folder, { recursive: true });

/** What a command took. */
interface Cost {
  /** Processor seconds of all threads. */
  readonly processor: number;
  /** Seconds from start to end. */
  readonly wall: number;
  /** Bytes that it asked the system to read. */
  readonly read: number;
}

const ticks = 100;

/** Runs the program and watches what the system counts for it; the last look is some milliseconds before its end. */
async function measure(...args: string[]): Promise<Cost> {
  const started = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", cli, ...args, "--quiet"],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let ended = false, processor = 0, read = 0;
  const outcome = child.output().then((output) => (ended = true, output));
  while (!ended) {
    try {
      const fields = Deno.readTextFileSync(`/proc/${child.pid}/stat`).split(") ")[1].split(" ");
      processor = (Number(fields[11]) + Number(fields[12])) / ticks;
      read = Number(/rchar: (\d+)/.exec(Deno.readTextFileSync(`/proc/${child.pid}/io`))![1]);
    } catch {
      // It has just ended.
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const { code, stderr } = await outcome;
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return { processor, read, wall: (performance.now() - started) / 1000 };
}

/** Simulates a series, or a single scan. A folder that is named keeps it for the next time. */
async function simulated(side: number, frames: number): Promise<string> {
  const path = join(folder, `side_${side}_seed_${seed}.npy`);
  if (await Deno.stat(path).catch(() => null)) return path;
  const size = ["--rows", String(side), "--columns", String(side)];
  const pattern = ["--pattern-rows", "128", "--pattern-columns", "128"];
  const more = frames > 1 ? ["--frames", String(frames)] : [];
  await measure("simulate", ...size, ...pattern, "--grains", "40", "--seed", seed, ...more, "--out", path);
  return path;
}

const bytesOf = (side: number) => side * side * 128 * 128 * 2;
const series = (path: string, out: string, ...more: string[]) =>
  measure("series", path, "--preset", "auto", "--hint", "none", "--out", join(folder, out), ...more);

/** The line through two points. */
function line([x, y]: readonly number[], [u, v]: readonly number[]): (at: number) => number {
  const slope = (v - y) / (u - x);
  return (at) => y + slope * (at - x);
}

// Samples take 4,096 patterns at most.
const small = 80, middle = 112, large = 160;
const [ofSmall, ofMiddle, ofLarge] = [
  await simulated(small, 1),
  await simulated(middle, 1),
  await simulated(large, 4),
];
/** The least processor time of each side, and the bytes read. */
const known = new Map<number, Cost>();
const found = { processor: 0, read: 0, wall: 0 };
async function learn(side: number, path: string): Promise<void> {
  const cost = await series(path, `side-${side}`, "--only", "0");
  const before = known.get(side);
  if (!before || cost.processor < before.processor) known.set(side, cost);
  await Deno.remove(join(folder, `side-${side}`), { recursive: true });
  console.log(`one frame of ${side} x ${side}: ${JSON.stringify(cost)}`);
}
async function find(frame: number): Promise<void> {
  const cost = await series(ofLarge, "large", "--only", String(frame));
  found.processor += cost.processor;
  found.read += cost.read;
  found.wall += cost.wall;
  console.log(`frame ${frame} of ${large} x ${large}: ${JSON.stringify(cost)}`);
}
// By turns, so that what else the machine does falls on both.
for (const frame of [0, 1, 2, 3]) {
  await find(frame);
  await learn(small, ofSmall);
  await learn(middle, ofMiddle);
}
const linked = await series(ofLarge, "large");

for (const kind of ["processor", "read"] as const) {
  const one = (side: number) => [bytesOf(side), known.get(side)![kind]], at = line(one(small), one(middle));
  const expected = 4 * at(bytesOf(large)), perByte = at(1) - at(0);
  console.log(
    `${kind}: ${at(0).toPrecision(3)} and ${
      perByte.toPrecision(3)
    } for each byte; four frames of ${large} x ${large}: ` +
      `expected ${expected.toPrecision(4)}, found ${found[kind].toPrecision(4)}, ` +
      `off by ${(100 * (found[kind] / expected - 1)).toFixed(1)} %`,
  );
}
console.log(`linking took ${linked.processor.toFixed(1)} s; load ${Deno.loadavg()[0].toFixed(0)}`);
