/** Bragg peaks of all probes of a result, found as its clustering read the scan. */

import type { RunOptions } from "../../library/engine/options.ts";
import type { BadPixelSource } from "../../library/passes/detector/preparation.ts";
import { findPeaks, type PeakLists } from "../../library/passes/bragg_peaks/peak_pass.ts";
import { finestPlacing, type PeakOptions } from "../../library/passes/bragg_peaks/peak_settings.ts";
import { readTemplate } from "../../library/results/read_calibration.ts";
import type { StoredResult } from "../../library/results/read.ts";
import type { Scan } from "../../library/scan/scan.ts";

/** Peaks of disks of a radius in detector pixels; pixels that the run filled or left out show none. */
export function peaksOfProbes(
  scan: Scan,
  stored: StoredResult,
  diskRadius: number,
  options: RunOptions,
): Promise<PeakLists> {
  return findPeaks(scan, { ...peaksOptions(stored, diskRadius), badPixels: badPixelsOf(stored) }, options);
}

/** How they are looked for. */
export function peaksOptions(stored: StoredResult, diskRadius: number): PeakOptions {
  const template = readTemplate(stored, diskRadius);
  return { template, subpixel: finestPlacing(template) };
}

/** The pixels that a run filled or left out, or the latter alone: averages of filled pixels show something. */
export function badPixelsOf(
  { directory, shape, run: { badPixels } }: StoredResult,
  which: "all" | "masked" = "all",
): BadPixelSource & { readonly kind: "pixels" } {
  const bad = new Uint8Array(shape.patternRows * shape.patternColumns);
  for (const pixel of [...(which === "all" ? badPixels.filled : []), ...badPixels.masked]) bad[pixel] = 1;
  return { kind: "pixels", bad, source: directory };
}
