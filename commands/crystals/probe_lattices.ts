/** Lattices of the probes of a result whose patterns have few counts, against the averages of their clusters. */

import type { DetectorCalibration } from "../../library/mapping/calibrated_peaks.ts";
import { noticeableDescan } from "../../library/mapping/alignment.ts";
import { fitProbeLattices, type ProbeLattices } from "../../library/mapping/probe_lattices.ts";
import type { ClusterOrientation, StrainPhase } from "../../library/mapping/strain_spots.ts";
import type { RunOptions } from "../../library/engine/options.ts";
import { readAveragePeaks } from "../../library/results/average_peaks.ts";
import { orientationFiles } from "../../library/results/orientation_files.ts";
import { fileOf } from "../../library/results/product.ts";
import { averages as averagesProduct } from "../../library/results/products.ts";
import { readTemplate } from "../../library/results/read_calibration.ts";
import type { StoredResult } from "../../library/results/read.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { badPixelsOf } from "./probe_peaks.ts";
import { openAverages } from "./result_averages.ts";

/** What the strain of a result goes by. */
export interface StrainConditions {
  readonly orientations: readonly (ClusterOrientation | undefined)[];
  readonly phases: readonly StrainPhase[];
  readonly calibration: DetectorCalibration;
  /** Radius of the disks in detector pixels, and how far the direct beam moves from its mean. */
  readonly diskRadius: number;
  readonly descan: number;
  readonly minimumDisks?: number;
}

/** What a map of pixels that averages show says. */
const shown = 0, hidden = 1, hiddenAtZero = 2;

/**
 * Fits the lattices; `undefined` where no cluster has so few counts, or the result has no averages of raw patterns about a common
 * origin that tell which disks there are.
 */
export async function latticesOfProbes(
  scan: Scan,
  stored: StoredResult,
  { orientations, phases, calibration, diskRadius, descan, minimumDisks }: StrainConditions,
  options: RunOptions,
): Promise<ProbeLattices | undefined> {
  const { run } = stored, has = (name: string) => run.files.some((file) => file.name === name);
  const aligned = has(orientationFiles.alignedAverages);
  // Where they are not aligned disks are smeared by how far the beam moves; filtered patterns are no counts.
  const raw = has(fileOf(averagesProduct)) && run.parameters.average === "raw" && descan <= noticeableDescan;
  if (!(aligned || raw) || !has(orientationFiles.averagePeaks)) return undefined;
  const averages = await openAverages(stored, true), { peaks, origin } = readAveragePeaks(stored);
  try {
    return await fitProbeLattices(scan, {
      ...{ averages, peaks, averageOrigin: origin, labels: stored.labels },
      ...{ orientations, phases, calibration, gain: run.gain, minimumDisks },
      template: readTemplate(stored, diskRadius),
      badPixels: badPixelsOf(stored),
      badAveraged: unseen(stored, aligned ? Math.ceil(descan) + 1 : 0),
    }, options);
  } finally {
    averages.close();
  }
}

/**
 * Pixels that averages do not show: those that the run left out, and, where patterns were moved by up to `reach` pixels, those so
 * near to them that are 0.
 */
function unseen({ shape, run: { badPixels } }: StoredResult, reach: number): Uint8Array {
  const { patternRows, patternColumns } = shape;
  const map = new Uint8Array(patternRows * patternColumns).fill(shown);
  for (const pixel of badPixels.masked) {
    const row = Math.floor(pixel / patternColumns), column = pixel % patternColumns;
    for (let y = Math.max(0, row - reach); y <= Math.min(patternRows - 1, row + reach); y++) {
      const start = y * patternColumns;
      map.fill(
        reach > 0 ? hiddenAtZero : hidden,
        start + Math.max(0, column - reach),
        start + Math.min(patternColumns, column + reach + 1),
      );
    }
  }
  return map;
}
