/** What a clustering run is told: the parameters, their presets and their checks. */

import { BadParameter } from "../scan/errors.ts";

/** How two patterns are compared (paper, Methods 1; docs/deviations.md). */
export type Metric = "cosine" | "centered" | "pearson";

/** Which detector pixels take part in the similarity, about the q centre; radii in detector pixels. */
export type DetectorMask =
  | { readonly kind: "none" }
  /** keeps r <= radius */
  | { readonly kind: "disk"; readonly radius: number }
  /** keeps inner <= r <= outer */
  | { readonly kind: "annulus"; readonly inner: number; readonly outer: number }
  /** keeps r > radius */
  | { readonly kind: "outside"; readonly radius: number }
  /** keeps nonzero pixels, (qy, qx) row-major */
  | { readonly kind: "pixels"; readonly keep: Uint8Array; readonly source: string };

/** Which probe positions may be clustered. */
export type RealSpaceMask =
  | { readonly kind: "none" }
  /** mean similarity above the triangle threshold of its histogram */
  | { readonly kind: "triangle" }
  /** annular dark-field image above the triangle threshold of its histogram */
  | { readonly kind: "virtual" }
  /** mean similarity above a number */
  | { readonly kind: "number"; readonly above: number }
  /** nonzero probes, (row, column) row-major */
  | { readonly kind: "pixels"; readonly keep: Uint8Array; readonly source: string };

/** Where bad detector pixels come from: found, from the scan's file, nowhere, or a map (nonzero = bad). */
export type BadPixelSource =
  | { readonly kind: "auto" }
  | { readonly kind: "file" }
  | { readonly kind: "none" }
  | { readonly kind: "pixels"; readonly bad: Uint8Array; readonly source: string };

/** Position of the direct beam in detector pixels, or how to find it. */
export type DetectorCenter =
  | { readonly kind: "index" }
  | { readonly kind: "auto" }
  | { readonly kind: "at"; readonly row: number; readonly column: number };

/** Correlative prefilter (paper, "Correlative prefiltering"). */
export interface PrefilterParameters {
  /** Gaussian blur of the compared patterns in detector pixels; the output is unblurred. */
  readonly blur: number;
  /** Radius of the neighbourhood in probe positions. */
  readonly radius: number;
  /** `circle`: dy^2 + dx^2 <= (radius + 1/2)^2; `square`: the whole (2 radius + 1)^2. */
  readonly footprint: "circle" | "square";
  /** Correlations mapped to weight 0 and 1. */
  readonly range: readonly [number, number];
  /** Detector pixels at each border that get no weight. */
  readonly edge: number;
}

/** All parameters of a clustering run. */
export interface ClusterParameters {
  readonly badPixels: BadPixelSource;
  readonly center: DetectorCenter;
  /** Gaussian blur in detector pixels before the similarity; 0 = none. */
  readonly blur: number;
  readonly prefilter: PrefilterParameters | null;
  readonly metric: Metric;
  readonly detectorMask: DetectorMask;
  /** Neighbours at least this similar are joined; compared as float32. */
  readonly threshold: number;
  readonly mask: RealSpaceMask;
  /** Smaller clusters are dropped (label -1). */
  readonly minimumSize: number;
  /** What the cluster averages are made of. */
  readonly average: "raw" | "filtered" | "none";
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

/** The paper's prefilter settings. */
export const defaultPrefilter: PrefilterParameters = {
  blur: 3,
  radius: 4,
  footprint: "circle",
  range: [0.85, 0.95],
  edge: 12,
};

/** Parameters without a preset; the threshold has no default. */
export const defaultParameters: Omit<ClusterParameters, "threshold"> = {
  badPixels: { kind: "auto" },
  center: { kind: "index" },
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
  demand(threshold >= -1 && threshold <= 1, "threshold", "a number from -1 to 1", threshold);
  demand(blur >= 0 && blur <= 100, "blur", "0 to 100 detector pixels", blur);
  demand(
    Number.isInteger(minimumSize) && minimumSize >= 1,
    "min-size",
    "a whole number of at least 1",
    minimumSize,
  );
  demand(
    Number.isInteger(borderWidth) && borderWidth >= 0,
    "border width",
    "a whole number of at least 0",
    borderWidth,
  );
  if (parameters.average === "filtered" && !prefilter) {
    throw new BadParameter("averages of filtered data need the prefilter", {
      remedy: "add --prefilter, or use --average raw",
    });
  }
  if (detectorMask.kind === "disk" || detectorMask.kind === "outside") {
    const { radius } = detectorMask;
    demand(radius >= 0 && radius < Infinity, "q-mask", "a finite radius of at least 0", radius);
  }
  if (detectorMask.kind === "annulus") {
    const { inner, outer } = detectorMask;
    const fits = inner >= 0 && outer >= inner && outer < Infinity;
    demand(fits, "q-mask", "finite radii 0 <= R1 <= R2", `${inner},${outer}`);
  }
  const { missingNeighbour } = parameters;
  const missingFits = missingNeighbour === null || Math.abs(missingNeighbour) <= 1;
  demand(missingFits, "missing neighbour", "null, or a similarity from -1 to 1", missingNeighbour);
  if (parameters.mask.kind === "number") {
    demand(Number.isFinite(parameters.mask.above), "mask", "a finite number", parameters.mask.above);
  }
  if (prefilter) checkPrefilter(prefilter);
}

/**
 * Checks the parameters of the prefilter alone.
 *
 * @throws {BadParameter} naming the first parameter that is out of range
 */
export function checkPrefilter({ blur, radius, range: [low, high], edge }: PrefilterParameters): void {
  demand(blur >= 0 && blur <= 100, "prefilter-blur", "0 to 100 detector pixels", blur);
  demand(
    Number.isInteger(radius) && radius >= 1 && radius <= 32,
    "prefilter-radius",
    "1 to 32 probe positions",
    radius,
  );
  demand(low >= -1 && high <= 1 && low < high, "prefilter-range", "-1 <= MIN < MAX <= 1", `${low},${high}`);
  demand(Number.isInteger(edge) && edge >= 0, "prefilter-edge", "a whole number of at least 0", edge);
}

function demand(holds: boolean, name: string, expected: string, found: unknown): void {
  if (holds) return;
  throw new BadParameter(`${name} is out of range`, {
    expected,
    found: String(found),
    remedy: `give ${name} as ${expected}`,
  });
}
