/** Notes on clusters: kept in the result where there is one on disk, else until one is saved. */

import { type ClusterNote, mostNotes, putNote } from "../../../library/cluster/notes.ts";
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
  const { file, shape: { rows, columns } } = item;
  if (row >= rows || column >= columns) {
    throw malformed(`a probe of ${rows} x ${columns}`, `row ${row}, column ${column}`);
  }
  const directory = writableResult(item);
  return await file.changeNotes(async (before) => {
    const notes = putNote(before, { probe: [row, column], text });
    if (notes.length > mostNotes) {
      throw new BadParameter(`a result holds at most ${mostNotes} notes`, {
        expected: `up to ${mostNotes} notes`,
        found: String(notes.length),
        remedy: "take some away",
      });
    }
    if (directory !== undefined) {
      const { labels, clusters } = item.content.found!.clustering;
      await keepNotes(directory, notes, { labels, clusters, columns });
    }
    return notes;
  }, directory !== undefined);
}

/** The folder of the result that notes are kept in; nothing is written into a page. */
function writableResult({ content: { found } }: Item): string | undefined {
  const stored = found?.origin.stored;
  return stored?.run.page ? undefined : stored?.directory;
}

/** Takes the notes of a session, where nothing is noted yet; those of a result are its own. */
export async function takeNotes(item: Item, given: readonly ClusterNote[] = []): Promise<void> {
  const { file, shape: { rows, columns } } = item;
  const fitting = given.filter(({ probe: [row, column] }) => row < rows && column < columns);
  if (fitting.length === 0 || writableResult(item) !== undefined && file.notes.length > 0) return;
  await file.changeNotes((before) => {
    const known = new Set(before.map(({ probe }) => String(probe)));
    const added = fitting.filter(({ probe }) => !known.has(String(probe)));
    return Promise.resolve(added.reduce(putNote, [...before]).slice(0, mostNotes));
  }, false);
}
