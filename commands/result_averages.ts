/** The averaged patterns of a result, for what looks at patterns. */

import { join } from "node:path";
import { openScan } from "../library/formats/open.ts";
import { fileOf } from "../library/results/product.ts";
import { averages } from "../library/results/products.ts";
import type { StoredResult } from "../library/results/read.ts";
import { FileUnavailable } from "../library/scan/errors.ts";
import type { Scan } from "../library/scan/scan.ts";

/**
 * The averages of a result as a scan of one row.
 *
 * @throws {FileUnavailable} when it has none
 */
export async function openAverages({ directory, run }: StoredResult): Promise<Scan> {
  const name = fileOf(averages);
  if (!run.files.some((file) => file.name === name)) {
    throw new FileUnavailable(`${directory} has no averaged patterns`, {
      file: join(directory, name),
      expected: "a result with averages",
      remedy: "cluster again without --average none, and with the export npy",
    });
  }
  return await openScan(join(directory, name), { scanShape: { rows: 1, columns: run.clusters } });
}
