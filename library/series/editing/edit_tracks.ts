/** Corrections of tracks, applied: a pure function of the tracks as they were linked and the log up to its cursor. */

import { BadParameter } from "../../scan/errors.ts";
import { describeTrackEdit, type TrackEdit, type TrackEditLog, type TrackPlace } from "./track_log.ts";

/** The regions of a series, by frame, and within a frame by cluster. */
export interface SeriesRegions {
  /** Frame of each region, not falling. */
  readonly frame: Int32Array;
  /** Track of each region. */
  readonly track: Int32Array;
  /** Index of the region at a place; -1 where there is none. */
  readonly at: (place: TrackPlace) => number;
}

/**
 * The track of each region after the corrections. Tracks keep their numbers; new ones are numbered on behind the largest,
 * so that a colour by number stays.
 *
 * @throws {BadParameter} naming the first operation that cannot be done
 *
 * @example
 * ```ts
 * import { addTrackEdit, applyTrackEdits, emptyTrackLog } from "crystallite";
 *
 * // One track in three frames, a probe large.
 * const regions = { frame: Int32Array.of(0, 1, 2), track: Int32Array.of(0, 0, 0), at: ([frame]: readonly number[]) => frame };
 * const log = addTrackEdit(emptyTrackLog, { kind: "cut", track: [1, 0, 0] });
 * console.assert(applyTrackEdits(regions, log).join() === "0,1,1");
 * ```
 */
export function applyTrackEdits(regions: SeriesRegions, { operations, cursor }: TrackEditLog): Int32Array {
  const tracks = Int32Array.from(regions.track);
  let next = tracks.reduce((most, track) => Math.max(most, track), -1) + 1;
  operations.slice(0, cursor).forEach((edit, index) => {
    const refuse = (why: string, remedy: string) =>
      new BadParameter(`operation ${index + 1}, ${describeTrackEdit(edit)}, cannot be done: ${why}`, {
        expected: "corrections that fit the tracks of the series",
        found: why,
        remedy,
      });
    next += applyOne({ regions, tracks, next, refuse }, edit);
  });
  return tracks;
}

interface Editing {
  readonly regions: SeriesRegions;
  /** Changed in place. */
  readonly tracks: Int32Array;
  /** Number of the next new track. */
  readonly next: number;
  readonly refuse: (why: string, remedy: string) => BadParameter;
}

/** Applies one correction; how many new tracks it made. */
function applyOne({ regions, tracks, next, refuse }: Editing, edit: TrackEdit): 0 | 1 {
  const { frame } = regions;
  const regionAt = (place: TrackPlace) => {
    const region = regions.at(place);
    if (region >= 0) return region;
    throw refuse("there is no region at that place", "leave that operation out, or undo it");
  };
  switch (edit.kind) {
    case "join": {
      const joined = new Set(edit.tracks.map((place) => tracks[regionAt(place)]));
      // By the frame in which they begin.
      const target = tracks.find((track) => joined.has(track))!, seen = new Map<number, number>();
      tracks.forEach((track, region) => {
        if (!joined.has(track)) return;
        const other = seen.get(frame[region]);
        if (other !== undefined && other !== track) {
          throw refuse(
            `tracks ${Math.min(other, track)} and ${Math.max(other, track)} are both in frame ${
              frame[region]
            }`,
            "cut one of them before that frame first",
          );
        }
        seen.set(frame[region], track);
      });
      tracks.forEach((track, region) => joined.has(track) && (tracks[region] = target));
      return 0;
    }
    case "cut": {
      const at = regionAt(edit.track), cut = tracks[at];
      if (tracks.indexOf(cut) === at) {
        throw refuse(`track ${cut} begins in that frame`, "cut it in a later frame");
      }
      tracks.forEach((track, region) => {
        if (track === cut && frame[region] >= frame[at]) tracks[region] = next;
      });
      return 1;
    }
    case "assign": {
      const region = regionAt(edit.region), before = tracks[region];
      if (edit.track === "new") {
        tracks[region] = next;
        return 1;
      }
      const target = tracks[regionAt(edit.track)];
      const other = tracks.findIndex((track, index) => track === target && frame[index] === frame[region]);
      if (other >= 0) tracks[other] = before;
      tracks[region] = target;
      return 0;
    }
  }
}
