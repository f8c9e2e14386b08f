/**
 * Whether a border was there before it was found. Where a crystal splits, the frame before shows one pattern across the
 * border that comes, and this one does not; where the segmentation had taken two crystals for one, the border is there already,
 * and where it cuts a crystal in two it is in neither.
 */

import { medianOf } from "../scan/median.ts";
import { neighbourOffsets } from "../scan/neighbours.ts";
import type { BorderSeen, RegionFrame, Shift } from "./region_frame.ts";

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

/** Differences of neighbours that are in one region, and of those on both sides of a border. */
interface Differences {
  readonly across: number[];
  readonly within: number[];
}

/**
 * How much neighbours on both sides of a border differ, in parts of how much others of the two regions do: 1 where nothing is
 * seen of it. Probes at the rim of what was one region do not count: they have parts of others.
 *
 * Of the frame before the mean tells, for a border that is seen in part was there; of this one the median, since single pairs
 * may have a third crystal in them.
 *
 * @param before the frame before, and the region of it that both were in
 * @param now the frame with the two regions
 * @param shift of the specimen between the frames, in whole scan steps
 * @param similarity of the frame with the two regions, as of the one before; where it is known
 */
export function borderSeen(
  before: ComparedFrame,
  whole: number,
  now: RegionFrame,
  [one, other]: readonly [number, number],
  shift: Shift,
  similarity?: ArrayLike<number>,
): BorderSeen {
  const { rows, columns, labels } = before;
  const step = shift.row * columns + shift.column;
  const then: Differences = { across: [], within: [] }, here: Differences = { across: [], within: [] };
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
        const there = now.labels[y * columns + x + step];
        if (there !== one && there !== other) continue;
        const kind = there === region ? "within" : "across";
        note(then[kind], before.similarity[8 * place + direction]);
        note(here[kind], similarity?.[8 * probe + direction]);
      }
    }
  }
  return { before: contrast(then, mean), now: contrast(here, medianOf) };
}

function note(differences: number[], similarity: number | undefined): void {
  if (similarity !== undefined && Number.isFinite(similarity)) differences.push(1 - similarity);
}

/** Difference across a border in parts of that within the regions. */
function contrast({ across, within }: Differences, middle: (values: readonly number[]) => number): number {
  return across.length < leastPairs ? NaN : middle(across) / middle(within);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
