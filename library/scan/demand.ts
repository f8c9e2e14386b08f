/** Checks of parameters. */

import { BadParameter } from "./errors.ts";

/**
 * Fails with {@link BadParameter} unless a condition holds, naming the parameter and what it may be.
 *
 * @param parameter its name in the library, such as `prefilter.radius`
 */
export function demand(holds: boolean, parameter: string, expected: string, found: unknown): void {
  if (holds) return;
  throw new BadParameter(`\`${parameter}\` is out of range`, {
    expected,
    found: String(found),
    parameter,
    remedy: `give \`${parameter}\` as ${expected}`,
  });
}

/**
 * The same of an argument of a function of the library, which is no parameter of a run.
 *
 * @param argument its name, such as `field.row`
 */
export function demandArgument(holds: boolean, argument: string, expected: string, found: unknown): void {
  if (holds) return;
  throw new BadParameter(`the argument ${argument} is out of range`, {
    expected,
    found: String(found),
    parameter: argument,
    remedy: `give ${argument} as ${expected}`,
  });
}

/** Fails with {@link BadParameter} unless rows and columns are whole numbers of at least 1. */
export function demandSizes({ rows, columns }: { readonly rows: number; readonly columns: number }): void {
  for (const [name, size] of [["rows", rows], ["columns", columns]] as const) {
    demandArgument(Number.isSafeInteger(size) && size > 0, name, "a whole number of at least 1", size);
  }
}

/** Fails with {@link BadParameter} unless an array has so many elements. */
export function demandLength(
  parameter: string,
  { length }: { readonly length: number },
  expected: number,
): void {
  demandArgument(length === expected, parameter, `an array of ${expected} elements`, `${length} elements`);
}

/** Fails with {@link BadParameter} unless a matrix is nine finite numbers. */
export function demandMatrix(parameter: string, matrix: readonly number[]): void {
  const holds = matrix.length === 9 && matrix.every(Number.isFinite);
  demandArgument(holds, parameter, "nine finite numbers, row by row", matrix.join(", "));
}
