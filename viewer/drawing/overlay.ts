/** What lies over a picture: outlines, probe, shapes, detectors, scale bar; each a white line in a black casing. */

import { chooseScaleBar } from "../../library/report/scale_bar.ts";
import type { PixelSize } from "../../library/scan/calibration.ts";
import { type Ink, type InkPath, pathFor } from "./ink.ts";
import { OutlinePath } from "./outline_path.ts";
import type { OutlineLines } from "./join_segments.ts";
import type { Detector } from "../protocol/virtual_images.ts";
import type { Shape } from "./shapes.ts";
import { type PicturePoint, sameViewport, toScreen, type Viewport } from "./viewport.ts";

/** Widths in CSS pixels of the white line and of the black casing on both sides of it together, and how opaque both are. */
export interface Weight {
  readonly line: number;
  readonly casing: number;
  readonly white: number;
  readonly black: number;
}

const weights = {
  selected: { line: 1.7, casing: 2.4, white: 1, black: 0.85 },
  hover: { line: 1, casing: 2.4, white: 1, black: 0.85 },
  all: { line: 1, casing: 1.4, white: 0.92, black: 0.5 },
  drawn: { line: 1.4, casing: 2.4, white: 1, black: 0.85 },
} as const satisfies Record<string, Weight>;

/** How heavy an outline is. */
export type OutlineWeight = "selected" | "hover" | "all";

/** Sides of the handles of shapes and radius of those of detectors, in CSS pixels. */
const handleSide = 7, handleRadius = 4.5;
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

/** How a shape is drawn. */
export interface ShapeStyle {
  /** A polygon that still gets corners is not closed and not filled. */
  readonly closed?: boolean;
}

/** Draws a shape with handles at its corners; of a brush, what it covers. */
export function drawShape(
  context: Ink,
  viewport: Viewport,
  shape: Shape,
  { closed = true }: ShapeStyle = {},
): void {
  if (shape.kind === "brush") {
    drawBrush(context, viewport, shape.line, shape.radius);
    return;
  }
  const corners = shapeCorners(shape).map((corner) => toScreen(viewport, corner)), path = pathFor(context);
  corners.forEach(({ x, y }, index) => index === 0 ? path.moveTo(x, y) : path.lineTo(x, y));
  if (closed) {
    path.closePath();
    context.fillStyle = "rgb(255 255 255 / 0.22)";
    context.fill(path);
  }
  strokeCased(context, path, weights.drawn);
  for (const { x, y } of corners) {
    const handle = pathFor(context);
    handle.rect(x - handleSide / 2, y - handleSide / 2, handleSide, handleSide);
    fillHandle(context, handle);
  }
}

/** Draws a straight line between two places, with a handle at each. */
export function drawRuler(
  context: Ink,
  viewport: Viewport,
  { from, to }: { readonly from: PicturePoint; readonly to: PicturePoint },
): void {
  drawShape(context, viewport, { kind: "polygon", corners: [from, to] }, { closed: false });
}

/** Corners of a rectangle or polygon. */
export function shapeCorners(shape: Exclude<Shape, { kind: "brush" }>): readonly PicturePoint[] {
  if (shape.kind === "polygon") return shape.corners;
  const { from, to } = shape;
  return [from, { row: from.row, column: to.column }, to, { row: to.row, column: from.column }];
}

function drawBrush(
  context: Ink,
  viewport: Viewport,
  line: readonly PicturePoint[],
  radius: number,
): void {
  const path = pathFor(context), { scale, rowScale, left, top } = viewport;
  line.forEach(({ row, column }, index) => index === 0 ? path.moveTo(column, row) : path.lineTo(column, row));
  if (line.length === 1) path.lineTo(line[0].column, line[0].row);
  // In probes, so that a stretched map has a stretched brush.
  context.save();
  context.transform(scale, 0, 0, rowScale, left, top);
  context.lineJoin = context.lineCap = "round";
  context.strokeStyle = "rgb(255 255 255 / 0.22)";
  context.lineWidth = 2 * radius;
  context.stroke(path);
  context.restore();
  const last = line.at(-1);
  if (last) drawBrushTip(context, viewport, last, radius);
}

/** The circle that a brush paints with, about the pointer. */
export function drawBrushTip(
  context: Ink,
  viewport: Viewport,
  at: PicturePoint,
  radius: number,
): void {
  const { x, y } = toScreen(viewport, at), path = pathFor(context);
  path.ellipse(x, y, radius * viewport.scale, radius * viewport.rowScale, 0, 0, 2 * Math.PI);
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
  const { rows, columns, width, height, left, top, scale, rowScale } = viewport;
  const visible = Math.min(columns, width / scale), bar = chooseScaleBar(visible, size);
  if (bar === null) return;
  const [fill, edge] = ink === "light" ? ["#fff", "rgb(0 0 0 / 0.8)"] : ["#111", "rgb(255 255 255 / 0.85)"];
  const length = bar.share * visible * scale;
  context.font = '600 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.lineJoin = "round";
  const wide = Math.max(length, context.measureText(bar.label).width);
  const x = Math.max(left, 0) + 14, y = Math.round(Math.min(top + rows * rowScale, height) - 16);
  const start = Math.round(x + (wide - length) / 2);
  context.fillStyle = edge;
  context.fillRect(start - 1.5, y - 1.5, length + 3, 7);
  context.fillStyle = fill;
  context.fillRect(start, y, length, 4);
  context.strokeStyle = edge;
  context.lineWidth = 3.4;
  context.strokeText(bar.label, x + wide / 2, y - 7);
  context.fillText(bar.label, x + wide / 2, y - 7);
}

/** Strokes a path in white within black. */
export function strokeCased(
  context: Ink,
  path: InkPath,
  { line, casing, white, black }: Weight,
  join: "round" | "bevel" = "round",
): void {
  context.lineJoin = join;
  context.lineCap = join === "round" ? "round" : "butt";
  context.strokeStyle = `rgb(0 0 0 / ${black})`;
  context.lineWidth = line + casing;
  context.stroke(path);
  context.strokeStyle = `rgb(255 255 255 / ${white})`;
  context.lineWidth = line;
  context.stroke(path);
}

function fillHandle(context: Ink, handle: InkPath): void {
  context.fillStyle = "#fff";
  context.fill(handle);
  context.strokeStyle = "#000";
  context.lineWidth = 1.2;
  context.stroke(handle);
}
