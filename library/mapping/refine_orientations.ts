/** Orientations of averages refined by how strong their disks are, and where. */

import { kinematicPattern } from "../crystal/kinematic_pattern.ts";
import { type Matrix3, multiply } from "../crystal/matrix.ts";
import type { OrientationMatch } from "../crystal/matching/match.ts";
import type { OrientationPlan } from "../crystal/matching/plan.ts";
import { findTilt, type MeasuredReflections } from "../crystal/matching/rocking.ts";
import type { DiffractionPeaks } from "../crystal/peaks.ts";
import { strainOf } from "../crystal/strain/deformation.ts";
import { fitStrain } from "../crystal/strain/fit.ts";
import { electronWavelength } from "../scan/electron.ts";
import { cosine, sine } from "../scan/portable_math.ts";
import type { DetectorCalibration } from "./calibrated_peaks.ts";
import { type DiskDetector, diskIntensity } from "./disk_intensities.ts";
import { stretched } from "./ellipse.ts";

/** A pattern, its peaks, and the match that is refined. */
export interface RefinedPattern {
  /** Reads its counts (qy, qx). */
  readonly pattern: () => Promise<ArrayLike<number>>;
  /** Its peaks in Å^-1. */
  readonly peaks: DiffractionPeaks;
  /** The direct beam in pixels. */
  readonly origin: readonly [row: number, column: number];
  readonly match: OrientationMatch;
}

/** What else is known. */
export interface RefinementConditions extends Pick<DetectorCalibration, "ellipse"> {
  readonly plans: readonly OrientationPlan[];
  readonly detector: DiskDetector;
  /** Å^-1 per pixel. */
  readonly qPixelSize: number;
  /** Radius of the disks in pixels. */
  readonly radius: number;
}

/** Widths in Å^-1 that are tried, until the patterns agree on one. */
const triedWidths = [0.003, 0.0045, 0.007, 0.01, 0.015, 0.022];
/** Tilts are looked for so many radians about the match, and anew about what lies at the end of that, so many times. */
const reach = 2.5 * Math.PI / 180, inside = 0.97, rounds = 3;
/** Reflections of up to this excitation error in Å^-1 are looked at. */
const farthest = 0.1;
/** Spots of up to this excitation error in Å^-1 explain peaks that are so near; a tilt must keep this part of what is explained. */
const shown = 0.03, onSpot = 0.025, kept = 0.95;
/** Fewer disks than this that are seen, or kinds of places, say nothing. */
const fewest = 8;
/** A disk is seen with this part of the strongest one's intensity. */
const visible = 1e-3;

/**
 * The excitation error in Å^-1 at which the amplitudes of reflections fade to half: the median of what agrees best with each
 * pattern, by the disks seen; `undefined` where all of them say too little.
 */
export async function rockingWidth(
  patterns: readonly RefinedPattern[],
  conditions: RefinementConditions,
): Promise<number | undefined> {
  const wavelength = electronWavelength(conditions.plans[0].options.beamEnergy);
  const found: { value: number; weight: number }[] = [];
  for (const pattern of patterns) {
    const { orientation } = pattern.match;
    const own = measure(pattern, await pattern.pattern(), orientation, conditions);
    if (!own) continue;
    const { width } = findTilt(own.reflections, orientation, { wavelength, widths: triedWidths, reach });
    found.push({ value: width, weight: own.seen });
  }
  return weightedMedian(found);
}

/**
 * Refines the tilt of each match by the intensities of its disks, and its direction in the plane by their places. A match
 * stays where its pattern says too little.
 *
 * @param width at which amplitudes fade, see {@link rockingWidth}; where it is not known, tilts stay as they are
 * @returns an orientation for each pattern
 */
export async function refineOrientations(
  patterns: readonly RefinedPattern[],
  conditions: RefinementConditions,
  width: number | undefined,
): Promise<Matrix3[]> {
  const wavelength = electronWavelength(conditions.plans[0].options.beamEnergy);
  const refined: Matrix3[] = [];
  for (const pattern of patterns) {
    let { orientation } = pattern.match, settled = false;
    // What lies at the end of reach may lie beyond it.
    for (let round = 0; width !== undefined && round < rounds && !settled; round++) {
      const own = measure(pattern, await pattern.pattern(), orientation, conditions);
      if (!own) break;
      const found = findTilt(own.reflections, orientation, { wavelength, widths: [width], reach });
      ({ orientation } = found);
      settled = Math.max(...found.turns.map(Math.abs)) < inside * reach;
    }
    const before = pattern.match.orientation;
    // Places have a say as well: peaks that had spots must keep them.
    const believed = settled &&
      explained(pattern, orientation, conditions) >= kept * explained(pattern, before, conditions);
    refined.push(turnedInPlane(pattern, believed ? orientation : before, conditions));
  }
  return refined;
}

