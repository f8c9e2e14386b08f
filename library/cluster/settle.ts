/** What automatic parameters come to once the detector is known. */

import { BadParameter } from "../scan/errors.ts";
import type { ClusterParameters } from "./parameters.ts";
import type { FixedDetectorMask } from "../passes/detector/detector_mask.ts";
import type { DirectBeam } from "../passes/detector/direct_beam.ts";
import type { Preparation } from "../passes/detector/preparation.ts";
import { beamReach } from "../passes/sketch/detector_grid.ts";

/** Parameters of the comparison without automatic ones. */
export type SettledParameters = Omit<ClusterParameters, "blur" | "detectorMask"> & {
  readonly blur: number;
  readonly detectorMask: FixedDetectorMask;
  /** Where radii of the detector mask are measured from, in detector pixels. */
  readonly about: { readonly row: number; readonly column: number; readonly hidden?: true };
};

/** Whether the direct beam must be looked for. */
export function needsBeam({ method, blur, detectorMask, mask }: ClusterParameters): boolean {
  return method === "regions" || blur === "auto" || detectorMask.kind === "auto" ||
    mask.kind === "virtual" || mask.kind === "auto";
}

/** Whether sketches of the patterns are wanted. */
export function needsSketch({ method, mask }: Pick<ClusterParameters, "method" | "mask">): boolean {
  return method === "regions" || mask.kind === "auto";
}

/**
 * Puts numbers in place of `auto`, rounded to tenths of a pixel so that they can be repeated by hand.
 *
 * @throws {BadParameter} when the direct beam fills the detector
 */
export function settleParameters(
  parameters: ClusterParameters,
  { center, beam }: Pick<Preparation, "center" | "beam">,
  { patternRows, patternColumns }: { readonly patternRows: number; readonly patternColumns: number },
): SettledParameters {
  const { blur, detectorMask } = parameters;
  const tenths = (pixels: number) => Math.round(10 * pixels) / 10;
  const settledBlur = blur === "auto" ? tenths(beam!.radius / 2) : blur;
  if (detectorMask.kind !== "auto") {
    return { ...parameters, blur: settledBlur, detectorMask, about: center };
  }
  const radius = tenths(beamReach(beam!.radius));
  if (2 * radius >= Math.max(patternRows, patternColumns)) {
    throw new BadParameter("the direct beam seems to fill the detector", {
      expected: `a disk of less than ${tenths(Math.max(patternRows, patternColumns) / 3)} pixels in radius`,
      found: `${tenths(beam!.radius)} pixels`,
      parameter: "detectorMask",
      remedy: "give `detectorMask` yourself, such as `detectorMask: outside` or none",
    });
  }
  // What leaves the beam out is centred on the beam, unless the user says where it is.
  const about = parameters.center.kind === "index" ? placeOf(beam!) : center;
  return { ...parameters, blur: settledBlur, detectorMask: { kind: "outside", radius }, about };
}

function placeOf({ row, column, hidden }: DirectBeam): SettledParameters["about"] {
  return { row, column, ...hidden && { hidden } };
}
