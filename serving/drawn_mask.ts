/** Masks as the page draws them: lengths of runs, row-major, beginning with zeros. */

import type { DrawnMask } from "../display/protocol.ts";
import { malformed } from "./answers.ts";

/** Name of a drawn mask where a file's would stand. */
export const drawnMaskName = "drawn mask";

/**
 * The mask with one byte a probe.
 *
 * @throws {BadParameter} when the runs are not of that many probes
 */
export function decodeMask({ runs }: DrawnMask, probes: number): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(probes);
  let end = 0;
  runs.forEach((length, place) => {
    if (place % 2 === 1) mask.fill(1, end, end + length);
    end += length;
  });
  if (end !== probes) throw malformed(`a mask of ${probes} probes`, `${end} probes`);
  return mask;
}

/** The runs of a mask. */
export function encodeMask(mask: Uint8Array): DrawnMask {
  const runs: number[] = [];
  let value = 0, length = 0;
  for (const probe of mask) {
    const inside = probe === 0 ? 0 : 1;
    if (inside === value) length++;
    else {
      runs.push(length);
      value = inside;
      length = 1;
    }
  }
  runs.push(length);
  return { runs };
}

/** 1 where both have one. */
export function intersection(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(first, (inside, probe) => inside && second[probe] ? 1 : 0);
}
