/** Clusters that hold two crystals, by the orientations that their probes have by themselves. */

import type { Matrix3 } from "../crystal/matrix.ts";
import { misorientation } from "../crystal/misorientation.ts";
import type { OrientationPlan } from "../crystal/matching/plan.ts";
import { turnBetween } from "../crystal/turn_between.ts";
import { near } from "./compare_orientations.ts";
import { meanOrientations } from "./grain_spread.ts";
import type { ProbeMatches } from "./orient_probes.ts";
import { orientationAt, type ProbeOrientations } from "./probe_orientations.ts";
import { BoundaryNames } from "./special_boundaries.ts";
import type { ClusterOrientation } from "./strain_spots.ts";
import { joinGroups, lowestOf, settleGroups } from "../scan/probe_groups.ts";

/** A second crystal inside a cluster. */
export interface SecondOrientation {
  readonly cluster: number;
  /** Mean orientation of the largest group of probes, and of the next that is another crystal. */
  readonly first: ClusterOrientation;
  readonly second: ClusterOrientation;
  /** Probes of the second, and their part of those of the cluster that have an orientation. */
  readonly probes: number;
  readonly part: number;
  /** Smallest turn between the two in degrees. */
  readonly angle: number;
  /** As boundaries are called: `Sigma3`, `general`, `phases` … */
  readonly name: string;
}

/** A second crystal is at least so many probes that touch, this part of its cluster, and so many degrees off. */
const fewest = 9, leastPart = 0.1, apart = 5;

/**
 * Looks for a second crystal in every cluster: probes that touch and differ by at most 3 degrees are a group, the largest
 * group of a cluster is its first crystal, and the largest of those that are 5 degrees off and no half turn about the beam
 * away from it the second. Patterns hardly tell half turns about the beam, which would make grains of one crystal two.
 *
 * @param labels int32 (rows, columns): cluster of each probe, -1 for none
 * @returns those of clusters that have one, by cluster
 */
export function secondOrientations(
  { matrices, phases }: Pick<ProbeMatches, "matrices" | "phases">,
  { labels, plans }: {
    readonly labels: Int32Array;
    readonly plans: readonly Pick<OrientationPlan, "crystal" | "group">[];
  },
  columns: number,
): SecondOrientation[] {
  const map = { matrices: Float64Array.from(matrices), phases };
  const groups = alikeNeighbours(map, labels, plans, columns), sizes = new Map<number, number>();
  groups.forEach((group) => {
    if (group >= 0) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  });
  // Groups are called after one of their probes.
  const byCluster = Map.groupBy([...sizes], ([group]) => labels[group]);
  const all = new Map(
    [...byCluster].map(([cluster, list]) => [cluster, list.reduce((sum, [, size]) => sum + size, 0)]),
  );
  const large = [...byCluster].flatMap(([cluster, list]) => {
    const found = list.filter(([, size]) => size >= fewest && size >= leastPart * all.get(cluster)!)
      .sort(([one, some], [other, more]) => more - some || one - other);
    return found.length > 1 ? [{ cluster, found }] : [];
  });
  const numbers = new Map(
    large.flatMap(({ found }) => found.map(([group]) => group)).map((group, index) => [
      group,
      index,
    ]),
  );
  const means = meanOrientations(
    map,
    groups.map((group) => numbers.get(group) ?? -1),
    plans.map(({ group }) => group.rotations),
    numbers.size,
  );
  const names = plans.map(({ group, crystal }) => new BoundaryNames(group, crystal.cell));
  return large.flatMap(({ cluster, found }) => {
    const [first, ...others] = found.map(([group]) => means[numbers.get(group)!]!);
    const index = others.findIndex((one) => isOther(first, one, plans));
    if (index < 0) return [];
    const second = others[index], probes = found[index + 1][1];
    const between = misorientation(inGroup(first, plans), inGroup(second, plans));
    const name = first.phase === second.phase ? names[first.phase].of(between).name : "phases";
    return [{
      ...{ cluster, first, second, probes },
      part: probes / all.get(cluster)!,
      angle: between.angle,
      name,
    }];
  }).sort((one, other) => one.cluster - other.cluster);
}

/** An orientation with the symmetry of its crystal. */
function inGroup(
  { phase, orientation }: ClusterOrientation,
  plans: readonly Pick<OrientationPlan, "group">[],
) {
  return { group: plans[phase].group, orientation };
}

/** Whether an orientation is that of another crystal, whatever half turn about the beam the patterns were taken for. */
function isOther(
  first: ClusterOrientation,
  one: ClusterOrientation,
  plans: readonly Pick<OrientationPlan, "group">[],
): boolean {
  if (first.phase !== one.phase) return true;
  const { rotations } = plans[first.phase].group, m = first.orientation;
  const half: Matrix3 = [-m[0], -m[1], m[2], -m[3], -m[4], m[5], -m[6], -m[7], m[8]];
  return [m, half].every((orientation) => turnBetween(rotations, orientation, one.orientation) > apart);
}

/** For every probe the first probe of its group; -1 where there is no orientation or no cluster. */
function alikeNeighbours(
  map: ProbeOrientations,
  labels: Int32Array,
  plans: readonly Pick<OrientationPlan, "group">[],
  columns: number,
): Int32Array {
  const groups = Int32Array.from(labels, (label, probe) => label < 0 || map.phases[probe] < 0 ? -1 : probe);
  groups.forEach((_, probe) => {
    for (const other of [probe % columns > 0 ? probe - 1 : -1, probe - columns]) {
      if (other < 0 || groups[probe] < 0 || groups[other] < 0 || labels[other] !== labels[probe]) continue;
      const phase = map.phases[probe];
      if (map.phases[other] !== phase || lowestOf(groups, probe) === lowestOf(groups, other)) continue;
      const turn = turnBetween(
        plans[phase].group.rotations,
        orientationAt(map, probe),
        orientationAt(map, other),
      );
      if (turn <= near) joinGroups(groups, probe, other);
    }
  });
  settleGroups(groups);
  return groups;
}
