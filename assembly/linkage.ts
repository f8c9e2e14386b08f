// Regions by joining neighbours (library/cluster/regions/linkage.ts says which, and why): the pair with the lowest key first,
// until no two are left that may be joined.
//
// Whatever a merger looks at lies together, because mergers jump about the scan and nearly all their time is waiting for
// memory. Regions and ends of edges are named by their addresses.
//
//   region, 64 bytes and the sums, a multiple of 16; probe p begins as region p:
//      0 f64 probes   8 f64 sum of the noise   16 f64 noise of the mean   24 f64 squared length of the mean
//     32 u32 first end in its list, 0 = none   36 i32 ends in it   40 i32 last merger it was a neighbour in
//     44 u32 region it has come into, itself where none   48 i32 what another frame expects, -1 = unknown   52 i32 votes for it
//     56 i32 place in the heap, -1 = none   64 f32 sums of its features, zeros up to a multiple of 4
//   edge, 32 bytes, 4 for each probe in the order of its forward neighbours:
//      0 and 8 its two ends: u32 region, u32 next end in that region's list
//     16 f64 key   24 i32 state   28 u32 offset (0 or 8) of the end whose region the edge belongs to
//
// An edge belongs to the region that was compared with the other last. A merger compares the region that stays with all
// its neighbours, so that all their edges are its own from then on: the heap, which holds the best edge of each region, has
// one entry to move instead of one for every neighbour. A neighbour whose best edge went over to another looks for its next
// one when its turn comes; all its other edges come later.
//
//   heap, 16 bytes a place, four children side by side in one line of the cache: f64 key, u32 edge, u32 region

import { sumDoubles } from "./lanes";

const SIZE: usize = 0, NOISE: usize = 8, MEAN_NOISE: usize = 16, MEAN_SQUARE: usize = 24, FIRST: usize = 32;
const DEGREE: usize = 36, SEEN: usize = 40, PARENT: usize = 44, EXPECTED: usize = 48, VOTES: usize = 52, PLACE: usize = 56;
const SUMS: usize = 64;
const NEXT: usize = 4, KEY: usize = 16, STATE: usize = 24, OWNER: usize = 28;
const EDGE: usize = 32, OPEN: i32 = 0, SHUT: i32 = 1, GONE: i32 = 2;
const ENTRY: usize = 16, HEAP_EDGE: usize = 8, HEAP_REGION: usize = 12;

/** The region of an end. */
// @ts-ignore: decorator
@inline
function regionAt(end: usize): usize {
  return <usize>load<u32>(end);
}

/** The edge of an end. */
// @ts-ignore: decorator
@inline
function edgeOf(end: usize): usize {
  return end & ~(EDGE - 1);
}

/** As `innerProduct` of library/passes/sketch/sketch.ts, to the last bit. */
function sumsProduct(one: usize, other: usize, length: i32): f64 {
  const x = one + SUMS, y = other + SUMS, whole = <usize>(length & ~3) << 2, end = <usize>length << 2;
  let ab = f64x2.splat(0), cd = ab;
  let o: usize = 0;
  for (; o < whole; o += 16) {
    const p = v128.load(x + o), q = v128.load(y + o);
    ab = f64x2.add(ab, f64x2.mul(f64x2.promote_low_f32x4(p), f64x2.promote_low_f32x4(q)));
    cd = f64x2.add(
      cd,
      f64x2.mul(
        f64x2.promote_low_f32x4(v128.shuffle<i32>(p, p, 2, 3, 2, 3)),
        f64x2.promote_low_f32x4(v128.shuffle<i32>(q, q, 2, 3, 2, 3)),
      ),
    );
  }
  let a = f64x2.extract_lane(ab, 0);
  for (; o < end; o += 4) a += f64(load<f32>(x + o)) * f64(load<f32>(y + o));
  return a + f64x2.extract_lane(ab, 1) + sumDoubles(cd);
}

/**
 * Sets key and state of an edge from the inner product of the sums of its regions. limits: f64 standard deviation of the
 * squared noise by its mean, significance, least noise, least signal; least cosines where nothing is expected, where one
 * region is, and where two are.
 */
