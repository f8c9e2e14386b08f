/** The pattern at the probe. */

import { effect } from "@preact/signals";
import { call } from "../client.ts";
import { complain } from "../errors.ts";
import { behind } from "../series/time.ts";
import { item, probe, probePattern, reconnections } from "../state.ts";

let loaded: Promise<void> = Promise.resolve();

/** Resolves when no pattern of a probe is on its way: averages, which keep the server busier, wait for it. */
export function probeLoaded(): Promise<void> {
  return loaded;
}

/** Fetches the pattern at the probe; of several positions in quick succession the last one wins. */
export function followProbe(): () => void {
  let busy = false, stale = false;
  const load = async () => {
    busy = true;
    try {
      do {
        stale = false;
        const opened = item.peek(), { row, column } = probe.peek();
        if (!opened?.scan.readable) return void (probePattern.value = null);
        const { header, arrays } = await call("GET /api/items/:id/pattern", { id: opened.id, row, column });
        // Another frame is shown meanwhile.
        if (item.peek()?.id !== opened.id || behind.peek()) continue;
        const values = arrays.pattern as Float32Array, of = `${opened.id}:${row},${column}`;
        // JSON has no NaN.
        probePattern.value = { of, values, sum: header.sum ?? NaN, note: "", probe: { row, column } };
      } while (stale);
    } catch (cause) {
      complain(cause);
    } finally {
      busy = false;
    }
  };
  return effect(() => {
    for (const signal of [probe, reconnections]) signal.value;
    if (!item.value || behind.value) return;
    if (busy) stale = true;
    else loaded = load();
  });
}
