/** Strain of every probe against the orientation of its cluster: the hybrid of Lee et al. */

import { BadParameter } from "../scan/errors.ts";
import { medianOf } from "../scan/median.ts";
import { inverse2, type Matrix2, multiply2, strainOf, turnAxes } from "../crystal/strain/deformation.ts";
import {
  fitLattice,
  type LatticeFit,
  mostUncertain,
  type StrainFit,
  type StrainFitOptions,
} from "../crystal/strain/fit.ts";
import { findScatter, type PlaceScatter } from "../crystal/strain/place_scatter.ts";
import { turnErrors } from "../crystal/strain/turned_errors.ts";
import type { PeakLists } from "../passes/bragg_peaks/peak_pass.ts";
import { unwanted, wantedAnyway, wantedIfOpen } from "../passes/lattices/peaks_beside_lattices.ts";
import type { ProbeLattices } from "./probe_lattices.ts";
import { type ClusterOrientation, spotsOf, type StrainPhase } from "./strain_spots.ts";
import { calibratedPeaks, type DetectorCalibration } from "./calibrated_peaks.ts";

/** What strain is relative to. */
export type StrainReference =
  /** The crystal itself: as absolute as the pixel size is. */
  | { readonly kind: "crystal" }
  /** The median deformation of all probes. */
  | { readonly kind: "median" }
  /** The median deformation of each cluster. */
  | { readonly kind: "cluster" }
  /** The median deformation of these probes; uint8 (rows, columns), not zero where they are. */
  | { readonly kind: "probes"; readonly probes: Uint8Array };

/** What a strain map is made of. */
export interface StrainMapInput {
  readonly peaks: PeakLists;
  readonly calibration: DetectorCalibration;
  /** int32 (row, column): cluster of each probe, -1 for none. */
  readonly labels: Int32Array;
  /** The same for the reference `cluster`, where labels stand for something else; default: the labels. */
  readonly referenceLabels?: Int32Array;
  /** Orientation of each cluster; `undefined` where none was found. */
  readonly orientations: readonly (ClusterOrientation | undefined)[];
  readonly phases: readonly StrainPhase[];
  /** Lattices that were fitted to whole patterns; they count in place of those that peaks tell. */
  readonly lattices?: ProbeLattices;
}

/** How strain is mapped. */
export interface StrainMapOptions extends StrainFitOptions {
  /** Default: the median of all probes. */
  readonly reference?: StrainReference;
  /**
   * Angle in radians by which the axes of the strain are turned from down the detector towards its right, for all clusters or
   * one for each, NaN where there are no axes; default 0.
   */
  readonly axes?: number | Float64Array;
}

/** Strain maps, NaN where nothing was measured. */
export interface StrainMap {
  /** float32 (rows, columns, 4): e_xx, e_yy, e_xy, and the rotation in radians; x is detector axis 0. */
  readonly strain: Float32Array;
  /** float32 (rows, columns, 4): their standard errors. */
  readonly error: Float32Array;
  /** float32 (rows, columns): e_xx + e_yy. */
  readonly dilation: Float32Array;
  /** Probes that were measured; those of them whose lattice was fitted to the whole pattern; those of these with few counts. */
  readonly measured: number;
  readonly whole: number;
  readonly few: number;
}

/** What is wanted of a fit. */
type ProbeFit = Pick<StrainFit, "deformation" | "error">;

/** Patterns that tell how well places are known. */
const mostPatterns = 4000, scatterRounds = 2;

/**
 * Fits the lattice of every probe's own peaks to that of its cluster.
 *
 * @throws {BadParameter} when the reference has no probe that was measured
 */
export function mapStrain(input: StrainMapInput, options: StrainMapOptions = {}): StrainMap {
  const { labels, referenceLabels = labels } = input, { reference = { kind: "median" }, axes = 0 } = options;
  const spots = input.orientations.map((cluster) =>
    cluster && spotsOf(input.phases[cluster.phase], cluster.orientation, options.radius)
  );
  const fit = (probe: number, scatter?: PlaceScatter): LatticeFit | undefined => {
    const expected = labels[probe] >= 0 ? spots[labels[probe]] : undefined;
    return expected &&
      fitLattice(calibratedPeaks(input.peaks, probe, input.calibration), expected, options, scatter);
  };
  const scatter = scatterOf(labels, fit, options);
  const { lattices } = input;
  const fits = Array.from(labels, (_, probe) => {
    const found = lattices?.way(probe) ? lattices.fit(probe) : fit(probe, scatter)?.fit;
    return found && Math.max(found.error.xx, found.error.yy, found.error.xy) <= mostUncertain
      ? found
      : undefined;
  });
  const references = referencesOf(fits, referenceLabels, reference);
  const probes = labels.length;
  const strain = new Float32Array(4 * probes).fill(NaN), error = new Float32Array(4 * probes).fill(NaN);
  const dilation = new Float32Array(probes).fill(NaN);
  let measured = 0, whole = 0, few = 0;
  for (let probe = 0; probe < probes; probe++) {
    const fit = fits[probe], relativeTo = references(referenceLabels[probe]);
    if (!fit || !relativeTo) continue;
    const relative = strainOf(multiply2(fit.deformation, inverse2(relativeTo)));
    const angle = typeof axes === "number" ? axes : axes[labels[probe]];
    const turned = turnAxes(relative, angle), errors = turnErrors(fit.error, angle);
    strain.set([turned.xx, turned.yy, turned.xy, turned.rotation], 4 * probe);
    error.set([errors.xx, errors.yy, errors.xy, errors.rotation], 4 * probe);
    dilation[probe] = relative.xx + relative.yy;
    measured++;
    const way = lattices?.way(probe);
    if (way) whole++;
    if (way === "sampled") few++;
  }
  return { strain, error, dilation, measured, whole, few };
}

