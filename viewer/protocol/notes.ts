/** Notes on clusters. */

import { check, object, pipe, string } from "valibot";
import { type ClusterNote, isNoteText } from "../../library/cluster/notes.ts";
import { wholeNumber } from "../../library/scan/schema.ts";
import type { Given } from "./checked.ts";

/** A note at a probe, in place of the one that is there; without text it is taken away. */
export const noteRequest = object({
  row: wholeNumber(0),
  column: wholeNumber(0),
  text: pipe(string(), check(isNoteText, "a line of text, not too long")),
});

/** Keeps a note. */
export type NoteRequest = Given<typeof noteRequest>;

/** All notes. */
export interface NotesAnswer {
  readonly notes: readonly ClusterNote[];
  /** Whether a result on disk has them; else they are written with the next one that is saved. */
  readonly onDisk: boolean;
}
