/** How orientations spread inside grains: the mean of each grain, and how far its probes are from it. */

import { determinant, type Matrix3, matrixAt, multiply } from "../crystal/matrix.ts";
import { nearestEqual, nearestRotation } from "../crystal/point_group.ts";
import { turnBetween } from "../crystal/turn_between.ts";
import { demandArgument } from "../scan/demand.ts";
import { demandMap, orientationAt, type ProbeOrientations } from "./probe_orientations.ts";
import type { ClusterOrientation } from "./strain_spots.ts";

/** Rounds after which the equal orientations that are nearest to the mean do not change any more. */
const mostRounds = 10;
/** Determinant of a sum of orientations so different that no rotation is nearest to it. */
const noMean = 1e-3;

/**
 * The mean orientation of every grain: the rotation with the least squares of distance to all its probes, each taken as
 * that of its equals that is nearest. Probes of another phase than most of the grain's do not count.
 *
 * @param labels int32 (rows, columns): grain of each probe, -1 for none
 * @param rotations proper rotations of each phase's Laue group
 * @param count number of grains
 * @returns `undefined` for grains without an orientation
 * @throws {BadParameter} when lengths differ, a phase has no rotations, or a label is beyond the grains
 *
 * @example
 * ```ts
 * import { meanOrientations, probeOrientations } from "crystallite";
 *
 * const unturned = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const, labels = new Int32Array(2);
 * const map = probeOrientations(labels, [{ phase: 0, orientation: unturned }], Float32Array.of(-0.01, 0.01));
 * const [mean] = meanOrientations(map, labels, [[unturned]], 1);
 * console.assert(Math.abs(mean!.orientation[1]) < 1e-9);
 * ```
 */
export function meanOrientations(
  map: ProbeOrientations,
  labels: Int32Array,
  rotations: readonly (readonly Matrix3[])[],
  count: number,
): (ClusterOrientation | undefined)[] {
  demandMap(map, labels, rotations);
  const beyond = labels.find((label) => !(label < count));
  demandArgument(beyond === undefined, "count", "more than the largest label", count);
  const probesOf = Array.from({ length: count }, () => rotations.map((): number[] => []));
  labels.forEach((label, probe) => {
    if (label >= 0 && map.phases[probe] >= 0) probesOf[label][map.phases[probe]].push(probe);
  });
  return probesOf.map((byPhase) => {
    const most = Math.max(...byPhase.map((probes) => probes.length));
    if (most === 0) return undefined;
    const phase = byPhase.findIndex((probes) => probes.length === most);
    const orientations = byPhase[phase].map((probe) => orientationAt(map, probe));
    return { phase, orientation: meanOrientation(rotations[phase], orientations) };
  });
}

/**
 * Grain reference orientation deviation: the turn in degrees from the mean orientation of its grain to each probe.
 *
 * @param means of each grain, as {@link meanOrientations} gives them
 * @returns float32 (rows, columns), NaN where a probe has no orientation, or is of another phase than its grain
 * @throws {BadParameter} when lengths differ, or a phase has no rotations
 *
 * @example
 * ```ts
 * import { meanOrientations, orientationDeviation, probeOrientations } from "crystallite";
 *
 * const unturned = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const, labels = new Int32Array(3), rotations = [[unturned]];
 * const radians = Float32Array.of(0, 1, 2).map((angle) => angle * Math.PI / 180);
 * const map = probeOrientations(labels, [{ phase: 0, orientation: unturned }], radians);
 * const deviation = orientationDeviation(map, labels, rotations, meanOrientations(map, labels, rotations, 1));
 * console.assert(Math.abs(deviation[0] - 1) < 1e-5 && deviation[1] < 1e-5);
 * ```
 */
export function orientationDeviation(
  map: ProbeOrientations,
  labels: Int32Array,
  rotations: readonly (readonly Matrix3[])[],
  means: readonly (ClusterOrientation | undefined)[],
): Float32Array {
  demandMap(map, labels, rotations);
  return Float32Array.from(labels, (label, probe) => {
    const mean = label < 0 ? undefined : means[label];
    if (!mean || map.phases[probe] !== mean.phase) return NaN;
    return turnBetween(rotations[mean.phase], orientationAt(map, probe), mean.orientation);
  });
}

/** The mean of orientations of one crystal. */
function meanOrientation(rotations: readonly Matrix3[], orientations: readonly Matrix3[]): Matrix3 {
  // Any of them is a beginning; one from the middle of the grain is rarely an outlier.
  let mean = orientations[orientations.length >> 1], before: Int32Array | undefined;
  for (let round = 0; round < mostRounds; round++) {
    const sum = new Float64Array(9), reference = mean;
    const nearest = Int32Array.from(orientations, (one) => nearestEqual(rotations, one, reference).index);
    if (before?.every((index, place) => index === nearest[place])) break;
    before = nearest;
    orientations.forEach((orientation, place) => {
      const equal = multiply(rotations[nearest[place]], orientation);
      equal.forEach((value, element) => sum[element] += value / orientations.length);
    });
    const total = matrixAt(sum);
    if (determinant(total) < noMean) break;
    mean = nearestRotation(total);
  }
  return mean;
}
