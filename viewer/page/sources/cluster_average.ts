/** The average over the patterns of the cluster that was selected last. */

import { formatCount } from "../../drawing/format.ts";
import type { OpenedItem } from "../../protocol/items.ts";
import { fetchAverages } from "../looking/averages.ts";
import { type ClusterKey, clusterKey, probesOf } from "../looking/clusters.ts";
import { probeLoaded } from "../looking/probe_pattern.ts";
import { selectedIds } from "../looking/selection.ts";
import { clusterColour } from "../pictures/colours.ts";
import { item, labelled, run, type ShownPattern, upperPattern } from "../state.ts";
import type { PatternSource } from "./pattern_source.ts";

/** Averages that are kept, so that going back to a cluster takes no time. */
const keptAverages = 64;

/** Newest last. */
const averages = new Map<ClusterKey, ShownPattern>();

/** The cluster that is meant, and the map that it is of. */
function meant() {
  const shown = labelled.value, id = selectedIds.value.at(-1);
  return shown && id !== undefined ? { shown, id } : null;
}

export const clusterAverage: PatternSource = {
  name: "cluster",
  label: () => {
    const cluster = meant();
    return cluster ? `Cluster ${cluster.id} average` : "Cluster average";
  },
  colour: () => {
    const cluster = meant();
    return cluster && clusterColour(cluster.shown, cluster.id);
  },
  note: () => {
    const cluster = meant();
    if (!cluster) return "";
    const filtered = upperPattern.value?.note === "filtered" ? ", filtered" : "";
    return `of ${formatCount(cluster.shown.clusters[cluster.id].size)} patterns${filtered}`;
  },
  missing: () => {
    const { clustering, scan } = item.value!;
    if (!clustering) return "After a run, click a cluster to see its average.";
    if (selectedIds.value.length === 0) return "Click a cluster to see its average.";
    if (run.value) return "Averages follow after the run.";
    return scan.readable ? "Averaging…" : `The average of this cluster needs the scan: ${scan.why}.`;
  },
  meant: ({ id, revision }) => {
    const cluster = meant();
    return cluster && `${id}:${revision}:${clusterKey(cluster.shown, cluster.id)}`;
  },
  known: (key) => averages.get(key) ?? null,
  load: async (opened, key, signal) => {
    const { shown, id } = meant()!;
    return await averageOf(opened, probesOf(shown, id), key, signal);
  },
};

/** The average of some probes of the map that is shown. */
async function averageOf(
  opened: OpenedItem,
  probes: Uint32Array,
  key: ClusterKey,
  signal: AbortSignal,
): Promise<ShownPattern | null> {
  await probeLoaded();
  if (signal.aborted) return null;
  for await (const { header, arrays } of fetchAverages(opened, [probes], 1, signal)) {
    const values = arrays.pattern as Float32Array;
    const sum = values.reduce((sum, value) => sum + value, 0);
    const pattern = { of: key, values, sum, note: header.kind };
    averages.set(key, pattern);
    for (const oldest of averages.keys()) {
      if (averages.size <= keptAverages) break;
      averages.delete(oldest);
    }
    return pattern;
  }
  return null;
}
