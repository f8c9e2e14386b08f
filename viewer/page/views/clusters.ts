/** The clusters at the threshold that is chosen; while a run goes on, those that have grown so far. */

import { computed, signal } from "@preact/signals";
import { mapMask, shownMask } from "../editing/editing.ts";
import { clusterColour } from "../pictures/colours.ts";
import { drawnMap, item, labelled, log, running } from "../state.ts";
import type { RealView } from "./view.ts";

export const clustersView: RealView = {
  name: "clusters",
  label: "Clusters",
  key: "1",
  group: "clusters",
  needs: ["clustering", "run"],
  grows: true,
  followsTheme: true,
  alwaysRead: true,
  picture: computed(() => {
    // While a run goes on, the clusters of the map before are none of it.
    const shown = drawnMap.value ?? (running.value ? null : labelled.value), shape = item.value?.shape;
    if (!shown || !shape || shown.labels.length !== shape.rows * shape.columns) return null;
    const { rows, columns } = shape, { labels, colours } = shown;
    return { rows, columns, kind: "clusters", labels, colours, mask: mapMask.value };
  }),
  missing: () => running.value ? "Clusters grow here once rows have been compared." : "",
  legend: signal({
    kind: "categories",
    categories: [
      { colour: "var(--small)", name: "below minimum size" },
      { colour: "var(--outside)", name: "outside the mask" },
    ],
  }),
  read: (place) => {
    const shown = drawnMap.value;
    if (!shown) return null;
    const id = place < shown.labels.length ? shown.labels[place] : -1;
    if (id < 0) return { before: whyNone(place) };
    // Clusters of a run that goes on have no number yet.
    const value = running.value ? "in a cluster so far" : `Cluster ${id}`;
    return { colour: clusterColour(shown, id), value };
  },
};

/** Why a probe is in no cluster. */
function whyNone(place: number): string {
  if (running.value) return "in no cluster so far";
  if (shownMask.value[place] === 0) return "outside the mask";
  const { operations, cursor } = log.value;
  const excluded = operations.slice(0, cursor).some(({ kind }) => kind === "exclude");
  return excluded ? "excluded or below minimum size" : "below minimum size";
}
