/** Masks drawn by hand as lengths of runs, row-major and beginning with zeros: small enough for a request. Pure. */

import { BadParameter } from "../../library/scan/errors.ts";
import type { DrawnMask } from "../protocol/label_views.ts";

/** Name of a drawn mask where a file's would stand. */
export const drawnMaskName = "drawn mask";

/** The runs of a mask, uint8 (row, column). */
export function encodeMask(mask: Uint8Array): DrawnMask {
  const runs: number[] = [];
  let value = 0, length = 0;
  for (const inside of mask) {
    if ((inside === 0 ? 0 : 1) !== value) {
      runs.push(length);
      value = 1 - value;
      length = 0;
    }
    length++;
  }
  runs.push(length);
  return { runs };
}

/**
 * The mask, uint8 (row, column), that runs describe.
 *
 * @param probes of the scan
 * @throws {BadParameter} unless the runs are whole numbers that add up to the probes
 */
export function decodeMask({ runs }: DrawnMask, probes: number): Uint8Array<ArrayBuffer> {
  const refuse = (found: string): never => {
    throw new BadParameter("the drawn mask does not fit the scan", {
      expected: `runs that cover ${probes} probes`,
      found,
      remedy: "draw the mask on this scan",
    });
  };
  const mask = new Uint8Array(probes);
  let end = 0;
  for (let run = 0; run < runs.length; run++) {
    const length = runs[run];
    // Only the first run may be empty: it says how many zeros there are before the first one.
    if (!Number.isInteger(length) || length < (run === 0 ? 0 : 1)) refuse(`a run of ${length}`);
    if (end + length > probes) refuse("runs that cover more");
    if (run % 2 === 1) mask.fill(1, end, end + length);
    end += length;
  }
  if (end !== probes) refuse(`runs that cover ${end}`);
  return mask;
}

/** 1 where both masks have one. */
export function intersectMasks(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(first, (inside, probe) => inside && second[probe] ? 1 : 0);
}
