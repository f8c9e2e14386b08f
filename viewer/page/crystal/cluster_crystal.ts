/** The crystal of a cluster, for the list: while the clusters of the result are shown, with the colour of its map. */

import { item } from "../state.ts";
import { realView } from "../views/real_views.ts";
import { orientationMaps } from "./crystal_maps.ts";
import { signed } from "./crystal_reading.ts";
import { phaseColour } from "./phase_colours.ts";

/** What the list says of it. */
export interface ListedCrystal {
  readonly phase: string;
  /** With signs as they are printed. */
  readonly zoneAxis: string;
  /** In CSS: that of the map of directions that is shown, else that of the phase. */
  readonly colour: string;
  readonly ambiguous: boolean;
  /** Lead over the next best orientation in percent. */
  readonly reliability: number;
}

/** The crystal of the cluster at a probe; `null` where none was found, and until orientations have come. */
export function crystalAt({ row, column }: { readonly row: number; readonly column: number }) {
  const maps = orientationMaps.value, shape = item.value?.shape;
  if (!maps || !shape) return null;
  const label = maps.labels[row * shape.columns + column], crystal = label < 0 ? null : maps.clusters[label];
  if (!crystal) return null;
  const { phase, zoneAxis, ambiguous, reliability } = crystal, { name } = realView.value;
  const directions = name === "in-plane" ? maps.inPlane : name === "out-of-plane" ? maps.outOfPlane : null;
  return {
    phase: maps.phases[phase],
    zoneAxis: signed(zoneAxis),
    colour: directions
      ? `rgb(${directions.subarray(3 * label, 3 * label + 3).join(" ")})`
      : phaseColour(phase),
    ambiguous,
    reliability,
  } satisfies ListedCrystal;
}
