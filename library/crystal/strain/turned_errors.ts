/** Errors of strain along other axes. */

import { cosine, sine } from "../../scan/portable_math.ts";
import type { StrainFit } from "./fit.ts";

/** Standard errors along axes that are turned by an angle in radians, as if those of the components were independent. */
export function turnErrors({ xx, yy, xy, rotation }: StrainFit["error"], angle: number): StrainFit["error"] {
  const c = cosine(angle), s = sine(angle), both = c * s;
  const root = (...terms: readonly number[]) => Math.sqrt(terms.reduce((sum, term) => sum + term * term, 0));
  return {
    xx: root(c * c * xx, 2 * both * xy, s * s * yy),
    yy: root(s * s * xx, 2 * both * xy, c * c * yy),
    xy: root(both * xx, both * yy, (c * c - s * s) * xy),
    rotation,
  };
}
