/**
 * How far clusters are behind the rows of a scan that is being recorded: rows of 256 probes are written at a steady speed, and
 * each is timed from its writing until the map of clusters has it. In the end the result is compared with that of `cluster`.
 *
 *     deno run -A bench/live.ts [--rows 20000] [--rate 2000] [--side 16] [--kills 0] [--workers N] [--seed 1]
 *
 * With --kills the watching program is ended as often at random, and started again.
 */

import { parseArgs } from "node:util";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeNpyHeader } from "../library/formats/npy_writer.ts";
import { readLiveRecord } from "../library/live/live_folder.ts";
import { Random } from "../library/simulation/random.ts";
import { machine } from "./machine.ts";

const { values } = parseArgs({
  options: Object.fromEntries(
    ["rows", "rate", "side", "kills", "workers", "seed"].map((name) => [name, { type: "string" }] as const),
  ),
});
const [rows, rate, side, kills] = [
  Number(values.rows ?? 20_000),
  Number(values.rate ?? 2000),
  ...[Number(values.side ?? 16), Number(values.kills ?? 0)],
];
const columns = 256,
  rowBytes = columns * side * side,
  program = fileURLToPath(new URL("../cli.ts", import.meta.url));
const random = new Random(Number(values.seed ?? 1));

/** Rows of one grain for each 64 columns, with noise of their own: as many as differ. */
function noisyRows(count: number, phase: number): Uint8Array[] {
  return Array.from({ length: count }, () => {
    const row = new Uint8Array(rowBytes);
    for (let column = 0; column < columns; column++) {
      const grain = column >> 6;
      for (let pixel = 0; pixel < side * side; pixel++) {
        const bright = (pixel * (3 + 2 * grain + phase)) % 17 === 0 ? 90 : 4;
        row[column * side * side + pixel] = bright + Math.floor(8 * random.uniform());
      }
    }
    return row;
  });
}

/** Grains are 500 rows high. */
const pools = [noisyRows(16, 0), noisyRows(16, 10)];
const flags = [
  "--threshold",
  "0.9",
  "--mask",
  "none",
  "--bad-pixels",
  "none",
  "--average",
  "none",
  "--export",
  "npy,csv",
];
const watchFlags = flags.slice(0, -2);
const resources = values.workers ? ["--workers", values.workers] : [];

function start(path: string, out: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      program,
      "watch",
      path,
      "--out",
      out,
      ...watchFlags,
      ...resources,
      "--quiet",
    ],
    stdout: "null",
  }).spawn();
}

/** Times of writing and of being seen, in milliseconds. */
const written = new Float64Array(rows), seen = new Float64Array(rows);

async function write(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  await file.write(encodeNpyHeader("u8", [rows, columns, side, side]));
  const began = performance.now();
  for (let row = 0; row < rows;) {
    const due = Math.min(rows, Math.floor((performance.now() - began) / 1000 * rate) + 1);
    for (; row < due; row++) {
      file.writeSync(pools[Math.floor(row / 500) % 2][row % 16]);
      written[row] = performance.now();
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const folder = await Deno.makeTempDir(), path = join(folder, "scan.npy"), out = join(folder, "live");
try {
  let child = start(path, out), ended = 0, known = 0, writing = true;
  // It is known to be there before the first row comes.
  await new Promise((resolve) => setTimeout(resolve, 4000));
  const writer = write(path).then(() => writing = false);
  const seconds = rows / rate,
    times = Array.from({ length: kills }, () => seconds * random.uniform()).sort((a, b) => a - b);
  const began = performance.now();
  let status: Deno.CommandStatus | undefined;
  child.status.then((end) => status = end);
  while (status === undefined || writing || ended < kills) {
    if (ended < kills && performance.now() - began > 1000 * times[ended]) {
      child.kill("SIGKILL");
      await child.status;
      ended++;
      child = start(path, out);
      status = undefined;
      child.status.then((end) => status = end);
    }
    const now = performance.now(), there = (await readLiveRecord(out))?.rows ?? 0;
    for (; known < there; known++) seen[known] = now;
    if (status && !writing && ended >= kills) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await writer;
  if (!status?.success) throw new Error("the watching program failed");
  const whole = join(folder, "whole");
  await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      program,
      "cluster",
      path,
      "--out",
      whole,
      ...flags,
      ...resources,
      "--quiet",
    ],
    stdout: "null",
  }).output();
  for (const name of ["labels.npy", "similarity.npy", "clusters.csv"]) {
    const [one, other] = [out, whole].map((place) => Deno.readFileSync(join(place, name)));
    if (one.length !== other.length || one.some((byte, index) => byte !== other[index])) {
      throw new Error(`${name} is not what cluster makes`);
    }
  }
  const lags = seen.subarray(0, known).map((time, row) => time - written[row]).sort();
  const at = (share: number) =>
    `${(lags[Math.min(known - 1, Math.floor(share * known))] / 1000).toFixed(2)} s`;
  const load = Deno.loadavg()[0].toFixed(0);
  console.log(`${machine().processor}, ${machine().cores} cores, load ${load}`);
  console.log(
    `${rows} rows of ${columns} probes of ${side} x ${side} u8 at ${rate} rows/s, killed ${kills} times`,
  );
  console.log(
    `behind the row: median ${at(0.5)}, 90 % ${at(0.9)}, 99 % ${at(0.99)}, most ${
      at(1)
    }; the result is cluster's`,
  );
} finally {
  await Deno.remove(folder, { recursive: true });
}
