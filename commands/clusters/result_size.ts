/** How large a result directory will be, and when that is too large. */

import type { Clustering } from "../../library/cluster/clustering.ts";
import { OutOfResources } from "../../library/scan/errors.ts";
import { productBytes } from "../../library/results/held_arrays.ts";
import type { Product } from "../../library/results/product.ts";
import { products } from "../../library/results/products.ts";
import type { ExportGroup } from "../../library/results/result_files.ts";
import { formatBytes } from "../console/format_quantity.ts";

/** Bytes of a result from which on it must be smaller than half the input. */
const largeResult = 1e9;

/** Bytes of a result's arrays, which `npy` and `h5` hold once each; tables, pictures and headers are small beside them. */
export function resultBytes(
  clustering: Clustering,
  exports: ReadonlySet<ExportGroup>,
  table: readonly Product[] = products,
): number {
  const copies = Number(exports.has("npy")) + Number(exports.has("h5"));
  return copies && copies * productBytes(clustering, table);
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
