/** The nodes of a pattern at which the prefilter weighs it, or none where all pixels are needed. */

import type { ScanShape } from "../../../scan/shape.ts";
import type { PrefilterParameters } from "../parameters.ts";
import { type AxisNodes, chooseAxisNodes } from "./axis_nodes.ts";

/** Nodes of the rows times nodes of the columns. */
export interface PatternNodes {
  /** Standard deviation of the blur in pixels. */
  readonly sigma: number;
  readonly rows: AxisNodes;
  readonly columns: AxisNodes;
}

/**
 * The nodes for a prefilter, or `null` where all pixels are needed: blurs below some 1.5 pixels, sides below 16 or above 1024
 * pixels, masked pixels within the rectangle that has weight, and what is predicted to err too much.
 *
 * @param masked flat indices of detector pixels that get no weight
 */
export function choosePatternNodes(
  { patternRows, patternColumns }: Pick<ScanShape, "patternRows" | "patternColumns">,
  { blur, edge }: Pick<PrefilterParameters, "blur" | "edge">,
  masked: readonly number[],
): PatternNodes | null {
  const weighs = (pixel: number) => {
    const row = Math.floor(pixel / patternColumns), column = pixel % patternColumns;
    return row >= edge && row < patternRows - edge && column >= edge && column < patternColumns - edge;
  };
  if (masked.some(weighs)) return null;
  const rows = chooseAxisNodes({ side: patternRows, sigma: blur, edge });
  if (!rows) return null;
  const columns = patternColumns === patternRows
    ? rows
    : chooseAxisNodes({ side: patternColumns, sigma: blur, edge });
  return columns && { sigma: blur, rows, columns };
}
