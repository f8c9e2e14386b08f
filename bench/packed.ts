/**
 * What reading packed chunks costs beside one thread of zarr-python or h5py that only decodes them: the same file, in turn.
 *
 *     deno run -A bench/packed.ts --python PYTHON [--other-python PYTHON] [--rows 64] [--runs 5] [--json FILE]
 *
 * The environments need zarr, or h5py and hdf5plugin: two for zarr-python 2 and 3, which know the files of the first.
 * Seconds are those of all cores together, which other programs on the machine hardly change. Crystallite reads with one
 * thread and with two, and does nothing with the patterns.
 */

import { cpuUsage } from "node:process";
import { parseArgs } from "node:util";
import type { Pass } from "../library/engine/pass.ts";
import { runPasses } from "../library/engine/run_passes.ts";
import { withEngine } from "../library/engine/with_engine.ts";
import { openScan } from "../library/formats/open.ts";
import { NpyWriter } from "../library/formats/npy_writer.ts";
import { simulateScan } from "../library/simulation/scan.ts";
import { wholeNumber } from "./flags.ts";
import { formatTable } from "../tasks/documentation/table.ts";
import { machine } from "./machine.ts";

const columns = 128, side = 192, simulatedRows = 16;
const peer = new URL("peers/packed_peer.py", import.meta.url).pathname;

/** Files by the names that the peer knows them by. */
const files: readonly (readonly [name: string, file: string])[] = [
  ["zarr-zstd", "zstd.zarr"],
  ["zarr-shuffle-zstd", "shuffle.zarr"],
  ["zarr-blosc-zstd", "blosc_zstd.zarr"],
  ["zarr-blosc-lz4", "blosc_lz4.zarr"],
  ["zarr3-shards", "shards.zarr"],
  ["hdf5-bitshuffle-lz4", "bitshuffle.h5"],
  ["hdf5-zstd", "zstd.h5"],
  ["hdf5-gzip", "gzip.h5"],
];

interface Measurement {
  readonly file: string;
  readonly library: string;
  /** Microseconds of processor time for each pattern: the peer's, ours with one thread, ours with two. */
  readonly peer: number;
  readonly one: number;
  readonly two: number;
  /** The same of wall time, with one and two threads. */
  readonly wall: readonly [number, number];
  readonly load: number;
}

const noFill = { table: new Int32Array(0), count: 0 };
/** Looks at no pattern. */
const nothing: Pass<void> = { name: "reading", reserve() {}, follow: () => [], finish() {} };

async function readAll(path: string, workers: number): Promise<{ cpu: number; wall: number }> {
  const scan = await openScan(path);
  try {
    return await withEngine({ workers }, async (engine) => {
      const started = performance.now(), before = cpuUsage();
      await runPasses(engine, scan, { fill: noFill }, [nothing], {});
      const { user, system } = cpuUsage(before);
      return { cpu: user + system, wall: 1000 * (performance.now() - started) };
    });
  } finally {
    scan.close();
  }
}

function run(python: string, ...words: string[]): string {
  const { success, stdout, stderr } = new Deno.Command(python, {
    args: [peer, ...words],
    env: { OMP_NUM_THREADS: "1", BLOSC_NTHREADS: "1" },
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim().split("\n").at(-1));
  return new TextDecoder().decode(stdout);
}

async function measure(
  name: string,
  path: string,
  pythons: readonly string[],
  rows: number,
  runs: number,
): Promise<Measurement[]> {
  const patterns = rows * columns, own = [1, 2].map(() => ({ cpu: Infinity, wall: Infinity }));
  const peers = new Map<string, number>();
  for (let round = 0; round < runs; round++) {
    for (const [index, best] of own.entries()) {
      const { cpu, wall } = await readAll(path, index + 1);
      best.cpu = Math.min(best.cpu, cpu / patterns);
      best.wall = Math.min(best.wall, wall / patterns);
    }
    for (const python of pythons) {
      try {
        const { seconds, library } = JSON.parse(run(python, "read", name, path, "1"));
        peers.set(library, Math.min(peers.get(library) ?? Infinity, 1e6 * seconds / patterns));
      } catch (cause) {
        console.error(`${name}: ${cause}`);
      }
    }
  }
  for (const [library, peer] of peers) {
    console.error(
      `${name}: ${library} ${peer.toFixed(1)}, one thread ${own[0].cpu.toFixed(1)} microseconds a pattern`,
    );
  }
  const [load] = Deno.loadavg(), wall = [own[0].wall, own[1].wall] as const;
  return [...peers].map(([library, peer]) => ({
    ...{ file: name, library, peer, one: own[0].cpu, two: own[1].cpu, wall, load },
  }));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      python: { type: "string", default: "python3" },
      "other-python": { type: "string" },
      rows: { type: "string", default: "64" },
      runs: { type: "string", default: "5" },
      filter: { type: "string", default: "" },
      json: { type: "string" },
    },
  });
  const rows = simulatedRows * Math.ceil(wholeNumber(values.rows, "--rows") / simulatedRows);
  const runs = wholeNumber(values.runs, "--runs");
  const pythons = [values.python, ...(values["other-python"] ? [values["other-python"]] : [])];
  const folder = await Deno.makeTempDir({ prefix: "crystallite-packed-" });
  const found: Measurement[] = [];
  try {
    const size = { rows: simulatedRows, columns, patternRows: side, patternColumns: side };
    const scan = simulateScan({ ...size, grains: 13, dose: 20000, hotPixels: 0, seed: 1 });
    const counts = new Uint16Array(simulatedRows * columns * side * side);
    scan.readRows(0, simulatedRows, counts);
    const npy = `${folder}/plain.npy`, writer = NpyWriter.create(npy, "u16", [rows, columns, side, side]);
    for (let row = 0; row < rows; row += simulatedRows) writer.write(counts);
    writer.close();
    for (const [name, file] of files.filter(([name]) => name.includes(values.filter))) {
      const path = `${folder}/${file}`;
      const writers = name === "zarr3-shards" ? pythons.slice(-1) : pythons.slice(0, 1);
      try {
        run(writers[0], "write", name, path, npy);
      } catch (cause) {
        console.error(`${name} is not written: ${cause}`);
        continue;
      }
      found.push(
        ...await measure(
          name,
          path,
          name === "zarr3-shards" ? pythons.slice(-1) : pythons.slice(0, name.startsWith("hdf5") ? 1 : 2),
          rows,
          runs,
        ),
      );
      await Deno.remove(path, { recursive: true });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const facts = machine();
  console.log(`${facts.processor}, ${facts.cores} cores, ${facts.system}, ${facts.runtime}\n`);
  const rowsOut = found.map(({ file, library, peer, one, two, wall, load }) => [
    ...[file, library],
    ...[peer, one, two, 2 * peer / two, wall[0] / wall[1], load].map((value) => value.toFixed(1)),
  ]);
  const heads = [
    "file",
    "peer",
    "peer, us",
    "one thread, us",
    "two, us",
    "2 x peer / two",
    "wall, one / two",
    "load",
  ];
  console.log(formatTable(heads, rowsOut, 2));
  if (values.json) Deno.writeTextFileSync(values.json, JSON.stringify({ ...facts, found }, null, 2));
}

if (import.meta.main) await main();