interface Measured {
  readonly reflections: MeasuredReflections;
  /** Disks that are seen. */
  readonly seen: number;
}

/** The intensities where the reflections near the Ewald sphere are; `undefined` where too few of them are seen. */
function measure(
  { origin, match }: RefinedPattern,
  pattern: ArrayLike<number>,
  orientation: Matrix3,
  { plans, detector, qPixelSize, radius, ellipse }: RefinementConditions,
): Measured | undefined {
  const { reflections, options: { beamEnergy } } = plans[match.phase];
  const near = kinematicPattern(reflections, orientation, {
    ...{ beamEnergy, excitationWidth: farthest, excitationRange: 1, smallestIntensity: 0 },
  });
  const turn = ellipse && { cosine: cosine(ellipse.angle), sine: sine(ellipse.angle) };
  const vectors: number[] = [], amplitudes: number[] = [], structureFactors: number[] = [];
  for (let spot = 0; spot < near.count; spot++) {
    const index = near.reflection[spot],
      down = near.qRow[spot] / qPixelSize,
      right = near.qColumn[spot] / qPixelSize;
    if (reflections.lengths[index] === 0) continue;
    const [row, column] = turn ? stretched(ellipse, turn, down, right) : [down, right];
    const counts = diskIntensity(pattern, detector, origin[0] + row, origin[1] + column, radius);
    if (counts === undefined) continue;
    vectors.push(...reflections.vectors.subarray(3 * index, 3 * index + 3));
    amplitudes.push(Math.sqrt(counts));
    structureFactors.push(Math.sqrt(reflections.intensities[index]));
  }
  const brightest = amplitudes.reduce((most, value) => Math.max(most, value), 0);
  const seen = amplitudes.filter((value) => value > Math.sqrt(visible) * brightest).length;
  if (seen < fewest) return undefined;
  return {
    seen,
    reflections: {
      vectors: Float64Array.from(vectors),
      amplitudes: Float64Array.from(amplitudes),
      structureFactors: Float64Array.from(structureFactors),
    },
  };
}

/** Sum of the peaks' amplitudes that lie on spots, the direct beam's included. */
function explained(
  { peaks, match }: RefinedPattern,
  orientation: Matrix3,
  { plans }: RefinementConditions,
): number {
  const { reflections, options: { beamEnergy, excitationWidth } } = plans[match.phase];
  const { qRow, qColumn } = kinematicPattern(reflections, orientation, {
    ...{ beamEnergy, smallestIntensity: 0 },
    ...{ excitationWidth: Math.max(excitationWidth, shown / 3), excitationRange: 3 },
  });
  let sum = 0;
  peaks.intensity.forEach((intensity, peak) => {
    const on = qRow.some((row, spot) => {
      const down = row - peaks.qRow[peak], across = qColumn[spot] - peaks.qColumn[peak];
      return down * down + across * across < onSpot * onSpot;
    });
    if (on) sum += Math.sqrt(Math.max(0, intensity));
  });
  return sum;
}

/** The orientation turned about the beam as the places of the peaks have it. */
function turnedInPlane(
  { peaks, match }: RefinedPattern,
  orientation: Matrix3,
  { plans }: RefinementConditions,
): Matrix3 {
  const { reflections, options: { beamEnergy, excitationWidth } } = plans[match.phase];
  const spots = kinematicPattern(reflections, orientation, {
    beamEnergy,
    excitationWidth,
    smallestIntensity: 1e-4,
  });
  const fit = fitStrain(peaks, spots);
  if (!fit) return orientation;
  const { rotation } = strainOf(fit.deformation), c = cosine(rotation), s = sine(rotation);
  return multiply(orientation, [c, -s, 0, s, c, 0, 0, 0, 1]);
}

function weightedMedian(values: readonly { value: number; weight: number }[]): number | undefined {
  const sorted = [...values].sort((one, other) => one.value - other.value);
  let left = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  return sorted.find(({ weight }) => (left -= weight) <= 0)?.value;
}
