/** How strongly an atom scatters electrons. */

import { scatteringParameters } from "./scattering_table.ts";

/**
 * The electron scattering factor of a neutral atom in Å.
 *
 * f(g) = sum of a (2 + b g^2) / (1 + b g^2)^2 over five terms (I. Lobato and D. Van Dyck, Acta Cryst. A70, 636, 2014,
 * doi:10.1107/S205327331401643X).
 *
 * @param atomicNumber 1 (hydrogen) to 103 (lawrencium)
 * @param squaredLength g^2 in Å^-2, with g = 1/d (not s = g/2)
 * @throws {RangeError} when the table has no such element
 *
 * @example
 * ```ts
 * import { scatteringFactor } from "crystallite";
 *
 * console.assert(Math.abs(scatteringFactor(79, 0.25) - 6.040211) < 1e-6);
 * ```
 */
export function scatteringFactor(atomicNumber: number, squaredLength: number): number {
  const terms = scatteringParameters[atomicNumber - 1];
  if (!terms) throw new RangeError(`no scattering factor of element ${atomicNumber}`);
  let sum = 0;
  for (let term = 0; term < 5; term++) {
    const product = terms[term + 5] * squaredLength;
    sum += terms[term] * (2 + product) / ((1 + product) * (1 + product));
  }
  return sum;
}
