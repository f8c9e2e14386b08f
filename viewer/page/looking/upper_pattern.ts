/** The pattern above that of the probe: whatever was chosen for it. */

import { effect } from "@preact/signals";
import { complain } from "../errors.ts";
import { upperSource } from "../sources/pattern_sources.ts";
import { behind } from "../series/time.ts";
import { item, readable, reconnections, run, upperPattern } from "../state.ts";

/** Fetches what the upper picture shows. From the moment that another is meant, the one before is not shown. */
export function followUpper(): () => void {
  let stop = new AbortController();
  return effect(() => {
    const opened = item.value, source = upperSource.value, going = run.value !== null;
    reconnections.value;
    stop.abort();
    if (!opened) return;
    // Of another frame than the one that is shown there is nothing to see.
    const stale = behind.value && !source.followsTime;
    const meant = stale ? null : source.meant(opened), shown = upperPattern.peek();
    if (meant === shown?.of) return;
    upperPattern.value = null;
    if (meant === null || going) return;
    stop = new AbortController();
    const { signal } = stop;
    const show = ((pattern) => {
      if (!signal.aborted) upperPattern.value = pattern;
    }) satisfies (pattern: typeof upperPattern.value) => void;
    const known = source.known(meant);
    if (known) return show(known);
    source.load(opened, meant, signal).then(show).catch((cause) => {
      // Without the scan, the picture itself says what is missing.
      if (!signal.aborted && readable.peek()) complain(cause);
    });
  });
}
