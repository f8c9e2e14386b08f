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
import { py4dstemPreset, type Region, version } from "crystallite";
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
const workers = Number(values.workers);

async function run(): Promise<{ seconds: Seconds; results: Results; shape: [number, number] }> {
  const started = performance.now();
  const scan = await openScan(file, { region: partOf(values.part) });
  try {
    const clustering = await clusterScan(scan, parameters, { workers });
    const clustered = performance.now();
    const { patternRows, patternColumns } = scan.shape;
    const averages = new Float32Array(clustering.clusters.length * patternRows * patternColumns);
    for await (const { first, patterns } of averagePatterns(scan, clustering, { workers })) {
      averages.set(patterns, first * patternRows * patternColumns);
    }
    const clusters = clustering.timings.growth;
    const seconds = {
      similarity: (clustered - started) / 1000 - clusters,
      clusters,
      averages: (performance.now() - clustered) / 1000,
    };
    const { labels, similarity } = clustering;
    return {
      seconds,
      results: { labels, similarity: forwardOf(similarity), averages },
      shape: [scan.shape.rows, scan.shape.columns],
    };
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
