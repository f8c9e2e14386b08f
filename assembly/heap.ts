// The best edge of each region in order of their keys (assembly/linkage.ts): a heap of 16 bytes a place, four children side by
// side in one line of the cache: f64 key, u32 edge, u32 region.

import { edgeOf, FIRST, KEY, NEXT, OPEN, OWNER, PLACE, STATE } from "./records";

const ENTRY: usize = 16;
export const HEAP_EDGE: usize = 8, HEAP_REGION: usize = 12;

/** Puts an entry at a place of the heap. */
// @ts-ignore: decorator
@inline
function put(heap: usize, place: i32, key: f64, edge: usize, region: usize): void {
  const entry = heap + <usize>place * ENTRY;
  store<f64>(entry, key);
  store<u32>(entry, <u32>edge, HEAP_EDGE);
  store<u32>(entry, <u32>region, HEAP_REGION);
  store<i32>(region, place, PLACE);
}

/** Moves the entry of a place to another. */
// @ts-ignore: decorator
@inline
function move(heap: usize, from: i32, to: i32): void {
  const entry = heap + <usize>from * ENTRY;
  v128.store(heap + <usize>to * ENTRY, v128.load(entry));
  store<i32>(<usize>load<u32>(entry, HEAP_REGION), to, PLACE);
}

/** Whether an edge comes before the one at a place: by key, then by number. */
// @ts-ignore: decorator
@inline
function before(heap: usize, key: f64, edge: usize, place: i32): bool {
  const entry = heap + <usize>place * ENTRY, other = load<f64>(entry);
  return key < other || (key == other && edge < <usize>load<u32>(entry, HEAP_EDGE));
}

/** Puts an entry at a free place, or above or below, where it belongs. */
function settle(heap: usize, size: i32, place: i32, key: f64, edge: usize, region: usize): void {
  while (place > 0) {
    const parent = (place - 1) >> 2;
    if (!before(heap, key, edge, parent)) break;
    move(heap, parent, place);
    place = parent;
  }
  for (let child = 4 * place + 1; child < size; child = 4 * place + 1) {
    const end = min(child + 4, size);
    for (let other = child + 1; other < end; other++) {
      const entry = heap + <usize>other * ENTRY;
      if (before(heap, load<f64>(entry), <usize>load<u32>(entry, HEAP_EDGE), child)) child = other;
    }
    if (before(heap, key, edge, child)) break;
    move(heap, child, place);
    place = child;
  }
  put(heap, place, key, edge, region);
}

/** Takes a region out of the heap, if it is there; the size that is left. */
export function leave(heap: usize, size: i32, region: usize): i32 {
  const place = load<i32>(region, PLACE);
  if (place < 0) return size;
  store<i32>(region, -1, PLACE);
  const last = size - 1;
  if (place != last) {
    const entry = heap + <usize>last * ENTRY;
    settle(
      heap, last, place, load<f64>(entry), <usize>load<u32>(entry, HEAP_EDGE), <usize>load<u32>(entry, HEAP_REGION),
    );
  }
  return last;
}

/** Puts a region into the heap by the best of its own edges, or takes it out where none may go; the size of the heap. */
export function enter(heap: usize, size: i32, region: usize): i32 {
  let best: usize = 0, least: f64 = 0;
  for (let end = <usize>load<u32>(region, FIRST); end != 0; end = <usize>load<u32>(end, NEXT)) {
    const edge = edgeOf(end);
    if (load<i32>(edge, STATE) != OPEN || edge + load<u32>(edge, OWNER) != end) continue;
    const key = load<f64>(edge, KEY);
    if (best != 0 && (key > least || (key == least && edge > best))) continue;
    best = edge;
    least = key;
  }
  if (best == 0) return leave(heap, size, region);
  let place = load<i32>(region, PLACE);
  if (place < 0) place = size++;
  settle(heap, size, place, least, best, region);
  return size;
}
