/** Moving the virtual detector: its middle, or one of its circles. */

import type { Detector } from "../../protocol/virtual_images.ts";
import { type ScreenPoint, toPicture, type Viewport } from "../../drawing/viewport.ts";
import { detector, detectorKind, item } from "../state.ts";
import { withAPixel } from "./least_detector.ts";

/** How close to a circle a press must be, in CSS pixels. */
const reach = 9;
/** Radii in detector pixels. */
const leastRadius = 0.7;

/** One drag, from press to release. */
export class DetectorDrag {
  readonly #part: "middle" | "inner" | "outer";
  /** From the detector's middle to where it was pressed, in detector pixels. */
  readonly #offset: { readonly row: number; readonly column: number };

  constructor(viewport: Viewport, point: ScreenPoint) {
    const at = pixelAt(viewport, point), { row, column, inner = 0, outer } = detector.peek();
    const distance = Math.hypot(at.row - row, at.column - column);
    const near = (radius: number) => Math.abs(distance - radius) * viewport.scale < reach;
    if (near(outer)) this.#part = "outer";
    else this.#part = detectorKind.peek() === "annulus" && near(inner) ? "inner" : "middle";
    // A press far outside brings the detector there.
    const inside = distance <= outer + reach / viewport.scale;
    this.#offset = inside ? { row: at.row - row, column: at.column - column } : { row: 0, column: 0 };
  }

  move(viewport: Viewport, point: ScreenPoint): void {
    const at = pixelAt(viewport, point), before = detector.peek();
    const distance = Math.hypot(at.row - before.row, at.column - before.column);
    if (this.#part === "middle") {
      place({ ...before, row: at.row - this.#offset.row, column: at.column - this.#offset.column });
    } else if (this.#part === "outer") place({ ...before, outer: distance });
    else place({ ...before, inner: distance });
  }
}

/** Keys on a pattern: arrows move by a pixel (Shift: ten), plus and minus change the outer radius, < and > the inner. */
export function nudgeDetector(key: string, fast: boolean): boolean {
  const step = fast ? 10 : 1, before = detector.peek();
  const changes: Readonly<Record<string, Partial<Detector>>> = {
    ArrowUp: { row: before.row - step },
    ArrowDown: { row: before.row + step },
    ArrowLeft: { column: before.column - step },
    ArrowRight: { column: before.column + step },
    "+": { outer: before.outer + 0.5 },
    "-": { outer: before.outer - 0.5 },
    ">": { inner: (before.inner ?? 0) + 0.5 },
    "<": { inner: (before.inner ?? 0) - 0.5 },
  };
  const change = changes[key];
  if (!change || "inner" in change && detectorKind.peek() !== "annulus") return false;
  place({ ...before, ...change });
  return true;
}

/** Keeps the middle on the detector and the radii in order. */
function place({ row, column, inner = 0, outer }: Detector): void {
  const { patternRows, patternColumns } = item.peek()!.shape;
  const within = (value: number, most: number) => Math.min(most, Math.max(0, value));
  const largest = Math.hypot(patternRows, patternColumns);
  const radius = Math.min(largest, Math.max(leastRadius, outer));
  detector.value = withAPixel({
    row: within(row, patternRows - 1),
    column: within(column, patternColumns - 1),
    outer: radius,
    ...(detectorKind.peek() === "annulus" && { inner: within(inner, radius - leastRadius / 2) }),
  }, { patternRows, patternColumns });
}

/** Under a point, with the middle of pixel (0, 0) at (0, 0), as detectors are measured. */
function pixelAt(viewport: Viewport, point: ScreenPoint): { row: number; column: number } {
  const { row, column } = toPicture(viewport, point);
  return { row: row - 0.5, column: column - 0.5 };
}
