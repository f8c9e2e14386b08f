/** What the files of the result say about the crystal at a probe. */

import type { Reading } from "../views/view.ts";
import { orientationMaps, strainMaps } from "./crystal_maps.ts";
import { phaseColour } from "./phase_colours.ts";
import { formatStrain, strainComponents, unitBehind } from "./strain_components.ts";

/** Phase, zone axis and Euler angles at a flat index; nothing until they have come. */
export function readOrientation(place: number): readonly Reading[] {
  const found = orientationMaps.value;
  if (!found) return [];
  const label = found.labels[place], crystal = label >= 0 ? found.clusters[label] : null;
  if (label < 0) return [{ before: "in no cluster of the result" }];
  if (!crystal) return [{ before: "no orientation" }];
  const { phase, phi1, capitalPhi, phi2, zoneAxis, ambiguous } = crystal;
  const angles = [phi1, capitalPhi, phi2].map((angle) => `${angle.toFixed(2)}°`);
  return [
    { colour: phaseColour(phase), value: found.phases[phase] },
    { before: "zone axis", value: signed(zoneAxis), after: ambiguous ? "or half a turn" : undefined },
    { before: "Euler", value: angles.join(" ") },
  ];
}

/** A direction with signs as they are printed. */
export function signed(direction: string): string {
  return direction.replaceAll("-", "\u2212");
}

/**
 * All quantities of strain at a flat index; nothing until they have come.
 *
 * @param shown name of the one that comes with its standard error
 */
export function readStrain(place: number, shown: string): readonly Reading[] {
  const maps = strainMaps.value;
  if (!maps) return [];
  if (Number.isNaN(maps.dilation[place])) return [{ before: "strain not measured" }];
  return strainComponents.map((component) => {
    const { name, place: at, label } = component;
    const value = at === null ? maps.dilation[place] : maps.strain[4 * place + at];
    const error = name === shown && at !== null
      ? ` ± ${formatStrain(component, maps.error[4 * place + at])}`
      : "";
    const text = formatStrain(component, value) + error + unitBehind(component);
    return { before: label.toLowerCase(), value: text };
  });
}
