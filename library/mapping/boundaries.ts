/** Boundaries between clusters: how long they are, and what turn lies between the crystals. */

import { arctangent } from "../scan/portable_math.ts";
import type { Vector3 } from "../crystal/matrix.ts";
import { misorientation } from "../crystal/misorientation.ts";
import type { OrientationPlan } from "../crystal/matching/plan.ts";
import { BoundaryNames } from "./special_boundaries.ts";
import type { ClusterOrientation } from "./strain_spots.ts";

/** A boundary between two clusters that touch. */
export interface Boundary {
  /** The clusters, the lower id first. */
  readonly clusters: readonly [number, number];
  /** In units of the steps; see {@link boundaryLengths}. */
  readonly length: number;
  /** Phases, where both clusters have an orientation. */
  readonly phases?: readonly [number, number];
  /** Smallest turn between the crystals in degrees, where both have an orientation. */
  readonly angle?: number;
  /** Its axis, a unit vector in the first crystal's frame, where both are of one phase. */
  readonly axis?: Vector3;
  /** `low angle`, a coincidence such as `Sigma3`, a twin, `general`, or `phases` between two of them. */
  readonly name?: string;
  /** Angle in degrees from the named turn. */
  readonly deviation?: number;
}

/** Distance of neighbouring probes along rows and columns, in one unit. */
export interface Steps {
  readonly row: number;
  readonly column: number;
}

/**
 * All boundaries, by their clusters.
 *
 * @param labels int32 (row, column): cluster of each probe, -1 for none
 * @param orientations of each cluster; `undefined` where none was found
 */
export function clusterBoundaries(
  labels: Int32Array,
  shape: { readonly rows: number; readonly columns: number },
  orientations: readonly (ClusterOrientation | undefined)[],
  plans: readonly Pick<OrientationPlan, "crystal" | "group">[],
  steps: Steps = { row: 1, column: 1 },
): Boundary[] {
  const names = plans.map(({ group, crystal }) => new BoundaryNames(group, crystal.cell));
  return boundaryLengths(labels, shape, steps).map(({ clusters, length }): Boundary => {
    const [one, other] = clusters.map((cluster) => orientations[cluster]);
    if (!one || !other) return { clusters, length };
    const between = misorientation(
      { group: plans[one.phase].group, orientation: one.orientation },
      { group: plans[other.phase].group, orientation: other.orientation },
    );
    const both = { clusters, length, phases: [one.phase, other.phase], angle: between.angle } as const;
    if (one.phase !== other.phase) return { ...both, name: "phases" };
    return { ...both, axis: between.axis, ...names[one.phase].of(between) };
  });
}

/**
 * Lengths of the lines where clusters touch, by the formula of Cauchy and Crofton from pairs of probes in four directions:
 * a straight line is given to 5 %, whichever way it runs, where steps along rows and columns are equal.
 */
export function boundaryLengths(
  labels: Int32Array,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  steps: Steps,
): { readonly clusters: readonly [number, number]; readonly length: number }[] {
  const found = new Map<number, { clusters: [number, number]; length: number; touches: boolean }>();
  const clusters = labels.reduce((most, label) => Math.max(most, label), -1) + 1;
  const weights = directionWeights(steps);
  for (const [index, [down, across]] of directions.entries()) {
    for (let row = 0; row + down < rows; row++) {
      for (let column = Math.max(0, -across); column < columns - Math.max(0, across); column++) {
        const one = labels[row * columns + column], other = labels[(row + down) * columns + column + across];
        if (one < 0 || other < 0 || one === other) continue;
        const low = Math.min(one, other), high = Math.max(one, other), key = low * clusters + high;
        const entry = found.get(key) ?? { clusters: [low, high], length: 0, touches: false };
        entry.length += weights[index];
        // Clusters that meet in a corner only have no line between them.
        entry.touches ||= down === 0 || across === 0;
        found.set(key, entry);
      }
    }
  }
  return [...found].filter(([, { touches }]) => touches).sort(([one], [other]) => one - other)
    .map(([, { clusters: pair, length }]) => ({ clusters: pair, length }));
}

/** Pairs of probes: to the right, down, and both ways across. */
const directions: readonly (readonly [down: number, across: number])[] = [[0, 1], [1, 0], [1, 1], [1, -1]];

/** What a pair that a line runs between adds to its length: half the angle that its direction stands for, times the distance of such pairs' rows. */
function directionWeights({ row, column }: Steps): number[] {
  // Angle of the diagonal from the rows; the gaps between the four directions follow from it.
  const diagonal = arctangent(row, column), quarter = Math.PI / 2;
  const cell = row * column, long = Math.sqrt(row * row + column * column);
  return [
    diagonal * row / 2,
    (quarter - diagonal) * column / 2,
    quarter / 2 * cell / long / 2,
    quarter / 2 * cell / long / 2,
  ];
}
