/** What a clustering run is told: the parameters, their presets and their checks. */

import { BadParameter } from "../scan/errors.ts";
import type { BadPixelSource, DetectorCenter } from "../passes/detector/preparation.ts";
import type { DetectorMask } from "../passes/detector/detector_mask.ts";
import type { Metric } from "../passes/features/features.ts";
import { checkPrefilter, defaultPrefilter, type PrefilterParameters } from "../passes/prefilter/footprint.ts";
import { demand } from "../scan/demand.ts";
import type { AveragedPatterns } from "../passes/averages/average_sums.ts";

/**
 * How regions are found: `growth` joins neighbours by a threshold (the paper's, Methods 3); `regions` merges the regions
 * whose mean patterns differ least, as far as counting noise allows to tell, and stops by itself.
 */
export type Method = "growth" | "regions";

/**
 * Neighbours at least this similar are joined: a number from -1 to 1; `auto`, the number at which the sizes of the
 * clusters tell most (largest entropy); or a quantile of the similarities, 0 to 1.
 */
export type Threshold =
  | number
  | { readonly kind: "auto" }
  | { readonly kind: "quantile"; readonly quantile: number };

/** Which probe positions may be clustered. */
export type RealSpaceMask =
  | { readonly kind: "none" }
  /** leaves out the background, found by what its patterns have in common with their neighbours' */
  | { readonly kind: "auto" }
  /** mean similarity above the triangle threshold of its histogram */
  | { readonly kind: "triangle" }
  /** annular dark-field image above the triangle threshold of its histogram */
  | { readonly kind: "virtual" }
  /** mean similarity above a number */
  | { readonly kind: "number"; readonly above: number }
  /** nonzero probes, (row, column) row-major */
  | { readonly kind: "pixels"; readonly keep: Uint8Array; readonly source: string };

/** All parameters of a clustering run. */
export interface ClusterParameters {
  /** Which detector pixels are not believed. */
  readonly badPixels: BadPixelSource;
  /** Where the direct beam lies: radii of detector masks are measured from there. */
  readonly center: DetectorCenter;
  /** How regions are found. */
  readonly method: Method;
  /** Gaussian blur in detector pixels before the similarity; 0 = none, `auto` = half the radius of the direct beam. */
  readonly blur: number | "auto";
  /** Weighted means over similar neighbours before anything is compared; `null` = none. */
  readonly prefilter: PrefilterParameters | null;
  /** How patterns are compared. */
  readonly metric: Metric;
  /** Which detector pixels are compared. */
  readonly detectorMask: DetectorMask;
  /** Of the growth; compared as float32. The method `regions` does not use it. */
  readonly threshold: Threshold;
  /** Which probes may be clustered. */
  readonly mask: RealSpaceMask;
  /** Smaller clusters are dropped (label -1). */
  readonly minimumSize: number;
  /** What the cluster averages are made of. */
  readonly average: AveragedPatterns;
  /** Probes this close to the scan's border seed clusters but never join one (py4DSTEM: 2; ours: 0). */
  readonly borderWidth: number;
  /** Similarity of neighbours outside the scan in the mean similarity; `null` leaves them out (py4DSTEM: -1). */
  readonly missingNeighbour: number | null;
  /**
   * Whether every similarity is computed from all detector pixels. Otherwise blurred patterns may be compared on
   * fewer samples: similarities differ by less than 1e-5, mask and labels do not.
   */
  readonly exact: boolean;
}

/** Parameters without a preset; the threshold has no default. */
export const defaultParameters: Omit<ClusterParameters, "threshold"> = {
  badPixels: { kind: "auto" },
  center: { kind: "index" },
  method: "growth",
  blur: 0,
  prefilter: null,
  metric: "cosine",
  detectorMask: { kind: "none" },
  mask: { kind: "none" },
  minimumSize: 4,
  average: "raw",
  borderWidth: 0,
  missingNeighbour: null,
  exact: false,
};

