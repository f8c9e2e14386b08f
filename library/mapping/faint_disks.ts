/**
 * Faint peaks of averages that are none. Averages of many patterns show disks a thousandth as bright as the direct beam, but at
 * that height there is more: noise, and the halo of an amorphous support, which is convex about the beam, so that a template of
 * a disk and its surroundings answers to it all along a ring. A disk is more than noise makes, and more than is seen at the same
 * distance from the beam in most other directions.
 */

import type { PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import { medianOf } from "../scan/median.ts";
import { cosine, sine } from "../scan/portable_math.ts";
import { type DiskDetector, diskExcess, diskIntensity } from "./disk_intensities.ts";

/** Directions in which others are looked at, and the fewest on the detector that tell what is usual. */
const directions = 32, fewest = 8;
/** A disk has so many times what is usual at its distance, and so many times its standard error. */
const usualTimes = 2, errors = 4;
/** Peaks of this part of the height of the highest are no matter of doubt. */
const certain = 0.05;

const turns = Array.from({ length: directions - 1 }, (_, index) => {
  const angle = 2 * Math.PI * (index + 1) / directions;
  return [cosine(angle), sine(angle)] as const;
});

/** What is known of patterns and their disks. */
export interface DiskConditions {
  readonly detector: DiskDetector;
  /** float32 (pattern, 2): the direct beam in pixels. */
  readonly origin: Float32Array;
  /** Radius of the disks in pixels. */
  readonly radius: number;
}

/**
 * The peaks that are disks.
 *
 * @param patterns reads the counts (qy, qx) of a pattern
 */
export async function disksAmong(
  peaks: PeakLists,
  patterns: (pattern: number) => Promise<ArrayLike<number>>,
  { detector, origin, radius }: DiskConditions,
): Promise<PeakLists> {
  const kept: number[] = [], offsets = new Uint32Array(peaks.offsets.length);
  for (let pattern = 0; pattern + 1 < offsets.length; pattern++) {
    const first = peaks.offsets[pattern], end = peaks.offsets[pattern + 1];
    const heights = peaks.height.subarray(first, end);
    const surely = certain * heights.reduce((most, height) => Math.max(most, height), 0);
    const counts = heights.some((height) => height < surely) ? await patterns(pattern) : [];
    const beam = { row: origin[2 * pattern], column: origin[2 * pattern + 1] };
    for (let peak = first; peak < end; peak++) {
      const place = { row: peaks.row[peak], column: peaks.column[peak] };
      if (peaks.height[peak] >= surely || isDisk(counts, detector, beam, place, radius)) kept.push(peak);
    }
    offsets[pattern + 1] = kept.length;
  }
  const taken = (values: Float32Array) => Float32Array.from(kept, (peak) => values[peak]);
  return { offsets, row: taken(peaks.row), column: taken(peaks.column), height: taken(peaks.height) };
}

interface Place {
  readonly row: number;
  readonly column: number;
}

/** Whether there is more in a disk than noise makes, and than is usual at its distance from the beam. */
function isDisk(
  pattern: ArrayLike<number>,
  detector: DiskDetector,
  beam: Place,
  { row, column }: Place,
  radius: number,
): boolean {
  const down = row - beam.row, across = column - beam.column;
  if (down * down + across * across <= radius * radius) return true;
  const own = diskExcess(pattern, detector, row, column, radius);
  // Of a disk that bad pixels or the edge cut nothing is known that speaks against it.
  if (own === undefined) return true;
  if (own.counts <= errors * own.error) return false;
  const others = turns.flatMap(([c, s]) => {
    const to = { row: beam.row + c * down - s * across, column: beam.column + s * down + c * across };
    return diskIntensity(pattern, detector, to.row, to.column, radius) ?? [];
  });
  return others.length < fewest || own.counts > usualTimes * medianOf(others);
}
