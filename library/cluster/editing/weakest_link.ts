/** Where a cluster holds together least: the weakest edge of the maximum spanning tree of its similarities. */

import { ProbeGroups } from "../forest.ts";
import { forwardOffsets } from "../../scan/neighbours.ts";
import { sortFalling } from "../sort_falling.ts";

/** Similarities of a scan with its sizes. */
export interface SimilarityMap {
  readonly columns: number;
  /** float32 (row, column, 8) in the order of `neighbourOffsets`; NaN where the neighbour is outside the scan. */
  readonly similarity: Float32Array;
}

/** Tree edges between places in the list of members, strongest first. */
interface Tree {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** float32; NaN for those that hold pieces together which no neighbours connect. */
  readonly similarity: Float32Array;
}

/** A link that a cluster could be divided at. */
export interface Link {
  /** Its similarity; NaN where no neighbours connect the two parts. */
  readonly similarity: number;
  /** Probes of the smaller part. */
  readonly smaller: number;
}

/**
 * Divides a cluster at its weakest link: of the edges of its maximum spanning tree, the one with the lowest similarity
 * whose removal leaves two parts of at least `minimumSize` probes. Of equal edges it is the last one by (lower probe,
 * direction). Pieces of a cluster that no neighbours connect count as held by links weaker than any.
 *
 * @param members flat probe indices, rising
 * @returns the probes of one of the two parts, rising; `null` where no edge leaves two parts so large
 */
export function cutWeakestLink(
  members: Int32Array,
  map: SimilarityMap,
  minimumSize: number,
): Int32Array | null {
  const count = members.length;
  if (count < 2 || count < 2 * minimumSize) return null;
  const { order, parent, below, sizes } = branches(count, spanningTree(members, map));
  for (let edge = count - 2; edge >= 0; edge--) {
    const top = below[edge];
    if (sizes[top] < minimumSize || count - sizes[top] < minimumSize) continue;
    const inside = new Uint8Array(count);
    inside[top] = 1;
    for (const place of order) if (place !== 0 && inside[parent[place]]) inside[place] = 1;
    return members.filter((_, place) => inside[place]);
  }
  return null;
}

/**
 * The links that {@link cutWeakestLink} cuts at for one minimum size or another, from the weakest one on: each leaves a larger
 * smaller part than all weaker ones.
 *
 * @param members flat probe indices, rising
 */
export function weakestLinks(members: Int32Array, map: SimilarityMap, minimumSize: number): Link[] {
  const count = members.length, links: Link[] = [];
  if (count < 2 || count < 2 * minimumSize) return links;
  const tree = spanningTree(members, map), { below, sizes } = branches(count, tree);
  let largest = Math.max(0, minimumSize - 1);
  for (let edge = count - 2; edge >= 0; edge--) {
    const size = sizes[below[edge]], smaller = Math.min(size, count - size);
    if (smaller <= largest) continue;
    largest = smaller;
    links.push({ similarity: tree.similarity[edge], smaller });
  }
  return links;
}

/** A walk through a tree with what hangs on each of its edges: the place at their far end, and probes from each place on. */
function branches(count: number, tree: Tree) {
  const { order, parent, parentEdge } = walk(count, tree);
  const sizes = new Int32Array(count).fill(1), below = new Int32Array(count - 1);
  for (let i = count - 1; i > 0; i--) {
    const place = order[i];
    sizes[parent[place]] += sizes[place];
    below[parentEdge[place]] = place;
  }
  return { order, parent, below, sizes };
}

/** The maximum spanning tree by Kruskal's rule; unconnected pieces hang on the first member by the last edges. */
function spanningTree(members: Int32Array, { columns, similarity }: SimilarityMap): Tree {
  const count = members.length;
  const first = members[0], placeOf = new Int32Array(members[count - 1] - first + 1).fill(-1);
  members.forEach((probe, place) => placeOf[probe - first] = place);
  const ends: number[] = [], values: number[] = [];
  members.forEach((probe, place) => {
    forwardOffsets.forEach(([down, right], direction) => {
      const value = similarity[8 * probe + 4 + direction];
      // NaN stands for neighbours outside the scan; only it differs from itself.
      if (value !== value) return;
      const other = placeOf[probe + down * columns + right - first] ?? -1;
      if (other < 0) return;
      ends.push(place, other);
      values.push(value);
    });
  });
  const from = new Int32Array(count - 1), to = new Int32Array(count - 1);
  const similarities = new Float32Array(count - 1).fill(NaN);
  const groups = new ProbeGroups(count);
  let found = 0;
  const join = (one: number, other: number, value: number) => {
    const a = groups.find(one), b = groups.find(other);
    if (a === b) return;
    groups.join(a, b);
    from[found] = one;
    to[found] = other;
    similarities[found++] = value;
  };
  for (const edge of sortFalling(Float32Array.from(values))) {
    join(ends[2 * edge], ends[2 * edge + 1], values[edge]);
  }
  for (let place = 1; place < count && found < count - 1; place++) join(0, place, NaN);
  return { from, to, similarity: similarities };
}

/** Goes through a tree from place 0: the places in the order of the walk, where each was come from, by which edge. */
function walk(count: number, { from, to }: Tree) {
  const firstEnd = new Int32Array(count).fill(-1), nextEnd = new Int32Array(2 * (count - 1));
  for (let edge = 0; edge < count - 1; edge++) {
    nextEnd[2 * edge] = firstEnd[from[edge]];
    firstEnd[from[edge]] = 2 * edge;
    nextEnd[2 * edge + 1] = firstEnd[to[edge]];
    firstEnd[to[edge]] = 2 * edge + 1;
  }
  const order = new Int32Array(count), parent = new Int32Array(count), parentEdge = new Int32Array(count);
  parentEdge.fill(-1);
  let reached = 1;
  for (let next = 0; next < reached; next++) {
    const place = order[next];
    for (let end = firstEnd[place]; end >= 0; end = nextEnd[end]) {
      const edge = end >> 1;
      if (edge === parentEdge[place]) continue;
      const other = end & 1 ? from[edge] : to[edge];
      parent[other] = place;
      parentEdge[other] = edge;
      order[reached++] = other;
    }
  }
  return { order, parent, parentEdge };
}