/** Probes whose peaks tell how well places are known. */
function scatterProbes(labels: Int32Array): number[] {
  const inside = [...labels.keys()].filter((probe) => labels[probe] >= 0);
  const step = Math.max(1, Math.ceil(inside.length / mostPatterns));
  return inside.filter((_, index) => index % step === 0);
}

/**
 * The probes whose peaks {@link mapStrain} looks at where lattices were fitted to whole patterns: those that have an orientation and
 * no lattice, and those that tell how well places are known.
 *
 * @returns marks for `readLattices`: uint8 (row, column)
 */
export function peaksForStrain(
  { labels, orientations }: Pick<StrainMapInput, "labels" | "orientations">,
): Uint8Array {
  const known = (probe: number) => labels[probe] >= 0 && orientations[labels[probe]] !== undefined;
  const marks = Uint8Array.from(labels, (_, probe) => known(probe) ? wantedIfOpen : unwanted);
  for (const probe of scatterProbes(labels)) if (known(probe)) marks[probe] = wantedAnyway;
  return marks;
}

/**
 * Root mean square of a component of a strain map, of the probes that have it: clusters in which the axes have no place have a
 * rotation and a dilation only.
 */
export function rmsStrain(strain: Float32Array, component: number): number {
  let squares = 0, known = 0;
  for (let at = component; at < strain.length; at += 4) {
    if (Number.isNaN(strain[at])) continue;
    squares += strain[at] ** 2;
    known++;
  }
  return Math.sqrt(squares / Math.max(1, known));
}

/** How well places are known, as many patterns from all over the scan tell; weights that follow it tell it better. */
function scatterOf(
  labels: Int32Array,
  fit: (probe: number, scatter?: PlaceScatter) => LatticeFit | undefined,
  { robust = true, intensityWeights = true }: StrainFitOptions,
): PlaceScatter | undefined {
  if (!robust || !intensityWeights) return undefined;
  const taken = scatterProbes(labels);
  let scatter: PlaceScatter | undefined;
  for (let round = 0; round < scatterRounds; round++) {
    const found = taken.flatMap((probe) => fit(probe, scatter) ?? []).map(({ residuals }) => residuals);
    scatter = findScatter({
      intensity: found.flatMap(({ intensity }) => intensity),
      square: found.flatMap(({ square }) => square),
    });
    if (!scatter) return undefined;
  }
  return scatter;
}

/** The deformation that counts as none, for each cluster. */
function referencesOf(
  fits: readonly (ProbeFit | undefined)[],
  labels: Int32Array,
  reference: StrainReference,
): (label: number) => Matrix2 | undefined {
  const none: Matrix2 = [1, 0, 0, 1];
  if (reference.kind === "crystal") return () => none;
  if (reference.kind === "cluster") {
    const ofCluster = Map.groupBy(fits.keys(), (probe) => labels[probe]);
    const medians = new Map(
      Array.from(ofCluster, ([label, probes]) => [label, median(probes.map((probe) => fits[probe]))]),
    );
    return (label) => medians.get(label);
  }
  const chosen = reference.kind === "median"
    ? fits
    : fits.filter((_, probe) => reference.probes[probe] !== 0);
  const found = median(chosen);
  if (!found) {
    throw new BadParameter("no probe of the reference has a strain", {
      expected: "a probe with enough peaks",
      found: `${chosen.length} probes, none of them measured`,
      parameter: "reference",
      remedy: "take another reference, or look for weaker peaks",
    });
  }
  return () => found;
}

function median(fits: readonly (ProbeFit | undefined)[]): Matrix2 | undefined {
  const known = fits.flatMap((fit) => fit ? [fit.deformation] : []);
  if (known.length === 0) return undefined;
  return [0, 1, 2, 3].map((element) =>
    medianOf(known.map((deformation) => deformation[element]))
  ) as unknown as Matrix2;
}
