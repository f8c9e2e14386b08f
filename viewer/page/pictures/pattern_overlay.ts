/** What lies on a pattern: peaks and spots, the detector and the scale bar. */

import type { ReadonlySignal } from "@preact/signals";
import { drawBadPixels } from "../../drawing/bad_pixel_marks.ts";
import { clearOverlay, drawDetector, drawScaleBar, scaleBarBox } from "../../drawing/overlay.ts";
import { drawRuler } from "../../drawing/shape_drawing.ts";
import { drawSpotMarks } from "../../drawing/spot_marks.ts";
import type { SpotsAnswer } from "../../protocol/crystals.ts";
import type { Ink } from "../../drawing/ink.ts";
import type { Viewport } from "../../drawing/viewport.ts";
import { badPixels } from "../looking/bad_pixels.ts";
import { markedRing } from "../looking/profiles.ts";
import { patternRuler } from "../looking/ruler.ts";
import { detector, detectorKind, item, type ShownPattern, tool } from "../state.ts";

export class PatternOverlay {
  readonly #canvas: HTMLCanvasElement;
  readonly #pattern: ReadonlySignal<ShownPattern | null>;
  readonly #marks: ReadonlySignal<SpotsAnswer | null> | undefined;

  /** @param marks peaks and spots of this pattern */
  constructor(
    canvas: HTMLCanvasElement,
    pattern: ReadonlySignal<ShownPattern | null>,
    marks?: ReadonlySignal<SpotsAnswer | null>,
  ) {
    this.#canvas = canvas;
    this.#pattern = pattern;
    this.#marks = marks;
  }

  /** Reads every signal that {@link draw} depends on. */
  depends(): void {
    for (const signal of [badPixels, detector, detectorKind, item, patternRuler.ruled, tool]) signal.value;
    if (tool.value === "ruler") markedRing.value;
    this.#marks?.value;
  }

  draw(viewport: Viewport): void {
    this.drawOn(clearOverlay(this.#canvas, viewport), viewport);
  }

  /** The same with any ink. */
  drawOn(context: Ink, viewport: Viewport): void {
    // Nothing of a pattern lies on its transform.
    if (this.#pattern.peek()?.transformed) return;
    const bad = badPixels.peek();
    if (bad) drawBadPixels(context, viewport, [...bad.filled, ...bad.masked]);
    const marks = this.#marks?.peek();
    const size = item.peek()?.calibration.qPixelSize;
    if (marks) drawSpotMarks(context, viewport, marks, scaleBarBox(context, viewport, size));
    if (detectorKind.peek() !== "none") drawDetector(context, viewport, detector.peek());
    const ring = tool.peek() === "ruler" && markedRing.peek();
    if (ring) drawDetector(context, viewport, ring, false);
    const measured = patternRuler.ruled.peek();
    if (measured) drawRuler(context, viewport, measured);
    drawScaleBar(context, viewport, size);
  }
}
