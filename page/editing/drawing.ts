/** Shapes that are being drawn on the map, until they are applied to the mask or dropped. */

import { effect, signal } from "@preact/signals";
import type { Shape } from "../../display/drawing/shapes.ts";
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
  brush: "Paint what to leave out.",
};

export function isDrawing(): boolean {
  return hints[tool.value] !== undefined;
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

/** Changes the mask by what was drawn and leaves the tool. */
export function applyDrawing(): void {
  finishShape();
  const shapes = drafts.peek();
  // Leaving the tool drops the drafts.
  tool.value = "select";
  if (shapes.length > 0) applyShapes(shapes);
}

/** What was drawn with a tool does not outlive it. */
export function followTool(): () => void {
  return effect(() => {
    tool.value;
    drafts.value = [];
    drawing.value = null;
  });
}
