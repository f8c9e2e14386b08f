/** Undo and redo of corrections by hand and of the drawn mask, in the order in which they were made. */

import { computed, signal } from "@preact/signals";
import { type EditLog, emptyEditLog } from "../../../library/cluster/editing/log.ts";
import type { DrawnMask } from "../../protocol/label_views.ts";
import { drawnMask, log, notice } from "../state.ts";

/** What one step can change. */
interface Corrections {
  readonly log: EditLog;
  readonly mask: DrawnMask | null;
}

const past = signal<readonly Corrections[]>([]);
const future = signal<readonly Corrections[]>([]);

export const canUndo = computed(() => past.value.length > 0);
export const canRedo = computed(() => future.value.length > 0);

/** How long an undo is offered in the footer, in milliseconds. */
const offerFor = 6000;
let offer: ReturnType<typeof setTimeout> | undefined;

/** Says what was done, with or without an undo beside it. */
export function say(text: string, undo = false): void {
  notice.value = { text, undo };
  clearTimeout(offer);
  offer = setTimeout(() => notice.value = null, offerFor);
}

const current = (): Corrections => ({ log: log.value, mask: drawnMask.value });

function put({ log: edits, mask }: Corrections): void {
  log.value = edits;
  drawnMask.value = mask;
}

/** One more step; what was undone can no longer be redone. */
export function correct(change: Partial<Corrections>, text: string): void {
  past.value = [...past.value, current()];
  future.value = [];
  put({ ...current(), ...change });
  say(text, true);
}

export function undo(): void {
  const before = past.value.at(-1);
  if (!before) return;
  past.value = past.value.slice(0, -1);
  future.value = [...future.value, current()];
  put(before);
  notice.value = null;
}

export function redo(): void {
  const after = future.value.at(-1);
  if (!after) return;
  future.value = future.value.slice(0, -1);
  past.value = [...past.value, current()];
  put(after);
  notice.value = null;
}

/** A new map: corrections of the one before do not hold. */
export function startHistory(edits: EditLog = emptyEditLog, mask: DrawnMask | null = null): void {
  past.value = [];
  future.value = [];
  put({ log: edits, mask });
}
