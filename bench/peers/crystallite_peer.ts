/**
 * crystallite as a library: opening, clustering and averaging, without files. Called by bench/peers/compare.ts with the
 * arguments of the other peers.
 */

import { parseArgs } from "node:util";
import {
  averagePatterns,
  type ClusterParameters,
  clusterScan,
  defaultParameters,
  openScan,
} from "crystallite";
import { py4dstemPreset, type Region, version, withEngine } from "crystallite";
import { forwardOf } from "./forward.ts";
import { type Answer, type Results, type Seconds, writeResults } from "./outcome.ts";

const { values, positionals: [file] } = parseArgs({
  allowPositionals: true,
  options: {
    preset: { type: "string" },
    blur: { type: "string", default: "0" },
    threshold: { type: "string", default: "0.9" },
    "min-size": { type: "string", default: "4" },
    workers: { type: "string", default: "1" },
    repeats: { type: "string", default: "1" },
    part: { type: "string" },
    out: { type: "string", default: "." },
  },
});

const parameters: ClusterParameters = {
  ...(values.preset === "py4dstem" ? py4dstemPreset : defaultParameters),
  // Looking for bad pixels takes 4096 patterns of any scan, and no peer does it.
  badPixels: { kind: "none" },
  blur: Number(values.blur),
  threshold: Number(values.threshold),
  minimumSize: Number(values["min-size"]),
};
interface Run {
  readonly seconds: Seconds;
  readonly results: Results;
  readonly shape: readonly [rows: number, columns: number];
}

async function run(): Promise<Run> {
  const started = performance.now();
  const scan = await openScan(file, { region: partOf(values.part) });
  try {
    return await withEngine({ workers: Number(values.workers) }, async (engine) => {
      const clustering = await clusterScan(scan, parameters, { engine });
      const clustered = performance.now();
      const { rows, columns, patternRows, patternColumns } = scan.shape;
      const averages = new Float32Array(clustering.clusters.length * patternRows * patternColumns);
      for await (const { first, patterns } of averagePatterns(scan, clustering, { engine })) {
        averages.set(patterns, first * patternRows * patternColumns);
      }
      const clusters = clustering.timings.growth;
      return {
        seconds: {
          similarity: (clustered - started) / 1000 - clusters,
          clusters,
          averages: (performance.now() - clustered) / 1000,
        },
        results: { labels: clustering.labels, similarity: forwardOf(clustering.similarity), averages },
        shape: [rows, columns],
      };
    });
  } finally {
    scan.close();
  }
}

function partOf(part: string | undefined): Region | undefined {
  if (part === undefined) return undefined;
  const [lastRow, lastColumn] = part.split("x").map(Number);
  return { firstRow: 0, lastRow, firstColumn: 0, lastColumn };
}

const runs = [await run()];
while (runs.length < Number(values.repeats)) runs.push(await run());
writeResults(values.out, runs[0].results);
const answer: Answer = {
  name: "crystallite library" + (values.preset ? `, --preset ${values.preset}` : ""),
  versions: { crystallite: version, Deno: Deno.version.deno },
  shape: runs[0].shape,
  runs: runs.map(({ seconds }) => seconds),
  notes: [],
};
console.log(JSON.stringify(answer));
