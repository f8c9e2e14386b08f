/** What lies on a pattern: the detector and the scale bar. */

import { clearOverlay, drawDetector, drawScaleBar } from "../../drawing/overlay.ts";
import type { Viewport } from "../../drawing/viewport.ts";
import { detector, detectorKind, item } from "../state.ts";

export class PatternOverlay {
  readonly #canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Reads every signal that {@link draw} depends on. */
  depends(): void {
    for (const signal of [detector, detectorKind, item]) signal.value;
  }

  draw(viewport: Viewport): void {
    const context = clearOverlay(this.#canvas, viewport);
    if (detectorKind.peek() !== "none") drawDetector(context, viewport, detector.peek());
    drawScaleBar(context, viewport, item.peek()?.calibration.qPixelSize);
  }
}
