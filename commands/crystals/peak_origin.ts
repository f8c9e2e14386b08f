/** The direct beam of every probe by the peaks that are found in its pattern. */

import { fitOrigin, fixedOrigin, type OriginMap, type OriginModel } from "../../library/mapping/origin.ts";
import type { PeakLists } from "../../library/passes/bragg_peaks/peak_pass.ts";
import type { StoredResult } from "../../library/results/read.ts";
import { isScattered } from "./calibration_summary.ts";

/** What is said where it is unclear. */
export const unclearBeam =
  "the direct beam is not clear: it is taken to stand still where cluster found it; crystallite calibrate has other ways";

/** Where the direct beam is, and whether the peaks do not say that. */
export interface PeakOrigin {
  readonly origin: OriginMap;
  readonly unclear: boolean;
}

/**
 * Fits the highest peaks near the place where the clustering found the direct beam. Where these do not agree, it is taken to
 * stand still there: behind a beam stop they are those of its rim.
 *
 * @param model that was asked for: then what is fitted holds, whatever the peaks say
 */
export function peakOrigin(
  peaks: PeakLists,
  { shape, run: { center } }: StoredResult,
  diskRadius: number,
  model?: OriginModel,
): PeakOrigin {
  const fitted = fitOrigin(peaks, shape, center, 2 * diskRadius + 4, model);
  const unclear = model === undefined && isScattered(fitted, diskRadius);
  return { origin: unclear ? fixedOrigin(shape, center) : fitted, unclear };
}
