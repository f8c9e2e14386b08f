/** The files of orientations in a result: table, matrices, and maps with their legends. */

import type { Crystal } from "../crystal/crystal.ts";
import type { OrientationMatch } from "../crystal/matching/match.ts";
import type { ClusterOrientations } from "../mapping/orient_clusters.ts";
import { DirectionColours } from "../mapping/orientation_colours.ts";
import { directionName, eulerAngles } from "../mapping/euler.ts";
import { encodeNpy } from "../formats/npy_writer.ts";
import { magnifyImage } from "../report/image.ts";
import { mapMagnification } from "../report/map_image.ts";
import { encodePng } from "../report/png.ts";
import { withScaleBar } from "../report/scale_bar.ts";
import { renderDirectionKey } from "../report/direction_key.ts";
import { renderOrientationMap } from "../report/orientation_map.ts";
import { encodeExchange, isExchangeFile } from "./exchange_files.ts";
import { clusterExchange } from "./exchange_map.ts";
import { encodeGrains, grainFiles, tablesOf } from "./grain_files.ts";
import { probeOrientationFiles } from "./probe_orientation_files.ts";
import { type OrientationContent, plain } from "./orientation_content.ts";

/** Names of all files that orientations leave. */
export const orientationFiles = {
  table: "orientations.csv",
  overlapping: "overlapping_orientations.csv",
  matrices: "orientation_matrices.npy",
  inPlane: "in_plane.png",
  outOfPlane: "out_of_plane.png",
  averagePeaks: "average_peaks.npy",
  averagePeakOffsets: "average_peak_offsets.npy",
  averageOrigin: "average_origin.npy",
  alignedAverages: "aligned_averages.npy",
  origin: "origin.npy",
  legend: (phase: number) => `legend_${phase}.png`,
  crystal: (phase: number) => `crystal_${phase}.cif`,
} as const;

/** What names of maps for other programs begin with. */
const exchangeStem = "orientation";

/** Whether a file is one of those. */
export function isOrientationFile(name: string): boolean {
  const { legend: _, crystal: __, ...named } = orientationFiles;
  const all: readonly string[] = [named, grainFiles, probeOrientationFiles].flatMap((files) =>
    Object.values(files)
  );
  return all.includes(name) || isExchangeFile(name, exchangeStem) ||
    /^(legend_\d+\.png|crystal_\d+\.cif)$/.test(name);
}

/** The files, by name. */
export function encodeOrientations(content: OrientationContent): Map<string, Uint8Array> {
  const { found, crystals, cifTexts } = content, text = new TextEncoder();
  const colours = found.plans.map(({ group }) => new DirectionColours(group));
  const files = new Map<string, Uint8Array>([
    [orientationFiles.table, text.encode(orientationTable(content))],
    [orientationFiles.matrices, encodeNpy("f64", [found.matches.length, 3, 3], matrices(found))],
    [orientationFiles.inPlane, mapOf(content, colours, 0)],
    [orientationFiles.outOfPlane, mapOf(content, colours, 2)],
    ...encodeAveragePeaks(found),
    ...encodeGrains(content, tablesOf(content)),
    ...encodeExchange(clusterExchange(content), exchangeStem),
  ]);
  if (found.matches.some(({ length }) => length > 1)) {
    files.set(orientationFiles.overlapping, text.encode(overlappingTable(content)));
  }
  colours.forEach((key, phase) =>
    files.set(orientationFiles.legend(phase), encodePng(renderDirectionKey(key, crystals[phase].cell)))
  );
  cifTexts.forEach((cif, phase) => {
    if (cif !== undefined) files.set(orientationFiles.crystal(phase), text.encode(cif));
  });
  return files;
}

const fields = "phase,score,reliability,explained,peaks,phi1,Phi,phi2,zone_axis,ambiguous," +
  "m11,m12,m13,m21,m22,m23,m31,m32,m33";

/** A line for each cluster; clusters without a match have empty fields. */
function orientationTable({ found, crystals }: OrientationContent): string {
  const lines = found.matches.map(([match], cluster) =>
    match ? `${cluster},${fieldsOf(match, crystals)}` : `${cluster}${",".repeat(19)}`
  );
  return [`cluster,${fields}`, ...lines, ""].join("\n");
}

/** A line for each further crystal of a cluster, the strongest first; their numbers begin at 2. */
function overlappingTable({ found, crystals }: OrientationContent): string {
  const lines = found.matches.flatMap((list, cluster) =>
    list.slice(1).map((match, index) => `${cluster},${index + 2},${fieldsOf(match, crystals)}`)
  );
  return [`cluster,match,${fields}`, ...lines, ""].join("\n");
}

function fieldsOf(match: OrientationMatch, crystals: readonly Crystal[]): string {
  const { orientation: m, phase } = match, { phi1, capitalPhi, phi2 } = eulerAngles(m);
  return [
    plain(crystals[phase].name),
    match.agreement.toFixed(4),
    match.reliability.toFixed(1),
    match.explained.toFixed(3),
    match.matchedPeaks,
    ...[phi1, capitalPhi, phi2].map((angle) => angle.toFixed(2)),
    directionName(crystals[phase].cell, [m[2], m[5], m[8]]),
    match.ambiguous ? 1 : 0,
    ...m.map((value) => value.toFixed(6)),
  ].join(",");
}

function matrices({ matches }: ClusterOrientations): Float64Array {
  const all = new Float64Array(9 * matches.length).fill(NaN);
  matches.forEach(([match], cluster) => {
    if (match) all.set(match.orientation, 9 * cluster);
  });
  return all;
}

/** Peaks of the averages, in detector pixels, and the direct beam of each. */
function encodeAveragePeaks({ peaks, origin }: ClusterOrientations): [string, Uint8Array][] {
  const { offsets, row, column, height } = peaks;
  const table = new Float32Array(3 * row.length);
  row.forEach((place, peak) => table.set([place, column[peak], height[peak]], 3 * peak));
  return [
    [orientationFiles.averagePeaks, encodeNpy("f32", [row.length, 3], table)],
    [orientationFiles.averagePeakOffsets, encodeNpy("u32", [offsets.length], offsets)],
    [orientationFiles.averageOrigin, encodeNpy("f32", [origin.length / 2, 2], origin)],
  ];
}

/** A map with its scale bar, large enough to be seen. */
function mapOf(
  { found, shape, labels, pixelSize }: OrientationContent,
  colours: readonly DirectionColours[],
  axis: 0 | 2,
): Uint8Array {
  const small = renderOrientationMap(found.matches, colours, labels, shape, axis);
  return encodePng(withScaleBar(magnifyImage(small, mapMagnification(shape)), shape.columns, pixelSize));
}
