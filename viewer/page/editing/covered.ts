/** The probes that drawn shapes cover. */

import { applyShape, type Shape } from "../../drawing/shapes.ts";
import { item } from "../state.ts";

/** 1 for each probe under the shapes; those that add nothing are cut out of those before. */
export function coveredBy(
  shapes: readonly { readonly shape: Shape; readonly adds: boolean }[],
): Uint8Array<ArrayBuffer> {
  const { rows, columns } = item.peek()!.shape;
  return shapes.reduce(
    (mask, { shape, adds }) => applyShape(mask, { rows, columns }, shape, adds ? "remove" : "add"),
    new Uint8Array(rows * columns),
  );
}
