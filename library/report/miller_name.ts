/** Indices of planes as people write them. */

import type { Vector3 } from "../crystal/matrix.ts";

/** Indices with bars over the negative ones; with spaces where one has two digits. */
export function millerName(indices: Iterable<number>): string {
  const names = Array.from(
    indices,
    (value) => value < 0 ? [...String(-value)].map((digit) => `${digit}\u0305`).join("") : String(value),
  );
  return names.join(separatorOf(indices, " "));
}

/** Indices with minus signs, as names of files may hold them. */
export function millerText(indices: Vector3): string {
  return indices.join(separatorOf(indices, "_"));
}

function separatorOf(indices: Iterable<number>, separator: string): string {
  return Array.from(indices).some((value) => Math.abs(value) > 9) ? separator : "";
}