function judge(edge: usize, product: f64, limits: usize): void {
  const one = regionAt(edge), other = regionAt(edge + 8);
  const noiseOne = load<f64>(one, MEAN_NOISE), noiseOther = load<f64>(other, MEAN_NOISE);
  const squareOne = load<f64>(one, MEAN_SQUARE), squareOther = load<f64>(other, MEAN_SQUARE);
  const mean = product / (load<f64>(one, SIZE) * load<f64>(other, SIZE));
  const excess = squareOne + squareOther - 2 * mean - noiseOne - noiseOther;
  const noise = max(noiseOne + noiseOther, load<f64>(limits, 16) * (squareOne + squareOther));
  const key = noise > 0 ? excess / (noise * load<f64>(limits)) : 0;
  store<f64>(edge, key, KEY);
  const a = load<i32>(one, EXPECTED), b = load<i32>(other, EXPECTED), known = a >= 0 && b >= 0;
  if (key <= load<f64>(limits, 8) && !(known && a != b)) {
    store<i32>(edge, OPEN, STATE);
    return;
  }
  const leastSignal = load<f64>(limits, 24);
  const leastCosine = known ? (a == b ? load<f64>(limits, 40) : load<f64>(limits, 48)) : load<f64>(limits, 32);
  const signal = max(squareOne - noiseOne, leastSignal * noiseOne) * max(squareOther - noiseOther, leastSignal * noiseOther);
  store<i32>(edge, signal > 0 && mean >= leastCosine * Math.sqrt(signal) ? OPEN : SHUT, STATE);
}

/** Adds an end to the list of a region. */
// @ts-ignore: decorator
@inline
function attach(end: usize, region: usize): void {
  store<u32>(end, <u32>region);
  store<u32>(end, load<u32>(region, FIRST), NEXT);
  store<u32>(region, <u32>end, FIRST);
  store<i32>(region, load<i32>(region, DEGREE) + 1, DEGREE);
}

/** One edge to every neighbour of either region; where there were two, the lost region's goes. */
function joinLists(kept: usize, lost: usize, merger: i32): void {
  let end = <usize>load<u32>(kept, FIRST), next: usize = 0;
  const added = <usize>load<u32>(lost, FIRST);
  store<u32>(kept, 0, FIRST);
  store<u32>(lost, 0, FIRST);
  store<i32>(kept, 0, DEGREE);
  for (; end != 0; end = next) {
    next = <usize>load<u32>(end, NEXT);
    if (load<i32>(edgeOf(end), STATE) == GONE) continue;
    store<i32>(regionAt(end ^ 8), merger, SEEN);
    attach(end, kept);
  }
  for (end = added; end != 0; end = next) {
    next = <usize>load<u32>(end, NEXT);
    const edge = edgeOf(end);
    if (load<i32>(edge, STATE) == GONE) continue;
    const other = regionAt(end ^ 8);
    if (load<i32>(other, SEEN) == merger) {
      store<i32>(edge, GONE, STATE);
      store<i32>(other, load<i32>(other, DEGREE) - 1, DEGREE);
    } else attach(end, kept);
  }
}

