/** Scans much wider or taller than a square: where the patterns stand, and whether probes are drawn longer than wide. */

import { computed, signal } from "@preact/signals";
import { item } from "../state.ts";

/** Whether the scan is more than twice as wide as tall: its map gets the width of the page, the patterns lie below. */
export const wide = computed(() => {
  const shape = item.value?.shape;
  return shape !== undefined && shape.columns > 2 * shape.rows;
});

/** Whether the scan is more than twice as long as wide in either direction. */
export const narrow = computed(() => {
  const shape = item.value?.shape;
  return wide.value || shape !== undefined && shape.rows > 2 * shape.columns;
});

/** Whether probes may be drawn longer along the shorter side of such a scan, as was chosen. */
export const stretched = signal(false);

/** Whether they are. */
export const stretches = computed(() => stretched.value && narrow.value);
