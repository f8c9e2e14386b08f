/**
 * A model of a series whose frames are tasks of a cluster of computers, and how far a run of four frames keeps to it.
 *
 * Processor time and bytes read of a frame are measured on two small scans; a line through them says what a larger frame
 * takes. Four of those are then run one by one, as the script of `crystallite batch slurm --series` does, and linked.
 *
 *   deno run -A --no-check bench/series_on_nodes.ts [FOLDER]
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
const folder = Deno.args[0] ?? await Deno.makeTempDir({ prefix: "series-on-nodes-" });
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

async function frames(side: number, count: number): Promise<string[]> {
  const first = join(folder, `frame_${side}_0.npy`);
  const words = ["--rows", String(side), "--columns", String(side), "--pattern-rows", "128"];
  const more = ["--pattern-columns", "128", "--grains", "40", "--seed", "3", "--out", first];
  // A folder that is named keeps its scans for the next time.
  if (await Deno.stat(first).catch(() => null) === null) await measure("simulate", ...words, ...more);
  const paths = [first];
  for (let frame = 1; frame < count; frame++) {
    const path = join(folder, `frame_${side}_${frame}.npy`);
    await Deno.remove(path).catch(() => {});
    await Deno.link(first, path);
    paths.push(path);
  }
  return paths;
}

const bytesOf = (side: number) => side * side * 128 * 128 * 2;
const series = (paths: readonly string[], out: string, ...more: string[]) =>
  measure("series", ...paths, "--preset", "auto", "--hint", "none", "--out", join(folder, out), ...more);

/** The line through two points. */
function line([x, y]: readonly number[], [u, v]: readonly number[]): (at: number) => number {
  const slope = (v - y) / (u - x);
  return (at) => y + slope * (at - x);
}

const small = 48, middle = 80, large = 112;
const [ofSmall, ofMiddle, ofLarge] = [
  await frames(small, 1),
  await frames(middle, 1),
  await frames(large, 4),
];
/** The least processor time of each side, and the bytes read. */
const known = new Map<number, Cost>();
const found = { processor: 0, read: 0, wall: 0 };
async function learn(side: number, paths: readonly string[]): Promise<void> {
  const cost = await series(paths, `side-${side}`, "--only", "0");
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

const through = (of: "processor" | "read") =>
  line([bytesOf(small), known.get(small)![of]], [bytesOf(middle), known.get(middle)![of]])(bytesOf(large));
const expected = { processor: 4 * through("processor"), read: 4 * through("read") };
const percent = (one: number, other: number) => `${(100 * (one / other - 1)).toFixed(1)} %`;
console.log(
  `four frames of ${large} x ${large}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`,
);
console.log(
  `processor time off by ${percent(found.processor, expected.processor)}, ` +
    `bytes by ${percent(found.read, expected.read)}; linking took ${linked.processor.toFixed(1)} s`,
);
