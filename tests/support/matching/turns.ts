/** Small turns of an orientation. */

import { cosine, sine } from "../../../library/scan/portable_math.ts";
import { type Matrix3, multiply } from "../../../library/crystal/matrix.ts";

/** The orientation after a turn of the crystal about the laboratory's axis 0 (x), 1 (y) or 2 (z), in radians. */
export function turnAbout(orientation: Matrix3, axis: 0 | 1 | 2, angle: number): Matrix3 {
  const c = cosine(angle), s = sine(angle);
  const turns: readonly Matrix3[] = [
    [1, 0, 0, 0, c, s, 0, -s, c],
    [c, 0, -s, 0, 1, 0, s, 0, c],
    [c, s, 0, -s, c, 0, 0, 0, 1],
  ];
  return multiply(orientation, turns[axis]);
}

/** The orientation seen from behind, by half a turn about the laboratory's x: its pattern is the mirror image. */
export function flipped(m: Matrix3): Matrix3 {
  return [m[0], -m[1], -m[2], m[3], -m[4], -m[5], m[6], -m[7], -m[8]];
}
