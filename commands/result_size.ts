/** How large a result directory will be, and when that is too large. */

import type { Clustering } from "../library/cluster/clustering.ts";
import { OutOfResources } from "../library/scan/errors.ts";
import type { ExportGroup } from "../library/results/write.ts";
import { pixelCount, probeCount } from "../library/scan/shape.ts";
import { formatBytes } from "./format_quantity.ts";

/** Bytes of a result from which on it must be smaller than half the input. */
export const largeResult = 1e9;

/** Bytes of the maps per probe: labels, eight similarities and their mean, mask. */
const mapBytes = 4 + 8 * 4 + 4 + 1;

/** Bytes of an edge of the merge forest: two probes and a similarity. */
const edgeBytes = 2 * 4 + 4;

/**
 * Bytes of a result's arrays: maps and averages, which `npy` and `h5` hold once each, margins and merge forest, which
 * `npy` holds; tables, pictures and headers are small beside them.
 */
export function resultBytes(
  { shape, clusters, parameters, forest, regions }: Pick<
    Clustering,
    "shape" | "clusters" | "parameters" | "forest" | "regions"
  >,
  exports: ReadonlySet<ExportGroup>,
): number {
  const averages = parameters.average === "none" ? 0 : 4 * clusters.length * pixelCount(shape);
  const copies = Number(exports.has("npy")) + Number(exports.has("h5"));
  const inNpy = edgeBytes * (forest?.similarity.length ?? 0) +
    (regions ? (regions.mixtures ? 20 : 4) * probeCount(shape) : 0);
  return copies * (averages + mapBytes * probeCount(shape)) + (exports.has("npy") ? inNpy : 0);
}

/**
 * Refuses a result that is larger than 1 GB and than half the input: so many clusters are nearly always a mistake.
 *
 * @param clusters their number, for the message
 * @throws {OutOfResources} naming the ways to a smaller result
 */
export function checkResultSize(bytes: number, bytesIn: number, clusters: number): void {
  if (bytes <= largeResult || bytes <= bytesIn / 2) return;
  throw new OutOfResources(
    `the result of ${clusters} clusters would take ${formatBytes(bytes)}, more than half of the input`,
    {
      expected: `at most ${formatBytes(Math.max(largeResult, bytesIn / 2))}`,
      found: formatBytes(bytes),
      parameter: "minimumSize",
      remedy: "drop small clusters with a larger --min-size, lower --threshold, or use --average none",
    },
  );
}
