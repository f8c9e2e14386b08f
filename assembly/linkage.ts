// Regions by joining neighbours (library/cluster/regions/linkage.ts says which, and why): the pair with the lowest key first,
// until no two are left that may be joined.
//
// An edge belongs to the region that was compared with the other last. A merger compares the region that stays with all
// its neighbours, so that all their edges are its own from then on: the heap, which holds the best edge of each region, has
// one entry to move instead of one for every neighbour. A neighbour whose best edge went over to another looks for its next
// one when its turn comes; all its other edges come later.

import { enter, HEAP_EDGE, HEAP_REGION, leave } from "./heap";
import { innerProduct } from "./inner";
import {
  attach, DEGREE, EDGE, edgeOf, EXPECTED, FIRST, GONE, joinExpectations, joinLists, KEY, MEAN_NOISE, MEAN_SQUARE, NEXT,
  NOISE, OPEN, OWNER, PARENT, PLACE, regionAt, SEEN, SHUT, SIZE, STATE, SUMS,
} from "./records";

/** Inner product of the sums of two regions. */
// @ts-ignore: decorator
@inline
function sumsProduct(one: usize, other: usize, length: i32): f64 {
  return innerProduct(one + SUMS, other + SUMS, length);
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
