/** Averages that lie in the files of a result, all digits or what a page holds of them. */

import { join } from "node:path";
import { NpyReader } from "../../../library/results/npy_reader.ts";
import { orientationFiles } from "../../../library/results/orientation_files.ts";
import { binnedShape, spreadMeans } from "../../../library/results/page_averages.ts";
import { fileOf } from "../../../library/results/product.ts";
import { averages } from "../../../library/results/products.ts";
import type { StoredResult } from "../../../library/results/read.ts";

/** Files of averages: about a common origin, as `orient` makes them, and those of the run. */
export const alignedFile = orientationFiles.alignedAverages, runFile = fileOf(averages);

/** An open file of averages. */
export interface StoredAverages {
  /** What they are averages of; filtered patterns are not moved to a common origin. */
  readonly kind: "raw" | "filtered";
  /** The average of a cluster of the result, of all pixels. */
  read(cluster: number): Float32Array<ArrayBuffer>;
  close(): void;
}

/**
 * Opens the first of these files that a result has; `null` where it has none of them.
 *
 * @throws as `NpyReader.open`
 */
export function openStoredAverages(
  { run, shape, clusters, directory }: StoredResult,
  files: readonly string[],
): StoredAverages | null {
  const name = files.find((file) => run.files.some((other) => other.name === file));
  if (name === undefined) return null;
  const bin = run.page?.bin ?? 1, { patternRows, patternColumns } = binnedShape(shape, bin);
  const pixels = patternRows * patternColumns;
  const file = NpyReader.open(join(directory, name), "f32", [clusters.length, patternRows, patternColumns]);
  return {
    kind: name === runFile && run.parameters.average === "filtered" ? "filtered" : "raw",
    read: (cluster) => {
      const held = file.read(cluster * pixels, pixels) as Float32Array<ArrayBuffer>;
      return bin === 1 ? held : spreadMeans(held, shape, bin);
    },
    close: () => file.close(),
  };
}
