/** Shapes that are being drawn on the map, until they are applied to the mask or dropped. */

import { computed, effect, signal } from "@preact/signals";
import type { Shape } from "../../drawing/shapes.ts";
import type { PicturePoint } from "../../drawing/viewport.ts";
import { showAbove } from "../sources/pattern_sources.ts";
import { regionAverage, takeRegion } from "../sources/region_average.ts";
import { applyShapes } from "./editing.ts";
import { type Tool, tool } from "../state.ts";

/** A shape with what it does: it takes probes out of the mask, or brings them back. */
export interface Draft {
  readonly shape: Shape;
  readonly adds: boolean;
}

/** Finished shapes. */
export const drafts = signal<readonly Draft[]>([]);
/** The shape under the pointer; of a polygon, its corners so far. */
export const drawing = signal<Draft | null>(null);
/** Radius of the brush in probes. */
export const brushRadius = signal(2.5);

/** Tools that draw, with what to do. */
export const hints: Readonly<Partial<Record<Tool, string>>> = {
  rectangle: "Drag a rectangle to leave out.",
  polygon: "Click corners to leave out what lies inside; Enter closes.",
  brush: "Paint what to leave out, or into a cluster.",
};

export function isDrawing(): boolean {
  return hints[tool.value] !== undefined;
}

/** One more corner of the polygon that is drawn. */
export function addCorner(corner: PicturePoint, adds: boolean): void {
  const current = drawing.peek();
  if (current?.shape.kind === "polygon") {
    drawing.value = { ...current, shape: { kind: "polygon", corners: [...current.shape.corners, corner] } };
  } else drawing.value = { shape: { kind: "polygon", corners: [corner] }, adds };
}

/** The corner that a key put last. */
let keyed: PicturePoint | null = null;

/**
 * Enter on the map. The brush paints at the probe. A rectangle goes from the first probe to the second. A polygon gets a
 * corner; it is closed where one lies already, or after corners by the pointer.
 */
export function drawAtProbe({ row, column }: PicturePoint, adds: boolean): void {
  const here = { row: row + 0.5, column: column + 0.5 }, shape = drawing.peek()?.shape;
  if (tool.peek() === "brush") {
    drawing.value = { shape: { kind: "brush", line: [here], radius: brushRadius.peek() }, adds };
    finishShape();
  } else if (tool.peek() === "rectangle") {
    if (shape?.kind !== "rectangle") {
      drawing.value = { shape: { kind: "rectangle", from: here, to: here }, adds };
      return;
    }
    // Both probes are within.
    const { from } = shape;
    drawing.value = {
      ...drawing.peek()!,
      shape: {
        kind: "rectangle",
        from: { row: Math.min(from.row, here.row) - 0.5, column: Math.min(from.column, here.column) - 0.5 },
        to: { row: Math.max(from.row, here.row) + 0.5, column: Math.max(from.column, here.column) + 0.5 },
      },
    };
    finishShape();
  } else {
    const last = shape?.kind === "polygon" ? shape.corners.at(-1) : undefined;
    if (last && (last !== keyed || last.row === here.row && last.column === here.column)) finishShape();
    else addCorner(keyed = here, adds);
  }
}

/** Finishes the shape under the pointer. */
export function finishShape(): void {
  const current = drawing.peek();
  drawing.value = null;
  if (!current) return;
  const { shape } = current;
  const empty = shape.kind === "polygon" && shape.corners.length < 3;
  if (!empty) drafts.value = [...drafts.peek(), current];
}

/** Drops the shape under the pointer; of a polygon, its last corner. */
export function dropLast(): void {
  const current = drawing.peek(), corners = current?.shape.kind === "polygon" ? current.shape.corners : [];
  drawing.value = corners.length > 1
    ? { ...current!, shape: { kind: "polygon", corners: corners.slice(0, -1) } }
    : null;
}

/** What was drawn so far, which is done with. */
export function takeDrawn(): readonly Draft[] {
  finishShape();
  const shapes = drafts.peek();
  drafts.value = [];
  return shapes;
}

/** Whether anything was drawn. */
export const hasDrawn = computed(() => drafts.value.length > 0 || drawing.value !== null);

/** Changes the mask by what was drawn and leaves the tool. */
export function applyDrawing(): void {
  finishShape();
  const shapes = drafts.peek();
  // Leaving the tool drops the drafts.
  tool.value = "select";
  if (shapes.length > 0) applyShapes(shapes);
}

/** Shows the mean pattern of what was drawn, changes nothing, and leaves the tool. */
export function averageDrawing(): void {
  finishShape();
  const shapes = drafts.peek();
  tool.value = "select";
  if (shapes.length > 0 && takeRegion(shapes)) showAbove(regionAverage);
}

/** What was drawn with a tool does not outlive it. */
export function followTool(): () => void {
  return effect(() => {
    tool.value;
    drafts.value = [];
    drawing.value = null;
  });
}
