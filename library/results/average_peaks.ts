/** Bragg peaks of the averages, as `orient` found and matched them, read back from a result. */

import { join } from "node:path";
import type { PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import { CorruptFile } from "../scan/errors.ts";
import { orientationFiles } from "./orientation_files.ts";
import type { StoredResult } from "./read.ts";
import { readStoredArray, storedShape } from "./stored_array.ts";

/** Peaks of the averages in detector pixels, cluster by cluster, and where the direct beam of each lies. */
export interface AveragePeaks {
  readonly peaks: PeakLists;
  /** float32 (cluster, 2): row and column in pixels. */
  readonly origin: Float32Array;
}

/**
 * Reads the peaks.
 *
 * @throws {FileUnavailable} when there are none
 * @throws {CorruptFile} when they do not belong to the result
 */
export function readAveragePeaks({ directory, run: { clusters } }: StoredResult): AveragePeaks {
  const path = (name: "averagePeaks" | "averagePeakOffsets" | "averageOrigin") =>
    join(directory, orientationFiles[name]);
  const [count = 0] = storedShape(path("averagePeaks"));
  const table = readStoredArray(path("averagePeaks"), "f32", [count, 3]) as Float32Array;
  const offsets = readStoredArray(path("averagePeakOffsets"), "u32", [clusters + 1]) as Uint32Array;
  const rises = offsets.every((offset, cluster) =>
    cluster === 0 ? offset === 0 : offset >= offsets[cluster - 1]
  );
  if (!rises || offsets[clusters] !== count) {
    throw new CorruptFile(`${path("averagePeakOffsets")} does not divide the peaks among the clusters`, {
      file: path("averagePeakOffsets"),
      expected: `numbers that rise from 0 to ${count}`,
      found: Array.from(offsets.subarray(0, 12)).join(", "),
      remedy: "find the orientations again, with crystallite orient",
    });
  }
  const column = (place: number) =>
    Float32Array.from({ length: count }, (_, peak) => table[3 * peak + place]);
  return {
    peaks: { offsets, row: column(0), column: column(1), height: column(2) },
    origin: readStoredArray(path("averageOrigin"), "f32", [clusters, 2]) as Float32Array,
  };
}
