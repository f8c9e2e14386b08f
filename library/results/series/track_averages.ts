/** `track_averages.npy`: the mean pattern of each track over all of its probes in all frames. */

import { join } from "node:path";
import type { RunOptions } from "../../engine/options.ts";
import { turn } from "../../engine/turn.ts";
import { NpyWriter } from "../../formats/npy_writer.ts";
import { openScan } from "../../formats/open.ts";
import { createPixelArray } from "../../scan/dtype.ts";
import type { TrackedRegion } from "../../series/track_summary.ts";
import { fileOf } from "../product.ts";
import { averages as averagesProduct } from "../products.ts";

/** Larger files are not written: the averages of the frames are there. */
const mostBytes = 2 ** 31;
/** Sums in memory at a time. */
const sumBytes = 2 ** 27;

/** A frame with the tracks of its clusters. */
export interface TrackedFrame {
  /** Result directory; absent where the frame failed. */
  readonly directory?: string;
  readonly regions: readonly Pick<TrackedRegion, "track" | "region" | "size">[];
}

/** Whether the file is of a size that is written. */
export function averagesFit(tracks: number, pixels: number): boolean {
  return tracks > 0 && 4 * tracks * pixels <= mostBytes;
}

/**
 * Writes float32 (track, qy, qx), the means of raw patterns weighted by probes; NaN for a track without any average.
 *
 * @throws {Aborted} when the signal fires
 */
export async function writeTrackAverages(
  path: string,
  frames: readonly TrackedFrame[],
  tracks: number,
  { patternRows, patternColumns }: { readonly patternRows: number; readonly patternColumns: number },
  { signal }: RunOptions,
): Promise<void> {
  const pixels = patternRows * patternColumns, together = Math.max(1, Math.floor(sumBytes / (8 * pixels)));
  const writer = NpyWriter.create(path, "f32", [tracks, patternRows, patternColumns]);
  try {
    for (let first = 0; first < tracks; first += together) {
      const count = Math.min(together, tracks - first);
      const sums = new Float64Array(count * pixels), sizes = new Float64Array(count);
      for (const frame of frames) {
        await turn(signal);
        await addFrame(frame, first, count, pixels, sums, sizes);
      }
      writer.write(Float32Array.from(sums, (sum, place) => sum / sizes[Math.floor(place / pixels)]));
    }
    writer.close();
  } finally {
    writer.abort();
  }
}

/** Adds the averages of a frame to the sums of tracks `first` to `first + count` - 1. */
async function addFrame(
  { directory, regions }: TrackedFrame,
  first: number,
  count: number,
  pixels: number,
  sums: Float64Array,
  sizes: Float64Array,
): Promise<void> {
  const wanted = regions.filter(({ track }) => track >= first && track < first + count);
  if (directory === undefined || wanted.length === 0) return;
  const path = join(directory, fileOf(averagesProduct));
  if (!await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return;
  const averages = await openScan(path, { scanShape: { rows: 1, columns: regions.length } });
  try {
    const pattern = createPixelArray(averages.dtype, pixels);
    for (const { track, region, size } of wanted) {
      await averages.readPatterns!(region, 1, pattern);
      const from = (track - first) * pixels;
      for (let pixel = 0; pixel < pixels; pixel++) sums[from + pixel] += size * Number(pattern[pixel]);
      sizes[track - first] += size;
    }
  } finally {
    averages.close();
  }
}
