/** Which probes must be known better for the real-space mask to be certain. */

import type { SimilarityBounds } from "./similarity_bounds.ts";
import { binEdges, binOf, longerSlope, triangleBins, triangleLevel } from "../triangle.ts";

/** How the real-space mask follows from the mean similarity, if it does. */
export type MaskDecision =
  /** 1 where a probe may be clustered, whatever its similarity. */
  | { readonly kind: "fixed"; readonly mask: Uint8Array }
  /** mean similarity above a number */
  | { readonly kind: "number"; readonly above: number }
  /** mean similarity above the triangle threshold of its histogram */
  | { readonly kind: "triangle" };

/** What is known of a mask. */
export interface MaskBounds {
  /** 1 where a probe may be in the mask, as far as the bounds tell. */
  readonly possible: Uint8Array;
  /** Flat indices of the probes that leave a doubt about the mask; none: `possible` is the mask. */
  readonly uncertain: number[];
}

/** The mask as far as the bounds of the mean similarity tell. */
export function maskBounds(rule: MaskDecision, bounds: SimilarityBounds): MaskBounds {
  switch (rule.kind) {
    case "fixed":
      return { possible: rule.mask, uncertain: [] };
    case "number":
      return aboveNumber(rule.above, bounds);
    case "triangle": {
      const { threshold, uncertain } = triangle(bounds);
      const mask = aboveNumber(threshold, bounds);
      return { possible: mask.possible, uncertain: [...uncertain, ...mask.uncertain] };
    }
  }
}

function aboveNumber(number: number, { low, high }: SimilarityBounds): MaskBounds {
  const possible = new Uint8Array(low.length);
  const uncertain: number[] = [];
  for (let probe = 0; probe < low.length; probe++) {
    if (!(high[probe] > number)) continue;
    possible[probe] = 1;
    if (!(low[probe] > number)) uncertain.push(probe);
  }
  return { possible, uncertain };
}

/**
 * The triangle threshold, and the probes that leave a doubt about it: those that may be the lowest or the highest, on
 * which all bins depend, and those that may lie in one of several bins that decide which bin wins. While there is a
 * doubt, the threshold is a guess.
 */
function triangle({ low, high }: SimilarityBounds): { threshold: number; uncertain: number[] } {
  let leastLow = Infinity, leastHigh = Infinity, mostLow = -Infinity, mostHigh = -Infinity;
  for (let probe = 0; probe < low.length; probe++) {
    leastLow = Math.min(leastLow, low[probe]);
    leastHigh = Math.min(leastHigh, high[probe]);
    mostLow = Math.max(mostLow, low[probe]);
    mostHigh = Math.max(mostHigh, high[probe]);
  }
  const uncertain: number[] = [];
  if (leastLow < leastHigh || mostLow < mostHigh) {
    for (let probe = 0; probe < low.length; probe++) {
      if (low[probe] === high[probe]) continue;
      if (low[probe] < leastHigh || high[probe] > mostLow) uncertain.push(probe);
    }
  }
  if (!(mostLow > leastHigh)) return { threshold: leastHigh, uncertain };

  const edges = binEdges(leastHigh, mostLow);
  // Until the extremes are certain, bounds may lie beyond them.
  const bin = (value: number) => binOf(Math.max(leastHigh, Math.min(mostLow, value)), edges);
  const certain = new Float64Array(triangleBins), open = new Float64Array(triangleBins);
  const between: number[] = [];
  for (let probe = 0; probe < low.length; probe++) {
    const first = bin(low[probe]), last = low[probe] === high[probe] ? first : bin(high[probe]);
    if (first === last) certain[first]++;
    else {
      between.push(probe);
      for (let i = first; i <= last; i++) open[i]++;
    }
  }
  const counts = certain.slice();
  for (const probe of between) counts[bin(low[probe])]++;
  const level = triangleLevel(counts);
  const deciding = decidingBins(counts, certain, open, level);
  if (deciding.includes(1)) {
    for (const probe of between) {
      if (deciding.subarray(bin(low[probe]), bin(high[probe]) + 1).includes(1)) uncertain.push(probe);
    }
  }
  return { threshold: (edges[level] + edges[level + 1]) / 2, uncertain };
}

/**
 * 1 for each bin whose true count could make another bin win; all zero when `level` wins whatever the true counts are.
 *
 * @param counts possible counts, for which `level` wins
 * @param certain probes that lie in each bin for certain
 * @param open probes that may lie in each bin or in another
 */
function decidingBins(
  counts: Float64Array,
  certain: Float64Array,
  open: Float64Array,
  level: number,
): Uint8Array {
  const deciding = new Uint8Array(triangleBins);
  const most = certain.map((count, bin) => count + open[bin]);
  const peak = counts.indexOf(counts.reduce((a, b) => Math.max(a, b)));
  for (let bin = 0; bin < triangleBins; bin++) {
    // The first of equal bins is the peak.
    const lower = bin < peak ? most[bin] < certain[peak] : most[bin] <= certain[peak];
    if (bin !== peak && !lower && open[bin] + open[peak] > 0) deciding[bin] = deciding[peak] = 1;
  }
  // The extremes lie in the first and last bin.
  const { far, step, width } = longerSlope(peak, 0, triangleBins - 1);
  const winner = step * (level - far);
  for (let place = 0; place < width; place++) {
    const bin = far + step * place;
    if (bin === level || open[bin] + open[level] + open[peak] === 0) continue;
    // height * place - width * count is the distance below the line, up to a common factor. These are whole numbers:
    // a difference of 1 is far above the rounding of the distances that are compared in the end.
    const margin = (height: number) => height * (winner - place) - width * (most[level] - certain[bin]);
    if (Math.min(margin(certain[peak]), margin(most[peak])) < 1) {
      deciding[bin] = deciding[level] = 1;
      if (open[peak] > 0) deciding[peak] = 1;
    }
  }
  return deciding;
}
