/** The pattern above that of the probe: whatever was chosen for it. */

import { effect } from "@preact/signals";
import { complain } from "../errors.ts";
import { upperSource } from "../sources/pattern_sources.ts";
import { behind } from "../series/time.ts";
import { item, readable, run, upperPattern } from "../state.ts";

/** Fetches what the upper picture shows. */
export function followUpper(): () => void {
  let stop = new AbortController();
  return effect(() => {
    const opened = item.value, source = upperSource.value;
    if (!opened || run.value) return;
    stop.abort();
    stop = new AbortController();
    // Of another frame than the one that is shown there is nothing to see.
    const stale = behind.value && !source.followsTime;
    const { signal } = stop, load = stale ? null : source.load(opened, signal);
    if (!load) return void (upperPattern.value = null);
    load.then((pattern) => {
      if (!signal.aborted) upperPattern.value = pattern;
    }).catch((cause) => {
      if (signal.aborted) return;
      // What was shown before is not of this. Without the scan, the picture itself says what is missing.
      upperPattern.value = null;
      if (readable.peek()) complain(cause);
    });
  });
}
