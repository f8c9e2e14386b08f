/** The files of orientations of single probes in a result. */

import type { OrientationPlan } from "../crystal/matching/plan.ts";
import { encodeNpy } from "../formats/npy_writer.ts";
import type { ProbeMatches } from "../mapping/orient_probes.ts";
import { DirectionColours } from "../mapping/orientation_colours.ts";
import { magnifyImage } from "../report/image.ts";
import { mapMagnification } from "../report/map_image.ts";
import { renderProbeOrientations } from "../report/orientation_map.ts";
import { encodePng } from "../report/png.ts";
import { withScaleBar } from "../report/scale_bar.ts";
import type { PixelSize } from "../scan/calibration.ts";

/** Names of all files that orientations of probes leave. */
export const probeOrientationFiles = {
  matrices: "probe_orientation_matrices.npy",
  phases: "probe_phases.npy",
  scores: "probe_scores.npy",
  reliability: "probe_reliability.npy",
  inPlane: "probe_in_plane.png",
  outOfPlane: "probe_out_of_plane.png",
} as const;

/** What the files are made of. */
export interface ProbeOrientationContent {
  readonly matches: ProbeMatches;
  readonly plans: readonly OrientationPlan[];
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly pixelSize?: PixelSize;
}

/** The files, by name. */
export function encodeProbeOrientations(
  { matches, plans, shape, pixelSize }: ProbeOrientationContent,
): Map<string, Uint8Array> {
  const sizes = [shape.rows, shape.columns], names = probeOrientationFiles;
  const colours = plans.map(({ group }) => new DirectionColours(group));
  const picture = (axis: 0 | 2) => {
    const small = renderProbeOrientations(matches, colours, shape, axis);
    return encodePng(withScaleBar(magnifyImage(small, mapMagnification(shape)), shape.columns, pixelSize));
  };
  return new Map([
    [names.matrices, encodeNpy("f32", [...sizes, 3, 3], matches.matrices)],
    [names.phases, encodeNpy("i32", sizes, matches.phases)],
    [names.scores, encodeNpy("f32", sizes, matches.scores)],
    [names.reliability, encodeNpy("f32", sizes, matches.reliability)],
    [names.inPlane, picture(0)],
    [names.outOfPlane, picture(2)],
  ]);
}
