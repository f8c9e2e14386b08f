/** What another frame shows where a region is: whether a crystal was there before it was found, or still is after it was lost. */

import type { RegionFrame, Shift } from "./region_frame.ts";

/** Probes of the other frame that tell nothing, where they are less than this part of the region. */
const leastUncovered = 0.3;
/** Bare support needs so many probes, and so large a part of the frame, for its level to be known. */
const leastBare = 16, leastBarePart = 0.01;

/** The place of a region in another frame. */
export interface Footprint {
  /** Part of the region that the other frame shows at all. */
  readonly seen: number;
  /** Part of what it shows that is in regions there. */
  readonly covered: number;
  /**
   * Light in the dark field of what is in no region there, above that of the support, in parts of the light that the region
   * itself has: 0 where only support is, 1 where the crystal is as well. NaN where that is not known: without a dark field,
   * without support, or where regions cover the place.
   */
  readonly light: number;
}

/** Looks at the place of a region in another frame. */
export function footprint(of: RegionFrame, region: number, other: RegionFrame, shift: Shift): Footprint {
  const { rows, columns, labels } = other, probes = of.probesOf(region);
  let seen = 0, covered = 0, sum = 0;
  for (const probe of probes) {
    const row = Math.floor(probe / columns) + shift.row, column = probe % columns + shift.column;
    if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
    const place = row * columns + column;
    seen++;
    if (labels[place] >= 0) covered++;
    else sum += other.darkField?.[place] ?? NaN;
  }
  const uncovered = seen - covered;
  const told = uncovered >= leastUncovered * probes.length && uncovered > 0;
  const light = told ? (sum / uncovered - supportLevel(other)) / lightOf(of, region) : NaN;
  return { seen: seen / probes.length, covered: covered / Math.max(1, seen), light };
}

/** Light of a region in the dark field above that of the support; NaN where that is not known. */
function lightOf(frame: RegionFrame, region: number): number {
  const probes = frame.probesOf(region);
  let sum = 0;
  for (const probe of probes) sum += frame.darkField?.[probe] ?? NaN;
  return sum / probes.length - supportLevel(frame);
}

const levels = new WeakMap<RegionFrame, number>();

/** Median of the dark field over probes in no region; NaN where these are too few. */
function supportLevel(frame: RegionFrame): number {
  const known = levels.get(frame);
  if (known !== undefined) return known;
  const { labels, darkField } = frame;
  const bare = darkField ? darkField.filter((_, probe) => labels[probe] < 0).sort() : [];
  const enough = bare.length >= leastBare && bare.length >= leastBarePart * labels.length;
  const level = enough ? bare[bare.length >> 1] : NaN;
  levels.set(frame, level);
  return level;
}
