/** From a result on disk back to what it was written from, as far as the files tell. */

import { join } from "node:path";
import type { BadPixels, Clustering } from "../cluster/clustering.ts";
import { checkParameters, type ClusterParameters } from "../cluster/parameters.ts";
import type { ScanFacts } from "../report/content.ts";
import type { PixelSize } from "../scan/calibration.ts";
import { bytesPerElement } from "../scan/dtype.ts";
import { CorruptFile, CrystalliteError } from "../scan/errors.ts";
import { pixelCount } from "../scan/shape.ts";
import { runRecordName } from "./directory.ts";
import type { StoredResult } from "./read.ts";
import type { PlainChoice, RunRecord } from "./run_record.ts";

/** Stages of the run before that belong to writing, which is done again. */
const writingStages = new Set(["averages and files", "total"]);

/**
 * The clustering of a stored result: all that is written and averaged, without the prefilter's weights. Of a detector
 * mask from a file only the name is known; nothing after the comparison asks for more.
 *
 * @throws {CorruptFile} when the run record holds values that no run gives
 */
export function restoreClustering(stored: StoredResult): Clustering {
  const { run, shape, labels, clusters, similarity, meanSimilarity, mask, darkField, edits } = stored;
  checkRecord(stored);
  const timings = Object.entries(run.timings).filter(([stage]) => !writingStages.has(stage));
  return {
    ...{ shape, labels, clusters, similarity, meanSimilarity, mask, darkField, edits },
    parameters: restoreParameters(stored),
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
  if (parameters.detectorMask.kind === "pixels") {
    const keep = new Uint8Array(0);
    restored.detectorMask = { kind: "pixels", keep, source: named(parameters.detectorMask) };
  }
  if (parameters.mask.kind === "pixels") {
    restored.mask = { kind: "pixels", keep: mask, source: named(parameters.mask) };
  }
  return restored as unknown as ClusterParameters;
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
