/** Areas of tracks over time, and the tracks along a line: both go to frames, and the map goes with them. */

import { AreaCurves } from "./AreaCurves.tsx";
import { KymographView } from "./KymographView.tsx";
import { drawsLine, line } from "../page/series/kymograph.ts";
import { series } from "../page/series/time.ts";
import { item } from "../page/state.ts";
import { LineEntry } from "./LineEntry.tsx";

/** Restlessness from which regions come and go, and from which events and lineages are not to be used. */
const restless = 0.04, veryRestless = 0.08;

export function SeriesEvidence() {
  const calm = series.value?.restlessness ?? 0, { rows, columns } = item.value!.shape;
  const middle = Math.floor(rows / 2);
  return (
    <section class="evidence of-series" aria-label="Areas and kymograph">
      <section aria-labelledby="areas-heading">
        <div class="evidence-header">
          <h2 id="areas-heading">Areas in probes</h2>
          <p class="evidence-summary" title="Mergers, splits and ends taken back, per region and frame">
            <span>
              restless <b>{calm.toFixed(3)}</b>
            </span>
            <span>
              · {calm > veryRestless ? "do not use events" : calm > restless ? "look at the frames" : "calm"}
            </span>
          </p>
        </div>
        <AreaCurves />
      </section>
      <section aria-labelledby="kymograph-heading">
        <div class="evidence-header">
          <h2 id="kymograph-heading">Kymograph</h2>
          <button
            type="button"
            class="button small"
            aria-pressed={drawsLine.value}
            title="Then drag a line over the map"
            onClick={() => drawsLine.value = !drawsLine.value}
          >
            {drawsLine.value ? "Drag over the map" : "Draw line"}
          </button>
          <LineEntry
            line={line.value}
            label="Line from row,column to row,column"
            placeholder={`${middle},0 ${middle},${columns}`}
            done={(drawn) => line.value = drawn}
          />
        </div>
        <KymographView />
      </section>
    </section>
  );
}
