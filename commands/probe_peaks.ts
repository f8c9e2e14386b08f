/** Bragg peaks of all probes of a result, found as its clustering read the scan. */

import type { RunOptions } from "../library/engine/options.ts";
import { findPeaks, type PeakLists } from "../library/passes/bragg_peaks/peak_pass.ts";
import { diskTemplate } from "../library/passes/bragg_peaks/probe_template.ts";
import type { StoredResult } from "../library/results/read.ts";
import type { Scan } from "../library/scan/scan.ts";

/** Peaks of disks of a radius in detector pixels; pixels that the run filled or left out show none. */
export function peaksOfProbes(
  scan: Scan,
  { directory, shape, run: { badPixels } }: StoredResult,
  diskRadius: number,
  options: RunOptions,
): Promise<PeakLists> {
  const bad = new Uint8Array(shape.patternRows * shape.patternColumns);
  for (const pixel of [...badPixels.filled, ...badPixels.masked]) bad[pixel] = 1;
  return findPeaks(scan, {
    template: diskTemplate(diskRadius, Math.min(1, diskRadius)),
    subpixel: "fit",
    badPixels: { kind: "pixels", bad, source: directory },
  }, options);
}
