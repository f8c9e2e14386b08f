/** What of a shape or detector is under the pointer, and what dragging it does. Pure. */

import type { Detector } from "../protocol.ts";
import { type PicturePoint, type ScreenPoint, toPicture, toScreen, type Viewport } from "./viewport.ts";

/** A line or handle is taken within so many CSS pixels. */
const reach = 9;
/** Radii are at least this, in detector pixels; rings at least as thick. */
const leastRadius = 0.7;

/** A part of a detector. */
export type DetectorGrip = "inner" | "outer" | "inside";

/** The circle near a point, or the inside that it lies in; `null` outside. */
export function detectorGrip(
  viewport: Viewport,
  detector: Detector,
  point: ScreenPoint,
): DetectorGrip | null {
  const distance = radiusAt(viewport, detector, point), { inner = 0, outer } = detector;
  const toOuter = Math.abs(distance - outer) * viewport.scale;
  const toInner = inner > 0 ? Math.abs(distance - inner) * viewport.scale : Infinity;
  if (Math.min(toOuter, toInner) <= reach) return toInner < toOuter ? "inner" : "outer";
  return distance < outer ? "inside" : null;
}

/**
 * The detector after one of its parts has been dragged.
 *
 * @param from where the drag began, with the detector as it was then
 */
export function dragDetector(
  viewport: Viewport,
  detector: Detector,
  grip: DetectorGrip,
  from: ScreenPoint,
  to: ScreenPoint,
): Detector {
  const { inner, outer } = detector;
  if (grip === "inside") {
    const start = toPicture(viewport, from), end = toPicture(viewport, to);
    return {
      ...detector,
      row: Math.min(viewport.rows - 1, Math.max(0, detector.row + end.row - start.row)),
      column: Math.min(viewport.columns - 1, Math.max(0, detector.column + end.column - start.column)),
    };
  }
  const radius = radiusAt(viewport, detector, to);
  return grip === "outer"
    ? { ...detector, outer: Math.max(radius, (inner ?? 0) + leastRadius) }
    : { ...detector, inner: Math.min(outer - leastRadius, Math.max(leastRadius, radius)) };
}

/** The corner near a point, by its place in the list; -1 where there is none. */
export function cornerAt(
  viewport: Viewport,
  corners: readonly PicturePoint[],
  { x, y }: ScreenPoint,
): number {
  let nearest = -1, least = reach;
  corners.forEach((corner, index) => {
    const at = toScreen(viewport, corner), distance = Math.hypot(at.x - x, at.y - y);
    if (distance <= least) [nearest, least] = [index, distance];
  });
  return nearest;
}

/** Distance from the middle of the detector, in detector pixels. */
function radiusAt(viewport: Viewport, { row, column }: Detector, point: ScreenPoint): number {
  const at = toPicture(viewport, point);
  // The middle of pixel (r, c) is half a pixel from its corner.
  return Math.hypot(at.row - row - 0.5, at.column - column - 0.5);
}
