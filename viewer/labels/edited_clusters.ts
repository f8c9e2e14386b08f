/** What corrections by hand did to a map: which clusters are as they were, and what the others are made of. Pure. */

import { nameClusters } from "../../library/cluster/cluster_names.ts";
import type { MergeForest } from "../../library/cluster/forest.ts";
import type { Growth } from "../../library/cluster/growth.ts";
import type { NamedGrowth } from "./merge_order.ts";

/** The clusters after edits, beside those before. */
export interface EditedClusters {
  /** uint32, flat probe index for each cluster. */
  readonly names: Uint32Array;
  /** For each cluster the one before that it is; -1 where edits changed it. */
  readonly same: Int32Array;
  /** For each cluster that changed, those before that it holds probes of, most probes first. */
  readonly parts: ReadonlyMap<number, readonly number[]>;
}

/**
 * Names clusters after edits: one that no edit touched keeps its name, another has that of its largest part that the
 * forest connects, or of its seed where there is no forest.
 */
export function compareEdited(
  before: NamedGrowth,
  after: Growth,
  forest: MergeForest | undefined,
): EditedClusters {
  const same = sameClusters(before, after), names = new Uint32Array(after.sizes.length);
  const parts = partsOf(before, after, same);
  for (let id = 0; id < names.length; id++) {
    names[id] = same[id] >= 0 ? before.names[same[id]] : after.seeds[id];
  }
  if (forest === undefined || parts.size === 0) return { names, same, parts };
  // Only clusters that changed are named anew: the walk passes over the edges of all others.
  const ids = [...parts.keys()], places = new Int32Array(names.length).fill(-1);
  ids.forEach((id, place) => places[id] = place);
  const labels = after.labels.map((label) => label < 0 ? -1 : places[label]);
  nameClusters(forest, { labels, sizes: Int32Array.from(ids, (id) => after.sizes[id]) })
    .forEach((name, place) => names[ids[place]] = name);
  return { names, same, parts };
}

function sameClusters(before: Growth, after: Growth): Int32Array {
  // -2: not met yet; -1: probes of several, or of none.
  const same = new Int32Array(after.sizes.length).fill(-2);
  for (let probe = 0; probe < after.labels.length; probe++) {
    const label = after.labels[probe];
    if (label < 0) continue;
    const old = before.labels[probe];
    if (same[label] === -2) same[label] = old;
    else if (same[label] !== old) same[label] = -1;
  }
  return same.map((old, id) => old >= 0 && before.sizes[old] === after.sizes[id] ? old : -1);
}

function partsOf(before: Growth, after: Growth, same: Int32Array): Map<number, number[]> {
  const counts = new Map<number, Map<number, number>>();
  same.forEach((old, id) => {
    if (old < 0) counts.set(id, new Map());
  });
  if (counts.size > 0) {
    for (let probe = 0; probe < after.labels.length; probe++) {
      const label = after.labels[probe], old = before.labels[probe];
      if (label < 0 || same[label] >= 0 || old < 0) continue;
      const of = counts.get(label)!;
      of.set(old, (of.get(old) ?? 0) + 1);
    }
  }
  return new Map(
    Array.from(counts, ([id, of]) => [id, [...of.keys()].sort((a, b) => of.get(b)! - of.get(a)! || a - b)]),
  );
}
