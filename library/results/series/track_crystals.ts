/** `track_crystals.csv`: orientation and strain of every track through time, from the results of the frames. */

import { join } from "node:path";
import type { Crystal } from "../../crystal/crystal.ts";
import { type Matrix3, multiply } from "../../crystal/matrix.ts";
import { misorientation } from "../../crystal/misorientation.ts";
import { type LaueGroup, laueGroup } from "../../crystal/point_group.ts";
import { directionName, eulerAngles } from "../../mapping/euler.ts";
import { CorruptFile } from "../../scan/errors.ts";
import { readText } from "../../scan/text_file.ts";
import { medianOf } from "../../scan/median.ts";
import { orientationFiles } from "../orientation_files.ts";
import { parseOrientationTable } from "../orientation_table.ts";
import { hasOrientations, readCrystals, readOrientations } from "../read_orientations.ts";
import { hasStrain, readStrain } from "../read_strain.ts";
import { readResult, type StoredResult } from "../read.ts";
import { plain } from "../orientation_content.ts";
import type { SeriesRecord } from "./record.ts";
import { csvLines, trackColumns } from "./tables.ts";

/** Name of the table. */
export const trackCrystalsName = "track_crystals.csv";

const strainColumns = ["e_xx", "e_yy", "e_xy", "rotation", "dilation"] as const;

/** Half a turn about the beam: patterns of one zone do not tell the two. */
const halfTurn: Matrix3 = [-1, 0, 0, 0, -1, 0, 0, 0, 1];

/** Which track each cluster of each frame is. */
type TrackOf = ReadonlyMap<number, ReadonlyMap<number, number>>;

/** A crystal of a track in a frame. */
interface Seen {
  readonly phase: number;
  readonly orientation: Matrix3;
}

/** The table, and the frames that have a result with orientations, or without. */
export interface TrackCrystals {
  readonly text: string;
  readonly with: readonly number[];
  readonly without: readonly number[];
}

/**
 * Joins the orientations and strains that frames have with their tracks. Angles to the frame before, and to the first one, are
 * the smallest that symmetry allows, and half a turn about the beam counts as none. Phases are those of the first frame that
 * has orientations.
 *
 * @throws {CorruptFile} when results and tracks do not belong together
 */
export async function trackCrystals(
  directory: string,
  { frames }: Pick<SeriesRecord, "frames">,
): Promise<TrackCrystals> {
  const trackOf = await readTracks(join(directory, "tracks.csv"));
  const first = new Map<number, Seen>(), last = new Map<number, Seen>();
  let crystals: Crystal[] | undefined, groups: LaueGroup[] = [];
  const found: number[] = [], without: number[] = [];
  const lines = [csvLines([[
    ...["track", "frame", "value", "cluster", "phase", "score", "reliability", "ambiguous"],
    ...["zone_axis", "phi1", "Phi", "phi2", "turned_since_before", "turned_since_first", ...strainColumns],
  ]])];
  for (const { frame, value, directory: below } of frames) {
    if (below === undefined) continue;
    const result = await readResult(join(directory, below));
    if (!hasOrientations(result)) {
      without.push(frame);
      continue;
    }
    found.push(frame);
    const { record, orientations } = readOrientations(result);
    const phases = crystals ??= await readCrystals(result, record);
    if (groups.length === 0) groups = phases.map(laueGroup);
    const strains = strainOfClusters(result), table = join(result.directory, orientationFiles.table);
    const certainty = parseOrientationTable(await readText(table), table, orientations.length);
    lines.push(csvLines(orientations.flatMap((found, cluster) => {
      const track = trackOf.get(frame)?.get(cluster);
      if (track === undefined) throw strayCluster(directory, frame, cluster);
      if (found === undefined) return [];
      const { orientation: m, phase } = found, { phi1, capitalPhi, phi2 } = eulerAngles(m);
      const turned = (from: Seen | undefined) =>
        from?.phase === phase ? turn(groups[phase], from.orientation, m) : undefined;
      const { score, reliability, ambiguous } = certainty[cluster] ?? {};
      const row = [
        ...[track, frame, value, cluster, plain(phases[phase].name)],
        ...[score, reliability, ambiguous === undefined ? undefined : Number(ambiguous)],
        directionName(phases[phase].cell, [m[2], m[5], m[8]]),
        ...[phi1, capitalPhi, phi2].map((angle) => Number(angle.toFixed(2))),
        ...[last.get(track), first.get(track)].map(turned).map((angle) => angle && Number(angle.toFixed(3))),
        ...(strains?.(cluster) ?? strainColumns.map(() => undefined))
          .map((value) => value === undefined ? undefined : Number(value.toPrecision(6))),
      ];
      last.set(track, found);
      if (!first.has(track)) first.set(track, found);
      return [row];
    })));
  }
  return { text: lines.join(""), with: found, without };
}

/** Degrees between two orientations of one crystal. */
function turn(group: LaueGroup, one: Matrix3, other: Matrix3): number {
  return Math.min(
    ...[other, multiply(other, halfTurn)].map((orientation) =>
      misorientation({ group, orientation: one }, { group, orientation }).angle
    ),
  );
}

/** Medians of the strain of each cluster's probes in the order of the columns, where the result has strain of any. */
function strainOfClusters(
  result: StoredResult,
): ((cluster: number) => readonly number[] | undefined) | undefined {
  if (!hasStrain(result)) return undefined;
  const { labels, clusters } = result, { strain } = readStrain(result);
  const probes = clusters.map((): number[] => []);
  labels.forEach((label, probe) =>
    label >= 0 && !Number.isNaN(strain[4 * probe]) && probes[label].push(probe)
  );
  return (cluster) => {
    const median = (of: (probe: number) => number) => medianOf(Float64Array.from(probes[cluster], of));
    if (probes[cluster].length === 0) return undefined;
    return [
      ...[0, 1, 2, 3].map((component) => median((probe) => strain[4 * probe + component])),
      median((probe) => strain[4 * probe] + strain[4 * probe + 1]),
    ];
  };
}

async function readTracks(path: string): Promise<TrackOf> {
  const text = await readText(path);
  const [header, ...lines] = text.trimEnd().split("\n");
  if (header !== trackColumns.join(",")) {
    throw new CorruptFile(`${path} is no table of tracks`, {
      file: path,
      expected: trackColumns.join(","),
      found: header.slice(0, 100),
      remedy: "link the series again, with crystallite series",
    });
  }
  const [track, frame, cluster] = ["track", "frame", "cluster"].map((name) => trackColumns.indexOf(name));
  const trackOf = new Map<number, Map<number, number>>();
  for (const line of lines) {
    const fields = line.split(",").map(Number),
      clusters = trackOf.get(fields[frame]) ?? new Map<number, number>();
    trackOf.set(fields[frame], clusters.set(fields[cluster], fields[track]));
  }
  return trackOf;
}

function strayCluster(directory: string, frame: number, cluster: number): CorruptFile {
  return new CorruptFile(`cluster ${cluster} of frame ${frame} is in no track of ${directory}`, {
    file: directory,
    expected: "tracks of all clusters",
    found: "a result that was changed after it was linked",
    remedy: "link the series again, with crystallite series",
  });
}
