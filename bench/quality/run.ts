/**
 * Scores every method on simulated scans with known grains; one JSON line for each scan and method. What the file has
 * already is not done again, so that a stopped run goes on where it was.
 *
 *     deno task bench:quality --out build/quality.jsonl --seeds dev [--count 8] [--conditions REGEX] [--methods REGEX]
 *         [--workers 2]
 *
 * `--workers` runs that many processes of one thread each. `--seeds report` is for figures that are reported: nothing may
 * be tuned on those scans. Tables: `bench/quality/tables.ts`.
 */

import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { scanFromArray, simulateScan, type SimulationParameters } from "crystallite";
import { pixelCount, probeCount } from "../../library/scan/shape.ts";
import { wholeNumber } from "../flags.ts";
import { conditions, defaultCount, type SeedSet, seedsOf } from "./conditions.ts";
import { methods, Subject } from "./methods.ts";
import { keyOf, measureMissing, readRecords } from "./records.ts";

const { values: flags } = parseArgs({
  args: Deno.args,
  options: {
    out: { type: "string", default: "build/quality.jsonl" },
    seeds: { type: "string", default: "dev" },
    count: { type: "string", default: String(defaultCount) },
    conditions: { type: "string", default: "" },
    methods: { type: "string", default: "" },
    workers: { type: "string", default: "1" },
    shard: { type: "string" },
  },
});
if (flags.seeds !== "dev" && flags.seeds !== "report") throw new Error("--seeds is dev or report");
const set: SeedSet = flags.seeds;
const count = wholeNumber(flags.count, "--count"), workers = wholeNumber(flags.workers, "--workers");

if (workers > 1 && flags.shard === undefined) await startShards();
else await measureShard(flags.shard ?? "1/1");

/** The same command line in several processes. */
async function startShards(): Promise<void> {
  const program = fileURLToPath(import.meta.url);
  const running = Array.from({ length: workers }, (_, index) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", program, ...Deno.args, "--shard", `${index + 1}/${workers}`],
      stdout: "inherit",
      stderr: "inherit",
    }).spawn());
  const ended = await Promise.all(running.map(({ status }) => status));
  if (ended.some(({ success }) => !success)) Deno.exit(1);
}

async function measureShard(shard: string): Promise<void> {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(shard) ?? [];
  if (index === undefined) throw new Error("--shard is I/N");
  const wantedConditions = new RegExp(flags.conditions), wantedMethods = new RegExp(flags.methods);
  const chosen = methods.filter(({ name }) => wantedMethods.test(name));
  const done = new Set(readRecords(flags.out).map(keyOf));
  // The first seed of every condition comes before the second of any: a run that was stopped covers them all.
  const places = Array.from(
    { length: count },
    (_, place) =>
      conditions.filter(({ name }) => wantedConditions.test(name))
        .map((condition) => ({ condition, seed: seedsOf(condition.name, set, count)[place] })),
  ).flat();
  for (const [number, { condition, seed }] of places.entries()) {
    if (number % Number(of) !== Number(index) - 1) continue;
    const place = { set, group: condition.group, condition: condition.name, seed };
    await measureMissing(
      flags.out,
      place,
      chosen,
      done,
      () => Promise.resolve(simulate(condition.parameters(seed), Number(of) > 1 ? 1 : undefined)),
    );
  }
}

/** A simulated scan, computed once and kept. */
function simulate(parameters: Partial<SimulationParameters>, threads: number | undefined): Subject {
  const simulated = simulateScan(parameters);
  const { shape, calibration, truth } = simulated;
  const data = new Uint16Array(probeCount(shape) * pixelCount(shape));
  simulated.readRows(0, shape.rows, data);
  return new Subject(scanFromArray(data, shape, { calibration }), truth.labels, truth.purity, threads);
}
