/**
 * What regions and the automatic preset cost beside growth: the same scan in turn, by growth and regions with blur 3 and by
 * `--preset auto`, averages included, and the time of each step.
 *
 *     deno run -A bench/regions.ts [--rows 128] [--columns 512] [--side 192] [--rounds 5] [--workers 2] [--scan FILE]
 *
 * `--scan` takes a scan that is there already instead of simulating one, which takes minutes.
 */

import { parseArgs } from "node:util";
import { autoPreset, type ClusterParameters } from "crystallite";
import { wholeNumber } from "./flags.ts";
import { formatTable } from "../tasks/documentation/table.ts";
import { type PipelineRun, pipelines, runPipeline } from "./pipelines.ts";
import { writeSimulatedScan } from "./scan_file.ts";

const { values: flags } = parseArgs({
  args: Deno.args,
  options: {
    rows: { type: "string", default: "128" },
    columns: { type: "string", default: "512" },
    side: { type: "string", default: "192" },
    rounds: { type: "string", default: "5" },
    workers: { type: "string", default: "2" },
    scan: { type: "string" },
  },
});
const rounds = wholeNumber(flags.rounds, "--rounds"), workers = wholeNumber(flags.workers, "--workers");
const size = {
  rows: wholeNumber(flags.rows, "--rows"),
  columns: wholeNumber(flags.columns, "--columns"),
  side: wholeNumber(flags.side, "--side"),
};

const growth = pipelines.find(({ name }) => name === "blur 3")!.parameters;
const methods: readonly { readonly name: string; readonly parameters: ClusterParameters }[] = [
  { name: "growth", parameters: growth },
  { name: "regions", parameters: { ...growth, method: "regions", mask: { kind: "auto" } } },
  { name: "auto", parameters: autoPreset },
];

const folder = await Deno.makeTempDir();
try {
  const file = flags.scan ?? `${folder}/scan.npy`;
  if (!flags.scan) writeSimulatedScan(file, size);
  const best = new Map<string, PipelineRun>();
  // In turn, so that what else the machine does meets all.
  for (let round = 0; round < rounds; round++) {
    for (const { name, parameters } of methods) {
      const run = await runPipeline(file, parameters, workers);
      if (!(run.seconds >= (best.get(name)?.seconds ?? Infinity))) best.set(name, run);
    }
  }
  const steps = [...new Set([...best.values()].flatMap(({ timings }) => Object.keys(timings)))];
  const seconds = (value: number | undefined) => value === undefined ? "" : value.toFixed(2);
  const rows = methods.map(({ name }) => {
    const { seconds: all, timings, clusters } = best.get(name)!;
    return [name, seconds(all), ...steps.map((step) => seconds(timings[step])), String(clusters)];
  });
  console.log(formatTable(["method", "seconds", ...steps, "clusters"], rows, 1));
  for (const name of ["regions", "auto"]) {
    const ratio = best.get(name)!.seconds / best.get("growth")!.seconds;
    console.log(`${name}: ${ratio.toFixed(2)} times as long as growth, best of ${rounds} each`);
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
