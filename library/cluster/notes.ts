/** Notes of people on clusters: each stands at a probe, so that it stays with whatever cluster that probe is in. */

/** A note. Words that begin with `#` are its tags. */
export interface ClusterNote {
  /** (row, column) of a probe of the cluster. */
  readonly probe: readonly [row: number, column: number];
  /** One line. */
  readonly text: string;
}

/** Notes of one result, and characters of one note, at most. */
export const mostNotes = 20_000, mostNoteCharacters = 2000;

/** Whether a text can be a note: one line of it, not too long. */
export function isNoteText(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return text.length <= mostNoteCharacters && !/[\u0000-\u001f\u007f\u2028\u2029]/.test(text);
}

/** Notes with one more, in place of one at the same probe; without text, that one is taken away. By rows and columns. */
export function putNote(notes: readonly ClusterNote[], { probe, text }: ClusterNote): ClusterNote[] {
  const [row, column] = probe, trimmed = text.trim();
  const others = notes.filter(({ probe: [y, x] }) => y !== row || x !== column);
  const all = trimmed === "" ? others : [...others, { probe, text: trimmed }];
  return all.sort(({ probe: [y, x] }, { probe: [v, u] }) => y - v || x - u);
}

/** Notes by the cluster that their probe is in; those in no cluster wait until there is one. */
export function notesByCluster(
  notes: readonly ClusterNote[],
  labels: Int32Array,
  columns: number,
): Map<number, ClusterNote[]> {
  const found = new Map<number, ClusterNote[]>();
  for (const note of notes) {
    const cluster = labels[note.probe[0] * columns + note.probe[1]] ?? -1;
    if (cluster < 0) continue;
    const known = found.get(cluster);
    if (known) known.push(note);
    else found.set(cluster, [note]);
  }
  return found;
}

/** Tags of a note, in lower case without their `#`. */
export function tagsOf(text: string): string[] {
  return Array.from(text.matchAll(/(?:^|\s)#([\p{L}\p{N}_.+-]+)/gu), ([, tag]) => tag.toLowerCase());
}

/**
 * Whether a note is looked for: it holds every word of a search, whatever the case; words that begin with `#` are whole tags.
 */
export function fitsSearch(text: string, search: string): boolean {
  const lower = text.toLowerCase(), tags = tagsOf(text);
  return search.toLowerCase().split(/\s+/).filter(Boolean).every((word) =>
    /^#./.test(word) ? tags.includes(word.slice(1)) : lower.includes(word)
  );
}
