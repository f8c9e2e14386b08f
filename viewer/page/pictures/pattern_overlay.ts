/** What lies on a pattern: peaks and spots, the detector and the scale bar. */

import type { ReadonlySignal } from "@preact/signals";
import { clearOverlay, drawDetector, drawScaleBar } from "../../drawing/overlay.ts";
import { drawSpotMarks } from "../../drawing/spot_marks.ts";
import type { SpotsAnswer } from "../../protocol/crystals.ts";
import type { Viewport } from "../../drawing/viewport.ts";
import { detector, detectorKind, item } from "../state.ts";

export class PatternOverlay {
  readonly #canvas: HTMLCanvasElement;
  readonly #marks: ReadonlySignal<SpotsAnswer | null> | undefined;

  /** @param marks peaks and spots of this pattern */
  constructor(canvas: HTMLCanvasElement, marks?: ReadonlySignal<SpotsAnswer | null>) {
    this.#canvas = canvas;
    this.#marks = marks;
  }

  /** Reads every signal that {@link draw} depends on. */
  depends(): void {
    for (const signal of [detector, detectorKind, item]) signal.value;
    this.#marks?.value;
  }

  draw(viewport: Viewport): void {
    const context = clearOverlay(this.#canvas, viewport);
    const marks = this.#marks?.peek();
    if (marks) drawSpotMarks(context, viewport, marks);
    if (detectorKind.peek() !== "none") drawDetector(context, viewport, detector.peek());
    drawScaleBar(context, viewport, item.peek()?.calibration.qPixelSize);
  }
}