/** The votes of a region for what is expected join those of another (Boyer and Moore 1981). */
function joinExpectations(kept: usize, lost: usize): void {
  const name = load<i32>(lost, EXPECTED), votes = load<i32>(lost, VOTES);
  if (name < 0) return;
  const keptName = load<i32>(kept, EXPECTED), keptVotes = load<i32>(kept, VOTES);
  if (keptName == name) store<i32>(kept, keptVotes + votes, VOTES);
  else if (keptName < 0 || votes > keptVotes) {
    store<i32>(kept, votes - (keptName < 0 ? 0 : keptVotes), VOTES);
    store<i32>(kept, name, EXPECTED);
  } else store<i32>(kept, keptVotes - votes, VOTES);
}

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
function leave(heap: usize, size: i32, region: usize): i32 {
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
function enter(heap: usize, size: i32, region: usize): i32 {
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

/** A region comes into another. */
function merge(kept: usize, lost: usize, merger: i32, length: i32, limits: usize): void {
  const endSums = SUMS + (<usize>(length + 3 & ~3) << 2);
  for (let o = SUMS; o < endSums; o += 16) {
    v128.store(kept + o, f32x4.add(v128.load(kept + o), v128.load(lost + o)));
  }
  const size = load<f64>(kept, SIZE) + load<f64>(lost, SIZE), noise = load<f64>(kept, NOISE) + load<f64>(lost, NOISE);
  store<f64>(kept, size, SIZE);
  store<f64>(kept, noise, NOISE);
  store<f64>(kept, noise / (size * size), MEAN_NOISE);
  store<f64>(kept, sumsProduct(kept, kept, length) / (size * size), MEAN_SQUARE);
  store<u32>(lost, <u32>kept, PARENT);
  joinExpectations(kept, lost);
  joinLists(kept, lost, merger);
  for (let end = <usize>load<u32>(kept, FIRST); end != 0; end = <usize>load<u32>(end, NEXT)) {
    const edge = edgeOf(end);
    store<u32>(edge, <u32>(end - edge), OWNER);
    judge(edge, sumsProduct(kept, regionAt(end ^ 8), length), limits);
  }
}

/**
 * Links the probes of a scan. Before, these parts of the records are filled in: probes, noise and its mean, squared length,
 * expectation and votes, sums; of edges the inner product of the two probes as the key, NaN where there is no edge.
 *
 * @param recordBytes from a region to the next
 * @param steps i32 distance of each of the four forward neighbours in probes
 * @param heap room for an entry for each probe, 48 bytes beyond a line of the cache
 * @param roots i32 for each probe, becomes the probe that stands for its region
 */
export function linkRegions(
  regions: usize, recordBytes: i32, probes: i32, length: i32, edges: usize, steps: usize, limits: usize, heap: usize,
  roots: usize,
): void {
  const stride = <usize>recordBytes, endRegions = regions + <usize>probes * stride;
  for (let region = regions; region < endRegions; region += stride) {
    store<u32>(region, 0, FIRST);
    store<i32>(region, 0, DEGREE);
    store<i32>(region, -1, SEEN);
    store<u32>(region, <u32>region, PARENT);
    store<i32>(region, -1, PLACE);
  }
  let edge = edges;
  for (let region = regions; region < endRegions; region += stride) {
    for (let direction: usize = 0; direction < 4; direction++, edge += EDGE) {
      const product = load<f64>(edge, KEY);
      if (isNaN(product)) continue;
      attach(edge, region);
      attach(edge + 8, region + <usize>load<i32>(steps + (direction << 2)) * stride);
      store<u32>(edge, 0, OWNER);
      judge(edge, product, limits);
    }
  }
  let size = 0, merger = 0;
  for (let region = regions; region < endRegions; region += stride) size = enter(heap, size, region);
  while (size > 0) {
    const region = <usize>load<u32>(heap, HEAP_REGION), best = <usize>load<u32>(heap, HEAP_EDGE);
    if (load<i32>(best, STATE) == GONE || regionAt(best + load<u32>(best, OWNER)) != region) {
      size = enter(heap, size, region);
      continue;
    }
    store<i32>(best, GONE, STATE);
    const one = regionAt(best), other = regionAt(best + 8);
    // The longer list of neighbours stays.
    const stays = load<i32>(one, DEGREE) >= load<i32>(other, DEGREE);
    const kept = stays ? one : other, lost = stays ? other : one;
    merge(kept, lost, merger++, length, limits);
    size = leave(heap, size, lost);
    size = enter(heap, size, kept);
  }
  for (let region = regions; region < endRegions; region += stride, roots += 4) {
    let root = region;
    for (let parent = <usize>load<u32>(root, PARENT); parent != root; parent = <usize>load<u32>(root, PARENT)) {
      store<u32>(root, load<u32>(parent, PARENT), PARENT);
      root = parent;
    }
    store<i32>(roots, <i32>((root - regions) / stride));
  }
}
