/** One orientation for each probe: matched by itself, or that of its cluster turned as its strain says. */

import { demandArgument, demandLength } from "../scan/demand.ts";
import { cosine, sine } from "../scan/portable_math.ts";
import { type Matrix3, matrixAt } from "../crystal/matrix.ts";
import type { ClusterOrientation } from "./strain_spots.ts";

/** Orientations over the scan. */
export interface ProbeOrientations {
  /** float64 (rows, columns, 3, 3): columns are the laboratory's axes in the crystal's frame; NaN where there is none. */
  readonly matrices: Float64Array;
  /** int32 (rows, columns): -1 where there is none. */
  readonly phases: Int32Array;
}

/**
 * The orientation of every probe from that of its cluster M and the rotation t in the plane that its strain has: M Rz(t),
 * whose pattern is that of M turned by t from down the detector towards its right.
 *
 * @param labels int32 (rows, columns): cluster of each probe, -1 for none
 * @param orientations of each cluster; `undefined` where none was found
 * @param rotation float32 (rows, columns) in radians, NaN where it was not measured; default: none is turned
 * @throws {BadParameter} when lengths differ, or a label is beyond the orientations
 *
 * @example
 * ```ts
 * import { probeOrientations } from "crystallite";
 *
 * const cluster = { phase: 0, orientation: [1, 0, 0, 0, 1, 0, 0, 0, 1] as const };
 * const { matrices } = probeOrientations(Int32Array.of(0, -1), [cluster], Float32Array.of(0.5, 0));
 * console.assert(Math.abs(matrices[1] - Math.sin(0.5)) < 1e-7 && Number.isNaN(matrices[9]));
 * ```
 */
export function probeOrientations(
  labels: Int32Array,
  orientations: readonly (ClusterOrientation | undefined)[],
  rotation?: Float32Array,
): ProbeOrientations {
  if (rotation) demandLength("rotation", rotation, labels.length);
  const beyond = labels.find((label) => label >= orientations.length);
  demandArgument(beyond === undefined, "labels", `labels below ${orientations.length}`, beyond);
  const matrices = new Float64Array(9 * labels.length).fill(NaN);
  const phases = new Int32Array(labels.length).fill(-1);
  labels.forEach((label, probe) => {
    const cluster = label < 0 ? undefined : orientations[label], turn = rotation?.[probe] ?? 0;
    if (!cluster || Number.isNaN(turn)) return;
    const c = cosine(turn), s = sine(turn), m = cluster.orientation;
    for (let row = 0; row < 9; row += 3) {
      const place = 9 * probe + row;
      matrices[place] = c * m[row] - s * m[row + 1];
      matrices[place + 1] = s * m[row] + c * m[row + 1];
      matrices[place + 2] = m[row + 2];
    }
    phases[probe] = cluster.phase;
  });
  return { matrices, phases };
}

/** The orientation of one probe, which must have one. */
export function orientationAt({ matrices }: ProbeOrientations, probe: number): Matrix3 {
  return matrixAt(matrices, 9 * probe);
}

/**
 * Fails with BadParameter unless labels and rotations are those of a map.
 *
 * @param rotations of the Laue group of each phase
 */
export function demandMap(
  { matrices, phases }: ProbeOrientations,
  labels: Int32Array,
  rotations: readonly unknown[],
): void {
  demandLength("labels", labels, phases.length);
  demandLength("map.matrices", matrices, 9 * phases.length);
  const missing = phases.find((phase) => phase >= rotations.length);
  demandArgument(missing === undefined, "rotations", "rotations of every phase", `none of phase ${missing}`);
}
