/** The choice of a virtual detector. */

import { lookAt } from "../views/real_views.ts";
import { virtualView } from "../views/virtual_image.ts";
import { detector, detectorKind, item, readable } from "../state.ts";
import { directBeam } from "./direct_beam.ts";
import { withAPixel } from "./least_detector.ts";

/** Chooses a detector: a disk on the direct beam, or a ring around it. */
export function chooseDetector(kind: "none" | "disk" | "annulus"): void {
  const opened = item.peek();
  if (!opened || !readable.peek() && kind !== "none") return;
  const half = Math.min(opened.shape.patternRows, opened.shape.patternColumns) / 2;
  const { row, column } = detector.peek(), before = detectorKind.peek();
  if (kind === "disk" && before !== "disk") {
    detector.value = withAPixel({ row, column, outer: Math.max(1.5, half / 8) }, opened.shape);
  }
  if (kind === "annulus" && before !== "annulus") {
    const ring = { inner: Math.max(1, half / 5), outer: Math.max(2, 0.9 * half) };
    detector.value = withAPixel({ ...directBeam(opened), ...ring }, opened.shape);
  }
  detectorKind.value = kind;
  if (kind !== "none") lookAt(virtualView);
}
