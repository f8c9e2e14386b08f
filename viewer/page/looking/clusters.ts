/** Clusters of the map that is shown: their probes, and keys that stay while a cluster does. */

import type { LabelledMap } from "../../labels/labelling.ts";
import { labelled } from "../state.ts";

/** Tells clusters apart over thresholds and corrections: name, size and a hash of the probes. */
export type ClusterKey = string;

/** Flat indices of the probes of a cluster, rising. */
export function probesOf({ labels, clusters }: LabelledMap, id: number): Uint32Array {
  const probes = new Uint32Array(clusters[id].size);
  let count = 0;
  for (let probe = 0; probe < labels.length && count < probes.length; probe++) {
    if (labels[probe] === id) probes[count++] = probe;
  }
  return probes;
}

/** The same of some clusters in one walk over the map, by id. */
export function probesOfEach(
  { labels, clusters }: LabelledMap,
  ids: Iterable<number>,
): Map<number, Uint32Array> {
  const groups = new Map(Array.from(ids, (id) => [id, new Uint32Array(clusters[id].size)]));
  const placeOf = new Int32Array(clusters.length).fill(-1), lists = Array.from(groups.values());
  Array.from(groups.keys()).forEach((id, place) => placeOf[id] = place);
  const counts = new Int32Array(lists.length);
  for (let probe = 0; probe < labels.length; probe++) {
    const place = labels[probe] < 0 ? -1 : placeOf[labels[probe]];
    if (place >= 0) lists[place][counts[place]++] = probe;
  }
  return groups;
}

/** The same of all clusters, by id. */
export function probesOfAll({ labels, sizes }: LabelledMap): Uint32Array[] {
  const groups = Array.from(sizes, (size) => new Uint32Array(size)), counts = new Int32Array(sizes.length);
  labels.forEach((id, probe) => {
    if (id >= 0) groups[id][counts[id]++] = probe;
  });
  return groups;
}

/** A cluster with the same probes has the same key (32-bit FNV-1a over them). */
export function clusterKey(shown: LabelledMap, id: number, probes = probesOf(shown, id)): ClusterKey {
  return keyOf(shown.names[id], probes);
}

/** The keys of all clusters, by id. */
export function keysOf({ names }: LabelledMap, groups: readonly Uint32Array[]): ClusterKey[] {
  return groups.map((probes, id) => keyOf(names[id], probes));
}

function keyOf(name: number, probes: Uint32Array): ClusterKey {
  let hash = 0x811c9dc5;
  for (const probe of probes) hash = Math.imul(hash ^ probe, 0x01000193);
  return `${name}:${probes.length}:${hash >>> 0}`;
}

/** The id of the cluster at a probe, -1 for none. */
export function idAt(row: number, column: number, columns: number): number {
  return labelled.peek()?.labels[row * columns + column] ?? -1;
}
