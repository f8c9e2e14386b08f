/** The files of orientations of single probes in a result. */

import type { OrientationPlan } from "../crystal/matching/plan.ts";
import type { Crystal } from "../crystal/crystal.ts";
import { directionName, eulerAngles } from "../mapping/euler.ts";
import type { SecondOrientation } from "../mapping/second_orientations.ts";
import { plain } from "./orientation_content.ts";
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
  seconds: "second_orientations.csv",
} as const;

/** What the files are made of. */
export interface ProbeOrientationContent {
  readonly matches: ProbeMatches;
  readonly plans: readonly OrientationPlan[];
  readonly crystals: readonly Crystal[];
  /** Clusters that hold a second crystal. */
  readonly seconds: readonly SecondOrientation[];
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly pixelSize?: PixelSize;
}

/** The files, by name. */
export function encodeProbeOrientations(
  { matches, plans, crystals, seconds, shape, pixelSize }: ProbeOrientationContent,
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
    [names.seconds, new TextEncoder().encode(secondTable(seconds, crystals))],
  ]);
}

const header = "cluster,phase,probes,part,angle,name,phi1,Phi,phi2,zone_axis," +
  "m11,m12,m13,m21,m22,m23,m31,m32,m33";

/** A line for each cluster that holds a second crystal. */
function secondTable(seconds: readonly SecondOrientation[], crystals: readonly Crystal[]): string {
  const lines = seconds.map(({ cluster, second: { phase, orientation: m }, probes, part, angle, name }) => {
    const { phi1, capitalPhi, phi2 } = eulerAngles(m), { name: crystal, cell } = crystals[phase];
    return [
      ...[cluster, plain(crystal), probes, part.toFixed(3), angle.toFixed(2), name],
      ...[phi1, capitalPhi, phi2].map((value) => value.toFixed(2)),
      directionName(cell, [m[2], m[5], m[8]]),
      ...m.map((value) => value.toFixed(6)),
    ].join(",");
  });
  return [header, ...lines, ""].join("\n");
}
