/** Corrections of tracks by hand, with undo and redo, and keeping them. */

import { computed, effect, signal } from "@preact/signals";
import { redoEdits, undoEdits } from "../../../library/cluster/editing/log.ts";
import type { SavedFiles } from "../../protocol/exports.ts";
import type { NewTrackEdit } from "../../protocol/series.ts";
import { announce } from "../announce.ts";
import { call, Refusal } from "../client.ts";
import { say } from "../editing/history.ts";
import { complain } from "../errors.ts";
import { keepTracks } from "./kept_tracks.ts";
import { frame, series } from "./time.ts";
import {
  chooseTrack,
  correctTracks,
  edited,
  keptEdits,
  regionIn,
  selectedTracks,
  table,
  tracks,
} from "./tracks.ts";

export const canUndoTracks = computed(() => (edited.value?.edits.cursor ?? 0) > 0);
export const canRedoTracks = computed(() => {
  const log = edited.value?.edits;
  return log !== undefined && log.cursor < log.operations.length;
});

/** Whether there are corrections that are not kept beside the series. */
export const unkept = computed(() =>
  edited.value !== null && JSON.stringify(edited.value.edits) !== JSON.stringify(keptEdits.value)
);

/** Has the browser keep what is not kept beside the series; asks before a window with such corrections is left. */
export function followKeptTracks(): () => void {
  const stop = new AbortController();
  addEventListener("beforeunload", (event) => {
    if (unkept.peek()) event.preventDefault();
  }, { signal: stop.signal });
  const end = effect(() => {
    const path = series.value?.path, track = table.value?.track, beside = keptEdits.value;
    if (path === undefined || !track || !edited.value) return;
    keepTracks({ path, track, beside }, unkept.value ? edited.value.edits : null);
  });
  return () => {
    stop.abort();
    end();
  };
}

/** Makes one track of the selected ones. */
export async function joinTracks(): Promise<void> {
  const chosen = selectedTracks.peek();
  if (chosen.length < 2) return;
  const regions = chosen.map((track) => tracks.peek().get(track)!.regions[0]);
  const numbers = [...chosen].sort((one, other) => one - other);
  if (await correct({ kind: "join", regions }, `Joined tracks ${numbers.join(" and ")}`)) {
    chooseTrack(edited.peek()!.tracks[regions[0]]);
  }
}

/** What the selected track is from the frame that is shown on becomes a track of its own. */
export async function cutTrack(): Promise<void> {
  const [track] = selectedTracks.peek(), region = regionIn(track, frame.peek());
  if (region < 0) return;
  if (await correct({ kind: "cut", region }, `Cut track ${track} at frame ${frame.peek()}`)) {
    chooseTrack(edited.peek()!.tracks[region]);
  }
}

/** The region of the selected track in the frame that is shown belongs to another track, or to a new one. */
export async function assignRegion(to: number | "new"): Promise<void> {
  const [track] = selectedTracks.peek(), region = regionIn(track, frame.peek());
  if (region < 0) return;
  const target = to === "new" ? to : tracks.peek().get(to)?.regions[0];
  if (target === undefined) return refuse(`There is no track ${to}`);
  if (await correct({ kind: "assign", region, to: target }, `Assigned in frame ${frame.peek()}`)) {
    chooseTrack(edited.peek()!.tracks[region]);
  }
}

/** Undoes the last correction, or does again what was undone. */
export const undoTracks = () => canUndoTracks.peek() && move(undoEdits(edited.peek()!.edits), "Undone");
export const redoTracks = () => canRedoTracks.peek() && move(redoEdits(edited.peek()!.edits), "Done again");

async function move(log: NonNullable<typeof edited.value>["edits"], text: string): Promise<void> {
  try {
    await correctTracks(log);
    told(text);
  } catch (cause) {
    complain(cause);
  }
}

async function correct(add: NewTrackEdit, text: string): Promise<boolean> {
  try {
    await correctTracks(edited.peek()!.edits, add);
  } catch (cause) {
    if (!(cause instanceof Refusal) || cause.failure.kind !== "BadParameter") {
      complain(cause);
      return false;
    }
    // Behind the operation, in the words of places, comes why it cannot be done.
    const why = /cannot be done: (.*)$/.exec(cause.failure.message)?.[1] ?? cause.failure.message;
    refuse(`${why.charAt(0).toUpperCase()}${why.slice(1)}: ${cause.failure.details.remedy}`);
    return false;
  }
  told(text);
  return true;
}

function told(text: string): void {
  say(text);
  announce(text);
}

function refuse(text: string): void {
  say(text);
  announce(text);
}

/** What was written last. */
export const savedTracks = signal<SavedFiles | null>(null);

/** Keeps the corrections beside the series. */
export async function keepCorrections(): Promise<void> {
  const opened = series.peek(), edits = edited.peek()?.edits;
  if (!opened || !edits) return;
  try {
    await call("POST /api/series/:id/edits", { id: opened.series }, { edits });
    keptEdits.value = edits;
    told("Corrections kept beside the series");
  } catch (cause) {
    complain(cause);
  }
}

/** Writes the corrected tracks into a folder. */
export async function saveTracks(folder: string, replace: boolean): Promise<void> {
  const opened = series.peek(), edits = edited.peek()?.edits;
  if (!opened || !edits) return;
  savedTracks.value = null;
  try {
    savedTracks.value = await call("POST /api/series/:id/save", { id: opened.series }, {
      ...{ edits, folder, replace },
    });
    told(`Saved ${savedTracks.value.files.length} files`);
  } catch (cause) {
    complain(cause);
  }
}
