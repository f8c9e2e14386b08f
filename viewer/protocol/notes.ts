/** Notes on clusters. */

import { array, check, maxLength, object, pipe, strictTuple, string } from "valibot";
import { type ClusterNote, isNoteText, mostNotes } from "../../library/cluster/notes.ts";
import { wholeNumber } from "../../library/scan/schema.ts";
import type { Given } from "./checked.ts";

const noteText = pipe(string(), check(isNoteText, "a line of text, not too long"));

/** Notes as a session keeps them. */
export const clusterNotes = pipe(
  array(object({ probe: strictTuple([wholeNumber(0), wholeNumber(0)]), text: noteText })),
  maxLength(mostNotes, `at most ${mostNotes} notes`),
);

/** A note at a probe, in place of the one that is there; without text it is taken away. */
export const noteRequest = object({
  row: wholeNumber(0),
  column: wholeNumber(0),
  text: noteText,
});

/** Keeps a note. */
export type NoteRequest = Given<typeof noteRequest>;

/** All notes. */
export interface NotesAnswer {
  readonly notes: readonly ClusterNote[];
  /** Whether a result on disk has them; else they are written with the next one that is saved. */
  readonly onDisk: boolean;
}
