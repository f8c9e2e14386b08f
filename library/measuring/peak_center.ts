/** The middle of a peak of a diffraction pattern, to a fraction of a pixel: of a spot, or of a disk of a convergent beam. */

/** A pattern and where a peak is looked for. */
export interface PeakSearch {
  /** (qy, qx). */
  readonly values: ArrayLike<number>;
  /** Detector pixels down. */
  readonly rows: number;
  /** Detector pixels to the right. */
  readonly columns: number;
  /** Detector pixel that it is near: (0, 0) is the middle of the first. */
  readonly near: { readonly row: number; readonly column: number };
  /** How far from there its brightest pixel may be, in detector pixels. */
  readonly reach: number;
}

/** A peak rises above what is around it by at least so many of its deviations, and as a share of its own height. */
const leastDeviations = 6, leastShare = 0.1;
/** Half the side of the box that a peak is compared with and has room in, in reaches, and pixels of it at least. */
const boxReaches = 3, leastBox = 6;

/**
 * The peak near a place: the pixels around the brightest one (of means of 3 x 3) that are above half its height over what lies
 * around, and of these the centroid of what is above that level's background. Values that are no number do not count.
 *
 * @returns its middle in detector pixels; `null` where nothing near is a peak: no local maximum, too little above the rest, or
 * wider than there is room
 */
export function peakCenter(search: PeakSearch): { readonly row: number; readonly column: number } | null {
  const { rows, columns, reach } = search, half = Math.max(leastBox, Math.ceil(boxReaches * reach));
  const top = brightest(search);
  if (!top) return null;
  const box: [row: number, column: number, value: number][] = [];
  for (let row = Math.max(0, top.row - half); row <= Math.min(rows - 1, top.row + half); row++) {
    for (
      let column = Math.max(0, top.column - half);
      column <= Math.min(columns - 1, top.column + half);
      column++
    ) {
      const value = smooth(search, row, column);
      if (Number.isFinite(value)) box.push([row, column, value]);
    }
  }
  // The lower half of the box says what lies around: peaks and disks cover less than half of it.
  const sorted = box.map(([, , value]) => value).sort((one, other) => one - other);
  const background = sorted[sorted.length >> 2];
  const deviation = 1.4826 *
    Math.max(background - sorted[sorted.length >> 4], sorted[(3 * sorted.length) >> 3] - background);
  const height = top.value - background;
  if (!(height > leastDeviations * deviation) || !(height > leastShare * Math.abs(top.value))) return null;
  const above = new Map(
    box.filter(([, , value]) => value - background >= height / 2).map((
      [row, column],
    ) => [row * columns + column, { row, column }]),
  );
  const region = connected(above, top.row * columns + top.column, columns);
  // What reaches the border of the box is a slope or a ring.
  const open = region.some(({ row, column }) =>
    Math.abs(row - top.row) >= half || Math.abs(column - top.column) >= half
  );
  if (open) return null;
  return centroid(search, region, background);
}

type Pattern = Pick<PeakSearch, "values" | "rows" | "columns">;

/** The brightest mean of 3 x 3 within reach; uphill from there to a local maximum, by reach at most. */
function brightest({ near, reach, ...pattern }: PeakSearch): Pixel & { readonly value: number } | null {
  let top = highest(pattern, near, reach);
  for (let step = 0; top && step <= reach; step++) {
    const higher = highest(pattern, top, Math.SQRT2)!;
    if (higher.row === top.row && higher.column === top.column) return top;
    top = higher;
  }
  return null;
}

function highest(pattern: Pattern, { row: y, column: x }: Pixel, far: number) {
  const { rows, columns } = pattern;
  let found: Pixel & { readonly value: number } | null = null;
  for (let row = Math.max(0, Math.ceil(y - far)); row <= Math.min(rows - 1, y + far); row++) {
    for (let column = Math.max(0, Math.ceil(x - far)); column <= Math.min(columns - 1, x + far); column++) {
      if (Math.hypot(row - y, column - x) > far + 1e-9) continue;
      const value = smooth(pattern, row, column);
      if (value > (found?.value ?? -Infinity)) found = { row, column, value };
    }
  }
  return found;
}

/** Mean of 3 x 3 pixels, of those that there are. */
function smooth(
  { values, rows, columns }: Pattern,
  row: number,
  column: number,
): number {
  let sum = 0, count = 0;
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
      const value = values[y * columns + x];
      if (!Number.isFinite(value)) continue;
      sum += value;
      count++;
    }
  }
  return sum / count;
}

interface Pixel {
  readonly row: number;
  readonly column: number;
}

/** Pixels that hang together with one, by their sides. */
function connected(pixels: ReadonlyMap<number, Pixel>, first: number, columns: number): Pixel[] {
  const found = new Set([first]), open = [first];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { row, column } = pixels.get(at)!;
    for (const [down, right] of [[-1, 0], [1, 0], [0, -1], [0, 1]]) {
      const next = (row + down) * columns + column + right;
      if (column + right < 0 || column + right >= columns || found.has(next) || !pixels.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return Array.from(found, (at) => pixels.get(at)!);
}

/** Centroid of what is above the background, over the pixels and those beside them. */
function centroid(
  { values, rows, columns }: PeakSearch,
  region: readonly Pixel[],
  background: number,
): Pixel {
  const wide = new Set<number>();
  for (const { row, column } of region) {
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
        wide.add(y * columns + x);
      }
    }
  }
  let sum = 0, down = 0, right = 0;
  for (const at of wide) {
    const weight = Math.max(0, values[at] - background);
    if (!Number.isFinite(weight)) continue;
    sum += weight;
    down += weight * Math.floor(at / columns);
    right += weight * (at % columns);
  }
  return { row: down / sum, column: right / sum };
}
