/** Rectangles that hold chosen pixels of a detector, such that blurring them costs little. */

/** Pixels by their first and last row and column. */
export interface PixelBox {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** What a box costs beside its sums, in pixels and taps: calls and tables. */
const overhead = 2e4;

/**
 * Boxes that hold all chosen pixels: one, as long as dividing it does not make the sums of a blur fewer.
 *
 * @param chosen (row, column): nonzero where a pixel is wanted
 * @param columns pixels of a row of the detector
 * @param radius of the blur in pixels
 */
export function coverPixels(
  chosen: ArrayLike<number>,
  rows: number,
  columns: number,
  radius: number,
): PixelBox[] {
  const whole = { top: 0, bottom: rows - 1, left: 0, right: columns - 1 };
  const cost = ({ top, bottom, left, right }: PixelBox) => {
    const tall = bottom - top + 1, wide = right - left + 1;
    const around = Math.min(columns - 1, right + radius) - Math.max(0, left - radius) + 1;
    // Sums down the columns take pairs of integers.
    return around * tall * (radius + 1) + wide * tall * (2 * radius + 1) + overhead;
  };
  const divide = (box: PixelBox): PixelBox[] => {
    let best: readonly [PixelBox, PixelBox] | null = null, least = cost(box);
    for (const pair of halvings(chosen, columns, box)) {
      const both = cost(pair[0]) + cost(pair[1]);
      if (both < least) [best, least] = [pair, both];
    }
    return best ? best.flatMap(divide) : [box];
  };
  const tight = tighten(chosen, columns, whole);
  return tight ? divide(tight) : [];
}

/** The part of a box that holds its chosen pixels. */
function tighten(chosen: ArrayLike<number>, columns: number, box: PixelBox): PixelBox | null {
  const extents = extentsOf(chosen, columns, box);
  return extents && join(extents.byRow, box.top, true);
}

/** First and last chosen pixel of every row and of every column of a box; none where nothing is chosen. */
interface Extents {
  readonly byRow: readonly Extent[];
  readonly byColumn: readonly Extent[];
}

/** First and last place, beyond each other where there is none. */
type Extent = readonly [first: number, last: number];

function extentsOf(chosen: ArrayLike<number>, columns: number, box: PixelBox): Extents | null {
  const { top, bottom, left, right } = box;
  const byRow = Array.from({ length: bottom - top + 1 }, (): [number, number] => [Infinity, -Infinity]);
  const byColumn = Array.from({ length: right - left + 1 }, (): [number, number] => [Infinity, -Infinity]);
  let any = false;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      if (!chosen[row * columns + column]) continue;
      any = true;
      const inRow = byRow[row - top], inColumn = byColumn[column - left];
      inRow[0] = Math.min(inRow[0], column);
      inRow[1] = column;
      inColumn[0] = Math.min(inColumn[0], row);
      inColumn[1] = row;
    }
  }
  return any ? { byRow, byColumn } : null;
}

/** All ways to cut a box that leave chosen pixels on both sides, both parts tightened. */
function* halvings(
  chosen: ArrayLike<number>,
  columns: number,
  box: PixelBox,
): Generator<readonly [PixelBox, PixelBox]> {
  const extents = extentsOf(chosen, columns, box);
  if (!extents) return;
  for (
    const [lines, first, areRows] of [
      [extents.byRow, box.top, true],
      [extents.byColumn, box.left, false],
    ] as const
  ) {
    for (let cut = 1; cut < lines.length; cut++) {
      const before = join(lines.slice(0, cut), first, areRows);
      const after = join(lines.slice(cut), first + cut, areRows);
      if (before && after) yield [before, after];
    }
  }
}

/** The box about the chosen pixels of some neighbouring rows or columns. */
function join(lines: readonly Extent[], first: number, areRows: boolean): PixelBox | null {
  const isUsed = ([from, to]: Extent) => from <= to;
  const start = lines.findIndex(isUsed), end = lines.findLastIndex(isUsed);
  if (start < 0) return null;
  const from = lines.reduce((least, line) => Math.min(least, line[0]), Infinity);
  const to = lines.reduce((most, line) => Math.max(most, line[1]), -Infinity);
  return areRows
    ? { top: first + start, bottom: first + end, left: from, right: to }
    : { top: from, bottom: to, left: first + start, right: first + end };
}
