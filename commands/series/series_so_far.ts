/** What the frames of a series that are done say to the next one: how it is prepared, and where its regions are expected. */

import { createHash } from "node:crypto";
import {
  type FrameMaps,
  type SharedPreparation,
  sharedPreparation,
} from "../../library/cluster/frame_of_series.ts";
import type { ClusterParameters } from "../../library/cluster/parameters.ts";
import type { StoredResult } from "../../library/results/read.ts";
import { bytesOf } from "../../library/scan/dtype.ts";
import { type DriftMaps, type DriftOptions, stepBetween } from "../../library/series/drift_step.ts";
import { expectedRegions, movedSimilarity } from "../../library/series/expected_regions.ts";
import type { NextFrame } from "../clusters/run_clustering.ts";

/**
 * Tells what a frame takes over from what it would take over now. What was corrected by hand since counts as it was found:
 * corrections of a frame do not make those after it anew.
 */
function basisOf(shared: SharedPreparation, before: StoredResult | undefined): string {
  const { badPixels: { filled, masked, largestBelieved }, beamRadius, threshold } = shared;
  const prepared = [filled, masked, largestBelieved, beamRadius, threshold];
  const hash = createHash("sha256").update(JSON.stringify(prepared));
  if (before) {
    const { labels, similarity, edits } = before;
    for (const map of [edits?.baseLabels ?? labels, similarity]) hash.update(bytesOf(map));
  }
  return hash.digest("hex");
}

/** Grows with the frames. */
export class SeriesSoFar {
  readonly #hints: DriftOptions | undefined;
  #frames = 0;
  #prepared: { readonly frame: number; readonly shared: SharedPreparation } | undefined;
  /** The frame before, unless it failed. */
  #before: StoredResult | undefined;

  /** @param hints how drift is known; absent: nothing is expected of a frame */
  constructor(hints: DriftOptions | undefined) {
    this.#hints = hints;
  }

  /** What the next frame takes over. Only regions are found with the help of what is expected. */
  next({ method }: Pick<ClusterParameters, "method">): NextFrame {
    const prepared = this.#prepared, frame = this.#frames, hints = this.#hints;
    const before = method === "regions" && hints ? this.#before : undefined;
    // Frames that do not agree show other things: what one has is not expected of the other.
    const shift = (maps: DriftMaps) => {
      const { row, column, trusted } = stepBetween(before, maps, before!.shape, frame, hints!);
      return trusted ? [Math.floor(row + 0.5), Math.floor(column + 0.5)] as const : undefined;
    };
    // The maps are the same when they are asked about again.
    let known: { readonly shift: ReturnType<typeof shift> } | undefined;
    return {
      shared: prepared?.shared,
      expected: before && ((maps: FrameMaps) => {
        known = { shift: shift(maps) };
        if (!known.shift) return undefined;
        const [row, column] = known.shift;
        const { labels, similarity, shape: { rows, columns } } = before, by = { row, column };
        return {
          labels: expectedRegions({ rows, columns, labels }, by),
          similarity: movedSimilarity({ rows, columns, similarity }, by),
        };
      }),
      origin: (maps) => {
        const moved = before && (known ?? { shift: shift(maps) }).shift;
        return {
          ...prepared && { preparedBy: prepared.frame },
          ...moved && { hintedBy: frame - 1, shift: moved },
          ...prepared && { basis: basisOf(prepared.shared, before) },
        };
      },
    };
  }

  /** Notes a frame that is done, or one that failed. */
  add(result: StoredResult | undefined): void {
    const frame = this.#frames++;
    if (result) this.#prepared ??= { frame, shared: sharedPreparation(result.run) };
    this.#before = result;
  }
}
