/** Projections of the hemisphere of directions on a disk of radius 1. */

import type { Vector3 } from "../crystal/matrix.ts";

/** `equal-area` (Lambert, Schmidt net) keeps areas, `stereographic` (Wulff net) angles. */
export type Projection = "equal-area" | "stereographic";

/** All projections. */
export const projections: readonly Projection[] = ["equal-area", "stereographic"];

/** The place of a unit vector with z of 0 or more: its x and y, drawn together so that z = 0 is the circle of radius 1. */
export function project([x, y, z]: Vector3, projection: Projection): readonly [x: number, y: number] {
  const scale = projection === "equal-area" ? 1 / Math.sqrt(1 + z) : 1 / (1 + z);
  return [x * scale, y * scale];
}

/** The unit vector at a place of the disk; `undefined` outside it. */
export function unproject(x: number, y: number, projection: Projection): Vector3 | undefined {
  const square = x * x + y * y;
  if (square > 1) return undefined;
  if (projection === "equal-area") {
    const scale = Math.sqrt(2 - square);
    return [x * scale, y * scale, 1 - square];
  }
  return [2 * x / (1 + square), 2 * y / (1 + square), (1 - square) / (1 + square)];
}
