/** Shapes that are drawn by hand, as they lie over a picture: rectangles, polygons, brushes, rulers. */

import { fillHandle, strokeCased, weights } from "./cased_strokes.ts";
import { type Ink, pathFor } from "./ink.ts";
import type { Shape } from "./shapes.ts";
import { type PicturePoint, toScreen, type Viewport } from "./viewport.ts";

/** Sides of the handles, in CSS pixels. */
const handleSide = 7;

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
function shapeCorners(shape: Exclude<Shape, { kind: "brush" }>): readonly PicturePoint[] {
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
