/** The axes of strain on the command line. */

import { decimalNumber, notUnderstood } from "./number.ts";
import { type Indices, indicesOf } from "./planes.ts";

/** What the first axis of strain lies along. */
export type StrainAxes =
  /** Turned by an angle in degrees from down the detector towards its right. */
  | { readonly frame: "detector"; readonly angle: number }
  /** Down the scan. */
  | { readonly frame: "scan" }
  /** A direction of each cluster's crystal. */
  | { readonly frame: "crystal"; readonly direction: Indices };

/**
 * Reads `30`, `scan` or `[1 -1 0]`.
 *
 * @throws {BadParameter} when the text is anything else
 */
export function parseStrainAxes(text: string): StrainAxes {
  const trimmed = text.trim(), angle = decimalNumber(trimmed);
  if (angle !== undefined && Math.abs(angle) <= 360) return { frame: "detector", angle };
  if (trimmed === "scan") return { frame: "scan" };
  const inner = /^\[(.*)\]$/.exec(trimmed)?.[1],
    direction = inner === undefined ? undefined : indicesOf(inner);
  if (direction?.length === 3) return { frame: "crystal", direction: direction as unknown as Indices };
  throw notUnderstood(
    "--axes",
    text,
    'an angle from -360 to 360 degrees, scan, or a direction of the crystal such as "[1 -1 0]"',
  );
}
