/** Notes on clusters: kept in the result where there is one on disk, else until one is saved. */

import { mostNotes, putNote } from "../../../library/cluster/notes.ts";
import { keepNotes } from "../../../library/results/keep_notes.ts";
import { BadParameter } from "../../../library/scan/errors.ts";
import type { NoteRequest, NotesAnswer } from "../../protocol/notes.ts";
import { malformed } from "../requests.ts";
import type { Item } from "./item.ts";

/**
 * Keeps a note; those of one file are kept one after the other, so that none is lost.
 *
 * @throws {BadParameter} when there is no such probe, or there are too many notes
 * @throws as `keepNotes`; the notes before stay
 */
export async function keepNote(item: Item, { row, column, text }: NoteRequest): Promise<NotesAnswer> {
  const { file, shape: { rows, columns }, content: { found } } = item;
  if (row >= rows || column >= columns) {
    throw malformed(`a probe of ${rows} x ${columns}`, `row ${row}, column ${column}`);
  }
  const stored = found?.origin.stored;
  // Nothing is written into a page.
  const directory = stored?.run.page ? undefined : stored?.directory;
  return await file.changeNotes(async (before) => {
    const notes = putNote(before, { probe: [row, column], text });
    if (notes.length > mostNotes) {
      throw new BadParameter(`a result holds at most ${mostNotes} notes`, {
        expected: `up to ${mostNotes} notes`,
        found: String(notes.length),
        remedy: "take some away",
      });
    }
    if (directory !== undefined) await keepNotes(directory, notes);
    return notes;
  }, directory !== undefined);
}
