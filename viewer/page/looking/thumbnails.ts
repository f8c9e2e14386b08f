/** Small averages of the clusters in sight, fetched together a moment after they came into sight. */

import { effect, signal } from "@preact/signals";
import type { LabelledMap } from "../../labels/labelling.ts";
import { mostAverages } from "../../protocol/limits.ts";
import { framePainted } from "../frame_painted.ts";
import { clusterKey, probesOfEach } from "./clusters.ts";
import { fetchAverages } from "./averages.ts";
import { item, labelled, reconnections, run } from "../state.ts";

/** A binned average. */
export interface Thumbnail {
  readonly rows: number;
  readonly columns: number;
  /** float32 (row, column), counts. */
  readonly values: Float32Array;
}

/** Longest side in pixels. */
const longest = 48;
/** Thumbnails that are kept. */
const kept = 1000;
/** How long the list must rest, in milliseconds. */
const restFor = 60;

/** By the name of their cluster. */
export const thumbnails = signal<ReadonlyMap<number, Thumbnail>>(new Map());

/** By key, over thresholds and corrections; newest last. */
const known = new Map<string, Thumbnail>();
/** Ids in sight without a thumbnail. */
const wanted = new Set<number>();
let timer: ReturnType<typeof setTimeout> | undefined;
let stop = new AbortController();

/** Asks for the thumbnail of a cluster in sight. */
export function wantThumbnail(shown: LabelledMap, id: number): () => void {
  wanted.add(id);
  clearTimeout(timer);
  // A map that is new is seen first.
  timer = setTimeout(() => framePainted().then(() => fetchWanted(shown)), restFor);
  return () => wanted.delete(id);
}

async function fetchWanted(shown: LabelledMap): Promise<void> {
  const opened = item.peek();
  if (!opened || run.peek() || labelled.peek() !== shown) return;
  const current = new Map(thumbnails.peek());
  const keys = new Map<number, string>();
  const groups = probesOfEach(shown, Array.from(wanted).filter((id) => id < shown.clusters.length));
  for (const [id, probes] of groups) {
    const key = `${opened.id}:${opened.revision}:${clusterKey(shown, id, probes)}`;
    const there = known.get(key);
    if (there) current.set(shown.names[id], there);
    else keys.set(id, key);
  }
  thumbnails.value = current;
  const ids = Array.from(keys.keys()).slice(0, mostAverages);
  if (ids.length === 0) return;
  const { patternRows, patternColumns } = opened.shape;
  const bin = Math.ceil(Math.max(patternRows, patternColumns) / longest);
  const rows = Math.floor(patternRows / bin), columns = Math.floor(patternColumns / bin);
  stop.abort();
  stop = new AbortController();
  const { signal } = stop;
  const load = async (ids: readonly number[]) => {
    const probes = ids.map((id) => groups.get(id)!);
    for await (const { header, arrays } of fetchAverages(opened, probes, bin, signal)) {
      const id = ids[header.place];
      const thumbnail = { rows, columns, values: arrays.pattern as Float32Array };
      known.set(keys.get(id)!, thumbnail);
      if (known.size > kept) known.delete(known.keys().next().value!);
      if (labelled.peek() === shown) {
        thumbnails.value = new Map(thumbnails.peek()).set(shown.names[id], thumbnail);
      }
    }
  };
  // Without the scan there are only the averages that the result holds; one that it lacks must not stop the others.
  for (const group of opened.scan.readable ? [ids] : ids.map((id) => [id])) {
    if (signal.aborted) return;
    // Thumbnails are only decoration: the average of a selected cluster says what is wrong.
    await load(group).catch(() => {});
  }
}

/** Forgets the thumbnails of clusters that are no longer on the map, and asks again for what a lost server left out. */
export function followThumbnails(): () => void {
  let found = reconnections.peek();
  return effect(() => {
    const shown = labelled.value;
    if (!shown) return;
    if (found !== reconnections.value) {
      found = reconnections.value;
      fetchWanted(shown);
    }
    const names = new Set(shown.names);
    const before = thumbnails.peek();
    const kept = Array.from(before).filter(([name]) => names.has(name));
    if (kept.length < before.size) thumbnails.value = new Map(kept);
  });
}
