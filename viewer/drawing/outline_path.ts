/** Outlines ready to draw: only as many of their points as can be seen, worked out again where the scale changes. */

import type { Ink, InkPath } from "./ink.ts";
import type { OutlineLines } from "./join_segments.ts";
import type { Viewport } from "./viewport.ts";

/** Points nearer to the last one than this, in device pixels along rows and columns together, are left out. */
const leastStep = 1.5;

/** Lines of one label map as a path. */
export class OutlinePath {
  readonly #lines: OutlineLines;
  #path: Path2D | undefined;
  /** Distance in probes that points were left out for. */
  #step = NaN;

  constructor(lines: OutlineLines) {
    this.#lines = lines;
  }

  /** The path on a canvas or drawing, in CSS pixels. */
  placed({ left, top, scale, rowScale, ratio }: Viewport, ink: Ink): InkPath {
    // From two steps to a probe on, no point is left out.
    const wished = leastStep / (Math.max(scale, rowScale) * ratio), step = wished < 0.5 ? 0 : wished;
    if (ink.newPath) return tracePath(this.#lines, step, ink.newPath(), { left, top, scale, rowScale });
    if (this.#path === undefined || step !== this.#step) {
      this.#path = tracePath(this.#lines, step, new Path2D(), inProbes);
      this.#step = step;
    }
    const placed = new Path2D();
    placed.addPath(this.#path, new DOMMatrix([scale, 0, 0, rowScale, left, top]));
    return placed;
  }
}

type Place = Pick<Viewport, "left" | "top" | "scale" | "rowScale">;

/** As places of the picture are counted. */
const inProbes: Place = { left: 0, top: 0, scale: 1, rowScale: 1 };

/** Adds the lines to a path: probe positions count from the middle of the first probe, places from its corner. */
function tracePath<Path extends InkPath>(
  { points, starts }: OutlineLines,
  step: number,
  path: Path,
  { left, top, scale, rowScale }: Place,
): Path {
  const x = (column: number) => left + (column + 0.5) * scale,
    y = (row: number) => top + (row + 0.5) * rowScale;
  for (let line = 0; line + 1 < starts.length; line++) {
    const first = 2 * starts[line], last = 2 * starts[line + 1] - 2;
    let row = points[first], column = points[first + 1];
    path.moveTo(x(column), y(row));
    for (let at = first + 2; at <= last; at += 2) {
      const far = Math.abs(points[at] - row) + Math.abs(points[at + 1] - column);
      if (at < last && (far < step || goesOn(points, at, row, column))) continue;
      row = points[at];
      column = points[at + 1];
      path.lineTo(x(column), y(row));
    }
  }
  return path;
}

/** Whether the line goes straight on at a point, come from a row and column. */
function goesOn(points: Float32Array, at: number, row: number, column: number): boolean {
  const down = points[at] - row, right = points[at + 1] - column;
  const nextDown = points[at + 2] - points[at], nextRight = points[at + 3] - points[at + 1];
  return down * nextRight === right * nextDown && down * nextDown + right * nextRight > 0;
}
