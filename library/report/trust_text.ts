/** In plain words: how stable regions are, and whether there is a background. */

import type { BackgroundEvidence } from "../cluster/regions/background.ts";
import { stable, unstable } from "../cluster/segment.ts";
import { formatPercent } from "./number_format.ts";

/** What a stability means for somebody who looks at the map. */
export function describeStability(stability: number): string {
  if (stability >= stable) {
    return "half of the electrons, half of the probes and other limits give nearly the same map";
  }
  if (stability === 0) return "nothing speaks for this map";
  return stability >= unstable
    ? "some boundaries or clusters may be off"
    : "do not rely on this map: half of the electrons or of the probes, or other limits, would decide too much of it otherwise";
}

/** Whether there is a background, how much of the scan it covers, and whether that is certain. */
export function describeBackground(
  { present, doubtful, coverage }: Pick<BackgroundEvidence, "present" | "doubtful" | "coverage">,
): string {
  if (present) {
    const found = coverage === undefined ? "found" : `${formatPercent(coverage)} of the field, found`;
    return doubtful
      ? `${found} and left out, but doubtful: --mask none keeps these probes`
      : `${found} and left out`;
  }
  return doubtful ? "none found, but doubtful: look at the map, or give --mask FILE" : "none found";
}
