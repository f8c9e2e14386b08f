/**
 * Whether a border was there before it was found. Where a crystal splits, the frame before shows one pattern across the
 * border that comes; where the segmentation had taken two crystals for one, it shows the border already.
 */

import { neighbourOffsets } from "../scan/neighbours.ts";
import type { RegionFrame, Shift } from "./region_frame.ts";

/** Fewer pairs of neighbours across a border tell nothing; each is counted from both sides. */
const leastPairs = 8;

/** A frame with the similarities of its probes. */
export interface ComparedFrame {
  readonly rows: number;
  readonly columns: number;
  /** Region of each probe, negative = none. */
  readonly labels: ArrayLike<number>;
  /** float32 (row, column, 8) in the order of `neighbourOffsets`. */
  readonly similarity: ArrayLike<number>;
}

/**
 * How much neighbours on both sides of a border differed the frame before, in parts of how much others of the two regions
 * did: 1 where nothing was seen of it. Probes at the rim of what was one region do not count: they have parts of others.
 *
 * @param before the frame before, and the region of it that both were in
 * @param now the frame with the two regions
 * @param shift of the specimen between the frames, in whole scan steps
 * @returns NaN where no neighbours tell
 */
export function borderBefore(
  before: ComparedFrame,
  whole: number,
  now: RegionFrame,
  [one, other]: readonly [number, number],
  shift: Shift,
): number {
  const { rows, columns, labels, similarity } = before;
  const step = shift.row * columns + shift.column;
  const sums = { across: 0, within: 0 }, counts = { across: 0, within: 0 };
  const isInner = (row: number, column: number) =>
    neighbourOffsets.every(([down, right]) => {
      const y = row + down, x = column + right;
      return y < 0 || y >= rows || x < 0 || x >= columns || labels[y * columns + x] === whole;
    });
  for (const region of [one, other]) {
    for (const probe of now.probesOf(region)) {
      const row = Math.floor(probe / columns) - shift.row, column = probe % columns - shift.column;
      if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
      const place = probe - step;
      if (labels[place] !== whole || !isInner(row, column)) continue;
      for (let direction = 0; direction < neighbourOffsets.length; direction++) {
        const [down, right] = neighbourOffsets[direction], y = row + down, x = column + right;
        const seen = y >= 0 && y < rows && x >= 0 && x < columns && y + shift.row >= 0 &&
          y + shift.row < rows &&
          x + shift.column >= 0 && x + shift.column < columns;
        if (!seen || labels[y * columns + x] !== whole || !isInner(y, x)) continue;
        const there = now.labels[y * columns + x + step], value = similarity[8 * place + direction];
        if (there !== one && there !== other || !Number.isFinite(value)) continue;
        const kind = there === region ? "within" : "across";
        sums[kind] += 1 - value;
        counts[kind]++;
      }
    }
  }
  if (counts.across < leastPairs) return NaN;
  return sums.across / counts.across / (sums.within / counts.within);
}
