/** What is known of the crystals of the clusters: directions, phase, and how certain both are. */

import { computed, type ReadonlySignal } from "@preact/signals";
import { noValueColour } from "../../drawing/pattern_scale.ts";
import type { Picture } from "../../drawing/map_scene.ts";
import { formatFixed } from "../../drawing/format.ts";
import { type OrientationMaps, orientationMaps } from "../crystal/crystal_maps.ts";
import { phaseColour, phaseRgb } from "../crystal/phase_colours.ts";
import { mapMask } from "../editing/editing.ts";
import { item } from "../state.ts";
import { rangeOf } from "../value_range.ts";
import { scalarView } from "./scalar_view.ts";
import { type Legend, noValue, type RealView } from "./view.ts";

/** A map of the clusters of the result in colours that are given for each. */
function paintedMap(
  colourOf: (maps: OrientationMaps, cluster: number) => ArrayLike<number>,
): ReadonlySignal<Picture | null> {
  return computed((): Picture | null => {
    const maps = orientationMaps.value, shape = item.value?.shape;
    if (!maps || !shape || maps.labels.length !== shape.rows * shape.columns) return null;
    const rgba = new Uint8Array(4 * maps.clusters.length).fill(255);
    maps.clusters.forEach((crystal, cluster) =>
      rgba.set(crystal ? colourOf(maps, cluster) : noValueColour, 4 * cluster)
    );
    const { rows, columns } = shape;
    return { rows, columns, kind: "painted", labels: maps.labels, rgba, mask: mapMask.value };
  });
}

function directionView(
  own: Pick<RealView, "name" | "label" | "key">,
  which: "inPlane" | "outOfPlane",
  note: string,
): RealView {
  return {
    ...own,
    group: "orientation",
    needs: ["orientations"],
    picture: paintedMap((maps, cluster) => maps[which].subarray(3 * cluster, 3 * cluster + 3)),
    legend: computed((): Legend | null => orientationMaps.value && { kind: "directions", note }),
  };
}

const inPlaneView = directionView(
  { name: "in-plane", label: "In plane", key: "1" },
  "inPlane",
  "crystal direction down the detector",
);

const outOfPlaneView = directionView(
  { name: "out-of-plane", label: "Out of plane", key: "2" },
  "outOfPlane",
  "crystal direction towards the source",
);

const phaseView: RealView = {
  name: "phase",
  label: "Phase",
  key: "3",
  group: "orientation",
  needs: ["orientations"],
  picture: paintedMap(({ clusters }, cluster) => phaseRgb(clusters[cluster]!.phase)),
  legend: computed((): Legend | null =>
    orientationMaps.value && {
      kind: "categories",
      categories: [
        ...orientationMaps.value.phases.map((name, phase) => ({ colour: phaseColour(phase), name })),
        { colour: noValue, name: "no orientation" },
      ],
    }
  ),
};

const reliabilityView: RealView = scalarView({
  name: "reliability",
  label: "Reliability",
  key: "4",
  group: "orientation",
  needs: ["orientations"],
  values: computed(() => {
    const maps = orientationMaps.value;
    if (!maps) return null;
    const values = Float32Array.from(
      maps.labels,
      (label) => label >= 0 ? maps.clusters[label]?.reliability ?? NaN : NaN,
    );
    return { values, range: [0, rangeOf(values)[1]] };
  }),
  map: "viridis",
  quantity: "reliability",
  unit: "%",
  format: (value) => Number.isNaN(value) ? "–" : formatFixed(value, 1),
  note: () => ["lead over the next best orientation"],
});

/** In the order in which they are offered. */
export const orientationViews: readonly RealView[] = [
  inPlaneView,
  outOfPlaneView,
  phaseView,
  reliabilityView,
];
