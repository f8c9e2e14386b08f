// Growth of clusters from the most coherent seeds (library/cluster/growth.ts; spec stages 5 and 6).

import { take } from "./memory";
import * as options from "./options";
import { sortFalling } from "./order";
import { columns, rows } from "./scan";

/** Clusters that are left, and the size of each, int32. */
export let clusters: i32 = 0, sizes: usize = 0;

/** Mean similarity of each probe, float32. */
export function meanSimilarity(similarity: usize, mean: usize): void {
  const missing = options.missingNeighbour;
  for (let probe: usize = 0; probe < <usize>rows * columns; probe++) {
    let sum = 0.0, count = 0;
    for (let direction: usize = 0; direction < 8; direction++) {
      const value = <f64>load<f32>(similarity + (probe << 5) + (direction << 2));
      if (value == value) sum += value;
      else if (missing == missing) sum += missing;
      else continue;
      count++;
    }
    store<f32>(mean + (probe << 2), count > 0 ? <f32>(sum / count) : 0);
  }
}

function stepOf(direction: i32): i32 {
  const place = direction < 4 ? direction : direction + 1;
  return (place / 3 - 1) * columns + place % 3 - 1;
}

/** Grows clusters and numbers those that are large enough; labels are int32 (row, column), -1 in no cluster. */
export function growClusters(similarity: usize, mean: usize, mask: usize, threshold: f32, labels: usize): void {
  const probes = rows * columns, queue = take(4 * <u64>probes), candidates = take(4 * <u64>probes);
  const found = take(4 * <u64>probes), order = take(4 * <u64>probes);
  const seeds = seedOrder(mean, mask, candidates, order);
  for (let probe = 0; probe < probes; probe++) store<i32>(labels + (<usize>probe << 2), -1);
  let count = 0;
  for (let place = 0; place < seeds; place++) {
    const seed = load<i32>(order + (<usize>place << 2));
    if (load<i32>(labels + (<usize>seed << 2)) >= 0) continue;
    let size = 1;
    store<i32>(labels + (<usize>seed << 2), count);
    store<i32>(queue, seed);
    for (let next = 0; next < size; next++) {
      const probe = load<i32>(queue + (<usize>next << 2));
      for (let direction = 0; direction < 8; direction++) {
        // NaN, which stands for neighbours outside the scan, is not similar.
        if (!(load<f32>(similarity + (<usize>probe << 5) + (<usize>direction << 2)) >= threshold)) continue;
        const other = probe + stepOf(direction);
        if (load<i32>(labels + (<usize>other << 2)) >= 0 || !joinable(other, mask)) continue;
        store<i32>(labels + (<usize>other << 2), count);
        store<i32>(queue + (<usize>(size++) << 2), other);
      }
    }
    store<i32>(found + (<usize>(count++) << 2), size);
  }
  refine(labels, found, count, probes);
}

/** Probes of the mask by falling mean similarity; gives how many. */
function seedOrder(mean: usize, mask: usize, candidates: usize, order: usize): i32 {
  let count = 0;
  for (let probe = 0; probe < rows * columns; probe++) {
    if (!load<u8>(mask + probe)) continue;
    store<i32>(candidates + (<usize>count << 2), load<i32>(mean + (<usize>probe << 2)));
    store<i32>(order + (<usize>(count++) << 2), probe);
  }
  const falling = sortFalling(candidates, count);
  // The values are not needed any more: their place is taken by the probes in order.
  for (let i = 0; i < count; i++) {
    store<i32>(candidates + (<usize>i << 2), load<i32>(order + (<usize>load<i32>(falling + (<usize>i << 2)) << 2)));
  }
  memory.copy(order, candidates, <usize>count << 2);
  return count;
}

/** Whether a probe may be added to a cluster: in the mask and not too close to the border. */
function joinable(probe: i32, mask: usize): bool {
  if (!load<u8>(mask + probe)) return false;
  const row = probe / columns, column = probe % columns;
  return min(min(row, column), min(rows - 1 - row, columns - 1 - column)) >= options.borderWidth;
}

/** Drops clusters that are too small; the others keep their order. */
function refine(labels: usize, found: usize, count: i32, probes: i32): void {
  sizes = take(4 * <u64>count);
  const numbers = take(4 * <u64>count);
  for (let id = 0; id < count; id++) {
    const size = load<i32>(found + (<usize>id << 2)), kept = size >= options.minimumSize;
    store<i32>(numbers + (<usize>id << 2), kept ? clusters : -1);
    if (kept) store<i32>(sizes + (<usize>(clusters++) << 2), size);
  }
  for (let probe = 0; probe < probes; probe++) {
    const at = labels + (<usize>probe << 2), label = load<i32>(at);
    if (label >= 0) store<i32>(at, load<i32>(numbers + (<usize>label << 2)));
  }
}
