/** Where the parts of a figure lie: the map beside its patterns or above them, in points of 1/72 inch. Pure. */

import type { Box } from "../svg/pieces.ts";

/** Points of a millimetre. */
export const pointsPerMillimetre = 72 / 25.4;

/** Whether patterns are beside the map or below it. */
export type Arrangement = "beside" | "below";

/** What is to be laid out; lengths in points. */
export interface FigureParts {
  readonly width: number;
  readonly arrangement: Arrangement;
  /** Rows and columns of the map. */
  readonly map: { readonly rows: number; readonly columns: number };
  /** The same of the patterns, which are all alike. */
  readonly pattern: { readonly rows: number; readonly columns: number };
  readonly patterns: number;
  /** Patterns side by side. */
  readonly columns: number;
  /** Height of what explains the colours of the map, and of those of the patterns; 0 for nothing. */
  readonly mapLegend: number;
  readonly patternLegend: number;
  /** Height of the caption. */
  readonly caption: number;
}

/** Where everything lies. */
export interface FigureLayout {
  readonly height: number;
  readonly map: Box;
  /** In the order of the patterns. */
  readonly patterns: readonly Box[];
  /** Upper left corners, and how wide they may be. */
  readonly mapLegend: Pick<Box, "x" | "y" | "width">;
  readonly patternLegend: Pick<Box, "x" | "y" | "width">;
  /** Upper edge of the caption. */
  readonly caption: number;
}

/** Between parts; the line of a title above each picture; between a picture and what explains its colours. */
export const gap = 7, titleHeight = 11, legendGap = 4;
/** Height of the map at most, as a share of the figure's width, and its share of the width beside patterns. */
const tallest = 1.3, leastShare = 0.3, mostShare = 0.72;

/** Lays the parts out. Beside each other, map and patterns end on one line where their shapes allow. */
export function layFigure(parts: FigureParts): FigureLayout {
  const { width, map, pattern, patterns, mapLegend, patternLegend } = parts, aspect = map.rows / map.columns;
  const columns = Math.max(1, Math.min(parts.columns, patterns)), rows = Math.ceil(patterns / columns);
  const beside = parts.arrangement === "beside" && patterns > 0, shape = pattern.rows / pattern.columns;
  // Beside: aspect m = rows (shape side + title) + gaps - title, with side = (width - m - columns gap) / columns.
  const balanced = (rows * shape * (width - columns * gap) / columns + (rows - 1) * (titleHeight + gap)) /
    (aspect + rows * shape / columns);
  const wide = Math.min(
    beside ? Math.min(mostShare * width, Math.max(leastShare * width, balanced)) : width,
    tallest * width / aspect,
  );
  const mapBox = { x: 0, y: titleHeight, width: wide, height: wide * aspect };
  const below = (bottom: number, legend: number) => legend > 0 ? bottom + legendGap + legend : bottom;
  const mapEnd = below(mapBox.y + mapBox.height, mapLegend);
  const left = beside ? wide + gap : 0, top = beside ? 0 : mapEnd + gap;
  const side = (width - left - (columns - 1) * gap) / columns, cell = titleHeight + side * shape + gap;
  const boxes = Array.from({ length: patterns }, (_, place): Box => ({
    x: left + place % columns * (side + gap),
    y: top + Math.floor(place / columns) * cell + titleHeight,
    width: side,
    height: side * shape,
  }));
  const patternsEnd = patterns > 0 ? top + rows * cell - gap : 0;
  const end = Math.max(mapEnd, patterns > 0 ? below(patternsEnd, patternLegend) : 0);
  return {
    height: parts.caption > 0 ? end + gap + parts.caption : end,
    map: mapBox,
    patterns: boxes,
    mapLegend: { x: 0, y: mapBox.y + mapBox.height + legendGap, width: beside ? wide : width },
    patternLegend: { x: left, y: patternsEnd + legendGap, width: width - left },
    caption: end + gap,
  };
}
