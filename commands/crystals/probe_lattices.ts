/** Peaks of the probes of a result, and their lattices against the averages of their clusters. */

import type { Ellipse } from "../../library/mapping/ellipse.ts";
import type { OriginMap, OriginModel } from "../../library/mapping/origin.ts";
import { noticeableDescan } from "../../library/mapping/alignment.ts";
import {
  type KnownClusters,
  planProbeLattices,
  type ProbeLattices,
  readLattices,
} from "../../library/mapping/probe_lattices.ts";
import type { ClusterOrientation, StrainPhase } from "../../library/mapping/strain_spots.ts";
import type { RunOptions } from "../../library/engine/options.ts";
import type { PeakLists } from "../../library/passes/bragg_peaks/peak_pass.ts";
import { readAveragePeaks } from "../../library/results/average_peaks.ts";
import { orientationFiles } from "../../library/results/orientation_files.ts";
import { fileOf } from "../../library/results/product.ts";
import { averages as averagesProduct } from "../../library/results/products.ts";
import { readCalibratedOrigin, readTemplate } from "../../library/results/read_calibration.ts";
import { readAlignedOrigin } from "../../library/results/read_orientations.ts";
import type { StoredResult } from "../../library/results/read.ts";
import type { Scan } from "../../library/scan/scan.ts";
import { type PeakOrigin, peakOrigin } from "./peak_origin.ts";
import { badPixelsOf, peaksOptions } from "./probe_peaks.ts";
import { openAverages } from "./result_averages.ts";

/** What the strain of a result goes by. */
export interface StrainConditions {
  /** int32 (row, column): cluster of each probe that is measured, -1 for all others. */
  readonly labels: Int32Array;
  readonly orientations: readonly (ClusterOrientation | undefined)[];
  readonly phases: readonly StrainPhase[];
  /** Radius of the disks in detector pixels. */
  readonly diskRadius: number;
  readonly qPixelSize: number;
  readonly ellipse?: Ellipse;
  readonly minimumDisks?: number;
  /** How the direct beam moves, if it is to be measured anew. */
  readonly originFit?: OriginModel;
  /** Of which probes peaks are wanted where the direct beam is known; default: all. */
  readonly wanted?: Uint8Array;
}

/** What the patterns of a result say. */
export interface MeasuredProbes extends PeakOrigin {
  readonly peaks: PeakLists;
  readonly lattices?: ProbeLattices;
}

/** What a map of pixels that averages show says. */
const shown = 0, hidden = 1, hiddenAtZero = 2;

/**
 * Reads the scan of a result: once where it is known how the direct beam moves, else once for that and the peaks, and once more for
 * the lattices.
 */
export async function measureProbes(
  scan: Scan,
  stored: StoredResult,
  conditions: StrainConditions,
  options: RunOptions,
): Promise<MeasuredProbes> {
  const { diskRadius, originFit, wanted } = conditions, badPixels = badPixelsOf(stored);
  const origin = originFit === undefined
    ? readCalibratedOrigin(stored) ?? readAlignedOrigin(stored)
    : undefined;
  const peaks = peaksOptions(stored, diskRadius);
  if (origin) {
    const planned = await planOf(stored, conditions, origin);
    const found = await readLattices(scan, { peaks, planned, wanted, badPixels }, options);
    return { peaks: found.peaks!, origin, unclear: false, lattices: found.lattices };
  }
  const found = (await readLattices(scan, { peaks, badPixels }, options)).peaks!;
  const beam = peakOrigin(found, stored, diskRadius, originFit);
  const planned = await planOf(stored, conditions, beam.origin);
  const lattices = planned && (await readLattices(scan, { planned, badPixels }, options)).lattices;
  return { ...beam, peaks: found, lattices };
}

/**
 * What is looked for in the patterns; `undefined` where averages show too little, or the result has no averages of raw patterns
 * about a common origin that tell which disks there are.
 */
async function planOf(
  stored: StoredResult,
  { labels, orientations, phases, diskRadius, qPixelSize, ellipse, minimumDisks }: StrainConditions,
  { fitted, descan }: OriginMap,
) {
  const { run } = stored, has = (name: string) => run.files.some((file) => file.name === name);
  const aligned = has(orientationFiles.alignedAverages);
  // Where they are not aligned disks are smeared by how far the beam moves; filtered patterns are no counts.
  const raw = has(fileOf(averagesProduct)) && run.parameters.average === "raw" && descan <= noticeableDescan;
  if (!(aligned || raw) || !has(orientationFiles.averagePeaks)) return undefined;
  const averages = await openAverages(stored, true), { peaks, origin } = readAveragePeaks(stored);
  const calibration = { origin: fitted, ellipse, qPixelSize: { row: qPixelSize, column: qPixelSize } };
  try {
    const known: KnownClusters = {
      ...{ averages, peaks, averageOrigin: origin, labels, averagedLabels: stored.labels },
      ...{ orientations, phases, calibration, gain: run.gain, minimumDisks },
      template: readTemplate(stored, diskRadius),
      badAveraged: unseen(stored, aligned ? Math.ceil(descan) + 1 : 0),
    };
    return await planProbeLattices(known);
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
