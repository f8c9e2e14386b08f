/** The whole pipeline of the paper up to the labels (spec stages 0 to 6). */

import { type Engine, withEngine } from "../engine/engine.ts";
import type { RunOptions } from "../engine/options.ts";
import { BadParameter, throwIfAborted } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { probeCount } from "../scan/shape.ts";
import type { Clustering } from "./clustering.ts";
import { compareNeighbours } from "./compare.ts";
import type { MaskDecision } from "./decisions.ts";
import { detectorMaskPixels } from "./detector_mask.ts";
import { growClusters } from "./growth.ts";
import { checkParameters, type ClusterParameters } from "./parameters.ts";
import { type Preparation, prepareDetector } from "./preparation.ts";
import { allDirections, meanSimilarity } from "./neighbours.ts";
import { summariseClusters } from "./summary.ts";
import { triangleThreshold } from "./triangle.ts";
import { virtualPass } from "./virtual.ts";

/**
 * Clusters a scan: clean-up, blur, prefilter, similarity, mask, growth. The scan is streamed in bands, so it may be
 * larger than memory. The same scan and parameters give the same bytes, whatever the options.
 *
 * @param scan any scan, from a file or simulated; it stays open
 * @param parameters see {@link ClusterParameters}; start from `defaultParameters`, `paperPreset` or `py4dstemPreset`
 * @returns labels, clusters in seed order, similarity and mask; averages come from `averagePatterns`
 * @throws {BadParameter} when parameters are out of range or do not fit the scan
 * @throws {CorruptFile} when the scan cannot be read or holds values that are not finite
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
  options: RunOptions = {},
): Promise<Clustering> {
  checkParameters(parameters);
  throwIfAborted(options.signal);
  return await withEngine(options, (engine) => clusterOn(engine, scan, parameters, { ...options, engine }));
}

async function clusterOn(
  engine: Engine,
  scan: Scan,
  parameters: ClusterParameters,
  options: RunOptions,
): Promise<Clustering> {
  const clock = new Stopwatch();
  const { shape } = scan;
  const virtual = parameters.mask.kind === "virtual";
  const preparation = await prepareDetector(scan, parameters, virtual, options);
  const { badPixels, center } = preparation;
  const detector = detectorMaskPixels(parameters.detectorMask, shape, center, badPixels.masked);
  clock.lap("detector");
  const darkField = virtual ? await darkFieldImage(engine, scan, preparation, options) : undefined;
  if (darkField) clock.lap("dark field");
  const rule = maskRule(parameters.mask, probeCount(shape), darkField);
  const { forward, weights, path } = await compareNeighbours(
    engine,
    scan,
    preparation,
    parameters,
    detector,
    rule,
    options,
  );
  clock.lap("similarity");

  const similarity = allDirections(forward, shape.rows, shape.columns);
  const mean = meanSimilarity(similarity, parameters.missingNeighbour);
  const { mask, threshold } = realSpaceMask(rule, mean);
  const growth = growClusters({
    rows: shape.rows,
    columns: shape.columns,
    similarity,
    meanSimilarity: mean,
    mask,
    threshold: parameters.threshold,
    borderWidth: parameters.borderWidth,
    minimumSize: parameters.minimumSize,
  });
  const clusters = summariseClusters(growth, shape.columns, mean);
  clock.lap("growth");
  return {
    shape,
    parameters,
    labels: growth.labels,
    clusters,
    similarity,
    meanSimilarity: mean,
    mask,
    maskThreshold: threshold,
    darkField,
    badPixels,
    center,
    prefilterWeights: weights,
    comparison: path,
    warnings: warningsOf(parameters, mask, clusters.length),
    timings: clock.laps,
  };
}

/** Counts outside twice the radius of the direct beam, about the q centre. */
function darkFieldImage(engine: Engine, scan: Scan, preparation: Preparation, options: RunOptions) {
  const outside = { kind: "outside", radius: 2 * preparation.beamRadius! } as const;
  const { center, badPixels } = preparation;
  const detector = detectorMaskPixels(outside, scan.shape, center, badPixels.masked);
  return virtualPass(engine, scan, preparation, detector, options);
}

/** A rule for the mask, with the threshold where it is known already. */
type MaskRule = MaskDecision & { readonly threshold?: number };

/** How the mask follows from the mean similarity, or the mask itself where it does not. */
function maskRule(
  rule: ClusterParameters["mask"],
  probes: number,
  darkField: Float32Array | undefined,
): MaskRule {
  switch (rule.kind) {
    case "none":
      return { kind: "fixed", mask: new Uint8Array(probes).fill(1) };
    case "number":
    case "triangle":
      return rule;
    case "virtual": {
      const threshold = triangleThreshold(darkField!);
      return { kind: "fixed", mask: above(darkField!, threshold), threshold };
    }
    case "pixels":
      if (rule.keep.length !== probes) {
        throw new BadParameter("the real-space mask does not fit the scan", {
          file: rule.source,
          expected: `${probes} probe positions`,
          found: `${rule.keep.length}`,
          remedy: "give a mask with one value for each probe position",
        });
      }
      return { kind: "fixed", mask: rule.keep.map((keep) => keep ? 1 : 0) };
  }
}

function realSpaceMask(rule: MaskRule, mean: Float32Array): { mask: Uint8Array; threshold?: number } {
  if (rule.kind === "fixed") return rule;
  const threshold = rule.kind === "number" ? rule.above : triangleThreshold(mean);
  return { mask: above(mean, threshold), threshold };
}

function above(values: Float32Array, threshold: number): Uint8Array {
  return Uint8Array.from(values, (value) => value > threshold ? 1 : 0);
}

function warningsOf(parameters: ClusterParameters, mask: Uint8Array, clusters: number): string[] {
  const warnings: string[] = [];
  if (!mask.includes(1)) {
    warnings.push("The real-space mask is empty, so there are no clusters; try --mask none.");
  } else if (clusters === 0) {
    warnings.push(
      `No cluster has ${parameters.minimumSize} probes or more at threshold ${parameters.threshold}; ` +
        "lower the threshold or --min-size, or blur more.",
    );
  } else if (clusters === 1) {
    warnings.push("Everything fell into one cluster; raise the threshold to separate regions.");
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
