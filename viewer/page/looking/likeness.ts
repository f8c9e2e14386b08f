/**
 * How alike the averages of clusters are: the server makes one vector of each average in one pass over the scan, after
 * which the likeness of any two is their inner product.
 */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { OpenedItem } from "../../protocol/items.ts";
import { call } from "../client.ts";
import { complain } from "../errors.ts";
import { colouring, item, labelled, reconnections, run } from "../state.ts";
import { type ClusterKey, keysOf, probesOfAll } from "./clusters.ts";
import { selectedIds } from "./selection.ts";

/** Vectors that are known, of one run; those of clusters that stay need not be made anew. */
interface Known {
  readonly run: string;
  readonly bin: number;
  readonly vectors: ReadonlyMap<ClusterKey, Float32Array>;
}

let known: Known | null = null;
/** The vectors of a map, by the id of a cluster. */
const vectors = signal<{ readonly of: object; readonly byId: readonly Float32Array[] } | null>(null);

/** Only clusters at least so like the selected one are listed. */
export const likeAtLeast = signal(-1);

/** Likeness of each cluster of the map to the one selected last, -1 to 1; `null` where it is not known (yet). */
export const likeness: ReadonlySignal<Float32Array | null> = computed(() => {
  const id = selectedIds.value.at(-1), found = vectors.value;
  if (id === undefined || !found || found.of !== labelled.value) return null;
  const own = found.byId[id];
  return Float32Array.from(found.byId, (other) => {
    let sum = 0;
    for (let pixel = 0; pixel < own.length; pixel++) sum += own[pixel] * other[pixel];
    return sum;
  });
});

/** Ids of the clusters that are listed: all, or those that are like the selected one. */
export const alikeIds: ReadonlySignal<readonly number[] | null> = computed(() => {
  const found = colouring.value === "like" ? likeness.value : null;
  if (!found) return null;
  const least = likeAtLeast.value;
  return Array.from(found.keys()).filter((id) => found[id] >= least);
});

/** Fetches vectors while clusters are coloured by them. */
export function followLikeness(): () => void {
  let stop = new AbortController();
  return effect(() => {
    const opened = item.value, shown = labelled.value, wanted = colouring.value === "like" && !run.value;
    reconnections.value;
    stop.abort();
    if (!opened?.clustering || !shown || !wanted || vectors.peek()?.of === shown) return;
    stop = new AbortController();
    const { signal } = stop, groups = probesOfAll(shown), keys = keysOf(shown, groups);
    fetchVectors(opened, groups, keys, signal).then((byId) => {
      if (!signal.aborted) vectors.value = { of: shown, byId };
    }).catch((cause) => {
      if (!signal.aborted) complain(cause);
    });
  });
}

/** The vector of each group. */
async function fetchVectors(
  { id, revision }: OpenedItem,
  groups: readonly Uint32Array[],
  keys: readonly ClusterKey[],
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const of = `${id}:${revision}`, before = known?.run === of ? known : null;
  const missing = keys.flatMap((key, place) => before?.vectors.has(key) ? [] : [place]);
  const found = new Map(keys.flatMap((key) => {
    const vector = before?.vectors.get(key);
    return vector ? [[key, vector] as const] : [];
  }));
  let bin = before?.bin;
  if (missing.length > 0) {
    const probes = new Uint32Array(missing.reduce((sum, place) => sum + groups[place].length, 0));
    let filled = 0;
    for (const place of missing) {
      probes.set(groups[place], filled);
      filled += groups[place].length;
    }
    const header = { sizes: missing.map((place) => groups[place].length), ...bin !== undefined && { bin } };
    const request = { header, arrays: { probes } };
    const answer = await call("POST /api/items/:id/likeness", { id, revision }, request, signal);
    const all = answer.arrays.vectors as Float32Array, length = all.length / missing.length;
    bin = answer.header.bin;
    missing.forEach((place, at) => found.set(keys[place], all.slice(at * length, (at + 1) * length)));
  }
  if (!signal.aborted) known = { run: of, bin: bin!, vectors: found };
  return keys.map((key) => found.get(key)!);
}
