/** The axis of the curves over the threshold: logarithmic in 1 - T, since similarities crowd below 1. */

import type { ThresholdEvidence } from "../cluster/automatic_threshold.ts";

/** Smallest 1 - T that is told apart: float32 ends near it. */
const leastGap = 1e-7;

/** A mark on the axis. */
export interface ThresholdTick {
  /** 0 at the lowest threshold, 1 at the highest. */
  readonly place: number;
  readonly threshold: number;
  /** Digits after the point that it needs. */
  readonly decimals: number;
}

/** Where thresholds stand on the axis. */
export interface ThresholdAxis {
  /** 0 at the lowest threshold, 1 at the highest; thresholds beyond them stand there too. */
  place(threshold: number): number;
  /** Round thresholds, rising. */
  readonly ticks: readonly ThresholdTick[];
}

/** The axis over the thresholds of the evidence, or `null` where those are fewer than two. */
export function thresholdAxis({ thresholds }: Pick<ThresholdEvidence, "thresholds">): ThresholdAxis | null {
  const depth = (threshold: number) => -Math.log10(Math.max(leastGap, 1 - threshold));
  const first = depth(thresholds[0]), last = depth(thresholds[thresholds.length - 1]);
  if (!(last > first)) return null;
  const place = (threshold: number) => Math.min(1, Math.max(0, (depth(threshold) - first) / (last - first)));
  return {
    place,
    ticks: ticksBetween(first, last).map((tick) => ({ ...tick, place: place(tick.threshold) })),
  };
}

/** Thresholds with 1 - T = 1, 2 or 5 times a power of ten; of long axes those with 1 only. */
function ticksBetween(first: number, last: number): Omit<ThresholdTick, "place">[] {
  const factors = last - first > 3 ? [1] : [5, 2, 1];
  const ticks: Omit<ThresholdTick, "place">[] = [];
  for (let decimals = 0; decimals <= 7; decimals++) {
    for (const factor of factors) {
      const depth = decimals - Math.log10(factor);
      if (depth < first || depth > last) continue;
      ticks.push({ threshold: 1 - factor * 10 ** -decimals, decimals });
    }
  }
  return ticks;
}

/** What holds at a threshold: the place in the curves of the lowest kept threshold that is not below it. */
export function evidencePlace(
  { thresholds }: Pick<ThresholdEvidence, "thresholds">,
  threshold: number,
): number {
  const limit = Math.fround(threshold);
  const place = thresholds.findIndex((kept) => kept >= limit);
  return place < 0 ? thresholds.length - 1 : place;
}
