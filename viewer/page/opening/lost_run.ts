/** A run that went with its server: its parameters and the corrections of its clusters are still known. */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { OpenedItem } from "../../protocol/items.ts";
import type { DrawnMask } from "../../protocol/label_views.ts";
import { restoreSteps, say, type Steps } from "../editing/history.ts";
import { forgetKept, keptLocally } from "../editing/kept.ts";
import { decodeSteps } from "../editing/plain_steps.ts";
import { formOf } from "../running/form.ts";
import { form } from "../running/parameters.ts";
import { startRunning } from "../running/running.ts";
import { item, runMask } from "../state.ts";

/** What is known of it. */
interface LostRun {
  readonly fingerprint: string;
  readonly words: readonly string[];
  readonly mask: DrawnMask | null;
  readonly steps: Steps | null;
}

const lost = signal<LostRun | null>(null);

/** The run that is offered again; `null` for none. */
export const lostRun: ReadonlySignal<unknown> = lost;

/** A run that is known to be gone. */
export function loseRun(run: LostRun | null): void {
  lost.value = run;
}

/** Looks whether the browser keeps corrections for clusters that the server does not have. */
export function lookForLost(opened: OpenedItem): void {
  const kept = keptLocally(opened);
  const gone = kept !== null && !kept.onDisk && kept.fingerprint !== opened.clustering?.fingerprint;
  loseRun(gone ? { ...kept, mask: kept.mask ?? null, steps: decodeSteps(kept.steps) } : null);
}

export function forgetLost(): void {
  const opened = item.peek();
  if (opened) forgetKept(opened);
  loseRun(null);
}

/** Does the run again and puts the corrections back. */
export async function runLost(): Promise<void> {
  const run = lost.peek();
  if (!run) return;
  form.value = formOf(run.words);
  runMask.value = run.mask;
  if (!await startRunning()) return;
  loseRun(null);
  if (!run.steps) return;
  if (item.peek()?.clustering?.fingerprint === run.fingerprint) {
    restoreSteps(run.steps);
    say("Your corrections are back");
  } else say("The run gave other clusters: the corrections of those before do not fit them");
}
