/** Colours of a map set right where clusters that touch share one: the smaller cluster takes another. Pure. */

import { clusterPalette } from "../../../library/report/palette.ts";
import { alikeness } from "./path_colours.ts";

/** What it costs that all others have a colour already, beside 1 for each neighbour whose colour is nearly the same. */
const useCost = 3;

/** A map whose colours are looked at. */
export interface ColouredMap {
  readonly rows: number;
  readonly columns: number;
  /** int32 (row, column), -1 in no cluster. */
  readonly labels: Int32Array;
  readonly sizes: Int32Array;
  /** Palette index of each cluster; those that must change are changed in place. */
  readonly colours: Uint8Array;
  /** 1 for clusters that take another colour whatever their size, such as corrected ones. */
  readonly yields?: Uint8Array;
  /** Colours that a cluster takes rather than others, best first. */
  readonly preferred?: ReadonlyMap<number, readonly number[]>;
}

/**
 * Gives clusters another colour until no two that touch (8 neighbours) share one. Of two that do, the smaller one (ties:
 * the higher id) takes another, or the one that yields.
 *
 * @returns the clusters that changed, in order
 */
export function separateColours(map: ColouredMap): number[] {
  const changing = conflicts(map);
  if (changing.length === 0) return [];
  const touching = touchedBy(map, changing), { colours } = map;
  return changing.filter((id) => {
    const taken = new Set(Array.from(touching.get(id)!, (other) => colours[other]));
    if (!taken.has(colours[id])) return false;
    colours[id] = chooseColour(taken, map.preferred?.get(id) ?? []);
    return true;
  });
}

/**
 * The colour least like those around: one of the preferred if it can be, else of the palette, else beyond it.
 *
 * @param taken colours that it must not be
 * @param used how often each palette colour is in use, where rarer ones are better
 */
export function chooseColour(
  taken: ReadonlySet<number>,
  preferred: readonly number[] = [],
  used?: ArrayLike<number>,
): number {
  const wish = preferred.find((colour) => !taken.has(colour));
  if (wish !== undefined) return wish;
  const uses = used ? Array.from(used).reduce((sum, count) => sum + count, 1) : 1;
  let best = -1, least = Infinity;
  for (let colour = 0; colour < clusterPalette.length; colour++) {
    if (taken.has(colour)) continue;
    let cost = useCost * (used?.[colour] ?? 0) / uses;
    for (const other of taken) if (other < clusterPalette.length) cost += alikeness[colour][other];
    if (cost < least) [best, least] = [colour, cost];
  }
  if (best >= 0) return best;
  let beyond = clusterPalette.length;
  while (taken.has(beyond)) beyond++;
  return beyond;
}

/** Clusters that must take another colour, in the order in which they do: those that yield last, larger ones first. */
function conflicts({ rows, columns, labels, sizes, colours, yields }: ColouredMap): number[] {
  const found = new Uint8Array(sizes.length);
  let any = false;
  eachTouching(rows, columns, labels, (one, other) => {
    if (colours[one] !== colours[other]) return;
    const first = yields?.[one] ?? 0, second = yields?.[other] ?? 0;
    const smaller = first !== second
      ? (first > second ? one : other)
      : sizes[one] < sizes[other] || sizes[one] === sizes[other] && one > other
      ? one
      : other;
    found[smaller] = 1;
    any = true;
  });
  if (!any) return [];
  const changing = Array.from(sizes.keys()).filter((id) => found[id] === 1);
  return changing.sort((a, b) => (yields?.[a] ?? 0) - (yields?.[b] ?? 0) || sizes[b] - sizes[a] || a - b);
}

/** For each of the clusters, all that touch it. */
export function touchedBy(
  { rows, columns, labels, sizes }: Pick<ColouredMap, "rows" | "columns" | "labels" | "sizes">,
  ids: readonly number[],
): Map<number, Set<number>> {
  const wanted = new Uint8Array(sizes.length), touching = new Map(ids.map((id) => [id, new Set<number>()]));
  for (const id of ids) wanted[id] = 1;
  eachTouching(rows, columns, labels, (one, other) => {
    if (wanted[one]) touching.get(one)!.add(other);
    if (wanted[other]) touching.get(other)!.add(one);
  });
  return touching;
}

/** Calls back for pairs of neighbouring probes in different clusters. */
function eachTouching(
  rows: number,
  columns: number,
  labels: Int32Array,
  visit: (one: number, other: number) => void,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const probe = row * columns + column, label = labels[probe];
      if (label < 0) continue;
      if (column + 1 < columns) {
        const right = labels[probe + 1];
        if (right !== label && right >= 0) visit(label, right);
      }
      if (row + 1 === rows) continue;
      const below = labels[probe + columns];
      if (below !== label && below >= 0) visit(label, below);
      if (column > 0) {
        const left = labels[probe + columns - 1];
        if (left !== label && left >= 0) visit(label, left);
      }
      if (column + 1 < columns) {
        const right = labels[probe + columns + 1];
        if (right !== label && right >= 0) visit(label, right);
      }
    }
  }
}
