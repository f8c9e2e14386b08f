/** The direct beam of a scan, for what looks at nothing else of its detector. */

import type { RunOptions } from "../../engine/options.ts";
import type { Scan } from "../../scan/scan.ts";
import type { DirectBeam } from "./direct_beam.ts";
import { type BadPixelSource, prepareDetector } from "./preparation.ts";

/**
 * Centre and radius, in detector pixels, of the direct beam's disk in the mean pattern. Bad pixels, which may outshine it, are
 * no part of that.
 *
 * @throws {BadParameter} when a map of bad pixels does not fit the detector or leaves none
 * @throws {Aborted} when the signal fires
 */
export async function directBeam(
  scan: Scan,
  badPixels: BadPixelSource,
  options: RunOptions = {},
): Promise<DirectBeam> {
  const { beam } = await prepareDetector(scan, { badPixels, center: { kind: "auto" } }, true, options);
  return beam!;
}
