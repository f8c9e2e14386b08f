/** How orientations differ between the neighbouring probes of a grain: kernel average misorientation. */

import type { Matrix3 } from "../crystal/matrix.ts";
import { turnBetween } from "../crystal/turn_between.ts";
import { demandArgument, demandLength, demandSizes } from "../scan/demand.ts";
import { demandMap, orientationAt, type ProbeOrientations } from "./probe_orientations.ts";

/** How neighbours are compared. */
export interface KernelOptions {
  /** 4 share a side with the probe, 8 a side or a corner; default 8. */
  readonly neighbours?: 4 | 8;
  /** Larger turns, in degrees, are boundaries and do not count; default 5. */
  readonly limit?: number;
}

/** Half of the neighbours, the nearer ones first: the others are these seen from the other probe. */
const directions: readonly (readonly [down: number, across: number])[] = [[0, 1], [1, 0], [1, 1], [1, -1]];

/**
 * Kernel average misorientation: the mean turn in degrees from a probe to its neighbours in the same grain.
 *
 * @param labels int32 (rows, columns): grain of each probe, -1 for none
 * @param rotations proper rotations of each phase's Laue group
 * @returns float32 (rows, columns), NaN where no neighbour counts
 * @throws {BadParameter} when lengths differ, a phase has no rotations, or an option is out of range
 *
 * @example
 * ```ts
 * import { kernelAverageMisorientation, probeOrientations } from "crystallite";
 *
 * const unturned = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const, labels = new Int32Array(3);
 * const degrees = Float32Array.of(0, 1, 3), radians = degrees.map((angle) => angle * Math.PI / 180);
 * const map = probeOrientations(labels, [{ phase: 0, orientation: unturned }], radians);
 * const kam = kernelAverageMisorientation(map, labels, { rows: 1, columns: 3 }, [[unturned]]);
 * console.assert(Math.abs(kam[1] - 1.5) < 1e-5);
 * ```
 */
export function kernelAverageMisorientation(
  map: ProbeOrientations,
  labels: Int32Array,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  rotations: readonly (readonly Matrix3[])[],
  { neighbours = 8, limit = 5 }: KernelOptions = {},
): Float32Array {
  demandSizes({ rows, columns });
  demandLength("labels", labels, rows * columns);
  demandMap(map, labels, rotations);
  demandArgument(neighbours === 4 || neighbours === 8, "neighbours", "4 or 8", neighbours);
  demandArgument(limit >= 0, "limit", "an angle of at least 0 degrees", limit);
  const { phases } = map;
  const sum = new Float64Array(labels.length), count = new Uint8Array(labels.length);
  for (const [down, across] of directions.slice(0, neighbours / 2)) {
    for (let row = 0; row + down < rows; row++) {
      for (let column = Math.max(0, -across); column < columns - Math.max(0, across); column++) {
        const one = row * columns + column, other = one + down * columns + across;
        const phase = phases[one];
        if (labels[one] < 0 || labels[one] !== labels[other] || phase < 0 || phase !== phases[other]) {
          continue;
        }
        const angle = turnBetween(rotations[phase], orientationAt(map, one), orientationAt(map, other));
        if (angle > limit) continue;
        for (const probe of [one, other]) {
          sum[probe] += angle;
          count[probe]++;
        }
      }
    }
  }
  return Float32Array.from(sum, (total, probe) => count[probe] > 0 ? total / count[probe] : NaN);
}
