/** How far the regions of two frames lie on each other. */

import { PairTable } from "./pair_table.ts";
import type { RegionFrame, Shift } from "./region_frame.ts";

/** Below this, a region has no counterpart where drift says, and its neighbourhood is searched. */
const clearOverlap = 0.5;
/** How far it is searched, in scan steps along either axis. */
const reach = 2;
/** Crystals that move by no more are found without knowing that they move. */
const leastMotion = 1;
/** Pairs that a region has, roughly. */
const usualPairs = 8;

/**
 * The regions of two frames laid on each other. Pairs are those that share probes at any shift looked at, by earlier region
 * and then by later region; each list has an entry for each.
 */
export interface Overlap {
  /** Region of the earlier frame. */
  readonly before: Int32Array;
  /** Region of the later frame. */
  readonly now: Int32Array;
  /** Probes they share where drift says. */
  readonly common: Int32Array;
  /** Probes they share where they lie on each other best, over those that either has, of what both frames show. */
  readonly ratio: Float64Array;
  /** Probes of each earlier region that the later frame still shows. */
  readonly visibleBefore: Int32Array;
  /** Probes of each later region that the earlier frame showed already. */
  readonly visibleNow: Int32Array;
}

/**
 * Lays the later frame on the earlier one: what was at probe p is at p + shift. Where a region has no clear counterpart
 * there, the best of the shifts within two steps counts, for crystals move too.
 *
 * @param shift of the specimen, in whole scan steps
 * @param motion of a region of the earlier frame beside that, in whole scan steps, where it is known
 */
export function overlap(
  before: RegionFrame,
  now: RegionFrame,
  shift: Shift,
  motion?: (region: number) => Shift,
): Overlap {
  const table = new PairTable(usualPairs * before.count);
  const { visibleBefore, visibleNow } = countCommon(before, now, shift, table);
  const plain = table.pairs.counts.slice();
  const ratio = (one: number, other: number, common: number) =>
    common / Math.max(1, visibleBefore[one] + visibleNow[other] - common);

  const unclearBefore = new Uint8Array(before.count).fill(1), unclearNow = new Uint8Array(now.count).fill(1);
  const counted = table.pairs;
  for (let pair = 0; pair < plain.length; pair++) {
    const one = counted.one[pair], other = counted.other[pair];
    if (ratio(one, other, plain[pair]) < clearOverlap) continue;
    unclearBefore[one] = 0;
    unclearNow[other] = 0;
  }
  const search = new Search(before, now);
  for (let region = 0; region < before.count; region++) {
    if (unclearBefore[region] === 0) continue;
    const raise = (other: number, common: number) => table.raise(region, other, common);
    search.around(before, region, now, shift, raise);
    const own = motion?.(region);
    if (!own || Math.max(Math.abs(own.row), Math.abs(own.column)) <= leastMotion) continue;
    search.around(
      before,
      region,
      now,
      { row: shift.row + own.row, column: shift.column + own.column },
      raise,
    );
  }
  const back = { row: -shift.row, column: -shift.column };
  for (let region = 0; region < now.count; region++) {
    if (unclearNow[region] === 0) continue;
    search.around(now, region, before, back, (other, common) => {
      if (unclearBefore[other] === 0) table.raise(other, region, common);
    });
  }
  const { one, other, counts } = table.pairs, count = one.length;
  // One number for both regions and the place in the table: sorted as numbers they are sorted as pairs.
  const order = new Float64Array(count);
  for (let pair = 0; pair < count; pair++) order[pair] = (one[pair] * now.count + other[pair]) * count + pair;
  order.sort();
  const listed = {
    before: new Int32Array(count),
    now: new Int32Array(count),
    common: new Int32Array(count),
    ratio: new Float64Array(count),
  };
  for (let place = 0; place < count; place++) {
    const pair = order[place] % count;
    listed.before[place] = one[pair];
    listed.now[place] = other[pair];
    listed.common[place] = pair < plain.length ? plain[pair] : 0;
    listed.ratio[place] = ratio(one[pair], other[pair], counts[pair]);
  }
  return { ...listed, visibleBefore, visibleNow };
}

/** Counts all pairs at one shift, and what of each region both frames show. */
function countCommon(
  before: RegionFrame,
  now: RegionFrame,
  { row: down, column: right }: Shift,
  table: PairTable,
): Pick<Overlap, "visibleBefore" | "visibleNow"> {
  const { rows, columns, labels } = before, labelsNow = now.labels;
  const visibleBefore = new Int32Array(before.count), visibleNow = new Int32Array(now.count);
  const first = Math.max(0, -right), last = columns - Math.max(0, right);
  for (let row = Math.max(0, -down); row < rows - Math.max(0, down); row++) {
    const here = row * columns, there = (row + down) * columns + right;
    // Neighbours mostly are of the same pair: it is counted once for all that follow each other.
    for (let column = first; column < last;) {
      const one = labels[here + column], other = labelsNow[there + column], start = column++;
      while (column < last && labels[here + column] === one && labelsNow[there + column] === other) column++;
      const common = column - start;
      if (one >= 0) visibleBefore[one] += common;
      if (other >= 0) visibleNow[other] += common;
      if (one >= 0 && other >= 0) table.add(one, other, common);
    }
  }
  return { visibleBefore, visibleNow };
}

/** Looks where single regions lie on others best. */
class Search {
  readonly #tally: Int32Array;
  readonly #touched: Int32Array;

  constructor(one: RegionFrame, other: RegionFrame) {
    const most = Math.max(one.count, other.count);
    this.#tally = new Int32Array(most);
    this.#touched = new Int32Array(most);
  }

  /** Tells of every other region how many probes are common, at each of the shifts about one but for that itself. */
  around(
    frame: RegionFrame,
    region: number,
    other: RegionFrame,
    about: Shift,
    tell: (other: number, common: number) => void,
  ): void {
    for (let row = -reach; row <= reach; row++) {
      for (let column = -reach; column <= reach; column++) {
        if (row === 0 && column === 0) continue;
        this.#at(frame, region, other, about.row + row, about.column + column, tell);
      }
    }
  }

  #at(
    { probes, starts, columns, rows, left, right }: RegionFrame,
    region: number,
    { labels }: RegionFrame,
    down: number,
    across: number,
    tell: (other: number, common: number) => void,
  ): void {
    const tally = this.#tally, touched = this.#touched, from = starts[region], to = starts[region + 1];
    // The probes of a region are ascending, so that the first and the last say which rows it has.
    const inside = from < to && left[region] + across >= 0 && right[region] + across < columns &&
      Math.floor(probes[from] / columns) + down >= 0 && Math.floor(probes[to - 1] / columns) + down < rows;
    const step = down * columns + across;
    let count = 0;
    for (let place = from; place < to; place++) {
      const probe = probes[place];
      if (!inside) {
        const row = Math.floor(probe / columns) + down, column = probe % columns + across;
        if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
      }
      const label = labels[probe + step];
      if (label >= 0 && tally[label]++ === 0) touched[count++] = label;
    }
    for (let i = 0; i < count; i++) {
      const label = touched[i], common = tally[label];
      tally[label] = 0;
      tell(label, common);
    }
  }
}
