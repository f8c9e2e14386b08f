/** A colour map with its two end values. */

import { colourGradient, type ColourMapName } from "../../library/report/colour_maps.ts";

export function ColourBar({ map, low, high }: {
  readonly map: ColourMapName;
  readonly low: string;
  readonly high: string;
}) {
  return (
    <span class="colour-bar">
      {low}
      <i style={{ background: colourGradient(map) }} />
      {high}
    </span>
  );
}
