/** Which detector pixels take part: masks about the q centre, bad regions left out. */

import { BadParameter } from "../../scan/errors.ts";
import { pixelCount, type ScanShape } from "../../scan/shape.ts";

/** Which detector pixels take part in the similarity, about the q centre; radii in detector pixels. */
export type FixedDetectorMask =
  | { readonly kind: "none" }
  /** keeps r <= radius */
  | { readonly kind: "disk"; readonly radius: number }
  /** keeps inner <= r <= outer */
  | { readonly kind: "annulus"; readonly inner: number; readonly outer: number }
  /** keeps r > radius */
  | { readonly kind: "outside"; readonly radius: number }
  /** keeps nonzero pixels, (qy, qx) row-major */
  | { readonly kind: "pixels"; readonly keep: Uint8Array; readonly source: string };

/** The same, or what leaves out the direct beam found in the scan: r > 1.3 R + 1.5 about it, R the radius of its disk. */
export type DetectorMask = FixedDetectorMask | { readonly kind: "auto" };

/** What errors call the mask of comparisons. */
const detectorMaskWords = { what: "the q mask", parameter: "detectorMask" };

/**
 * The mask as one byte a pixel, 1 = takes part, (qy, qx) row-major; `null` when every pixel does.
 *
 * @param center direct beam in detector pixels; radii are measured from it
 * @param masked flat indices of pixels that never take part
 * @param said what errors call the mask, and the parameter that it comes from
 * @throws {BadParameter} when a pixel map does not fit the detector, or no pixel is left
 */
export function detectorMaskPixels(
  mask: FixedDetectorMask,
  shape: ScanShape,
  center: { readonly row: number; readonly column: number },
  masked: readonly number[] = [],
  said: { readonly what: string; readonly parameter: string } = detectorMaskWords,
): Uint8Array | null {
  if (mask.kind === "none" && masked.length === 0) return null;
  const keep = new Uint8Array(pixelCount(shape));
  if (mask.kind === "pixels") {
    if (mask.keep.length !== keep.length) {
      throw new BadParameter(`${said.what} does not fit the detector`, {
        file: mask.source,
        expected: `${shape.patternRows} x ${shape.patternColumns} pixels`,
        found: `${mask.keep.length} pixels`,
        parameter: said.parameter,
        remedy: "give a mask with one value for each detector pixel",
      });
    }
    keep.set(mask.keep.map((value) => value ? 1 : 0));
  } else {
    for (let row = 0, i = 0; row < shape.patternRows; row++) {
      for (let column = 0; column < shape.patternColumns; column++, i++) {
        keep[i] = keeps(mask, Math.hypot(row - center.row, column - center.column)) ? 1 : 0;
      }
    }
  }
  for (const index of masked) keep[index] = 0;
  if (!keep.includes(1)) {
    throw new BadParameter(`${said.what} leaves no detector pixel`, {
      expected: `a mask that reaches the ${shape.patternRows} x ${shape.patternColumns} detector`,
      parameter: said.parameter,
      remedy: `change \`${said.parameter}\` or \`center\``,
    });
  }
  return keep;
}

function keeps(mask: Exclude<FixedDetectorMask, { kind: "pixels" }>, radius: number): boolean {
  switch (mask.kind) {
    case "none":
      return true;
    case "disk":
      return radius <= mask.radius;
    case "annulus":
      return mask.inner <= radius && radius <= mask.outer;
    case "outside":
      return radius > mask.radius;
  }
}

/** The index centre of the detector, ((Qy - 1)/2, (Qx - 1)/2): the paper's q centre. */
export function indexCenter(shape: ScanShape): { row: number; column: number } {
  return { row: (shape.patternRows - 1) / 2, column: (shape.patternColumns - 1) / 2 };
}
