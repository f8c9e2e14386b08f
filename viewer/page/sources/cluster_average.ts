/** The average over the patterns of the cluster that was selected last. */

import { formatCount } from "../../drawing/format.ts";
import { clusterKey, probesOf } from "../looking/clusters.ts";
import { selectedIds } from "../looking/selection.ts";
import { clusterColour } from "../pictures/colours.ts";
import { item, labelled, run, upperPattern } from "../state.ts";
import { groupAverage, knownAverage } from "./group_average.ts";
import type { PatternSource } from "./pattern_source.ts";

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
  known: knownAverage,
  load: async (opened, key, signal) => {
    const { shown, id } = meant()!;
    return await groupAverage(opened, probesOf(shown, id), key, signal);
  },
};
