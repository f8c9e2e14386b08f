/** Shapes drawn on a map, and the probes in them: a probe is in a shape if its middle is. Pure. */

import type { PicturePoint, PictureSize } from "./viewport.ts";

/** A shape in places of the picture (viewport.ts): the middle of probe (r, c) is (r + 0.5, c + 0.5). */
export type Shape =
  /** Between two opposite corners. */
  | { readonly kind: "rectangle"; readonly from: PicturePoint; readonly to: PicturePoint }
  /** Closed by the line from its last corner to the first; what lines surround an even number of times is outside. */
  | { readonly kind: "polygon"; readonly corners: readonly PicturePoint[] }
  /** All within a radius of a line. */
  | { readonly kind: "brush"; readonly line: readonly PicturePoint[]; readonly radius: number };

/** A copy of the mask, uint8 (row, column), with the probes of a shape added or removed. */
export function applyShape(
  mask: Uint8Array,
  { rows, columns }: PictureSize,
  shape: Shape,
  action: "add" | "remove",
): Uint8Array<ArrayBuffer> {
  const changed = Uint8Array.from(mask), value = action === "add" ? 1 : 0;
  const fill = (row: number, first: number, end: number) =>
    changed.fill(value, row * columns + first, row * columns + end);
  switch (shape.kind) {
    case "rectangle":
      fillRectangle(shape.from, shape.to, { rows, columns }, fill);
      break;
    case "polygon":
      fillPolygon(shape.corners, { rows, columns }, fill);
      break;
    case "brush":
      fillBrush(shape.line, shape.radius, { rows, columns }, fill);
  }
  return changed;
}

/** Fills probes `first` to `end - 1` of a row. */
type Fill = (row: number, first: number, end: number) => void;

/** First index from 0 to `count` whose middle is not before a coordinate. */
function firstFrom(coordinate: number, count: number): number {
  return Math.min(count, Math.max(0, Math.ceil(coordinate - 0.5)));
}

function fillRectangle(
  from: PicturePoint,
  to: PicturePoint,
  { rows, columns }: PictureSize,
  fill: Fill,
): void {
  const first = firstFrom(Math.min(from.column, to.column), columns);
  const end = firstFrom(Math.max(from.column, to.column), columns);
  const lastRow = firstFrom(Math.max(from.row, to.row), rows);
  for (let row = firstFrom(Math.min(from.row, to.row), rows); row < lastRow; row++) fill(row, first, end);
}

/** Each row from every crossing of the border to the next (even-odd rule). */
function fillPolygon(corners: readonly PicturePoint[], { rows, columns }: PictureSize, fill: Fill): void {
  for (let row = 0; row < rows; row++) {
    const height = row + 0.5, crossings: number[] = [];
    corners.forEach((corner, index) => {
      const next = corners[(index + 1) % corners.length];
      if (corner.row > height === next.row > height) return;
      const share = (height - corner.row) / (next.row - corner.row);
      crossings.push(corner.column + share * (next.column - corner.column));
    });
    crossings.sort((a, b) => a - b);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      fill(row, firstFrom(crossings[pair], columns), firstFrom(crossings[pair + 1], columns));
    }
  }
}

/** Rows near each piece of the line, probe by probe. */
function fillBrush(
  line: readonly PicturePoint[],
  radius: number,
  { rows, columns }: PictureSize,
  fill: Fill,
): void {
  line.forEach((from, index) => {
    const to = line[index + 1] ?? from;
    const lastRow = firstFrom(Math.max(from.row, to.row) + radius, rows - 1);
    const lastColumn = firstFrom(Math.max(from.column, to.column) + radius, columns - 1);
    for (let row = firstFrom(Math.min(from.row, to.row) - radius, rows); row <= lastRow; row++) {
      const first = firstFrom(Math.min(from.column, to.column) - radius, columns);
      for (let column = first; column <= lastColumn; column++) {
        const middle = { row: row + 0.5, column: column + 0.5 };
        if (distanceToPiece(middle, from, to) <= radius) fill(row, column, column + 1);
      }
    }
  });
}

/** Distance of a point from the straight piece between two others. */
function distanceToPiece(point: PicturePoint, from: PicturePoint, to: PicturePoint): number {
  const down = to.row - from.row, right = to.column - from.column, squared = down * down + right * right;
  const along = squared === 0
    ? 0
    : ((point.row - from.row) * down + (point.column - from.column) * right) / squared;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(point.row - from.row - share * down, point.column - from.column - share * right);
}
