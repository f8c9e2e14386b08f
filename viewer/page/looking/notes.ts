/** Notes and tags on clusters. */

import { computed, effect, signal } from "@preact/signals";
import { type ClusterNote, fitsSearch, notesByCluster } from "../../../library/cluster/notes.ts";
import { isAlone } from "../answering.ts";
import { call } from "../client.ts";
import { announce } from "../announce.ts";
import { say } from "../editing/history.ts";
import { complain } from "../errors.ts";
import type { OpenedItem } from "../../protocol/items.ts";
import { item, labelled, reconnections } from "../state.ts";

/** What came back with the last note, of one open item. */
const answered = signal<{ readonly item: string; readonly notes: readonly ClusterNote[] } | null>(null);

const notes = computed<readonly ClusterNote[]>(() =>
  answered.value?.item === item.value?.id ? answered.value!.notes : item.value?.notes ?? []
);

/** Notes by the cluster of the map that they stand in. */
const byCluster = computed(() => {
  const shown = labelled.value, columns = item.value?.shape.columns;
  return shown && columns
    ? notesByCluster(notes.value, shown.labels, columns)
    : new Map<number, ClusterNote[]>();
});

/** Whether any cluster of the map has a note. */
export const hasNotes = computed(() => byCluster.value.size > 0);

/** The notes on a cluster as one text; empty for none. */
export function noteOn(id: number): string {
  return (byCluster.value.get(id) ?? []).map(({ text }) => text).join("; ");
}

/** Only clusters whose notes hold these words are listed; empty for all. */
export const noteSearch = signal("");

/** Clusters that are listed; `null` for all. */
export const notedIds = computed<ReadonlySet<number> | null>(() => {
  const search = noteSearch.value.trim();
  if (search === "" || !hasNotes.value) return null;
  return new Set([...byCluster.value.keys()].filter((id) => fitsSearch(noteOn(id), search)));
});

/** Writes the note on a cluster: in place of its notes, where it has some, else at the probe where it began. */
export async function writeNote(id: number, text: string): Promise<void> {
  const opened = item.peek(), shown = labelled.peek();
  if (!opened || !shown) return;
  const [first, ...others] = byCluster.peek().get(id) ?? [];
  const { seed } = shown.clusters[id];
  const [row, column] = first?.probe ?? [seed.row, seed.column];
  try {
    const { id: of, revision } = opened;
    let answer = await call("POST /api/items/:id/notes", { id: of, revision }, { row, column, text });
    // What was written of several clusters that have become one is one note now.
    for (const { probe: [row, column] } of others) {
      answer = await call("POST /api/items/:id/notes", { id: of, revision }, { row, column, text: "" });
    }
    answered.value = { item: of, notes: answer.notes };
    keepLocally(opened, answer.onDisk ? [] : answer.notes);
    const what = text.trim() === ""
      ? "Note taken away"
      : answer.onDisk
      ? "Note kept"
      : "Note kept until a result is saved";
    say(what);
    announce(what);
  } catch (cause) {
    complain(cause);
  }
}

/** Where they are kept. Results inside pages may have one name, and none of them can be written to. */
function placeOf({ path, clustering }: OpenedItem): string {
  const result = isAlone() && clustering?.onDisk ? `:${clustering.fingerprint}` : "";
  return `crystallite.notes:${path}${result}`;
}

/** Keeps notes that no file has in the browser too, beyond the server's life. */
function keepLocally(opened: OpenedItem, unsaved: readonly ClusterNote[]): void {
  try {
    if (unsaved.length === 0) localStorage.removeItem(placeOf(opened));
    else localStorage.setItem(placeOf(opened), JSON.stringify(unsaved));
  } catch {
    // A browser that keeps nothing, or is full: the server has them still.
  }
}

function keptLocally(opened: OpenedItem): readonly ClusterNote[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(placeOf(opened)) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

/** Gives notes that only the browser has left to a server that has none of them. */
export function followNotes(): () => void {
  let tried = "";
  return effect(() => {
    const opened = item.value, key = `${opened?.id}:${reconnections.value}`;
    if (!opened || key === tried) return;
    tried = key;
    if (opened.clustering?.onDisk ? !isAlone() : (opened.notes?.length ?? 0) > 0) return;
    giveBack(opened).catch(complain);
  });
}

async function giveBack(opened: OpenedItem): Promise<void> {
  const { id, revision } = opened;
  for (const { probe: [row, column], text } of keptLocally(opened)) {
    const { notes } = await call("POST /api/items/:id/notes", { id, revision }, { row, column, text });
    if (item.peek()?.id === id) answered.value = { item: id, notes };
  }
}
