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
