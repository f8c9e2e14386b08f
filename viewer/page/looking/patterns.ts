/** The patterns that are shown: at the probe, of the selected cluster or the whole scan, and the thumbnails of the list. */

import { effect } from "@preact/signals";
import { type ClusterKey, clusterKey, probesOf } from "./clusters.ts";
import { complain } from "../errors.ts";
import { fetchAverages } from "./averages.ts";
import { call } from "../client.ts";
import {
  item,
  labelled,
  probe,
  probePattern,
  readable,
  run,
  type ShownPattern,
  upperPattern,
  upperSource,
} from "../state.ts";
import { selectedIds } from "./selection.ts";

/** Averages that are kept, so that going back to a cluster takes no time. */
const keptAverages = 64;

/** Newest last. */
const averages = new Map<ClusterKey, ShownPattern>();
let whole: { readonly id: string; readonly mean: ShownPattern; readonly maximum: ShownPattern } | null = null;

/** Resolves when no pattern of a probe is on its way: averages, which keep the server busier, wait for it. */
let probeLoaded: Promise<void> = Promise.resolve();

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
        if (item.peek()?.id !== opened.id) continue;
        probePattern.value = { values: arrays.pattern as Float32Array, sum: header.sum, note: "" };
      } while (stale);
    } catch (cause) {
      complain(cause);
    } finally {
      busy = false;
    }
  };
  return effect(() => {
    probe.value;
    if (!item.value) return;
    if (busy) stale = true;
    else probeLoaded = load();
  });
}

/** Fetches what the upper picture shows. */
export function followUpper(): () => void {
  let stop = new AbortController();
  return effect(() => {
    const opened = item.value, wanted = upperSource.value, shown = labelled.value;
    const id = selectedIds.value.at(-1);
    if (!opened || run.value) return;
    stop.abort();
    stop = new AbortController();
    const { signal } = stop;
    if (!readable.value && wanted !== "cluster") return void (upperPattern.value = null);
    if (wanted === "cluster" && (id === undefined || !shown)) return void (upperPattern.value = null);
    const load = wanted === "cluster"
      ? averageOf(opened.id, id!, signal)
      : wholeOf(opened.id, wanted, signal);
    load.then((pattern) => {
      if (!signal.aborted) upperPattern.value = pattern;
    }).catch((cause) => {
      if (signal.aborted) return;
      // What was shown before is not of this cluster. Without the scan, the picture itself says what is missing.
      upperPattern.value = null;
      if (readable.peek()) complain(cause);
    });
  });
}

/** The average of a cluster in the map that is shown. */
async function averageOf(opened: string, id: number, signal: AbortSignal): Promise<ShownPattern | null> {
  const shown = labelled.peek()!;
  const key = `${opened}:${item.peek()?.revision}:${clusterKey(shown, id)}`;
  const known = averages.get(key);
  if (known) return known;
  await probeLoaded;
  if (signal.aborted) return null;
  for await (const { header, arrays } of fetchAverages(opened, [probesOf(shown, id)], 1, signal)) {
    const values = arrays.pattern as Float32Array;
    const pattern = { values, sum: values.reduce((sum, value) => sum + value, 0), note: header.kind };
    averages.set(key, pattern);
    for (const oldest of averages.keys()) {
      if (averages.size <= keptAverages) break;
      averages.delete(oldest);
    }
    return pattern;
  }
  return null;
}

async function wholeOf(id: string, wanted: "mean" | "maximum", signal: AbortSignal): Promise<ShownPattern> {
  if (whole?.id !== id) {
    const { arrays } = await call("GET /api/items/:id/whole", { id }, undefined, signal);
    const shownAs = (values: Float32Array): ShownPattern => ({
      values,
      sum: values.reduce((sum, value) => sum + value, 0),
      note: "",
    });
    whole = {
      id,
      mean: shownAs(arrays.mean as Float32Array),
      maximum: shownAs(arrays.maximum as Float32Array),
    };
  }
  return whole[wanted];
}
