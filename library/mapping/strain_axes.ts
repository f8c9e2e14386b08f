/** Axes that strain is given along: of the detector, the scan, or each cluster's crystal. */

import { apply, normalise, scale, transpose, type Vector3 } from "../crystal/matrix.ts";
import type { LaueGroup } from "../crystal/point_group.ts";
import { directVector, type UnitCell } from "../crystal/unit_cell.ts";
import { demandArgument } from "../scan/demand.ts";
import { arctangent } from "../scan/portable_math.ts";
import { demandDirection } from "./pole_figure.ts";
import type { ClusterOrientation } from "./strain_spots.ts";

/** Sine of 5 degrees: directions that lie no steeper than this beyond the flattest are as flat. */
const alikeFlat = 0.0872;
/** Directions nearer to the beam than this sine of their angle from it have no place in the plane. */
const flat = 0.1;

/**
 * The angle in radians from down the detector towards its right at which a direction of each cluster's crystal lies in the
 * plane: of the directions that symmetry makes equal those nearest to the plane (within 5 degrees), and of these the one
 * nearest to down the detector, above -pi / 2 and up to pi / 2.
 *
 * @param direction indices [uvw]
 * @returns float64 (clusters): NaN where there is no orientation, or all equal directions lie along the beam
 * @throws {BadParameter} when the indices name no direction, or an orientation is of a phase that is missing
 *
 * @example
 * ```ts
 * import { builtInCrystal, crystalAxes, laueGroup } from "crystallite";
 *
 * const { cell, ...gold } = await builtInCrystal("Au"), phases = [{ cell, group: laueGroup({ cell, ...gold }) }];
 * const along = { phase: 0, orientation: [1, 0, 0, 0, 1, 0, 0, 0, 1] as const };
 * const [angle] = crystalAxes([along], phases, [1, 1, 0]);
 * console.assert(Math.abs(angle - Math.PI / 4) < 1e-12);
 * ```
 */
export function crystalAxes(
  orientations: readonly (ClusterOrientation | undefined)[],
  phases: readonly { readonly cell: UnitCell; readonly group: LaueGroup }[],
  direction: Vector3,
): Float64Array {
  demandDirection("direction", direction);
  return Float64Array.from(orientations, (cluster) => {
    if (!cluster) return NaN;
    demandArgument(
      cluster.phase in phases,
      "phases",
      "a cell and a group for each phase",
      `no phase ${cluster.phase}`,
    );
    const { cell, group } = phases[cluster.phase], toSample = transpose(cluster.orientation);
    const first = normalise(directVector(cell, direction));
    const places = group.rotations.map((rotation) => {
      const place = apply(toSample, apply(rotation, first));
      // Either way round is the same axis.
      return place[0] < 0 || (place[0] === 0 && place[1] < 0) ? scale(place, -1) : place;
    });
    const flattest = Math.min(...places.map(([, , z]) => Math.abs(z)));
    if (Math.sqrt(1 - flattest * flattest) < flat) return NaN;
    const angles = places.filter(([, , z]) => Math.abs(z) <= flattest + alikeFlat)
      .map(([x, y]) => arctangent(y, x));
    return angles.reduce((best, angle) => {
      const nearer = Math.abs(angle) < Math.abs(best) - 1e-9;
      const mirrored = Math.abs(Math.abs(angle) - Math.abs(best)) <= 1e-9 && angle > best;
      return nearer || mirrored ? angle : best;
    });
  });
}
