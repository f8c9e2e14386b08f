/** The ends of the colours of strain maps, as far above zero as below it. */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { rangeAboutZero } from "../../../library/report/map_image.ts";
import { strainMaps } from "./crystal_maps.ts";
import { type StrainComponent, strainComponents } from "./strain_components.ts";

/** Ends that were chosen, by component, in its unit; they hold for every result. */
const chosen = signal<ReadonlyMap<string, number>>(new Map());

/** Values of a component, float32 (row, column), as the file has them; `null` while there are none. */
export function strainValues({ place }: StrainComponent): ReadonlySignal<Float32Array | null> {
  return computed(() => {
    const maps = strainMaps.value;
    if (!maps || place === null) return maps && maps.dilation;
    return Float32Array.from(maps.dilation, (_, probe) => maps.strain[4 * probe + place]);
  });
}

/** The range of a component in its unit. */
export interface StrainRange {
  /** Value of the highest colour; its negative has the lowest. */
  readonly end: ReadonlySignal<number>;
  /** The largest that the bar shows. */
  readonly most: ReadonlySignal<number>;
}

/** The range of a component: what was chosen, else what holds 98 % of the values. */
export function strainRange(
  { name, factor }: StrainComponent,
  values: ReadonlySignal<Float32Array | null>,
): StrainRange {
  const usual = computed(() => {
    const { high } = values.value ? rangeAboutZero(values.value) : { high: 0 };
    return high > 0 ? rounded(factor * high) : 1;
  });
  return {
    end: computed(() => chosen.value.get(name) ?? usual.value),
    most: computed(() => rounded(2 * usual.value)),
  };
}

/** Chooses the end of a component's colours, in its unit; what makes no sense is left as it is. */
export function chooseStrainEnd({ name }: StrainComponent, end: number): void {
  if (!(end > 0) || !Number.isFinite(end)) return;
  chosen.value = new Map(chosen.peek()).set(name, Math.max(0.001, rounded(end)));
}

/** Ends that were chosen as words of an address: `e_xx:0.5,dilation:1`. */
export function strainEndWords(): string {
  return Array.from(chosen.value, ([name, end]) => `${name}:${end}`).join(",");
}

/** Takes such words; what makes no sense is left as it is. */
export function takeStrainEnds(words: string): void {
  for (const word of words.split(",")) {
    const [name, end] = word.split(":"), component = strainComponents.find((known) => known.name === name);
    if (component) chooseStrainEnd(component, Number(end));
  }
}

/** Three digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
