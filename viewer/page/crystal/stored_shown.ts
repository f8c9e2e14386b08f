/** Whether the clusters that are shown are those of the result, which its orientations and its strain belong to. */

import { computed } from "@preact/signals";
import { type EditLog, emptyEditLog } from "../../../library/cluster/editing/log.ts";
import { correct } from "../editing/history.ts";
import { showMethod } from "../looking/thresholds.ts";
import { drawnMask, item, log, running, source } from "../state.ts";

/** `false` as well where the result has no orientations. */
export const storedShown = computed<boolean>(() => {
  const facts = item.value?.clustering;
  if (!facts?.crystals || running.value || source.value !== "method" || drawnMask.value) return false;
  return applied(log.value) === applied(facts.edits ?? emptyEditLog);
});

function applied({ operations, cursor }: EditLog): string {
  return JSON.stringify(operations.slice(0, cursor));
}

/** Shows the clusters of the result; corrections that were made since can be brought back by undo. */
export function showStored(): void {
  const facts = item.peek()?.clustering;
  if (!facts) return;
  const edits = facts.edits ?? emptyEditLog;
  showMethod();
  if (drawnMask.peek() || applied(log.peek()) !== applied(edits)) {
    correct({ log: edits, mask: null }, "The clusters of the result");
  }
}
