/** From a result on disk back to what it was written from, as far as the files tell. */

import { join } from "node:path";
import type { BadPixels } from "../passes/detector/bad_pixels_and_beam.ts";
import type { Clustering } from "../cluster/clustering.ts";
import type { ThresholdEvidence } from "../cluster/automatic_threshold.ts";
import { checkParameters, type ClusterParameters } from "../cluster/parameters.ts";
import type { FixedDetectorMask } from "../passes/detector/detector_mask.ts";
import type { ScanFacts } from "../report/content.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { bytesPerElement } from "../scan/dtype.ts";
import { CorruptFile, CrystalliteError } from "../scan/errors.ts";
import { pixelCount } from "../scan/shape.ts";
import { runRecordName } from "./directory.ts";
import type { StoredResult } from "./read.ts";
import type { PlainChoice, PlainEvidence, RunRecord } from "./run_record.ts";

/** Stages of the run before that belong to writing, which is done again. */
const writingStages = new Set(["averages and files", "total"]);

/**
 * The clustering of a stored result: all that is written and averaged, without the prefilter's weights. Of a detector
 * mask from a file only the name is known; nothing after the comparison asks for more.
 *
 * @throws {CorruptFile} when the run record holds values that no run gives
 */
export function restoreClustering(stored: StoredResult): Clustering {
  const { run, shape, labels, clusters, similarity, meanSimilarity, mask, darkField, margin, forest, edits } =
    stored;
  checkRecord(stored);
  const timings = Object.entries(run.timings).filter(([stage]) => !writingStages.has(stage));
  return {
    ...{ shape, labels, clusters, similarity, meanSimilarity, mask, darkField, forest, edits },
    parameters: restoreParameters(stored),
    settled: { ...run.settled, detectorMask: restoreDetectorMask(run.settled.detectorMask) },
    evidence: run.evidence && restoreEvidence(run.evidence),
    background: run.background,
    regions: run.regions && margin ? { ...run.regions, margin } : undefined,
    maskThreshold: run.maskThreshold,
    badPixels: run.badPixels,
    center: run.center,
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

function restoreParameters({ run: { parameters, badPixels }, shape, mask }: StoredResult): ClusterParameters {
  const named = (choice: PlainChoice) => String(choice.source);
  const restored = { ...parameters } as Record<string, unknown>;
  if (parameters.badPixels.kind === "pixels") {
    const bad = badPixelMap(badPixels, pixelCount(shape));
    restored.badPixels = { kind: "pixels", bad, source: named(parameters.badPixels) };
  }
  restored.detectorMask = restoreDetectorMask(parameters.detectorMask);
  if (parameters.mask.kind === "pixels") {
    restored.mask = { kind: "pixels", keep: mask, source: named(parameters.mask) };
  }
  return restored as unknown as ClusterParameters;
}

/** Of a mask from a file only the name is known. */
function restoreDetectorMask(mask: PlainChoice): FixedDetectorMask {
  if (mask.kind !== "pixels") return mask as unknown as FixedDetectorMask;
  return { kind: "pixels", keep: new Uint8Array(0), source: String(mask.source) };
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

function badPixelMap({ filled, masked }: BadPixels, pixels: number): Uint8Array {
  const bad = new Uint8Array(pixels);
  for (const pixel of [...filled, ...masked]) bad[pixel] = 1;
  return bad;
}

/** Checks what later steps rely on. */
function checkRecord(stored: StoredResult): void {
  const file = join(stored.directory, runRecordName), { run } = stored;
  const refuse = (name: string, found: unknown): never => {
    throw new CorruptFile(`${file} holds no sensible ${name}`, {
      file,
      expected: "a record as crystallite writes it",
      found: (JSON.stringify(found) ?? "nothing").slice(0, 200),
      remedy: "run the clustering again",
    });
  };
  for (const [name, value, holds] of recordChecks(run, pixelCount(stored.shape))) {
    if (!holds) refuse(name, value);
  }
  try {
    checkParameters(restoreParameters(stored));
  } catch (cause) {
    if (!(cause instanceof CrystalliteError || cause instanceof TypeError)) throw cause;
    refuse("parameters", run.parameters);
  }
}

/** Name and value of each part, and whether it is what its type says. */
function recordChecks(run: RunRecord, pixels: number): [string, unknown, boolean][] {
  const { settled, evidence, background, regions } = run;
  const { parameters, badPixels, center, calibration, input, comparison, dtype, timings } = run;
  const choices = [parameters?.badPixels, parameters?.center, parameters?.detectorMask, parameters?.mask];
  const isPixelList = (list: unknown) =>
    Array.isArray(list) && list.every((pixel) => Number.isInteger(pixel) && pixel >= 0 && pixel < pixels);
  const { kind } = comparison ?? {};
  return [
    ["parameters", parameters, isObject(parameters) && choices.every((one) => typeof one?.kind === "string")],
    ["choice of averages", parameters?.average, ["raw", "filtered", "none"].includes(parameters?.average)],
    [
      "bad pixels",
      badPixels,
      typeof badPixels?.source === "string" && isPixelList(badPixels.filled) && isPixelList(badPixels.masked),
    ],
    ["settled parameters", settled, isSettled(settled)],
    ["evidence", evidence, evidence === undefined || isEvidence(evidence)],
    ["background", background, background === undefined || isObject(background)],
    ["regions", regions, regions === undefined || isRegions(regions, run)],
    ["centre", center, Number.isFinite(center?.row) && Number.isFinite(center?.column)],
    ["calibration", calibration, isObject(calibration) && hasSizes(calibration)],
    ["input", input, typeof input?.path === "string" && typeof input.format === "string"],
    ["comparison", comparison, kind === "exact" || (kind === "fast" && hasNumbers(comparison))],
    ["number type", dtype, Number.isFinite(sizeOf(dtype))],
    ["timings", timings, isObject(timings) && Object.values(timings).every(Number.isFinite)],
    ["warnings", run.warnings, isTextList(run.warnings)],
    ["command", run.command, isTextList(run.command)],
  ];
}

function isSettled(settled: RunRecord["settled"]): boolean {
  return Number.isFinite(settled?.blur) && typeof settled.detectorMask?.kind === "string" &&
    (settled.threshold === null || Number.isFinite(settled.threshold));
}

function isEvidence(evidence: PlainEvidence): boolean {
  const { thresholds, entropy, clusters, coverage, largest, best } = evidence;
  const curves = [thresholds, entropy, clusters, coverage, largest];
  return curves.every((curve) => isNumberList(curve) && curve.length === thresholds.length) &&
    Number.isFinite(best?.threshold) && Number.isFinite(best.entropy) && Number.isFinite(evidence.sizeable);
}

function isRegions(
  { stability, borderlinePairs, bendingPairs }: NonNullable<RunRecord["regions"]>,
  { edits, clusters }: RunRecord,
): boolean {
  // Pairs have the numbers from before any correction by hand.
  const end = edits ? Infinity : clusters;
  const isCluster = (id: unknown) => Number.isInteger(id) && Number(id) >= 0 && Number(id) < end;
  return Number.isFinite(stability) &&
    [borderlinePairs, bendingPairs].every((pairs: readonly { first: number; second: number }[]) =>
      Array.isArray(pairs) &&
      pairs.every((pair) =>
        isObject(pair) && isNumberList(Object.values(pair)) && isCluster(pair.first) && isCluster(pair.second)
      )
    );
}

function isNumberList(value: unknown): boolean {
  return Array.isArray(value) && value.every((number) => Number.isFinite(number));
}

function hasNumbers(comparison: RunRecord["comparison"]): boolean {
  return comparison.kind === "fast" && Number.isFinite(comparison.observedError) &&
    Number.isFinite(comparison.recomputedEdges);
}

function hasSizes({ pixelSize, qPixelSize }: RunRecord["calibration"]): boolean {
  const fits = (size: PixelSize | undefined) =>
    size === undefined ||
    (Number.isFinite(size?.row) && Number.isFinite(size?.column) && typeof size?.unit === "string");
  return fits(pixelSize) && fits(qPixelSize);
}

function sizeOf(dtype: RunRecord["dtype"]): number {
  return ["u8", "u16", "u32", "i16", "i32", "f32", "f64"].includes(dtype) ? bytesPerElement(dtype) : NaN;
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
