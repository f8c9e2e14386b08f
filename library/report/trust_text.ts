/** In plain words: how stable regions are, and whether there is a background. */

import type { BackgroundEvidence } from "../cluster/regions/background.ts";
import { stable, unstable } from "../cluster/segment.ts";
import { formatPercent } from "./number_format.ts";

/** What a stability means for somebody who looks at the map. */
export function describeStability(stability: number): string {
  if (stability >= stable) return "two halves of the electrons give nearly the same map";
  return stability >= unstable
    ? "two halves of the electrons give maps that differ at some boundaries"
    : "two halves of the electrons give different maps: do not rely on this one";
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
