// The merge forest and the thresholds that follow from it (library/cluster/forest.ts, automatic_threshold.ts).

import { take } from "./memory";
import { sortFalling } from "./order";
import { columns, rows } from "./scan";
import { say } from "./text";

/** Edges of the forest; their probes, uint32 (edge, 2); their similarities, float32. */
export let forestEdges: i32 = 0, forestProbes: usize = 0, forestSimilarity: usize = 0;
/** Similarities of all edges between probes of the mask, float32 in order of probe and direction, and which they are. */
let values: usize = 0, edges: usize = 0, count: i32 = 0;
let parents: usize = 0;

/** Smaller clusters tell nothing; entropies closer than this are equal (library/cluster/automatic_threshold.ts). */
const SIZEABLE = 9, EQUAL_ENTROPY = 1e-9;

function stepOf(direction: i32): i32 {
  return direction == 0 ? 1 : columns + direction - 2;
}

/** Collects the edges of a mask. */
function collect(similarity: usize, mask: usize): void {
  const probes = rows * columns;
  values = take(16 * <u64>probes);
  edges = take(16 * <u64>probes);
  for (let probe = 0; probe < probes; probe++) {
    if (!load<u8>(mask + probe)) continue;
    for (let direction = 0; direction < 4; direction++) {
      const value = load<f32>(similarity + (<usize>probe << 5) + (<usize>(4 + direction) << 2));
      // NaN, which differs from itself, stands for what is no edge.
      if (value != value || !load<u8>(mask + probe + stepOf(direction))) continue;
      store<f32>(values + (<usize>count << 2), value);
      store<i32>(edges + (<usize>(count++) << 2), 4 * probe + direction);
    }
  }
}

function find(probe: i32): i32 {
  let at = parents + (<usize>probe << 2);
  while (load<i32>(at) != probe) {
    const next = load<i32>(parents + (<usize>load<i32>(at) << 2));
    store<i32>(at, next);
    probe = next;
    at = parents + (<usize>probe << 2);
  }
  return probe;
}

function separate(): void {
  for (let probe = 0; probe < rows * columns; probe++) store<i32>(parents + (<usize>probe << 2), probe);
}

/** Builds the forest: edges by falling similarity, those that join what was apart. */
export function buildForest(similarity: usize, mask: usize): void {
  collect(similarity, mask);
  const probes = rows * columns, order = sortFalling(values, count);
  parents = take(4 * <u64>probes);
  separate();
  forestProbes = take(8 * <u64>probes);
  forestSimilarity = take(4 * <u64>probes);
  for (let place = 0; place < count && forestEdges < probes - 1; place++) {
    const index = <usize>load<i32>(order + (<usize>place << 2)), edge = load<i32>(edges + (index << 2));
    const probe = edge >> 2, other = probe + stepOf(edge & 3), first = find(probe), second = find(other);
    if (first == second) continue;
    store<i32>(parents + (<usize>second << 2), first);
    store<i32>(forestProbes + (<usize>forestEdges << 3), probe);
    store<i32>(forestProbes + (<usize>forestEdges << 3), other, 4);
    store<f32>(forestSimilarity + (<usize>(forestEdges++) << 2), load<f32>(values + (index << 2)));
  }
}

/** The quantile of the similarities in the mask. */
export function quantileThreshold(quantile: f64): f64 {
  if (count == 0) return 0;
  const falling = sortFalling(values, count);
  const place = count - 1 - min(count - 1, <i32>floor(quantile * count));
  return <f64>load<f32>(values + (<usize>load<i32>(falling + (<usize>place << 2)) << 2));
}

/** The threshold at which the entropy of the sizes is largest; of several, the highest. */
export function automaticThreshold(mask: usize): f64 {
  const probes = rows * columns, sizes = take(4 * <u64>probes);
  let inside = 0, entropy = 0.0, best = 0.0, clusters = 0, bestClusters = 0, any = false, threshold = 0.0;
  for (let probe = 0; probe < probes; probe++) {
    inside += load<u8>(mask + probe);
    store<i32>(sizes + (<usize>probe << 2), 1);
  }
  separate();
  for (let edge = 0; edge < forestEdges; edge++) {
    const first = find(load<i32>(forestProbes + (<usize>edge << 3))), second = find(load<i32>(forestProbes + (<usize>edge << 3), 4));
    const a = load<i32>(sizes + (<usize>first << 2)), b = load<i32>(sizes + (<usize>second << 2));
    store<i32>(parents + (<usize>second << 2), first);
    store<i32>(sizes + (<usize>first << 2), a + b);
    entropy += part(a + b, inside) - part(a, inside) - part(b, inside);
    clusters += one(a + b) - one(a) - one(b);
    const value = load<f32>(forestSimilarity + (<usize>edge << 2));
    // Equal edges join together or not at all.
    if (edge + 1 < forestEdges && load<f32>(forestSimilarity + (<usize>(edge + 1) << 2)) == value) continue;
    if (any && !(entropy > best + EQUAL_ENTROPY)) continue;
    any = true;
    best = entropy;
    bestClusters = clusters;
    threshold = <f64>value;
  }
  if (any && best >= EQUAL_ENTROPY) return threshold;
  say("warning: no threshold divides the scan into several sizeable clusters\n");
  if (any && bestClusters > 0) return threshold;
  return forestEdges > 0 ? <f64>load<f32>(forestSimilarity + (<usize>(forestEdges - 1) << 2)) : 0;
}

function part(size: i32, probes: i32): f64 {
  if (size < SIZEABLE) return 0;
  const share = <f64>size / <f64>probes;
  return -share * Math.log(share);
}

function one(size: i32): i32 {
  return size >= SIZEABLE ? 1 : 0;
}
