/** What a user should know of the detector, in plain sentences. */

import type { BadPixels } from "./bad_pixels_and_beam.ts";
import type { DirectBeam } from "./direct_beam.ts";

/** Lines and areas that are left out change what is computed; single pixels that are filled hardly do. */
export function warningsAboutPixels({ filled, masked, source }: BadPixels): string[] {
  if (masked.length === 0 || !source.startsWith("found")) return [];
  return [
    `${
      filled.length + masked.length
    } detector pixels are taken for bad, ${masked.length} of them in lines or ` +
    "areas that are left out; if they are sound, use --bad-pixels none.",
  ];
}

/** A beam that is not seen is a guess, though a good one. */
export function warningsAboutBeam(found: DirectBeam | undefined): string[] {
  if (!found?.hidden) return [];
  const place = [found.row, found.column].map((value) => value.toFixed(1)).join(",");
  return [
    `The direct beam is not seen: a beam stop may hide it. By the symmetry of the mean pattern it is at ${place}; ` +
    "if you know better, give --q-center.",
  ];
}
