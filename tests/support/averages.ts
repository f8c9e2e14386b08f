/** The averages of a clustering in one array, whatever batches they come in. */

import { averagePatterns } from "../../library/passes/averages/averages.ts";
import type { Clustering } from "../../library/cluster/clustering.ts";
import type { RunOptions } from "../../library/engine/options.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { pixelCount } from "../../library/scan/shape.ts";

/** float32 (cluster, qy, qx); NaN where an average did not come. */
export async function collectAverages(
  scan: Scan,
  clustering: Clustering,
  options: RunOptions,
): Promise<Float32Array> {
  const pixels = pixelCount(scan.shape);
  const averages = new Float32Array(clustering.clusters.length * pixels).fill(NaN);
  for await (const { first, patterns } of averagePatterns(scan, clustering, options)) {
    averages.set(patterns, first * pixels);
  }
  return averages;
}
