/**
 * Links the stored results of frames and writes what follows from them. Nothing but those results goes into it: linking a
 * stored series again gives the same bytes.
 */

import { join } from "node:path";
import type { RunOptions } from "../../engine/options.ts";
import { turn } from "../../engine/turn.ts";
import { NpyWriter } from "../../formats/npy_writer.ts";
import { openScan } from "../../formats/open.ts";
import type { PixelSize } from "../../scan/calibration.ts";
import { createPixelArray } from "../../scan/dtype.ts";
import { BadParameter } from "../../scan/errors.ts";
import { conversion } from "../../scan/units.ts";
import { formatShape, pixelCount, type ScanShape } from "../../scan/shape.ts";
import type { TrackEvent } from "../../series/events.ts";
import {
  type ClusteredFrame,
  type LinkedFrame,
  type LinkingOptions,
  SeriesLinker,
} from "../../series/series_linker.ts";
import type { TrackSummary } from "../../series/track_summary.ts";
import { fileOf } from "../product.ts";
import { averages as averagesProduct } from "../products.ts";
import { readResult, type StoredResult } from "../read.ts";
import { csvLines, driftColumns, driftLine, trackColumns, trackLines } from "./tables.ts";

/** A frame to be linked. */
export interface StoredFrame {
  /** Its result; absent where it failed: then it has no regions. */
  readonly directory?: string;
  /** Time, dose, or what the axis says. */
  readonly value?: number;
}

/** A linked series, without its maps. */
export interface LinkedSeries {
  readonly shape: ScanShape;
  readonly pixelSize?: PixelSize;
  readonly events: readonly TrackEvent[];
  readonly summaries: readonly TrackSummary[];
  readonly restlessness: number;
  /** Without tracks, which are in `tracks.npy`. */
  readonly frames: readonly Omit<LinkedFrame, "tracks">[];
  /** Text of `tracks.csv` and `drift.csv`, frame by frame. */
  readonly trackTable: readonly string[];
  readonly driftTable: readonly string[];
  /** Tracks of the frames that were asked for, by frame. */
  readonly kept: ReadonlyMap<number, Int32Array>;
}

/**
 * Links frames and writes int32 `tracks.npy` (frame, row, column), -1 = no track.
 *
 * @param path where it is written
 * @param keep frames whose tracks are kept in memory too
 * @throws {BadParameter} when a frame is of another shape
 * @throws {RangeError} when a size of the shape is missing
 * @throws as `readResult`, and {Aborted} when the signal fires
 */
export async function linkStoredFrames(
  stored: readonly StoredFrame[],
  shape: ScanShape,
  path: string,
  keep: ReadonlySet<number>,
  linking: LinkingOptions,
  options: RunOptions,
): Promise<LinkedSeries> {
  const linker = new SeriesLinker(shape, linking);
  const frames: Omit<LinkedFrame, "tracks">[] = [], kept = new Map<number, Int32Array>();
  const trackTable = [csvLines([trackColumns])], driftTable = [csvLines([driftColumns])];
  let pixelSize: PixelSize | undefined;
  const writer = NpyWriter.create(path, "i32", [stored.length, shape.rows, shape.columns]);
  try {
    for (const [index, { directory, value }] of stored.entries()) {
      options.onProgress?.({ stage: "linking", done: index, total: stored.length });
      await turn(options.signal);
      const result = directory === undefined ? undefined : await readResult(directory);
      pixelSize ??= result?.run.calibration.pixelSize;
      const linked = await linkStored(linker, shape, result);
      writer.write(linked.tracks);
      if (keep.has(index)) kept.set(index, linked.tracks);
      const similarities = result?.clusters.map(({ meanSimilarity }) => meanSimilarity) ?? [];
      trackTable.push(trackLines(linked, value, similarities, pixelSize && probeArea(pixelSize)));
      driftTable.push(driftLine(linked, index, value));
      const { regions, step, drift } = linked;
      frames.push({ regions, step, drift });
    }
    writer.close();
  } finally {
    writer.abort();
  }
  options.onProgress?.({ stage: "linking", done: stored.length, total: stored.length });
  const events = linker.events(), summaries = linker.summaries(), restlessness = linker.restlessness();
  return { shape, pixelSize, events, summaries, restlessness, frames, trackTable, driftTable, kept };
}

/** The area of a scan step in nm^2; `undefined` where its unit is none of length. */
function probeArea({ row, column, unit }: PixelSize): number | undefined {
  const nanometres = conversion(unit, "nm");
  return nanometres === undefined ? undefined : row * column * nanometres * nanometres;
}

/**
 * Links the next frame from its stored result, with the averages that it holds, where it does.
 *
 * @param result absent where the frame failed: then nothing is known of it
 * @throws {BadParameter} when it is of another shape
 * @throws as `readResult`
 */
async function linkStored(
  linker: SeriesLinker,
  shape: ScanShape,
  result: StoredResult | undefined,
): Promise<LinkedFrame> {
  if (result === undefined) {
    return await linker.add({ labels: new Int32Array(shape.rows * shape.columns).fill(-1), clusters: 0 });
  }
  const { labels, clusters, meanSimilarity, similarity, darkField, run, directory } = result;
  const expected = formatShape(shape), found = formatShape(run.shape);
  if (found !== expected) {
    throw new BadParameter(`${directory} is of ${found}, the series of ${expected}`, {
      ...{ file: directory, expected, found, parameter: "shape" },
      remedy: "link only frames of one shape",
    });
  }
  const frame: ClusteredFrame = {
    ...{ labels, clusters: clusters.length, meanSimilarity, similarity, darkField },
    // Corrections by hand change the clusters that parts are named after.
    ...!run.edits && { parts: run.parts },
  };
  const name = fileOf(averagesProduct);
  if (clusters.length === 0 || !run.files.some((file) => file.name === name)) return await linker.add(frame);
  const averages = await openScan(join(directory, name), {
    scanShape: { rows: 1, columns: clusters.length },
  });
  try {
    const pattern = createPixelArray(averages.dtype, pixelCount(averages.shape));
    const read = async (region: number) => {
      await averages.readPatterns!(region, 1, pattern);
      return pattern;
    };
    return await linker.add({
      ...frame,
      averages: { pattern: read, center: run.center, gain: run.gain ?? 1 },
    });
  } finally {
    averages.close();
  }
}
