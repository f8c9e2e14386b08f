/** The averaged patterns of a result, for what looks at patterns. */

import { join } from "node:path";
import { openScan } from "../../library/formats/open.ts";
import { orientationFiles } from "../../library/results/orientation_files.ts";
import { fileOf } from "../../library/results/product.ts";
import { averages } from "../../library/results/products.ts";
import type { StoredResult } from "../../library/results/read.ts";
import { openOptions, type ReadingFlags } from "../../library/parameters/reading.ts";
import { BadParameter, FileUnavailable } from "../../library/scan/errors.ts";
import type { Scan } from "../../library/scan/scan.ts";

/**
 * The averages of a result as a scan of one row.
 *
 * @param preferAligned whether those about a common origin are taken where there are some
 * @throws {FileUnavailable} when it has none
 */
export async function openAverages({ directory, run }: StoredResult, preferAligned: boolean): Promise<Scan> {
  const { alignedAverages } = orientationFiles;
  const aligned = preferAligned && run.files.some(({ name }) => name === alignedAverages);
  const name = aligned ? alignedAverages : fileOf(averages);
  if (!run.files.some((file) => file.name === name)) {
    throw new FileUnavailable(`${directory} has no averaged patterns`, {
      file: join(directory, name),
      expected: "a result with averages",
      remedy: "cluster again without --average none, and with the export npy",
    });
  }
  return await openScan(join(directory, name), { scanShape: { rows: 1, columns: run.clusters } });
}

/**
 * Refuses options for reading a scan where a result is read.
 *
 * @param allowed names of parameters that mean something to a result as well
 * @throws {BadParameter} when there are any
 */
export function refuseReadingFlags(
  directory: string,
  flags: ReadingFlags,
  allowed: readonly (keyof ReadingFlags)[] = [],
): void {
  const given = Object.entries(openOptions(flags)).filter(([name, value]) =>
    value !== undefined && !allowed.includes(name as keyof ReadingFlags)
  );
  if (given.length === 0) return;
  throw new BadParameter("the patterns of a result are read as they are", {
    file: directory,
    expected: "no options for reading a scan",
    remedy: "leave them out, or name the scan itself",
  });
}
