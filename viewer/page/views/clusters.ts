/** The clusters at the threshold that is chosen; while a run goes on, those that have grown so far. */

import { computed } from "@preact/signals";
import { colourTable } from "../../../library/report/colour_maps.ts";
import { probeState } from "../../drawing/map_scene.ts";
import { noValueColour } from "../../drawing/pattern_scale.ts";
import type { LabelledMap } from "../../labels/labelling.ts";
import { mapMask, shownMask } from "../editing/editing.ts";
import { type ClusterNumbers, clusterNumbers, shareOf } from "../looking/cluster_colouring.ts";
import { clusterColour } from "../pictures/colours.ts";
import { drawnMap, item, labelled, running } from "../state.ts";
import { type Legend, outsideMask, type RealView, textureInk as ink } from "./view.ts";

const numberColours = "viridis";

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
    const { rows, columns } = shape, { labels, colours } = shown, mask = probeStates.value;
    const numbers = running.value ? null : clusterNumbers.value;
    return numbers
      ? { rows, columns, kind: "painted", labels, rgba: paint(shown, numbers), mask }
      : { rows, columns, kind: "clusters", labels, colours, mask };
  }),
  missing: () => running.value ? "Clusters grow here once rows have been compared." : "",
  legend: computed((): Legend => {
    const numbers = running.value ? null : clusterNumbers.value;
    if (numbers) {
      const { low, high, format, note, contrast } = numbers;
      return {
        kind: "values",
        map: numberColours,
        low: format(low),
        high: format(high),
        note: [note],
        contrast,
      };
    }
    const excluded = {
      colour: `radial-gradient(circle, ${ink} 1px, var(--small) 1.5px) 0 0 / 5px 5px`,
      name: "excluded",
    };
    return {
      kind: "categories",
      categories: [
        { colour: "var(--small)", name: "below minimum size" },
        { colour: outsideMask, name: "outside the mask" },
        ...drawnMap.value?.excluded ? [excluded] : [],
      ],
    };
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
  return drawnMap.value?.excluded?.[place] ? "excluded" : "below minimum size";
}

/** The mask, with the probes that corrections took out of their clusters. */
const probeStates = computed<Uint8Array>(() => {
  const mask = mapMask.value, excluded = running.value ? undefined : drawnMap.value?.excluded;
  if (!excluded || excluded.length !== mask.length) return mask;
  return mask.map((state, place) => state && excluded[place] ? probeState.excluded : state);
});

/** Colours of clusters by one number of each; one without a number yet is grey. */
function paint({ names }: LabelledMap, numbers: ClusterNumbers): Uint8Array {
  const table = colourTable(numberColours), rgba = new Uint8Array(4 * names.length).fill(255);
  names.forEach((name, id) => {
    const value = numbers.values.get(name);
    const at = 3 * Math.round(255 * (value === undefined ? 0 : shareOf(numbers, value)));
    rgba.set(value === undefined ? noValueColour : table.subarray(at, at + 3), 4 * id);
  });
  return rgba;
}
