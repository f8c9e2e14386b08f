/** What the upper pattern can be, and what it is. Only this file writes it. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { clusterAverage } from "./cluster_average.ts";
import { averageDifference } from "./difference.ts";
import type { PatternSource } from "./pattern_source.ts";
import { pinSources } from "./pins.ts";
import { regionAverage } from "./region_average.ts";
import { probeTransform } from "./transform.ts";
import { trackAverage } from "./track_average.ts";
import { scanMaximum, scanMean } from "./whole_scan.ts";

/** In the order in which they are offered. */
export const patternSources: readonly PatternSource[] = [
  ...[clusterAverage, averageDifference, regionAverage, scanMean, scanMaximum, trackAverage],
  probeTransform,
  ...pinSources,
];

const chosen = signal<PatternSource>(clusterAverage);

/** What the upper pattern is. */
export const upperSource: ReadonlySignal<PatternSource> = chosen;

/** Chooses the upper pattern. */
export function showAbove(source: PatternSource): void {
  chosen.value = source;
}
