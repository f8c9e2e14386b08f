/** How far orientations of single probes are from those of their clusters, and from each other. */

import { matrixAt } from "../crystal/matrix.ts";
import { disorientation } from "../crystal/matching/disorientation.ts";
import { medianOf } from "../scan/median.ts";
import type { ProbeMatches, ProbeMatchingInput } from "./orient_probes.ts";

/** Probes against their clusters. */
export interface OrientationComparison {
  /** float32 (rows, columns): degrees between a probe and its cluster; NaN where either has none, or another phase. */
  readonly angle: Float32Array;
  /** Probes of clusters with an orientation. */
  readonly compared: number;
  /** Parts of these: with a match; of the phase of the cluster; within {@link near} degrees of its orientation. */
  readonly matched: number;
  readonly samePhase: number;
  readonly near: number;
  /** Median of `angle`, NaN where there is none. */
  readonly median: number;
  /**
   * Median of the degrees between neighbouring probes of one cluster and phase: the noise of single patterns. Orientations
   * of clusters have none.
   */
  readonly noise: number;
}

/** Degrees within which a probe is where its cluster is. */
export const near = 3;

/** Compares the matches of probes with the orientations of their clusters. */
export function compareOrientations(
  { matrices, phases }: ProbeMatches,
  { plans, labels, orientations }: Pick<ProbeMatchingInput, "plans" | "labels" | "orientations">,
  columns: number,
): OrientationComparison {
  const angle = new Float32Array(labels.length).fill(NaN), steps: number[] = [];
  const orientationOf = (probe: number) => matrixAt(matrices, 9 * probe);
  let compared = 0, matched = 0, close = 0;
  labels.forEach((label, probe) => {
    const cluster = label < 0 ? undefined : orientations[label], phase = phases[probe];
    if (!cluster) return;
    compared++;
    if (phase < 0) return;
    matched++;
    const { rotations } = plans[phase].group, own = orientationOf(probe);
    if (cluster.phase === phase) {
      angle[probe] = disorientation(rotations, own, cluster.orientation);
      if (angle[probe] <= near) close++;
    }
    // The probe to the left and the one above.
    for (const other of [probe % columns > 0 ? probe - 1 : -1, probe - columns]) {
      if (other < 0 || labels[other] !== label || phases[other] !== phase) continue;
      steps.push(disorientation(rotations, own, orientationOf(other)));
    }
  });
  const angles = Array.from(angle).filter((value) => !Number.isNaN(value));
  const part = (count: number) => compared > 0 ? count / compared : NaN;
  return {
    ...{ angle, compared },
    ...{ matched: part(matched), samePhase: part(angles.length), near: part(close) },
    median: angles.length > 0 ? medianOf(angles) : NaN,
    noise: steps.length > 0 ? medianOf(steps) : NaN,
  };
}
