/** Strain of every probe against the orientation of its cluster. */

import { computed } from "@preact/signals";
import { formatStrain, type StrainComponent, strainComponents } from "../crystal/strain_components.ts";
import { strainMaps } from "../crystal/crystal_maps.ts";
import { chooseStrainEnd, strainRange, strainValues } from "../crystal/strain_range.ts";
import { scalarView } from "./scalar_view.ts";
import type { Legend, RealView } from "./view.ts";

function strainView(component: StrainComponent, index: number): RealView {
  const values = strainValues(component), { end, most } = strainRange(component, values);
  const { name, label, unit, factor, place, about } = component;
  const view = scalarView({
    ...{ name, label, key: String(index + 1), group: "strain", needs: ["strain"], map: "diverging" },
    values: computed(() =>
      values.value && { values: values.value, range: [-end.value / factor, end.value / factor] }
    ),
    format: (value) => formatStrain(component, value),
  });
  return {
    ...view,
    legend: computed((): Legend | null => {
      const maps = strainMaps.value;
      if (!maps) return null;
      const turned = maps.axes !== "" && place !== null && place < 3 ? maps.axes : about;
      return {
        kind: "range",
        ...{ map: "diverging", unit, end: end.value, most: most.value },
        name: label.toLowerCase(),
        choose: (wanted) => chooseStrainEnd(component, wanted),
        note: `${turned}; relative to ${maps.reference}`,
      };
    }),
    // The line of the crystal has the values of all components.
    read: undefined,
  };
}

/** In the order in which they are offered. */
export const strainViews: readonly RealView[] = strainComponents.map(strainView);
