/** The crystal under the pointer, in a line of its own under the read-out; or why there is nothing to say. */

import { readOrientation, readStrain } from "../page/crystal/crystal_reading.ts";
import { showStored, storedShown } from "../page/crystal/stored_shown.ts";
import { realView } from "../page/views/real_views.ts";
import { Part } from "./Part.tsx";

export function CrystalLine({ place }: {
  /** Flat index of a probe. */
  readonly place: number;
}) {
  if (!storedShown.value) {
    return (
      <p class="crystal-line" role="status">
        Orientations and strain belong to the clusters of the result, not to these.
        <button type="button" class="link" onClick={showStored}>Clusters of the result</button>
      </p>
    );
  }
  return (
    <output class="crystal-line readout" aria-live="off" aria-label="Crystal">
      {[readOrientation(place), readStrain(place, realView.value.name)].map((readings, line) => (
        <span key={line}>{readings.map((reading, index) => <Part key={index} {...reading} />)}</span>
      ))}
    </output>
  );
}
