/** How a reflection fades with its excitation error. */

import { exponential } from "../scan/portable_math.ts";

/** The part of a reflection's intensity that is left at an excitation error, both in Å^-1. */
export function fading(error: number, width: number): number {
  const relative = error / width;
  return exponential(-relative * relative / 2);
}
