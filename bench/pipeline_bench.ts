/**
 * The whole pipeline on a scan of 64 x 64 patterns in a `.npy` file that lies in the page cache: opening, reading,
 * clustering, averaging. The plain twin has the first rows only where it would take too long.
 */

import { openScan } from "../library/formats/open.ts";
import { columns, rowBytes, side } from "./patterns.ts";
import { demandClusters, pipelines, runPipeline } from "./pipelines.ts";
import { plainPipeline } from "./plain_pipeline.ts";
import { writeSimulatedScan } from "./scan_file.ts";
import { benchName, plainName, threadCounts, threadsName } from "./suite.ts";

const rows = 64;
const folder = await Deno.makeTempDir({ prefix: "crystallite-bench-" });
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const file = `${folder}/scan.npy`;
writeSimulatedScan(file, { rows, columns, side });

/** Scan rows that the plain twin of each pipeline gets. */
const plainRowCounts = [rows, rows / 4, rows / 8];

for (const [index, { name: step, parameters }] of pipelines.entries()) {
  const name = `pipeline, ${step}`, plainRows = plainRowCounts[index];
  Deno.bench({
    name: benchName(name, plainName, plainRows * rowBytes),
    // Benches of different sizes in one group would be compared by their times.
    group: plainRows === rows ? name : `${name}, plain TypeScript`,
    n: 1,
    warmup: 0,
    async fn() {
      const region = { firstRow: 0, lastRow: plainRows, firstColumn: 0, lastColumn: columns };
      const scan = await openScan(file, { region });
      plainPipeline(scan, parameters);
      scan.close();
    },
  });
  for (const workers of threadCounts) {
    Deno.bench({
      name: benchName(name, threadsName(workers), rows * rowBytes, { roof: "file", amount: rows * rowBytes }),
      group: name,
      n: 3,
      warmup: 1,
      fn: async () => demandClusters(await runPipeline(file, parameters, workers)),
    });
  }
}
