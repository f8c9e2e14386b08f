/** What the clustering of a frame takes over from the other frames of its series. */

import { badPixelMap, type BadPixels } from "../passes/detector/bad_pixels_and_beam.ts";
import type { BadPixelSource, Preparation } from "../passes/detector/preparation.ts";
import { pixelCount, type ScanShape } from "../scan/shape.ts";
import type { Clustering } from "./clustering.ts";
import type { FrameExpectation } from "./regions/new_borders.ts";
import type { ClusterParameters } from "./parameters.ts";

/**
 * What the first frame of a series decides for all, so that they can be compared: detector pixels that are bad, the radius of
 * the direct beam's disk, which blur and detector mask follow from, and the threshold. Where the beam lies, each frame says.
 */
export interface SharedPreparation {
  /** Found in the first frame; used where parameters ask for bad pixels to be found. */
  readonly badPixels: BadPixels;
  /** Radius of the direct beam's disk in detector pixels; absent where it was not looked for. */
  readonly beamRadius?: number;
  /** Used where the parameters ask for an automatic one; `null` where regions were found without. */
  readonly threshold: number | null;
}

/** The maps of a frame by which its drift is measured. Both are (row, column) row-major. */
export interface FrameMaps {
  /** Mean similarity of each probe to its neighbours. */
  readonly meanSimilarity: Float32Array;
  /** Sums of counts beside the direct beam; absent where they are beyond float32. */
  readonly darkField?: Float32Array;
}

/** A frame among others. */
export interface FrameOfSeries {
  /** Absent for the first frame. */
  readonly shared?: SharedPreparation;
  /**
   * What the other frames expect. Called once, when the maps are known and regions are not.
   */
  readonly expected?: (maps: FrameMaps) => FrameExpectation | undefined;
}

/** What the other frames take over from the first one. */
export function sharedPreparation(
  { badPixels, beamRadius, settled }: Pick<Clustering, "badPixels" | "beamRadius"> & {
    readonly settled: Pick<Clustering["settled"], "threshold">;
  },
): SharedPreparation {
  return { badPixels, beamRadius, threshold: settled.threshold };
}

/** The parameters with bad pixels and threshold of the first frame, where they were to be found. */
export function asShared<Given extends ClusterParameters>(
  parameters: Given,
  shared: SharedPreparation | undefined,
  shape: ScanShape,
): Given {
  if (!shared) return parameters;
  const { badPixels, threshold } = parameters;
  return {
    ...parameters,
    badPixels: badPixels.kind === "auto" ? foundBadPixels(shared.badPixels, shape) : badPixels,
    threshold: typeof threshold === "number" || shared.threshold === null ? threshold : shared.threshold,
  };
}

/** What was found of the detector of this frame, with the radius of the beam in the first one. */
export function withSharedBeam(found: Preparation, shared: SharedPreparation | undefined): Preparation {
  const { beamRadius } = shared ?? {};
  return found.beam && beamRadius !== undefined
    ? { ...found, beam: { ...found.beam, radius: beamRadius } }
    : found;
}

function foundBadPixels(found: BadPixels, shape: ScanShape): BadPixelSource {
  const bad = badPixelMap(found, pixelCount(shape)), { largestBelieved } = found;
  return { kind: "pixels", bad, source: "found in the first frame", largestBelieved };
}
