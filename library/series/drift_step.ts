/** The step of the specimen to a frame of a series: measured, or given. */

import { type Drift, type DriftStep, measureDrift, usualReach } from "./drift.ts";

/** How the drift of a series is known. */
export interface DriftOptions {
  /** Steps of the specimen, measured (default), all zero, or given for each frame. */
  readonly drift?: "auto" | "none" | readonly Drift[];
  /** Largest step that is looked for, in scan steps; default a sixth of the scan, from 8 to 16. */
  readonly largestStep?: number;
}

/** Maps of a frame that move with the specimen, float32 (row, column) row-major. */
export interface DriftMaps {
  /** Mean similarity of each probe to its neighbours. */
  readonly meanSimilarity: Float32Array;
  /** Counts beside the direct beam; used where both frames have them. */
  readonly darkField?: Float32Array;
}

/**
 * The step from one frame to the next.
 *
 * @param before absent where there is no frame before
 * @param now absent where the frame was lost
 * @param frame number of the later frame, which steps that are given are looked up by
 * @returns agreement is NaN where nothing was measured
 */
export function stepBetween(
  before: DriftMaps | undefined,
  now: DriftMaps | undefined,
  size: { readonly rows: number; readonly columns: number },
  frame: number,
  { drift = "auto", largestStep }: DriftOptions,
): DriftStep {
  const still = { row: 0, column: 0, agreement: NaN, trusted: true };
  if (typeof drift !== "string") return { ...still, ...drift[frame] };
  if (before === undefined || now === undefined || drift === "none") return still;
  const { rows, columns } = size, both = before.darkField !== undefined && now.darkField !== undefined;
  const maps = ({ meanSimilarity, darkField }: DriftMaps) =>
    [meanSimilarity, ...both ? [darkField!] : []].map((values) => ({ rows, columns, values }));
  return measureDrift(maps(before), maps(now), largestStep ?? usualReach(size));
}
