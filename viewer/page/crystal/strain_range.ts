/** Values of strain maps, and how far from zero their colours reach. */

import { computed, type ReadonlySignal } from "@preact/signals";
import { rangeAboutZero } from "../../../library/report/map_image.ts";
import { strainMaps } from "./crystal_maps.ts";
import type { StrainComponent } from "./strain_components.ts";

/** Values of a component, float32 (row, column), as the file has them; `null` while there are none. */
export function strainValues({ place }: StrainComponent): ReadonlySignal<Float32Array | null> {
  return computed(() => {
    const maps = strainMaps.value;
    if (!maps || place === null) return maps && maps.dilation;
    return Float32Array.from(maps.dilation, (_, probe) => maps.strain[4 * probe + place]);
  });
}

/** The largest value with a colour of its own: what holds 98 % of the values, to three digits in its unit. */
export function strainEnd({ factor }: StrainComponent, values: Float32Array): number {
  const { high } = rangeAboutZero(values);
  return (high > 0 ? Number((factor * high).toPrecision(3)) : 1) / factor;
}
