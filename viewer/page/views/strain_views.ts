/** Strain of every probe against the orientation of its cluster. */

import { computed } from "@preact/signals";
import {
  formatStrain,
  type StrainComponent,
  strainComponents,
  unitBehind,
} from "../crystal/strain_components.ts";
import { strainMaps } from "../crystal/crystal_maps.ts";
import { strainEnd, strainValues } from "../crystal/strain_range.ts";
import { scalarView } from "./scalar_view.ts";
import type { RealView } from "./view.ts";

function strainView(component: StrainComponent, index: number): RealView {
  const values = strainValues(component), { name, label, place, about, factor } = component;
  const view = scalarView({
    ...{ name, label, key: String(index + 1), group: "strain", needs: ["strain"], map: "diverging", factor },
    values: computed(() => {
      const found = values.value;
      if (!found) return null;
      const end = strainEnd(component, found);
      return { values: found, range: [-end, end] };
    }),
    format: (value) => formatStrain(component, value),
    formatEnd: (value) => `${formatStrain(component, value)}${unitBehind(component)}`,
    // Few probes that were matched wrongly are far from all others.
    span: ([low, high]) => ({ low: 2 * low, high: 2 * high }),
    none: "not measured",
    note: () => {
      const { axes, reference } = strainMaps.value!;
      const turned = axes !== "" && place !== null && place < 3 ? axes : about;
      return [`${turned}; relative to ${reference}`];
    },
  });
  // The line of the crystal has the values of all components.
  return { ...view, read: undefined };
}

/** In the order in which they are offered. */
export const strainViews: readonly RealView[] = strainComponents.map(strainView);
