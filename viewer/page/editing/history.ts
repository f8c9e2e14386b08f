/** Undo and redo of corrections by hand and of the drawn mask, in the order in which they were made. */

import { computed, signal } from "@preact/signals";
import { describeEdit, type EditLog, emptyEditLog } from "../../../library/cluster/editing/log.ts";
import type { DrawnMask } from "../../protocol/label_views.ts";
import { drawnMask, log, notice } from "../state.ts";

/** What one step can change. */
export interface Corrections {
  readonly log: EditLog;
  readonly mask: DrawnMask | null;
}

const past = signal<readonly Corrections[]>([]);
const future = signal<readonly Corrections[]>([]);

/** How many changes there were since the map came. */
export const changeCount = signal(0);

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
  changeCount.value++;
  say(text, true);
}

export function undo(): void {
  const before = past.value.at(-1);
  if (!before) return;
  past.value = past.value.slice(0, -1);
  future.value = [...future.value, current()];
  put(before);
  changeCount.value++;
  notice.value = null;
}

export function redo(): void {
  const after = future.value.at(-1);
  if (!after) return;
  future.value = future.value.slice(0, -1);
  past.value = [...past.value, current()];
  put(after);
  changeCount.value++;
  notice.value = null;
}

/** What each step did; the first is how the map came. */
export const stepNames = computed<readonly string[]>(() => {
  const undone = future.value.toReversed();
  const steps = [...past.value, { log: log.value, mask: drawnMask.value }, ...undone];
  return steps.map((step, place) => {
    const before = steps[place - 1];
    if (!before) return "As it came";
    if (before.mask !== step.mask) return step.mask ? "Change the mask" : "Mask of the run";
    const words = step.log.operations.slice(before.log.cursor, step.log.cursor).map(describeEdit).join(", ");
    return words.charAt(0).toUpperCase() + words.slice(1);
  });
});

/** The step that holds. */
export const stepPlace = computed(() => past.value.length);

/** Goes back or forth to a step. */
export function goToStep(place: number): void {
  const { steps, place: now } = currentSteps();
  if (place === now || !steps[place]) return;
  const changes = changeCount.peek();
  restoreSteps({ steps, place });
  changeCount.value = changes + 1;
  notice.value = null;
}

/** All steps, those that can be undone first, and how many of them these are. */
export interface Steps {
  readonly steps: readonly Corrections[];
  readonly place: number;
}

/** What there is of steps now. */
export function currentSteps(): Steps {
  const undone = future.value.toReversed();
  return { steps: [...past.value, current(), ...undone], place: past.value.length };
}

/** Puts steps back. */
export function restoreSteps({ steps, place }: Steps): void {
  past.value = steps.slice(0, place);
  future.value = steps.slice(place + 1).toReversed();
  put(steps[place]);
  changeCount.value = 0;
}

/** A new map: corrections of the one before do not hold. Those that it comes with can be undone one by one. */
export function startHistory(edits: EditLog = emptyEditLog, mask: DrawnMask | null = null): void {
  const { operations, cursor } = edits;
  const steps = Array.from(
    { length: operations.length + 1 },
    (_, done): Corrections => ({ log: done === cursor ? edits : { ...edits, cursor: done }, mask }),
  );
  restoreSteps({ steps, place: cursor });
}
