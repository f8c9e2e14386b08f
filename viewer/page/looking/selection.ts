/** Which clusters are selected. Only this file writes it. */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { labelled } from "../state.ts";

const names = signal<readonly number[]>([]);

/** Names of the selected clusters, in the order in which they were selected. */
export const selection: ReadonlySignal<readonly number[]> = names;

/** Ids of the selected clusters in the map that is shown. */
export const selectedIds: ReadonlySignal<readonly number[]> = computed(() => {
  const shown = labelled.value;
  if (!shown) return [];
  return names.value.map((name) => shown.names.indexOf(name)).filter((id) => id >= 0);
});

/** Selects clusters, and no others. */
export function select(...wanted: readonly number[]): void {
  names.value = wanted;
}

/** Adds a cluster to the selection, or takes it out. */
export function toggle(name: number): void {
  const before = names.peek();
  names.value = before.includes(name) ? before.filter((other) => other !== name) : [...before, name];
}

/** Selects nothing. */
export function clearSelection(): void {
  names.value = [];
}

/** Takes out clusters that are no longer there. */
export function keepSelected(there: ReadonlySet<number>): void {
  const kept = names.peek().filter((name) => there.has(name));
  if (kept.length < names.peek().length) names.value = kept;
}
