/** Corrections of tracks on the command line, which names tracks by the numbers that the user sees. */

import { redoEdits, undoEdits } from "../../library/cluster/editing/log.ts";
import { notUnderstood, wholeNumberOf } from "../../library/parameters/number.ts";
import type { StoredTracks } from "../../library/results/series/stored_tracks.ts";
import { applyTrackEdits } from "../../library/series/editing/edit_tracks.ts";
import { addTrackEdit, type TrackEditLog } from "../../library/series/editing/track_log.ts";
import { BadParameter } from "../../library/scan/errors.ts";

/** One correction as the command line spells it, or a move of the cursor. */
export type TrackStep =
  | { readonly kind: "join"; readonly tracks: readonly number[] }
  | { readonly kind: "cut"; readonly track: number; readonly frame: number }
  | {
    readonly kind: "assign";
    readonly frame: number;
    readonly cluster: number;
    readonly track: number | "new";
  }
  | { readonly kind: "undo" | "redo"; readonly count: number };

/**
 * Reads `TRACK,TRACK,…`, two numbers or more.
 *
 * @throws {BadParameter} when the text is anything else, or a number comes twice
 */
export function parseJoin(text: string): TrackStep {
  const tracks = text.split(",").map((part) => wholeNumberOf(part.trim()));
  const known = tracks.filter((track) => track !== undefined);
  if (known.length < 2 || known.length < tracks.length || new Set(known).size < known.length) {
    throw notUnderstood("--join", text, "two or more different tracks, such as 3,7");
  }
  return { kind: "join", tracks: known };
}

/**
 * Reads `TRACK@FRAME`.
 *
 * @throws {BadParameter} when the text is anything else
 */
export function parseCut(text: string): TrackStep {
  const [track, frame, ...more] = text.split("@").map((part) => wholeNumberOf(part.trim()));
  if (track === undefined || frame === undefined || more.length > 0) {
    throw notUnderstood("--cut", text, "a track and the frame from which on it is another one, such as 5@12");
  }
  return { kind: "cut", track, frame };
}

/**
 * Reads `FRAME:CLUSTER=TRACK`, with `new` in place of the track.
 *
 * @throws {BadParameter} when the text is anything else
 */
export function parseAssignment(text: string): TrackStep {
  const [, at, of, to] = /^\s*(\d+)\s*:\s*(\d+)\s*=\s*(\d+|new)\s*$/.exec(text) ?? [];
  const [frame, cluster] = [at, of].map((part) => wholeNumberOf(part ?? ""));
  const track = to === "new" ? to : wholeNumberOf(to ?? "");
  if (frame === undefined || cluster === undefined || track === undefined) {
    throw notUnderstood(
      "--assign",
      text,
      "a frame, a cluster in it, and the track that it belongs to, such as 12:4=7 or 12:4=new",
    );
  }
  return { kind: "assign", frame, cluster, track };
}

/**
 * The log with the steps of a command line added. Numbers are those of the tracks before the command.
 *
 * @throws {BadParameter} when there is no such track or cluster, or less to undo or redo
 */
export function extendTrackLog(
  log: TrackEditLog,
  steps: readonly TrackStep[],
  stored: StoredTracks,
): TrackEditLog {
  const tracks = applyTrackEdits(stored, log), { frame, cluster, directory } = stored;
  const placeIn = (track: number, from: number) => {
    const region = tracks.findIndex((own, index) => own === track && frame[index] >= from);
    if (region >= 0) return stored.placeOf(region);
    throw nothing(directory, from > 0 ? `track ${track} in frame ${from} or later` : `track ${track}`);
  };
  return steps.reduce((longer: TrackEditLog, step) => {
    switch (step.kind) {
      case "join":
        return addTrackEdit(longer, {
          kind: "join",
          tracks: step.tracks.map((track) => placeIn(track, 0)),
        });
      case "cut":
        return addTrackEdit(longer, { kind: "cut", track: placeIn(step.track, step.frame) });
      case "assign": {
        const region = cluster.findIndex((own, index) => own === step.cluster && frame[index] === step.frame);
        if (region < 0) throw nothing(directory, `cluster ${step.cluster} in frame ${step.frame}`);
        const track = step.track === "new" ? step.track : placeIn(step.track, 0);
        return addTrackEdit(longer, { kind: "assign", region: stored.placeOf(region), track });
      }
      case "undo":
        return undoEdits(longer, step.count);
      case "redo":
        return redoEdits(longer, step.count);
    }
  }, log);
}

function nothing(directory: string, what: string): BadParameter {
  return new BadParameter(`${directory} has no ${what}`, {
    file: directory,
    expected: "tracks and clusters that are there",
    found: what,
    remedy: "look it up in tracks.csv, or in the tracks that --out has written",
  });
}
