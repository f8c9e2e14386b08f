/** Peaks and spots on the average that is shown. */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { SpotsAnswer } from "../../protocol/crystals.ts";
import { call } from "../client.ts";
import { complain } from "../errors.ts";
import { selectedIds } from "../looking/selection.ts";
import { clusterAverage } from "../sources/cluster_average.ts";
import { upperSource } from "../sources/pattern_sources.ts";
import { item, labelled, probePattern, reconnections } from "../state.ts";
import { storedShown } from "./stored_shown.ts";

/** Whether they are wanted. */
export const spotsWanted = signal(true);

const known = signal<{ readonly place: string; readonly spots: SpotsAnswer } | null>(null);

/** The cluster of the result whose average is shown: item, and a probe of it. */
const meant = computed(() => {
  const shown = labelled.value, id = selectedIds.value.at(-1), opened = item.value;
  if (!opened || !shown || id === undefined || !storedShown.value || upperSource.value !== clusterAverage) {
    return null;
  }
  const { row, column } = shown.clusters[id].seed;
  const { id: named, revision } = opened;
  return { id: named, revision, row, column, place: `${named}:${revision}:${row}:${column}` };
});

/** Those of the average; `null` while there are none. */
export const averageSpots: ReadonlySignal<SpotsAnswer | null> = computed(() =>
  known.value && known.value.place === meant.value?.place ? known.value.spots : null
);

/** The same for the pattern at the probe, where that is of the same cluster. */
export const probeSpots: ReadonlySignal<SpotsAnswer | null> = computed(() => {
  const spots = averageSpots.value, at = probePattern.value?.probe, columns = item.value?.shape.columns ?? 0;
  return spots && at && labelled.value?.labels[at.row * columns + at.column] === spots.cluster ? spots : null;
});

/** Those that are drawn. */
export const drawnSpots: ReadonlySignal<SpotsAnswer | null> = computed(() =>
  spotsWanted.value ? averageSpots.value : null
);

/** Fetches them for every cluster that is selected; the last one wins. */
export function followSpots(): () => void {
  let stop = new AbortController();
  return effect(() => {
    const wanted = meant.value;
    reconnections.value;
    stop.abort();
    if (!wanted || known.peek()?.place === wanted.place) return;
    stop = new AbortController();
    const { signal } = stop, { id, revision, row, column, place } = wanted;
    call("GET /api/items/:id/spots", { id, revision, row, column }, undefined, signal).then((spots) => {
      if (!signal.aborted) known.value = { place, spots };
    }).catch((cause) => {
      if (!signal.aborted) complain(cause);
    });
  });
}
