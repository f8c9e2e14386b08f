/**
 * Colours for the clusters of every threshold at once. A colour belongs to a heavy path of the merge tree, so that moving
 * the threshold recolours only the smaller part of each merge. They are dealt once for a forest: paths that are neighbours
 * at some threshold get different colours, and clearly different ones where the palette allows. Pure.
 */

import { clusterPalette, colourDistance } from "../../../library/report/palette.ts";
import type { MergeOrder } from "../merge_order.ts";
import { PairTable } from "./pair_table.ts";

/** Clusters this small take the colour that they happen to have. */
const leastSize = 3;
/** Offsets (row, column) to probes that are not far away; those that look like neighbours are in `addNear`. */
const far = [[0, 5], [5, 0], [4, 4], [4, -4], [0, 9], [9, 0], [7, 7], [7, -7]] as const;
/** Only every third row and column is looked at for what is far, and counts little. */
const farStep = 3, farWeight = 0.45;
/** Distance below which two colours count as alike, and what a shared border of them costs per pair of probes. */
const alikeBelow = 0.24, alikeCost = 4, longestBorder = 12;
/** What each use of a colour costs beyond the least used one, up to a number of uses. */
const useCost = 0.5, mostUses = 4;
const sameCost = 1e4;

/** 0 (clearly different) to 1 (equal) for each pair of palette colours. */
export const alikeness: readonly Float32Array[] = clusterPalette.map((colour) =>
  Float32Array.from(clusterPalette, (other) => Math.max(0, 1 - colourDistance(colour, other) / alikeBelow))
);

const penalties = alikeness.map((row) => row.map((alike) => alike * alike));

/**
 * Deals a palette index to every heavy path.
 *
 * @param thresholds at which neighbours are looked for
 * @param given colours that paths have already, by name: those of the map that is shown
 * @returns uint8 for each probe: the colour of the path that it names
 */
export function dealPathColours(
  order: MergeOrder,
  thresholds: ArrayLike<number>,
  given: ReadonlyMap<number, number> = new Map(),
): Uint8Array<ArrayBuffer> {
  const { rows, columns } = order.forest, size = rows * columns;
  // Two rows more than there are, in no cluster, so that what is below the last row can be looked at.
  const names = new Int32Array(size + 2 * columns), largest = new Int32Array(size);
  const pairs = new PairTable();
  for (let i = 0; i < thresholds.length; i++) {
    order.paint(thresholds[i], leastSize, names, largest);
    addNear(names, rows, columns, pairs);
    for (const offset of far) addFar(names, rows, columns, offset, pairs);
  }
  return deal(largest, pairs, given);
}

/** Adds the pairs of different names that touch, or have one probe between them in a row or column. */
function addNear(names: Int32Array, rows: number, columns: number, pairs: PairTable): void {
  for (let row = 0, probe = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, probe++) {
      const name = names[probe];
      if (name < 0) continue;
      const below = names[probe + columns], under = names[probe + 2 * columns];
      if (below !== name && below >= 0) pairs.add(name, below, 1);
      if (under !== name && under >= 0) pairs.add(name, under, 1);
      if (column > 0) {
        const left = names[probe + columns - 1];
        if (left !== name && left >= 0) pairs.add(name, left, 1);
      }
      if (column + 1 === columns) continue;
      const right = names[probe + 1], corner = names[probe + columns + 1];
      if (right !== name && right >= 0) pairs.add(name, right, 1);
      if (corner !== name && corner >= 0) pairs.add(name, corner, 1);
      if (column + 2 === columns) continue;
      const next = names[probe + 2];
      if (next !== name && next >= 0) pairs.add(name, next, 1);
    }
  }
}

/** Adds the pairs of different names at one of the offsets to what is far. */
function addFar(
  names: Int32Array,
  rows: number,
  columns: number,
  [down, right]: readonly [number, number],
  pairs: PairTable,
): void {
  const first = Math.max(0, -right), last = columns - Math.max(0, right), offset = down * columns + right;
  for (let row = 0; row + down < rows; row += farStep) {
    for (let column = first; column < last; column += farStep) {
      const one = names[row * columns + column], other = names[row * columns + column + offset];
      if (one !== other && one >= 0 && other >= 0) pairs.add(one, other, farWeight);
    }
  }
}

/** Deals in the order of the largest size, each path taking the cheapest colour. */
function deal(
  largest: Int32Array,
  pairs: PairTable,
  given: ReadonlyMap<number, number>,
): Uint8Array<ArrayBuffer> {
  const size = largest.length, count = clusterPalette.length;
  const colours = Uint8Array.from(largest, (_, probe) => probe % count);
  const { starts, others, weights } = neighbourLists(size, pairs);
  // Numbers that sort by falling size, then by rising name.
  const keys = new Float64Array(size);
  let paths = 0;
  for (let name = 0; name < size; name++) {
    if (largest[name] > 0) keys[paths++] = (size - largest[name]) * size + name;
  }
  const done = new Uint8Array(size), used = new Int32Array(count), costs = new Float64Array(count);
  for (const [name, colour] of given) {
    colours[name] = colour;
    done[name] = 1;
    used[colour]++;
  }
  for (const key of keys.subarray(0, paths).sort()) {
    const name = key % size, least = Math.min(...used);
    if (done[name]) continue;
    for (let colour = 0; colour < count; colour++) {
      costs[colour] = useCost * Math.min(mostUses, used[colour] - least);
    }
    for (let place = starts[name]; place < starts[name + 1]; place++) {
      if (!done[others[place]]) continue;
      const other = colours[others[place]], weight = weights[place], row = penalties[other];
      const border = alikeCost * Math.min(longestBorder, weight);
      for (let colour = 0; colour < count; colour++) costs[colour] += border * row[colour];
      costs[other] += sameCost * weight;
    }
    let best = 0;
    for (let colour = 1; colour < count; colour++) if (costs[colour] < costs[best]) best = colour;
    colours[name] = best;
    used[best]++;
    done[name] = 1;
  }
  return colours;
}

/** The neighbours of number k are `others[starts[k]]` to `others[starts[k + 1] - 1]`. */
function neighbourLists(size: number, pairs: PairTable) {
  const starts = new Int32Array(size + 1);
  pairs.forEach((first, second) => {
    starts[first + 1]++;
    starts[second + 1]++;
  });
  for (let name = 0; name < size; name++) starts[name + 1] += starts[name];
  const next = starts.slice(0, size), others = new Int32Array(2 * pairs.size);
  const weights = new Float32Array(2 * pairs.size);
  pairs.forEach((first, second, weight) => {
    others[next[first]] = second;
    weights[next[first]++] = weight;
    others[next[second]] = first;
    weights[next[second]++] = weight;
  });
  return { starts, others, weights };
}
