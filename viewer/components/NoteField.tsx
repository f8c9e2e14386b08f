/** The note on the selected cluster, and which notes are looked for. */

import { isNoteText } from "../../library/cluster/notes.ts";
import { hasNotes, notedIds, noteOn, noteSearch, writeNote } from "../page/looking/notes.ts";
import { selectedIds } from "../page/looking/selection.ts";
import { formatCount } from "../drawing/format.ts";
import { run } from "../page/state.ts";
import { TextEntry } from "./TextEntry.tsx";

/** Written for one cluster at a time. */
export function NoteField() {
  const [id, ...others] = selectedIds.value;
  if (id === undefined || others.length > 0) return null;
  return (
    <TextEntry
      key={id}
      class="note-field"
      autocomplete="off"
      placeholder="Note, #tags"
      aria-label={`Note on cluster ${id}`}
      disabled={run.value !== null}
      value={noteOn(id)}
      done={(text) => {
        if (!isNoteText(text)) return "A note is one line of at most 2 000 characters";
        if (text.trim() !== noteOn(id)) return writeNote(id, text);
      }}
    />
  );
}

/** Shown once there is a note. */
export function NoteFilter() {
  if (!hasNotes.value) return null;
  const found = notedIds.value;
  return (
    <div class="likeness-line">
      <input
        type="search"
        class="note-field"
        placeholder="Find notes and #tags"
        aria-label="Find notes and tags"
        value={noteSearch.value}
        onInput={(event) => noteSearch.value = event.currentTarget.value}
      />
      {found && <span role="status">{formatCount(found.size)} found</span>}
    </div>
  );
}
