/** How far the regions of two frames lie on each other. */

import type { RegionFrame, Shift } from "./region_frame.ts";

/** Below this, a region has no counterpart where drift says, and its neighbourhood is searched. */
const clearOverlap = 0.5;
/** How far it is searched, in scan steps along either axis. */
const reach = 2;

/** A pair of regions that share probes. */
export interface CommonProbes {
  /** Region of the earlier frame. */
  readonly before: number;
  /** Region of the later frame. */
  readonly now: number;
  /** Probes they share where drift says. */
  readonly common: number;
  /** Probes they share where they lie on each other best, over those that either has, of what both frames show. */
  readonly ratio: number;
}

/** The regions of two frames laid on each other. */
export interface Overlap {
  /** Pairs that share probes at any shift looked at, by earlier region and then by later region. */
  readonly pairs: readonly CommonProbes[];
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
 */
export function overlap(before: RegionFrame, now: RegionFrame, shift: Shift): Overlap {
  const counts = new PairCounts(before, now);
  const { visibleBefore, visibleNow } = counts.everywhere(shift);
  const pairKey = (one: number, other: number) => one * now.count + other;
  const ratio = (one: number, other: number, common: number) =>
    common / Math.max(1, visibleBefore[one] + visibleNow[other] - common);

  const plain = new Map(
    counts.list().map(({ before: one, now: other, common }) => [pairKey(one, other), common]),
  );
  const unclear = { before: new Uint8Array(before.count).fill(1), now: new Uint8Array(now.count).fill(1) };
  for (const { before: one, now: other, common } of counts.list()) {
    if (ratio(one, other, common) < clearOverlap) continue;
    unclear.before[one] = 0;
    unclear.now[other] = 0;
  }
  if (unclear.before.includes(1) || unclear.now.includes(1)) {
    for (let row = -reach; row <= reach; row++) {
      for (let column = -reach; column <= reach; column++) {
        if (row === 0 && column === 0) continue;
        counts.raise({ row: shift.row + row, column: shift.column + column }, unclear);
      }
    }
  }
  const pairs = counts.list().map(({ before: one, now: other, common }) => ({
    before: one,
    now: other,
    common: plain.get(pairKey(one, other)) ?? 0,
    ratio: ratio(one, other, common),
  }));
  return { pairs, visibleBefore, visibleNow };
}

/** Which regions of either frame are counted. */
interface Chosen {
  readonly before: Uint8Array;
  readonly now: Uint8Array;
}

/** The most probes that pairs of regions share at any of the shifts looked at. */
class PairCounts {
  readonly #before: RegionFrame;
  readonly #now: RegionFrame;
  readonly #best: Map<number, number>[];
  readonly #tally: Int32Array;

  constructor(before: RegionFrame, now: RegionFrame) {
    this.#before = before;
    this.#now = now;
    this.#best = Array.from({ length: before.count }, () => new Map());
    this.#tally = new Int32Array(Math.max(before.count, now.count));
  }

  /** Counts all pairs at one shift, and what of each region both frames show. */
  everywhere({ row: down, column: right }: Shift): Pick<Overlap, "visibleBefore" | "visibleNow"> {
    const before = this.#before, now = this.#now, { rows, columns } = before;
    const visibleBefore = new Int32Array(before.count), visibleNow = new Int32Array(now.count);
    const first = Math.max(0, -right), last = columns - Math.max(0, right);
    for (let row = Math.max(0, -down); row < rows - Math.max(0, down); row++) {
      const here = row * columns, there = (row + down) * columns + right;
      // Neighbours mostly are of the same pair: it is counted once for all that follow each other.
      for (let column = first; column < last;) {
        const one = before.labels[here + column], other = now.labels[there + column], start = column++;
        while (
          column < last && before.labels[here + column] === one && now.labels[there + column] === other
        ) column++;
        const common = column - start;
        if (one >= 0) visibleBefore[one] += common;
        if (other >= 0) visibleNow[other] += common;
        if (one >= 0 && other >= 0) this.#best[one].set(other, (this.#best[one].get(other) ?? 0) + common);
      }
    }
    return { visibleBefore, visibleNow };
  }

  /** Looks at one more shift, for pairs with a chosen region. */
  raise(shift: Shift, chosen: Chosen): void {
    const back = { row: -shift.row, column: -shift.column };
    for (let region = 0; region < this.#before.count; region++) {
      if (chosen.before[region] === 0) continue;
      for (const [other, common] of this.#count(this.#before, region, this.#now, shift)) {
        this.#keep(region, other, common);
      }
    }
    for (let region = 0; region < this.#now.count; region++) {
      if (chosen.now[region] === 0) continue;
      for (const [other, common] of this.#count(this.#now, region, this.#before, back)) {
        if (chosen.before[other] === 0) this.#keep(other, region, common);
      }
    }
  }

  #keep(before: number, now: number, common: number): void {
    const row = this.#best[before];
    if (common > (row.get(now) ?? 0)) row.set(now, common);
  }

  /** How many probes of a region lie on each region of the other frame. */
  #count(
    frame: RegionFrame,
    region: number,
    other: RegionFrame,
    { row: down, column: right }: Shift,
  ): [number, number][] {
    const tally = this.#tally, touched: number[] = [], { probes, columns } = frame;
    for (let place = frame.starts[region]; place < frame.starts[region + 1]; place++) {
      const probe = probes[place], row = (probe / columns | 0) + down, column = probe % columns + right;
      if (row < 0 || row >= other.rows || column < 0 || column >= other.columns) continue;
      const label = other.labels[row * columns + column];
      if (label >= 0 && tally[label]++ === 0) touched.push(label);
    }
    return touched.map((label) => {
      const common = tally[label];
      tally[label] = 0;
      return [label, common];
    });
  }

  list(): { before: number; now: number; common: number }[] {
    return this.#best.flatMap((row, before) =>
      Array.from(row, ([now, common]) => ({ before, now, common })).sort((one, other) => one.now - other.now)
    );
  }
}
