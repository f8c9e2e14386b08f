/** Frames of a 5D-STEM series on the command line. */

import { BadParameter } from "../scan/errors.ts";
import { notUnderstood } from "./number.ts";

/**
 * Reads which frame of a series to take: `A:B` means frames A to B - 1, `A` alone means `A:A+1`.
 *
 * @returns the 0-based frame
 * @throws {BadParameter} when the text is anything else, or selects more than one frame
 */
export function parseFrames(text: string): number {
  const match = /^\s*(\d{1,9})\s*(?::\s*(\d{1,9})\s*)?$/.exec(text);
  if (!match) {
    throw notUnderstood("--frames", text, "FIRST:END with whole numbers, such as 3:4 for frame 3");
  }
  const first = Number(match[1]), end = match[2] === undefined ? first + 1 : Number(match[2]);
  if (end <= first) {
    throw new BadParameter(`--frames ${text.trim()} selects no frame`, {
      expected: "END greater than FIRST",
      found: text,
      remedy: `write --frames ${first}:${first + 1} for frame ${first}`,
    });
  }
  if (end > first + 1) {
    throw new BadParameter(
      `--frames ${text.trim()} selects ${end - first} frames, but only one can be read`,
      {
        expected: "one frame; series takes all of them",
        found: `${end - first} frames`,
        remedy: `run each frame on its own, beginning with --frames ${first}:${first + 1}`,
      },
    );
  }
  return first;
}
