/** What is read off the patterns, where one points at or has measured. */

import { formatCounts, formatPercent, readScattering, readTransform } from "../drawing/format.ts";
import { averageSpots } from "../page/crystal/cluster_spots.ts";
import { signed } from "../page/crystal/crystal_reading.ts";
import { aboutPixel } from "../page/looking/bad_pixels.ts";
import { directBeam } from "../page/looking/direct_beam.ts";
import { pointedPixel } from "../page/looking/pointed_pixel.ts";
import { patternMeasures, patternRuler } from "../page/looking/ruler.ts";
import { item } from "../page/state.ts";
import { Measures } from "./Measures.tsx";

/** Distance from the direct beam, its lattice spacing, and the counts under the pointer. */
export function PatternReadout() {
  const measured = patternRuler.ruled.value;
  if (measured) return <Measures of={patternMeasures(measured)} />;
  const at = pointedPixel.value, opened = item.value!;
  if (!at) return <Match />;
  const { qPixelSize, beamEnergy } = opened.calibration;
  if (at.pattern.value?.transformed) {
    const { patternRows: rows, patternColumns: columns } = opened.shape;
    const { period, length } = readTransform(at, { rows, columns }, qPixelSize, beamEnergy);
    return (
      <output class="readout" aria-live="off">
        <span>{period}</span>
        {length && <span>{length}</span>}
      </output>
    );
  }
  const { q, d } = readScattering(at, directBeam(opened), qPixelSize, beamEnergy);
  const value = at.pattern.value?.values[at.pixel], about = aboutPixel(at.pixel);
  return (
    <output class="readout" aria-live="off">
      <span>{q}</span>
      {d && <span>{d}</span>}
      {value !== undefined && (
        <span>
          <b>{formatCounts(value)}</b> <small>counts</small>
        </span>
      )}
      {about && <span>{about}</span>}
    </output>
  );
}

/** While nothing is pointed at: the crystal that was matched to the average above. */
function Match() {
  const found = averageSpots.value;
  if (!found) return <output class="readout" />;
  const { crystal, measured } = found;
  return (
    <output
      class="readout"
      aria-live="off"
      title={crystal ? `Agreement ${formatPercent(crystal.score)}` : undefined}
    >
      {crystal
        ? (
          <span>
            <b>{crystal.name}</b> {signed(crystal.zoneAxis)}
          </span>
        )
        : <span>no orientation from {measured.length} peaks</span>}
    </output>
  );
}
