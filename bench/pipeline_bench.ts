/**
 * The whole pipeline on a scan of 64 x 64 patterns in a `.npy` file that lies in the page cache: opening, reading,
 * clustering, averaging. The plain twin has the first rows only where it would take too long.
 */

import { averagePatterns } from "../cluster/averages.ts";
import { type ClusterParameters, defaultParameters, defaultPrefilter } from "../cluster/parameters.ts";
import { clusterScan } from "../cluster/pipeline.ts";
import { openScan } from "../formats/open.ts";
import { NpyWriter } from "../formats/npy_writer.ts";
import { columns, pixels, rowBytes, side, simulatedScan } from "./patterns.ts";
import { plainPipeline } from "./plain_pipeline.ts";
import { benchName, plainName, threadCounts, threadsName } from "./suite.ts";

const rows = 64;
const folder = await Deno.makeTempDir({ prefix: "crystallite-bench-" });
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const file = `${folder}/scan.npy`;
writeScan();

function writeScan(): void {
  const scan = simulatedScan(rows);
  const writer = NpyWriter.create(file, "u16", [rows, columns, side, side]);
  const row = new Uint16Array(columns * pixels);
  for (let index = 0; index < rows; index++) {
    scan.readRows(index, 1, row);
    writer.write(row);
  }
  writer.close();
}

interface Pipeline {
  readonly name: string;
  readonly parameters: ClusterParameters;
  /** Scan rows that the plain twin gets. */
  readonly plainRows: number;
}

/** Bad pixels are not looked for: that takes up to 4096 patterns of any scan, here all of them. */
const common = { ...defaultParameters, badPixels: { kind: "none" } } as const;
const pipelines: readonly Pipeline[] = [
  { name: "pipeline, no blur", parameters: { ...common, threshold: 0.8 }, plainRows: rows },
  { name: "pipeline, blur 3", parameters: { ...common, blur: 3, threshold: 0.99 }, plainRows: rows / 4 },
  {
    name: "pipeline, prefilter and blur 3",
    parameters: {
      ...common,
      prefilter: defaultPrefilter,
      blur: 3,
      threshold: 0.99,
      average: "filtered",
    },
    plainRows: rows / 8,
  },
];

for (const { name, parameters, plainRows } of pipelines) {
  Deno.bench({
    name: benchName(name, plainName, plainRows * rowBytes),
    // Benches of different sizes in one group would be compared by their times.
    group: plainRows === rows ? name : `${name}, plain TypeScript`,
    n: 1,
    warmup: 0,
    async fn() {
      const region = { firstRow: 0, lastRow: plainRows, firstColumn: 0, lastColumn: columns };
      const scan = await openScan(file, { region });
      demandClusters(plainPipeline(scan, parameters));
      scan.close();
    },
  });
  for (const workers of threadCounts) {
    Deno.bench({
      name: benchName(name, threadsName(workers), rows * rowBytes),
      group: name,
      n: 3,
      warmup: 1,
      async fn() {
        const scan = await openScan(file);
        const clustering = await clusterScan(scan, parameters, { workers });
        for await (const { patterns } of averagePatterns(scan, clustering, { workers })) void patterns;
        scan.close();
        demandClusters(clustering.labels);
      },
    });
  }
}

/** A pipeline that finds next to nothing would look fast. */
function demandClusters(labels: Int32Array): void {
  const clustered = labels.reduce((sum, label) => sum + (label >= 0 ? 1 : 0), 0) / labels.length;
  if (!(clustered > 0.5)) {
    throw new Error(`only ${Math.round(100 * clustered)} % of the probes are clustered`);
  }
}
