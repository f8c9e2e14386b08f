/** Deformations of a lattice in the plane of the detector, and the strain in them. */

import { arctangent, cosine, sine } from "../../scan/portable_math.ts";

/**
 * A 2 x 2 matrix row by row; axis 0 (x) runs down the detector's rows, axis 1 (y) to the right. As a deformation F it takes
 * vectors of the undeformed lattice to those of the deformed one.
 */
export type Matrix2 = readonly [xx: number, xy: number, yx: number, yy: number];

/** Strain relative to a reference: positive where the lattice is longer. */
export interface Strain {
  /** Along axis 0 (down). */
  readonly xx: number;
  /** Along axis 1 (to the right). */
  readonly yy: number;
  /** Shear: half the change of the right angle between the axes. */
  readonly xy: number;
  /** Turn of the lattice in radians, from axis 0 towards axis 1: counter-clockwise as patterns are drawn. */
  readonly rotation: number;
}

/** The product of two matrices. */
export function multiply2(a: Matrix2, b: Matrix2): Matrix2 {
  return [
    a[0] * b[0] + a[1] * b[2],
    a[0] * b[1] + a[1] * b[3],
    a[2] * b[0] + a[3] * b[2],
    a[2] * b[1] + a[3] * b[3],
  ];
}

/** The inverse; not finite where there is none. */
export function inverse2([a, b, c, d]: Matrix2): Matrix2 {
  const determinant = a * d - b * c;
  return [d / determinant, -b / determinant, -c / determinant, a / determinant];
}

/** The deformation of real space by which reciprocal vectors turn into T times themselves: F = transpose(inverse(T)). */
export function deformationOf(reciprocal: Matrix2): Matrix2 {
  const [a, b, c, d] = inverse2(reciprocal);
  return [a, c, b, d];
}

/**
 * Finite strain by polar decomposition F = V R: stretch V - 1 along the axes of the detector, as the deformed lattice
 * lies there, and the rotation R. V does not depend on how the reference was turned in the plane.
 *
 * @example
 * ```ts
 * import { strainOf } from "crystallite";
 *
 * const { xx, rotation } = strainOf([1.01, 0, 0, 1]);
 * console.assert(Math.abs(xx - 0.01) < 1e-12 && rotation === 0);
 * ```
 */
export function strainOf(deformation: Matrix2): Strain {
  const [a, b, c, d] = deformation;
  const rotation = arctangent(c - b, a + d);
  const cosineOf = cosine(rotation), sineOf = sine(rotation);
  // V = F R^T
  return {
    xx: a * cosineOf - b * sineOf - 1,
    yy: c * sineOf + d * cosineOf - 1,
    xy: a * sineOf + b * cosineOf,
    rotation,
  };
}

/**
 * The same strain along axes that are turned by `angle` radians from axis 0 towards axis 1.
 *
 * @example
 * ```ts
 * import { turnAxes } from "crystallite";
 *
 * const turned = turnAxes({ xx: 0.01, yy: 0, xy: 0, rotation: 0 }, Math.PI / 2);
 * console.assert(Math.abs(turned.yy - 0.01) < 1e-12);
 * ```
 */
export function turnAxes({ xx, yy, xy, rotation }: Strain, angle: number): Strain {
  const c = cosine(angle), s = sine(angle);
  return {
    xx: c * c * xx + 2 * c * s * xy + s * s * yy,
    yy: s * s * xx - 2 * c * s * xy + c * c * yy,
    xy: c * s * (yy - xx) + (c * c - s * s) * xy,
    rotation,
  };
}

/**
 * Change of area to first order, e_xx + e_yy: what dilation maps show.
 *
 * @example
 * ```ts
 * import { dilation } from "crystallite";
 *
 * console.assert(dilation({ xx: 0.5, yy: 0.25, xy: 0, rotation: 0 }) === 0.75);
 * ```
 */
export function dilation({ xx, yy }: Strain): number {
  return xx + yy;
}
