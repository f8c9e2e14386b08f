/** Detectors that hold at least one pixel, however small they are and wherever between pixels they lie. */

import type { ScanShape } from "../../../library/scan/shape.ts";
import type { Detector } from "../../protocol/virtual_images.ts";

type Sides = Pick<ScanShape, "patternRows" | "patternColumns">;

/** The detector, a little larger where it would hold no pixel. */
export function withAPixel(wanted: Detector, shape: Sides): Detector {
  let { outer } = wanted;
  for (let tries = 0; tries < 30; tries++, outer += 0.1) {
    if (holdsAPixel({ ...wanted, outer }, shape)) {
      return outer === wanted.outer ? wanted : { ...wanted, outer };
    }
  }
  const { inner: _, ...disk } = wanted;
  return { ...disk, outer: Math.max(1, wanted.outer) };
}

function holdsAPixel(
  { row, column, inner = 0, outer }: Detector,
  { patternRows, patternColumns }: Sides,
): boolean {
  const from = (middle: number) => Math.max(0, Math.floor(middle - outer));
  const to = (middle: number, end: number) => Math.min(end - 1, Math.ceil(middle + outer));
  for (let y = from(row); y <= to(row, patternRows); y++) {
    for (let x = from(column); x <= to(column, patternColumns); x++) {
      const radius = Math.hypot(y - row, x - column);
      if (radius >= inner && radius <= outer) return true;
    }
  }
  return false;
}
