/** The whole pipeline of the paper up to the labels (spec stages 0 to 6). */

import type { Engine } from "../engine/engine.ts";
import { withEngine } from "../engine/with_engine.ts";
import type { RunOptions } from "../engine/options.ts";
import { BadParameter, CorruptFile, throwIfAborted } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { probeCount, type ScanShape } from "../scan/shape.ts";
import type { Clustering } from "./clustering.ts";
import { countWarnings } from "./count_warnings.ts";
import { compareNeighbours, type Comparison } from "./compare.ts";
import { checkParameters } from "./presets.ts";
import type { ClusterParameters } from "./parameters.ts";
import { valueNoise } from "../passes/detector/value_noise.ts";
import type { Preparation } from "../passes/detector/preparation.ts";
import { allDirections, meanSimilarity } from "../scan/neighbours.ts";
import { type MaskRule, maskRule, realSpaceMask } from "./real_space_mask.ts";
import { BlankPass } from "../passes/blank_patterns.ts";
import { SketchPass } from "../passes/sketch/sketch_pass.ts";
import { blankSketches } from "../passes/sketch/sketches.ts";
import { segment } from "./segment.ts";
import { maskWarnings } from "./mask_warnings.ts";
import { needsSketch } from "./settle.ts";
import { summariseClusters } from "./summary.ts";
import { PassingImage } from "../passes/passing_image.ts";
import type { FrameOfSeries } from "./frame_of_series.ts";
import {
  darkFieldPixels,
  type DetectorGround,
  groundDetector,
  groundSketch,
  maskingImage,
} from "./groundwork.ts";

/**
 * Clusters a scan: clean-up, blur, prefilter, similarity, mask, growth. The scan is streamed in bands, so it may be
 * larger than memory. The same scan and parameters give the same bytes, whatever the options.
 *
 * @param scan any scan, from a file or simulated; it stays open
 * @param parameters see {@link ClusterParameters}; start from `defaultParameters`, `paperPreset` or `py4dstemPreset`
 * @returns labels, clusters in seed order, similarity and mask; averages come from `averagePatterns`
 * @throws {BadParameter} when parameters are out of range or do not fit the scan
 * @throws {CorruptFile} when the scan cannot be read, holds values that are not finite, or is a frame without a single count
 * @throws {FileUnavailable} when its files were changed since it was opened
 * @throws {OutOfResources} when single rows do not fit the memory limit
 * @throws {Aborted} when the signal fires
 *
 * @example
 * ```ts
 * import { clusterScan, defaultParameters, simulateScan } from "crystallite";
 *
 * const scan = simulateScan({ rows: 16, columns: 16, grains: 3, seed: 7 });
 * const { clusters, labels } = await clusterScan(scan, { ...defaultParameters, blur: 2, threshold: 0.9 });
 * console.assert(labels.length === 256 && clusters.every(({ size }) => size >= 4));
 * ```
 *
 * @see Lee et al., Methods 1-4
 */
export async function clusterScan(
  scan: Scan,
  parameters: ClusterParameters,
  options: ClusterOptions = {},
): Promise<Clustering> {
  checkParameters(parameters);
  throwIfAborted(options.signal);
  return await withEngine(options, (engine) => clusterOn(engine, scan, parameters, { ...options, engine }));
}

/** Options of {@link clusterScan}. */
export interface ClusterOptions extends RunOptions {
  /** What a frame of a series has in common with the others; unlike the other options it counts for the result. */
  readonly series?: FrameOfSeries;
}

async function clusterOn(
  engine: Engine,
  scan: Scan,
  given: ClusterParameters,
  { series, ...options }: ClusterOptions,
): Promise<Clustering> {
  const clock = new Stopwatch();
  const { shape } = scan;
  // The drift of a series is measured in a dark field too.
  const ground = await groundDetector(scan, given, series !== undefined, series?.shared, options);
  const { parameters, preparation, settled, detector } = ground;
  if (series && preparation.electrons === 0) throw blankFrame(scan);
  clock.lap("detector");
  const masking = await maskingImage(engine, scan, ground, options);
  if (masking) clock.lap("dark field");
  const blank = new BlankPass(scan, preparation.electrons ?? 0);
  const sketched = await groundSketch(engine, scan, ground, options);
  const sketching = sketched && new SketchPass(scan, sketched.grid, sketched.basis, preparation.gain, blank);
  if (sketching) clock.lap("sketch basis");
  const rule = maskRule(parameters.mask, probeCount(shape), masking);
  const image = series && !masking ? seriesImage(scan, preparation) : undefined;
  const job = { scan, preparation, parameters: settled, detector, mask: rule, sketching, blank, image };
  const compared = await compareNeighbours(engine, job, options);
  // Pairs that were compared one by one were read after everything else. A reading has looked itself: files may be thousands.
  if (compared.path.kind !== "exact") scan.requireUnchanged?.();
  clock.lap("similarity");
  if (parameters.method === "regions") options.onProgress?.({ stage: "regions", done: 0, total: 1 });
  const measured = { ground, given, compared, rule, masking, expected: series?.expected };
  const clustering = concludeClustering(shape, measured);
  clock.lap(parameters.method);
  return { ...clustering, timings: clock.laps };
}

