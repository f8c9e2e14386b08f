/** Lines and handles that are seen on any picture: white in a black casing. */

import type { Ink, InkPath } from "./ink.ts";

/** Widths in CSS pixels of the white line and of the black casing on both sides of it together, and how opaque both are. */
export interface Weight {
  readonly line: number;
  readonly casing: number;
  readonly white: number;
  readonly black: number;
}

/** Those of the lines that lie over pictures. */
export const weights = {
  selected: { line: 1.7, casing: 2.4, white: 1, black: 0.85 },
  hover: { line: 1, casing: 2.4, white: 1, black: 0.85 },
  all: { line: 1, casing: 1.4, white: 0.92, black: 0.5 },
  drawn: { line: 1.4, casing: 2.4, white: 1, black: 0.85 },
} as const satisfies Record<string, Weight>;

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

/** Fills a handle, which can be dragged, in white with a black edge. */
export function fillHandle(context: Ink, handle: InkPath): void {
  context.fillStyle = "#fff";
  context.fill(handle);
  context.strokeStyle = "#000";
  context.lineWidth = 1.2;
  context.stroke(handle);
}
