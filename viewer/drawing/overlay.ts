/** What lies over a picture: outlines, probe, detectors, scale bar. */

import { chooseScaleBar } from "../../library/report/scale_bar.ts";
import type { PixelSize } from "../../library/scan/calibration.ts";
import { fillHandle, strokeCased, weights } from "./cased_strokes.ts";
import { type Ink, pathFor } from "./ink.ts";
import { OutlinePath } from "./outline_path.ts";
import type { OutlineLines } from "./join_segments.ts";
import type { Detector } from "../protocol/virtual_images.ts";
import { type PicturePoint, sameViewport, toScreen, type Viewport } from "./viewport.ts";

/** How heavy an outline is. */
export type OutlineWeight = "selected" | "hover" | "all";

/** Radius of the handles of detectors, in CSS pixels. */
const handleRadius = 4.5;
/** Where on a ring its handle is: below right. */
const diagonal = Math.SQRT1_2;

/** Makes the overlay as large as the viewport and empties it; what is drawn next is in CSS pixels. */
export function clearOverlay(canvas: HTMLCanvasElement, viewport: Viewport): CanvasRenderingContext2D {
  const { width, height, ratio } = viewport;
  const deviceWidth = Math.max(1, Math.round(width * ratio)),
    deviceHeight = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== deviceWidth) canvas.width = deviceWidth;
  if (canvas.height !== deviceHeight) canvas.height = deviceHeight;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("the browser has no 2D canvas");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Lines of `outlines` (outlines.ts) as a path, to be kept for as long as the labels stay. */
export function outlinePath(lines: OutlineLines): OutlinePath {
  return new OutlinePath(lines);
}

/** Draws the outline of clusters. */
export function drawOutline(
  context: Ink,
  viewport: Viewport,
  path: OutlinePath,
  weight: OutlineWeight,
): void {
  // Round joins of thousands of lines would cost more than all else.
  strokeCased(context, path.placed(viewport, context), weights[weight], weight === "all" ? "bevel" : "round");
}

/** The outlines of all clusters as a picture that is drawn again only where labels or viewport change. */
export class OutlineLayer {
  readonly #canvas = new OffscreenCanvas(1, 1);
  #path: OutlinePath | undefined;
  #viewport: Viewport | undefined;

  draw(context: Ink, viewport: Viewport, path: OutlinePath): void {
    if (!context.drawImage) return drawOutline(context, viewport, path, "all");
    const { width, height, ratio } = viewport;
    if (path !== this.#path || !this.#viewport || !sameViewport(viewport, this.#viewport)) {
      this.#canvas.width = Math.max(1, Math.round(width * ratio));
      this.#canvas.height = Math.max(1, Math.round(height * ratio));
      const own = this.#canvas.getContext("2d")!;
      own.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawOutline(own, viewport, path, "all");
      this.#path = path;
      this.#viewport = viewport;
    }
    context.drawImage(this.#canvas, 0, 0, this.#canvas.width / ratio, this.#canvas.height / ratio);
  }
}

/** Marks a probe (or a pixel of a pattern) by a square around it with four ticks. */
export function drawProbe(context: Ink, viewport: Viewport, probe: PicturePoint): void {
  const { x, y } = toScreen(viewport, { row: probe.row + 0.5, column: probe.column + 0.5 });
  const path = pathFor(context),
    [wide, high] = [viewport.scale, viewport.rowScale].map((length) => Math.max(4, length / 2 + 2));
  path.rect(x - wide, y - high, 2 * wide, 2 * high);
  for (const [right, down] of [[-1, 0], [1, 0], [0, -1], [0, 1]]) {
    path.moveTo(x + right * wide, y + down * high);
    path.lineTo(x + right * (wide + 6), y + down * (high + 6));
  }
  strokeCased(context, path, weights.drawn);
}

/** Draws a disk or ring on a pattern, with a handle on each circle unless it is only shown. */
export function drawDetector(
  context: Ink,
  viewport: Viewport,
  { row, column, inner, outer }: Detector,
  handles = true,
): void {
  const { x, y } = toScreen(viewport, { row: row + 0.5, column: column + 0.5 }), path = pathFor(context);
  const radii = (inner ? [outer, inner] : [outer]).map((radius) => radius * viewport.scale);
  for (const radius of radii) {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
  }
  strokeCased(context, path, weights.drawn);
  if (!handles) return;
  for (const radius of radii) {
    const handle = pathFor(context);
    handle.arc(x + radius * diagonal, y + radius * diagonal, handleRadius, 0, 2 * Math.PI);
    fillHandle(context, handle);
  }
}

/** A part of the canvas in CSS pixels. */
export interface ScreenBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const scaleBarFont = '600 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/** Where a scale bar of a round length lies, and how long it is: at the lower left of what is visible. */
function placeScaleBar(context: Ink, viewport: Viewport, size: PixelSize | undefined) {
  const { rows, columns, width, height, left, top, scale, rowScale } = viewport;
  const visible = Math.min(columns, width / scale), bar = chooseScaleBar(visible, size);
  if (bar === null) return null;
  const length = bar.share * visible * scale;
  context.font = scaleBarFont;
  const wide = Math.max(length, context.measureText(bar.label).width);
  const x = Math.max(left, 0) + 14, y = Math.round(Math.min(top + rows * rowScale, height) - 16);
  return { label: bar.label, length, wide, x, y };
}

/** What {@link drawScaleBar} covers with its words; `null` where it draws nothing. */
export function scaleBarBox(context: Ink, viewport: Viewport, size: PixelSize | undefined): ScreenBox | null {
  const bar = placeScaleBar(context, viewport, size);
  return bar && { x: bar.x - 4, y: bar.y - 22, width: bar.wide + 8, height: 30 };
}

/**
 * Draws a scale bar of a round length at the lower left of what is visible; nothing where the size is unknown.
 *
 * @param size of a pixel of the picture
 * @param ink `dark` on light pictures
 */
export function drawScaleBar(
  context: Ink,
  viewport: Viewport,
  size: PixelSize | undefined,
  ink: "light" | "dark" = "light",
): void {
  const bar = placeScaleBar(context, viewport, size);
  if (bar === null) return;
  const [fill, edge] = ink === "light" ? ["#fff", "rgb(0 0 0 / 0.8)"] : ["#111", "rgb(255 255 255 / 0.85)"];
  const { length, wide, x, y } = bar, start = Math.round(x + (wide - length) / 2);
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.lineJoin = "round";
  context.fillStyle = edge;
  context.fillRect(start - 1.5, y - 1.5, length + 3, 7);
  context.fillStyle = fill;
  context.fillRect(start, y, length, 4);
  context.strokeStyle = edge;
  context.lineWidth = 3.4;
  context.strokeText(bar.label, x + wide / 2, y - 7);
  context.fillText(bar.label, x + wide / 2, y - 7);
}
