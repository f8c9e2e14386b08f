/** From a result on disk back to what it was written from, as far as the files tell. */

import { join } from "node:path";
import type { Clustering } from "../cluster/clustering.ts";
import type { ThresholdEvidence } from "../cluster/automatic_threshold.ts";
import type { ScanFacts } from "../report/content.ts";
import { pixelCount } from "../scan/shape.ts";
import { runRecordName } from "./directory.ts";
import type { StoredResult } from "./read.ts";
import { restoreDetectorMask, restoreParameters } from "./recorded_parameters.ts";
import type { PlainEvidence } from "./run_record.ts";
import { refusal } from "./run_schema.ts";

/** Stages of the run before that belong to writing, which is done again. */
const writingStages = new Set(["averages and files", "total"]);

/**
 * The clustering of a stored result: all that is written and averaged, without the prefilter's weights. Of a detector
 * mask from a file only the name is known; nothing after the comparison asks for more.
 *
 * @throws {CorruptFile} when the run record holds parameters that no run has
 */
export function restoreClustering(
  { directory, arrays: _, run, ...restored }: StoredResult,
): Clustering {
  const { badPixels, settled } = run, { mask, shape } = restored;
  const timings = Object.entries(run.timings).filter(([stage]) => !writingStages.has(stage));
  const file = join(directory, runRecordName), pixels = pixelCount(shape);
  return {
    ...restored,
    parameters: restoreParameters(
      run.parameters,
      { badPixels, pixels, mask },
      (misfit) => refusal(file, misfit),
    ),
    settled: { ...settled, detectorMask: restoreDetectorMask(settled.detectorMask) },
    evidence: run.evidence && restoreEvidence(run.evidence),
    background: run.background,
    maskThreshold: run.maskThreshold,
    badPixels,
    ...run.gain !== undefined && { gain: run.gain },
    ...run.valueOffset !== undefined && { valueOffset: run.valueOffset },
    ...run.readNoise !== undefined && { readNoise: run.readNoise },
    center: run.center,
    ...run.beamRadius !== undefined && { beamRadius: run.beamRadius },
    ...run.parts && { parts: run.parts },
    comparison: run.comparison,
    warnings: run.warnings,
    timings: Object.fromEntries(timings),
  };
}

/** What a stored result knows of its scan. Warnings about the scan are among those of {@link restoreClustering}. */
export function restoreScan({ run, shape }: StoredResult): ScanFacts {
  const { checksum: _, ...source } = run.input;
  return { shape, dtype: run.dtype, calibration: run.calibration, source, warnings: [] };
}

function restoreEvidence(evidence: PlainEvidence): ThresholdEvidence {
  return {
    ...evidence,
    thresholds: Float32Array.from(evidence.thresholds),
    entropy: Float32Array.from(evidence.entropy),
    clusters: Uint32Array.from(evidence.clusters),
    coverage: Float32Array.from(evidence.coverage),
    largest: Float32Array.from(evidence.largest),
  };
}
