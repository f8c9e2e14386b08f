/** The unit cell: lengths and angles, and the bases of both lattices. */

import { cosine, sine, squared } from "../scan/portable_math.ts";
import { BadParameter } from "../scan/errors.ts";
import { apply, determinant, inverse, type Matrix3, transpose, type Vector3 } from "./matrix.ts";

/** Lengths of the edges in Å and the angles between them in degrees. */
export interface CellParameters {
  /** First edge. */
  readonly a: number;
  /** Second edge. */
  readonly b: number;
  /** Third edge. */
  readonly c: number;
  /** Between b and c. */
  readonly alpha: number;
  /** Between a and c. */
  readonly beta: number;
  /** Between a and b. */
  readonly gamma: number;
}

/**
 * A unit cell in its Cartesian frame: a along +x, b in the plane of x and y, c such that the three are right-handed, so
 * that c* lies along +z.
 */
export interface UnitCell extends CellParameters {
  /** Rows a, b, c in Å. */
  readonly direct: Matrix3;
  /** Rows a*, b*, c* in Å^-1, without 2 pi. */
  readonly reciprocal: Matrix3;
  /** In Å^3. */
  readonly volume: number;
}

/** The cosine and sine of an angle in degrees; exact for those of most crystals. */
function turn(degrees: number): [cosine: number, sine: number] {
  if (degrees === 90) return [0, 1];
  if (degrees === 60) return [0.5, Math.sqrt(0.75)];
  if (degrees === 120) return [-0.5, Math.sqrt(0.75)];
  const angle = degrees * Math.PI / 180;
  return [cosine(angle), sine(angle)];
}

/**
 * The cell of these lengths and angles.
 *
 * @throws {BadParameter} when they are no lengths and angles, or enclose no volume
 *
 * @example
 * ```ts
 * import { unitCell } from "crystallite";
 *
 * const cell = unitCell({ a: 4.078, b: 4.078, c: 4.078, alpha: 90, beta: 90, gamma: 90 });
 * console.assert(Math.abs(cell.volume - 4.078 ** 3) < 1e-9);
 * ```
 */
export function unitCell(parameters: CellParameters): UnitCell {
  const { a, b, c, alpha, beta, gamma } = parameters;
  const [cosAlpha] = turn(alpha), [cosBeta] = turn(beta), [cosGamma, sinGamma] = turn(gamma);
  const flat = 1 - squared(cosAlpha) - squared(cosBeta) - squared(cosGamma) +
    2 * cosAlpha * cosBeta * cosGamma;
  const sound = [a, b, c].every((edge) => edge > 0.1 && edge < 1e4) &&
    [alpha, beta, gamma].every((angle) => angle > 0 && angle < 180) && flat > 1e-6;
  if (!sound) {
    throw new BadParameter("these lengths and angles make no unit cell", {
      expected: "lengths in Å and angles in degrees that enclose a volume",
      found: `a ${a}, b ${b}, c ${c} Å; alpha ${alpha}, beta ${beta}, gamma ${gamma} degrees`,
      remedy: "give lengths in Å and angles in degrees",
    });
  }
  const direct: Matrix3 = [
    ...[a, 0, 0] as const,
    ...[b * cosGamma, b * sinGamma, 0] as const,
    c * cosBeta,
    c * (cosAlpha - cosBeta * cosGamma) / sinGamma,
    c * Math.sqrt(flat) / sinGamma,
  ];
  return {
    a,
    b,
    c,
    alpha,
    beta,
    gamma,
    direct,
    reciprocal: transpose(inverse(direct)),
    volume: determinant(direct),
  };
}

/** The Cartesian vector in Å of fractional coordinates, or of a direction [uvw]. */
export function directVector(cell: UnitCell, fractions: Vector3): Vector3 {
  return apply(transpose(cell.direct), fractions);
}

/** The Cartesian vector in Å^-1 of the reciprocal lattice point (hkl). */
export function reciprocalVector(cell: UnitCell, indices: Vector3): Vector3 {
  return apply(transpose(cell.reciprocal), indices);
}

/** The indices [uvw], not rounded, of a Cartesian vector in Å. */
export function directionIndices(cell: UnitCell, vector: Vector3): Vector3 {
  return apply(cell.reciprocal, vector);
}
