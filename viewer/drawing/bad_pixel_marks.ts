/** Marks of bad detector pixels: a frame about each, so that the pixel itself stays to be seen. */

import { type Ink, pathFor } from "./ink.ts";
import { toScreen, type Viewport } from "./viewport.ts";

/** More than this are no marks any more but a veil. */
const most = 2000;
/** Side of the smallest mark in CSS pixels. */
const least = 4;

/** @param pixels flat indices */
export function drawBadPixels(
  context: Ink,
  viewport: Viewport,
  pixels: readonly number[],
): void {
  if (pixels.length > most) return;
  const side = Math.max(least, viewport.scale), path = pathFor(context);
  for (const pixel of pixels) {
    const row = Math.floor(pixel / viewport.columns) + 0.5, column = pixel % viewport.columns + 0.5;
    const { x, y } = toScreen(viewport, { row, column });
    path.rect(x - side / 2, y - side / 2, side, side);
  }
  // A canvas keeps the joins of whatever was drawn on it last.
  context.lineJoin = "miter";
  for (const [width, style] of [[2.4, "rgb(0 0 0 / 0.6)"], [1, "rgb(255 255 255 / 0.9)"]] as const) {
    context.lineWidth = width;
    context.strokeStyle = style;
    context.stroke(path);
  }
}
