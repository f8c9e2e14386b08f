/** The regions of the frame that is shown, by probe. */

import { computed } from "@preact/signals";
import { item } from "../state.ts";
import { frame } from "./time.ts";
import { edited, frameTracks, paletteIndex, starts, table } from "./tracks.ts";

/** Numbered from 0 within the frame; `null` while they are on their way. */
export const shownRegions = computed(() => {
  const here = frameTracks.value, regions = table.value, after = edited.value, shape = item.value?.shape;
  if (!here || !regions || !after || here.frame !== frame.value || !shape) return null;
  if (here.tracks.length !== shape.rows * shape.columns) return null;
  const first = starts.value[here.frame], end = starts.value[here.frame + 1];
  const place = new Map<number, number>();
  for (let region = first; region < end; region++) place.set(regions.track[region], region - first);
  return {
    /** Place of the first of them in the table. */
    first,
    /** Region of each probe, -1 = none. */
    labels: here.tracks.map((track) => place.get(track) ?? -1),
    /** Track of each region, and the cluster of the frame that it is. */
    tracks: after.tracks.subarray(first, end),
    clusters: regions.cluster.subarray(first, end),
    colours: Uint8Array.from(after.tracks.subarray(first, end), paletteIndex),
  };
});

/** The track at a probe of the frame that is shown; -1 = none. */
export function trackAt(place: number): number {
  const shown = shownRegions.value, region = shown?.labels[place] ?? -1;
  return region < 0 ? -1 : shown!.tracks[region];
}

/** The probe of a region of the frame that is shown that lies nearest to its middle. */
export function probeIn(region: number): { readonly row: number; readonly column: number } | null {
  const shown = shownRegions.value, regions = table.value, shape = item.value?.shape;
  if (!shown || !regions || !shape) return null;
  const label = region - shown.first;
  let best = null, nearest = Infinity;
  for (let probe = 0; probe < shown.labels.length; probe++) {
    if (shown.labels[probe] !== label) continue;
    const row = Math.floor(probe / shape.columns), column = probe % shape.columns;
    const distance = (row - regions.row[region]) ** 2 + (column - regions.column[region]) ** 2;
    if (distance < nearest) [best, nearest] = [{ row, column }, distance];
  }
  return best;
}
