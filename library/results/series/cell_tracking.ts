/**
 * Tracks as a result of the Cell Tracking Challenge: a mask of labels for each frame and the table `res_track.txt`, which
 * that challenge's measures, and programs for cells, read.
 *
 * There a label lives in consecutive frames, ends before its children begin, and has one parent at most. So a track is
 * written as several labels where it was not seen for a while, and where another splits off it; each names the one before as
 * its parent. A merger is the end of the guest: that format has no word for it.
 */

import { join } from "node:path";
import { turn } from "../../engine/turn.ts";
import { encodeLabelTiff } from "../../report/tiff.ts";
import { BadParameter } from "../../scan/errors.ts";
import type { TrackEvent } from "../../series/events.ts";
import type { TrackedRegion } from "../../series/track_summary.ts";
import { csvLines } from "./tables.ts";
import { trackMaps } from "./track_maps.ts";

/** Name of the folder in that of the series. */
export const cellTrackingName = "tracks.ctc";

/** Name of its table. */
export const cellTableName = "res_track.txt";

/** Largest label that a mask can hold. */
const largestLabel = 0xffff;

/** A label: a track, or a part of one. */
export interface CellLabel {
  /** From 1; that of the first part of track t is t + 1, others are counted on after all tracks. */
  readonly label: number;
  readonly track: number;
  /** Frames in which it begins and ends. */
  readonly first: number;
  readonly last: number;
  /** Label that it came from; 0 = none. */
  readonly parent: number;
}

/** Labels of a series. */
export interface CellLabels {
  /** By label. */
  readonly labels: readonly CellLabel[];
  /** For each frame the label of each of its tracks. */
  readonly inFrames: readonly ReadonlyMap<number, number>[];
}

/** Finds the labels of tracks. */
export function cellLabels(
  frames: readonly { readonly regions: readonly Pick<TrackedRegion, "track">[] }[],
  events: readonly Pick<TrackEvent, "kind" | "frame" | "track" | "partner">[],
): CellLabels {
  type Growing = { -readonly [Field in keyof CellLabel]: CellLabel[Field] };
  const splits = events.filter(({ kind }) => kind === "split");
  const parentOf = new Map(splits.map(({ frame, track, partner }) => [`${frame},${track}`, partner]));
  const splitting = new Set(splits.map(({ frame, partner }) => `${frame},${partner}`));
  const tracks = 1 +
    frames.reduce((most, { regions }) => regions.reduce((m, r) => Math.max(m, r.track), most), -1);
  const latest = new Map<number, Growing>(), labels: Growing[] = [];
  let next = tracks + 1;
  const inFrames = frames.map(({ regions }, frame) => {
    const before = new Map(latest), found = new Map<number, number>();
    for (const { track } of regions) {
      const key = `${frame},${track}`, past = before.get(track);
      let current = past;
      if (past?.last === frame - 1 && !splitting.has(key)) past.last = frame;
      else {
        const from = past ?? before.get(parentOf.get(key) ?? -1);
        current = {
          label: past ? next++ : track + 1,
          track,
          first: frame,
          last: frame,
          parent: from?.label ?? 0,
        };
        labels.push(current);
        latest.set(track, current);
      }
      found.set(track, current!.label);
    }
    return found;
  });
  return { labels: labels.sort((one, other) => one.label - other.label), inFrames };
}

/**
 * Writes a folder with `mask000.tif` and so on, `res_track.txt` and `labels.csv`, which says what track a label is of.
 *
 * @param path of the folder, which is made
 * @param maps path of the series' `tracks.npy`
 * @throws {BadParameter} when there are more labels than the masks can hold
 * @throws {Aborted} when the signal fires
 */
export async function writeCellTracking(
  path: string,
  { labels, inFrames }: CellLabels,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  maps: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const most = labels.at(-1)?.label ?? 0;
  if (most > largestLabel) throw tooMany(most);
  await Deno.mkdir(path);
  const digits = inFrames.length > 1000 ? 4 : 3, mask = new Uint16Array(rows * columns);
  let frame = 0;
  for (const tracks of trackMaps(maps, inFrames.length, mask.length)) {
    await turn(signal);
    const known = inFrames[frame];
    tracks.forEach((track, probe) => mask[probe] = track < 0 ? 0 : known.get(track)!);
    const name = `mask${String(frame++).padStart(digits, "0")}.tif`;
    await Deno.writeFile(join(path, name), encodeLabelTiff(mask, rows, columns) as Uint8Array<ArrayBuffer>);
  }
  const lines = labels.map(({ label, first, last, parent }) => `${label} ${first} ${last} ${parent}\n`);
  await Deno.writeTextFile(join(path, cellTableName), lines.join(""));
  const table = [["label", "track"], ...labels.map(({ label, track }) => [label, track])];
  await Deno.writeTextFile(join(path, "labels.csv"), csvLines(table));
}

function tooMany(labels: number): BadParameter {
  return new BadParameter(
    `the masks of the Cell Tracking Challenge hold ${largestLabel} labels, the series has ${labels}`,
    {
      expected: `at most ${largestLabel} labels`,
      found: String(labels),
      remedy: "leave out ctc, or link fewer frames; frames that are clustered are not clustered again",
    },
  );
}
