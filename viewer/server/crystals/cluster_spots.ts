/** Measured peaks and simulated spots of a cluster's average. */

import { structureFactors } from "../../../library/crystal/structure_factors.ts";
import { matchedSpots } from "../../../library/mapping/matched_spots.ts";
import { readAveragePeaks } from "../../../library/results/average_peaks.ts";
import { orientationFiles } from "../../../library/results/orientation_files.ts";
import type { SpotsAnswer } from "../../protocol/crystals.ts";
import type { Roots } from "../files/roots.ts";
import type { Item } from "../items/item.ts";
import { malformed } from "../requests.ts";
import { admitFiles, demandStored, storedCrystals } from "./stored_crystals.ts";

/**
 * Peaks as they were matched, and the spots of the crystal in the orientation that the result has.
 *
 * @throws {BadParameter} when the probe is in no cluster of the result
 * @throws as `storedCrystals` and `readAveragePeaks`
 */
export async function clusterSpots(
  roots: Roots,
  item: Item,
  row: number,
  column: number,
): Promise<SpotsAnswer> {
  const stored = demandStored(item), { shape } = stored;
  const cluster = row < shape.rows && column < shape.columns
    ? stored.labels[row * shape.columns + column]
    : -1;
  if (cluster < 0) throw malformed("a probe in a cluster of the result", `row ${row}, column ${column}`);
  const { record, crystals, orientations, clusters } = await storedCrystals(roots, item);
  const { averagePeaks, averagePeakOffsets, averageOrigin } = orientationFiles;
  await admitFiles(roots, stored, [averagePeaks, averagePeakOffsets, averageOrigin]);
  const { peaks, origin } = readAveragePeaks(stored);
  const measured = Array.from(
    peaks.row.subarray(peaks.offsets[cluster], peaks.offsets[cluster + 1]),
    (place, peak) => ({ row: place, column: peaks.column[peaks.offsets[cluster] + peak] }),
  );
  const found = orientations[cluster], line = clusters[cluster];
  const { diskRadius, beamEnergy, excitationWidth, qPixelSize, ellipse, maximumLength, debyeWaller } = record;
  if (!found || !line) return { cluster, diskRadius, measured, spots: [], crystal: null };
  const spots = matchedSpots({
    reflections: structureFactors(crystals[found.phase], { maximumLength, debyeWaller }),
    ...{ orientation: found.orientation, beamEnergy, excitationWidth, qPixelSize, ellipse },
    origin: { row: origin[2 * cluster], column: origin[2 * cluster + 1] },
  }, shape);
  const { zoneAxis, ambiguous, score, phase } = line;
  return {
    ...{ cluster, diskRadius, measured, spots },
    crystal: { name: record.crystals[phase].name, zoneAxis, ambiguous, score },
  };
}