/** Settings of Lee et al. as printed in the paper. */
export const paperPreset: ClusterParameters = {
  ...defaultParameters,
  badPixels: { kind: "file" },
  blur: 3,
  prefilter: defaultPrefilter,
  threshold: 0.9,
  mask: { kind: "triangle" },
  average: "filtered",
};

/** Settings that need no parameter: what measured best on simulated scans (docs/quality.md). */
export const autoPreset: ClusterParameters = {
  ...defaultParameters,
  method: "regions",
  blur: "auto",
  detectorMask: { kind: "auto" },
  threshold: { kind: "auto" },
  mask: { kind: "auto" },
};

/** Behaviour of the published implementation in py4DSTEM 0.14.19. */
export const py4dstemPreset: Omit<ClusterParameters, "threshold"> = {
  ...defaultParameters,
  badPixels: { kind: "none" },
  metric: "centered",
  minimumSize: 1,
  borderWidth: 2,
  missingNeighbour: -1,
  exact: true,
};

/**
 * Checks what can be checked without a scan.
 *
 * @throws {BadParameter} naming the first parameter that is out of range
 *
 * @example
 * ```ts
 * import { BadParameter, checkParameters, defaultParameters } from "crystallite";
 *
 * try {
 *   checkParameters({ ...defaultParameters, threshold: 2 });
 * } catch (error) {
 *   console.assert(error instanceof BadParameter && error.details.expected === "a number from -1 to 1");
 * }
 * ```
 */
export function checkParameters(parameters: ClusterParameters): void {
  const { blur, threshold, minimumSize, prefilter, detectorMask, borderWidth } = parameters;
  if (typeof threshold === "number") {
    demand(threshold >= -1 && threshold <= 1, "threshold", "a number from -1 to 1", threshold);
  } else if (threshold.kind === "quantile") {
    const { quantile } = threshold;
    demand(quantile >= 0 && quantile <= 1, "threshold", "a quantile from 0 to 1", quantile);
  }
  if (blur !== "auto") demand(blur >= 0 && blur <= 100, "blur", "0 to 100 detector pixels", blur);
  demand(
    Number.isInteger(minimumSize) && minimumSize >= 1,
    "minimumSize",
    "a whole number of at least 1",
    minimumSize,
  );
  demand(
    Number.isInteger(borderWidth) && borderWidth >= 0,
    "borderWidth",
    "a whole number of at least 0",
    borderWidth,
  );
  const automatic = parameters.method === "regions" || typeof threshold !== "number";
  if (automatic && borderWidth > 0) {
    throw new BadParameter("with py4DSTEM's border rule the threshold must be a number", {
      expected: "method growth and a number",
      parameter: "threshold",
      remedy: "give `threshold: number`, or leave `borderWidth` out",
    });
  }
  if (parameters.average === "filtered" && !prefilter) {
    throw new BadParameter("averages of filtered data need the prefilter", {
      parameter: "prefilter",
      remedy: "add `prefilter`, or use `average: raw`",
    });
  }
  if (detectorMask.kind === "disk" || detectorMask.kind === "outside") {
    const { radius } = detectorMask;
    demand(radius >= 0 && radius < Infinity, "detectorMask", "a finite radius of at least 0", radius);
  }
  if (detectorMask.kind === "annulus") {
    const { inner, outer } = detectorMask;
    const fits = inner >= 0 && outer >= inner && outer < Infinity;
    demand(fits, "detectorMask", "finite radii 0 <= R1 <= R2", `${inner},${outer}`);
  }
  const { missingNeighbour } = parameters;
  const missingFits = missingNeighbour === null || Math.abs(missingNeighbour) <= 1;
  demand(missingFits, "missingNeighbour", "null, or a similarity from -1 to 1", missingNeighbour);
  if (parameters.mask.kind === "number") {
    demand(Number.isFinite(parameters.mask.above), "mask", "a finite number", parameters.mask.above);
  }
  if (prefilter) checkPrefilter(prefilter);
}
