/** Checks of parameters. */

import { BadParameter } from "./errors.ts";

/** Fails with {@link BadParameter} unless a condition holds, naming the parameter and what it may be. */
export function demand(holds: boolean, name: string, expected: string, found: unknown): void {
  if (holds) return;
  throw new BadParameter(`${name} is out of range`, {
    expected,
    found: String(found),
    remedy: `give ${name} as ${expected}`,
  });
}
