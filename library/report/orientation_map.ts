/** Maps of crystal directions over the scan, in the colours of the legends. */

import type { OrientationMatch } from "../crystal/matching/match.ts";
import { matrixAt } from "../crystal/matrix.ts";
import type { DirectionColours } from "../mapping/orientation_colours.ts";
import type { RgbImage } from "./image.ts";
import { unassignedColour } from "./map_image.ts";

/** The map of crystal directions along an axis of the laboratory, one pixel per probe: 0 down the detector, 2 the beam. */
export function renderOrientationMap(
  matches: readonly (readonly OrientationMatch[])[],
  colours: readonly DirectionColours[],
  labels: Int32Array,
  shape: { readonly rows: number; readonly columns: number },
  axis: 0 | 2,
): RgbImage {
  const ofCluster = matches.map(([match]): readonly number[] => {
    if (!match) return unassignedColour("light", "noCluster");
    return colours[match.phase].along(match.orientation, axis).map((value) => Math.round(255 * value));
  });
  const data = new Uint8Array(3 * labels.length), none = unassignedColour("light", "outsideMask");
  labels.forEach((label, probe) => data.set(label >= 0 ? ofCluster[label] : none, 3 * probe));
  return { width: shape.columns, height: shape.rows, data };
}

/** The same for orientations of single probes, NaN where there is none. */
export function renderProbeOrientations(
  { matrices, phases }: { readonly matrices: ArrayLike<number>; readonly phases: Int32Array },
  colours: readonly DirectionColours[],
  shape: { readonly rows: number; readonly columns: number },
  axis: 0 | 2,
): RgbImage {
  const data = new Uint8Array(3 * phases.length), none = unassignedColour("light", "noCluster");
  phases.forEach((phase, probe) => {
    const m = matrixAt(matrices, 9 * probe);
    data.set(
      phase < 0 ? none : colours[phase].along(m, axis).map((value) => Math.round(255 * value)),
      3 * probe,
    );
  });
  return { width: shape.columns, height: shape.rows, data };
}
