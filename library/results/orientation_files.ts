/** The files of orientations in a result: table, matrices, and maps with their legends. */

import type { ClusterOrientations } from "../mapping/orient_clusters.ts";
import { type Colour, DirectionColours } from "../mapping/orientation_colours.ts";
import { directionName, eulerAngles } from "../mapping/euler.ts";
import { encodeNpy } from "../formats/npy_writer.ts";
import { magnifyImage, type RgbImage } from "../report/image.ts";
import { mapMagnification, unassignedColour } from "../report/map_image.ts";
import { encodePng } from "../report/png.ts";
import { withScaleBar } from "../report/scale_bar.ts";
import { renderDirectionKey } from "../report/direction_key.ts";
import type { PixelSize } from "../scan/calibration.ts";
import type { Crystal } from "../crystal/crystal.ts";

/** Names of all files that orientations leave. */
export const orientationFiles = {
  table: "orientations.csv",
  matrices: "orientation_matrices.npy",
  inPlane: "in_plane.png",
  outOfPlane: "out_of_plane.png",
  legend: (phase: number) => `legend_${phase}.png`,
  crystal: (phase: number) => `crystal_${phase}.cif`,
} as const;

/** Whether a file is one of those. */
export function isOrientationFile(name: string): boolean {
  const { table, matrices, inPlane, outOfPlane } = orientationFiles;
  return [table, matrices, inPlane, outOfPlane].includes(name as typeof table) ||
    /^(legend_\d+\.png|crystal_\d+\.cif)$/.test(name);
}

/** What the files are made of. */
export interface OrientationContent {
  readonly found: ClusterOrientations;
  readonly crystals: readonly Crystal[];
  /** CIF text of each crystal; `undefined` for a built-in one. */
  readonly cifTexts: readonly (string | undefined)[];
  readonly shape: { readonly rows: number; readonly columns: number };
  readonly labels: Int32Array;
  readonly pixelSize?: PixelSize;
}

/** The files, by name. */
export function encodeOrientations(content: OrientationContent): Map<string, Uint8Array> {
  const { found, cifTexts } = content, text = new TextEncoder();
  const colours = found.plans.map(({ group }) => new DirectionColours(group));
  const files = new Map<string, Uint8Array>([
    [orientationFiles.table, text.encode(orientationTable(content))],
    [orientationFiles.matrices, encodeNpy("f64", [found.matches.length, 3, 3], matrices(found))],
    [orientationFiles.inPlane, mapOf(content, colours, 0)],
    [orientationFiles.outOfPlane, mapOf(content, colours, 2)],
  ]);
  colours.forEach((key, phase) =>
    files.set(orientationFiles.legend(phase), encodePng(renderDirectionKey(key)))
  );
  cifTexts.forEach((cif, phase) => {
    if (cif !== undefined) files.set(orientationFiles.crystal(phase), text.encode(cif));
  });
  return files;
}

const header = "cluster,phase,score,reliability,explained,peaks,phi1,Phi,phi2,zone_axis,ambiguous," +
  "m11,m12,m13,m21,m22,m23,m31,m32,m33";

/** A line for each cluster; clusters without a match have empty fields. */
function orientationTable({ found, crystals }: OrientationContent): string {
  const lines = found.matches.map(([match], cluster) => {
    if (!match) return `${cluster}${",".repeat(19)}`;
    const { orientation: m, phase } = match, { phi1, capitalPhi, phi2 } = eulerAngles(m);
    const fields = [
      cluster,
      crystals[phase].name.replace(/[",\n]/g, " "),
      match.agreement.toFixed(4),
      match.reliability.toFixed(1),
      match.explained.toFixed(3),
      match.matchedPeaks,
      ...[phi1, capitalPhi, phi2].map((angle) => angle.toFixed(2)),
      directionName(crystals[phase].cell, [m[2], m[5], m[8]]),
      match.ambiguous ? 1 : 0,
      ...m.map((value) => value.toFixed(6)),
    ];
    return fields.join(",");
  });
  return [header, ...lines, ""].join("\n");
}

function matrices({ matches }: ClusterOrientations): Float64Array {
  const all = new Float64Array(9 * matches.length).fill(NaN);
  matches.forEach(([match], cluster) => {
    if (match) all.set(match.orientation, 9 * cluster);
  });
  return all;
}

/** The map of crystal directions along an axis of the laboratory; darker where the match is not reliable. */
function mapOf(
  { found, shape, labels, pixelSize }: OrientationContent,
  colours: readonly DirectionColours[],
  axis: 0 | 2,
): Uint8Array {
  const ofCluster = found.matches.map(([match]): readonly number[] => {
    if (!match) return unassignedColour("light", "noCluster");
    return bytes(colours[match.phase].along(match.orientation, axis));
  });
  const data = new Uint8Array(3 * labels.length), none = unassignedColour("light", "outsideMask");
  labels.forEach((label, probe) => data.set(label >= 0 ? ofCluster[label] : none, 3 * probe));
  const small: RgbImage = { width: shape.columns, height: shape.rows, data };
  const magnified = magnifyImage(small, mapMagnification(shape));
  return encodePng(withScaleBar(magnified, shape.columns, pixelSize));
}

function bytes(colour: Colour): number[] {
  return colour.map((value) => Math.round(255 * value));
}
