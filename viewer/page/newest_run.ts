/** Whether another window has clustered the same file again since: every answer about an item says its last run. */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { item, run } from "./state.ts";

const heard = signal<{ readonly id: string; readonly revision: number } | null>(null);
const accepted = signal(-1);
const forgotten = signal<{ readonly id: string; readonly revision: number } | null>(null);

/** Takes what an answer says. */
export function hearNewest(id: string, revision: number): void {
  const before = heard.peek();
  if (before?.id !== id || before.revision < revision) heard.value = { id, revision };
}

/** Whether the clusters that are shown are of an older run. */
export const outdated: ReadonlySignal<boolean> = computed(() => {
  const opened = item.value, last = heard.value;
  return opened !== null && last?.id === opened.id && last.revision > opened.revision && run.value === null;
});

/** Takes that the server does not keep the clusters of a run any more. */
export function hearForgotten(id: string, revision: number): void {
  forgotten.value = { id, revision };
}

/** Whether these are the clusters that are shown: nothing of them can be had from the server. */
export const isForgotten: ReadonlySignal<boolean> = computed(() => {
  const opened = item.value, gone = forgotten.value;
  return outdated.value && gone?.id === opened!.id && gone.revision === opened!.revision;
});

/** Whether that is still to be said. */
export const toldOutdated: ReadonlySignal<boolean> = computed(() =>
  outdated.value && (isForgotten.value || heard.value!.revision > accepted.value)
);

/** Goes on with the older run. */
export function stayOutdated(): void {
  accepted.value = heard.peek()?.revision ?? -1;
}
