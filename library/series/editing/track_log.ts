/** The log of a user's corrections of tracks: plain data that survives in JSON, with a cursor for undo and redo. */

import { mostOperations } from "../../cluster/editing/log.ts";
import { BadParameter } from "../../scan/errors.ts";

/** A probe position in a frame of a series, all from 0; it stands for the region that lies there, and for its track. */
export type TrackPlace = readonly [frame: number, row: number, column: number];

/**
 * One correction of the tracks of a series. Tracks are named by a place where they are, not by their number: a series that
 * is linked again may number them otherwise.
 */
export type TrackEdit =
  /** Makes one track of several that are never in the same frame. It keeps the number of the one that began first. */
  | { readonly kind: "join"; readonly tracks: readonly TrackPlace[] }
  /** What a track is from the frame of the place on becomes a track of its own. */
  | { readonly kind: "cut"; readonly track: TrackPlace }
  /**
   * The region at a place belongs to another track, or to a new one. Where the other track has a region in that frame too,
   * the two change places.
   */
  | { readonly kind: "assign"; readonly region: TrackPlace; readonly track: TrackPlace | "new" };

/** All corrections of tracks in their order. Those from `cursor` on are undone: they can be redone, but do not hold. */
export interface TrackEditLog {
  /** Layout of the log. */
  readonly version: 1;
  /** What is corrected, so that the log of a cluster map is not taken for one of tracks. */
  readonly of: "tracks";
  /** The corrections, first to last. */
  readonly operations: readonly TrackEdit[];
  /** How many of the operations hold. */
  readonly cursor: number;
}

/** The log of a series that nobody has corrected. */
export const emptyTrackLog: TrackEditLog = { version: 1, of: "tracks", operations: [], cursor: 0 };

/**
 * The log with one more correction; what was undone can no longer be redone.
 *
 * @throws {BadParameter} when the log is full
 *
 * @example
 * ```ts
 * import { addTrackEdit, emptyTrackLog, undoEdits } from "crystallite";
 *
 * const log = addTrackEdit(emptyTrackLog, { kind: "cut", track: [4, 10, 12] });
 * console.assert(log.cursor === 1 && undoEdits(log).cursor === 0);
 * ```
 */
export function addTrackEdit({ operations, cursor }: TrackEditLog, edit: TrackEdit): TrackEditLog {
  if (cursor >= mostOperations) {
    throw new BadParameter(`an edit log holds at most ${mostOperations} operations`, {
      expected: `up to ${mostOperations} operations`,
      found: String(cursor + 1),
      remedy: "link the series again with other settings, or start a new log",
    });
  }
  return { ...emptyTrackLog, operations: [...operations.slice(0, cursor), edit], cursor: cursor + 1 };
}

/** A correction in words, such as `cut the track at (10, 12) of frame 4`. */
export function describeTrackEdit(edit: TrackEdit): string {
  switch (edit.kind) {
    case "join": {
      const places = edit.tracks.map(formatPlace);
      return `join the tracks at ${places.slice(0, -1).join(", ")} and ${places.at(-1)}`;
    }
    case "cut":
      return `cut the track at ${formatPlace(edit.track)}`;
    case "assign":
      return `the region at ${formatPlace(edit.region)} belongs to ${
        edit.track === "new" ? "a new track" : `the track at ${formatPlace(edit.track)}`
      }`;
  }
}

function formatPlace([frame, row, column]: TrackPlace): string {
  return `(${row}, ${column}) of frame ${frame}`;
}
