/** The other orientation that a pattern of one zone may be of. */

import {
  cross,
  dot,
  length,
  type Matrix3,
  multiply,
  normalise,
  scale,
  type Vector3,
} from "../../../library/crystal/matrix.ts";
import type { Reflections } from "../../../library/crystal/structure_factors.ts";
import type { Spots } from "./agreement.ts";

/** Spots of which every two are tried as the plane of the zone. */
const tried = 8;
/** Reflections whose distance from the plane is less, in Å^-1, lie in it. */
const flat = 1e-4;

/**
 * The orientation turned by half a turn about the axis of the zone that holds most of the pattern's weight: these spots
 * stay as they are. `undefined` where no two spots span a plane.
 */
export function halfTurn(orientation: Matrix3, { vectors }: Reflections, spots: Spots): Matrix3 | undefined {
  const vectorOf = (spot: number): Vector3 => {
    const at = 3 * spots.reflection[spot];
    return [vectors[at], vectors[at + 1], vectors[at + 2]];
  };
  const all = Array.from({ length: spots.count }, (_, spot) => vectorOf(spot));
  const strongest = Array.from(all.keys())
    .sort((one, other) => spots.weight[other] - spots.weight[one] || one - other).slice(0, tried);
  let axis: Vector3 | undefined, most = 0;
  for (const [index, one] of strongest.entries()) {
    for (const other of strongest.slice(index + 1)) {
      const normal = cross(all[one], all[other]);
      if (length(normal) < flat) continue;
      const unit = normalise(normal);
      const held = all.reduce(
        (sum, g, spot) => sum + (Math.abs(dot(g, unit)) < flat ? spots.weight[spot] : 0),
        0,
      );
      if (held <= most + 1e-9) continue;
      most = held;
      axis = unit;
    }
  }
  return axis && multiply(halfTurnAbout(axis), orientation);
}

/** 2 a a^T - 1. */
function halfTurnAbout(axis: Vector3): Matrix3 {
  const [x, y, z] = axis;
  const rows = [...scale(axis, 2 * x), ...scale(axis, 2 * y), ...scale(axis, 2 * z)];
  return rows.map((value, index) => index % 4 === 0 ? value - 1 : value) as unknown as Matrix3;
}