/** What labels follow from, once all neighbours are compared. */
export interface ComparedScan {
  readonly ground: Pick<DetectorGround, "parameters" | "preparation" | "settled">;
  /** The parameters as the user gave them. */
  readonly given: ClusterParameters;
  readonly compared: Comparison;
  /** How the real-space mask is decided. */
  readonly rule: MaskRule;
  /** The dark-field image of a virtual mask. */
  readonly masking?: Float32Array;
  /** Which regions other frames expect. */
  readonly expected?: FrameOfSeries["expected"];
}

/** The beam was blanked, or the file is empty: of such a frame nothing is known, and the others would be seen in it. */
function blankFrame({ source }: Scan): CorruptFile {
  return new CorruptFile("patterns all over the scan hold not a single count", {
    file: source.path,
    expected: "a frame that was recorded with the beam on",
    remedy: "leave that frame out",
  });
}

/** Mask, regions or growth, and the clusters: what needs no pattern any more. */
export function concludeClustering(
  shape: ScanShape,
  { ground, given, compared, rule, masking, expected }: ComparedScan,
): Omit<Clustering, "timings"> {
  const { parameters, preparation, settled } = ground;
  const { forward, weights, path } = compared;
  const similarity = allDirections(forward, shape.rows, shape.columns);
  const mean = meanSimilarity(similarity, parameters.missingNeighbour);
  const sketches = needsSketch(parameters) ? compared.sketches ?? blankSketches(shape) : null;
  const darkField = masking ?? (compared.image?.every(Number.isFinite) ? compared.image : undefined);
  const admitted = realSpaceMask(rule, mean);
  const recorded = admitted.mask.map((inside, probe) => inside && !compared.blank[probe] ? 1 : 0);
  const segmentation = segment({
    shape,
    parameters,
    similarity,
    meanSimilarity: mean,
    sketches,
    mask: recorded,
    expected: expected?.({ meanSimilarity: mean, darkField }),
  });
  const { growth, mask } = segmentation;
  const clusters = summariseClusters(growth, shape.columns, mean);
  return {
    shape,
    parameters: given,
    settled: { blur: settled.blur, detectorMask: settled.detectorMask, threshold: segmentation.threshold },
    labels: growth.labels,
    clusters,
    similarity,
    meanSimilarity: mean,
    mask,
    maskThreshold: admitted.threshold,
    darkField,
    badPixels: preparation.badPixels,
    ...preparation.gain.value !== 1 && { gain: preparation.gain.value },
    ...valueNoise(preparation.gain),
    center: settled.about,
    ...preparation.beam && { beamRadius: preparation.beam.radius },
    forest: segmentation.forest,
    evidence: segmentation.evidence,
    background: segmentation.background,
    regions: segmentation.regions,
    ...segmentation.parts && { parts: segmentation.parts },
    prefilterWeights: weights,
    comparison: path,
    warnings: [
      ...patternWarnings(preparation, compared.blank),
      ...countWarnings(parameters, {
        threshold: segmentation.threshold,
        recorded,
        mask,
        sizes: clusters.map(({ size }) => size),
      }),
      ...maskWarnings(parameters.mask, admitted.mask),
      ...segmentation.warnings,
    ],
  };
}

/** The same about the beam itself, for the drift of a series; nothing where the beam fills the detector. */
function seriesImage(scan: Scan, preparation: Preparation): PassingImage | undefined {
  try {
    return new PassingImage(scan, darkFieldPixels(scan, { ...preparation, center: preparation.beam! }));
  } catch (cause) {
    if (!(cause instanceof BadParameter)) throw cause;
    return undefined;
  }
}

/** What of the patterns themselves a user should know. */
function patternWarnings({ warnings: detector, gain, electrons }: Preparation, blank: Uint8Array): string[] {
  const warnings = [...detector];
  const { valueOffset, readNoise } = valueNoise(gain);
  const short = (value: number) => Number(value.toPrecision(3));
  if (gain.value !== 1) {
    warnings.push(
      `The values are no counts: by their noise one electron adds ${short(gain.value)}` +
        `${
          readNoise === undefined ? "" : `, and reading a pixel out has noise of about ${short(readNoise)}`
        }.`,
    );
  }
  if (valueOffset !== undefined) {
    warnings.push(
      `By their noise all values stand on a constant of ${gain.whole ? "" : "at least "}${
        short(valueOffset)
      }, ` +
        "which is no electrons: regions are found without it; take it away before anything else is measured.",
    );
  }
  if (electrons === 0) {
    warnings.push("Patterns all over the scan hold not a single count: is this the right file and data set?");
  }
  const blanks = blank.reduce((count, value) => count + value, 0);
  if (blanks > 0) {
    warnings.push(
      `${blanks} of ${blank.length} patterns are blank, without a single count; they are in no cluster.`,
    );
  }
  return warnings;
}

/** Seconds since the lap before, by name. */
class Stopwatch {
  readonly laps: Record<string, number> = {};
  #since = performance.now();

  lap(name: string): void {
    const now = performance.now();
    this.laps[name] = (now - this.#since) / 1000;
    this.#since = now;
  }
}
