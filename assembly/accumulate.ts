// Sums of patterns into slots: cluster averages (spec stage 7).

import { loadStep } from "./lanes";

/** Pixels of a tile: their sums stay in the first-level cache while the patterns of a run are added. */
const TILE = 2048;
/** Bytes of a term: u32 address of a pattern, i32 slot, f64 weight. */
const TERM = 16;

// sums[slot] += weight * pattern for every term in turn, in float64, for pixels from..to-1. Terms of one slot that
// follow each other are a run, and a run is added in groups whose sum stays in registers. Additions into a slot are in
// the order of its terms, but for groups of integer patterns of weight 1, which are added as integers first: exactly.
function accumulate<T>(terms: usize, count: i32, pixels: i32, from: i32, to: i32, sums: usize): void {
  const end = terms + <usize>count * TERM;
  for (let first = terms; first < end;) {
    const slot = load<i32>(first, 4);
    let last = first + TERM;
    while (last < end && load<i32>(last, 4) == slot) last += TERM;
    const out = sums + ((<usize>slot * <usize>pixels) << 3);
    for (let tile = from; tile < to; tile += TILE) addRun<T>(first, last, tile, min(tile + TILE, to), out);
    first = last;
  }
}

// The terms first..last of one slot, for pixels from..to-1.
function addRun<T>(first: usize, last: usize, from: i32, to: i32, out: usize): void {
  const whole = from + ((to - from) & ~7);
  for (let term = first; term < last;) {
    const left = <i32>((last - term) / TERM);
    let group = isInteger<T>() ? unitGroup(term, left) : 0;
    if (group == 8) addUnits<T>(term, 8, from, whole, out);
    else if (group == 4) addUnits<T>(term, 4, from, whole, out);
    else if (group == 2) addUnits<T>(term, 2, from, whole, out);
    else if (left >= 4) {
      group = 4;
      addFour<T>(term, from, whole, out);
    } else {
      group = 1;
      addOne<T>(term, from, whole, out);
    }
    term += <usize>group * TERM;
  }
  for (let i = whole; i < to; i++) {
    let sum = load<f64>(out + (<usize>i << 3));
    for (let term = first; term < last; term += TERM) {
      sum += load<f64>(term, 8) * f64(load<T>(<usize>load<u32>(term) + <usize>i * sizeof<T>()));
    }
    store<f64>(out + (<usize>i << 3), sum);
  }
}

// How many of the next terms, at most `left`, are taken together because they have weight 1: 8, 4, 2 or none.
// @ts-ignore: decorator
@inline
function unitGroup(terms: usize, left: i32): i32 {
  let units = 0;
  while (units < min(left, 8) && load<f64>(terms + <usize>units * TERM, 8) == 1) units++;
  return units == 8 ? 8 : units >= 4 ? 4 : units & 2;
}

// `group` integer patterns with weight 1, of which there are 2, 4 or 8.
// @ts-ignore: decorator
@inline
function addUnits<T>(terms: usize, group: i32, from: i32, to: i32, out: usize): void {
  const a = pattern(terms, 0), b = pattern(terms, 1);
  const c = group > 2 ? pattern(terms, 2) : 0, d = group > 2 ? pattern(terms, 3) : 0;
  const e = group > 4 ? pattern(terms, 4) : 0, f = group > 4 ? pattern(terms, 5) : 0;
  const g = group > 4 ? pattern(terms, 6) : 0, h = group > 4 ? pattern(terms, 7) : 0;
  for (let i = from; i < to; i += 8) {
    const o = <usize>i * sizeof<T>(), sum = out + (<usize>i << 3);
    const va = loadStep<T>(a + o), vb = loadStep<T>(b + o);
    let near = nearPair<T>(va, vb), far = farPair<T>(va, vb);
    if (group > 2) {
      const vc = loadStep<T>(c + o), vd = loadStep<T>(d + o);
      near = addLanes<T>(near, nearPair<T>(vc, vd));
      far = addLanes<T>(far, farPair<T>(vc, vd));
    }
    if (group > 4) {
      const ve = loadStep<T>(e + o), vf = loadStep<T>(f + o), vg = loadStep<T>(g + o), vh = loadStep<T>(h + o);
      near = addLanes<T>(near, addLanes<T>(nearPair<T>(ve, vf), nearPair<T>(vg, vh)));
      far = addLanes<T>(far, addLanes<T>(farPair<T>(ve, vf), farPair<T>(vg, vh)));
    }
    if (sizeof<T>() == 1) {
      far = v128.extend_high<u16>(near);
      near = v128.extend_low<u16>(near);
    }
    addDoubles<i32>(sum, near);
    addDoubles<i32>(sum + 32, far);
  }
}

// Four patterns with their weights, one after the other.
function addFour<T>(terms: usize, from: i32, to: i32, out: usize): void {
  const a = pattern(terms, 0), b = pattern(terms, 1), c = pattern(terms, 2), d = pattern(terms, 3);
  const u = v128.load64_splat(terms, 8), v = v128.load64_splat(terms, TERM + 8);
  const w = v128.load64_splat(terms, 2 * TERM + 8), x = v128.load64_splat(terms, 3 * TERM + 8);
  for (let i = from; i < to; i += 4) {
    const o = <usize>i * sizeof<T>(), sum = out + (<usize>i << 3);
    let low = v128.load(sum), high = v128.load(sum, 16);
    let lanes = loadLanes<T>(a + o);
    low = f64x2.add(low, f64x2.mul(u, lowDoubles<T>(lanes)));
    high = f64x2.add(high, f64x2.mul(u, highDoubles<T>(lanes)));
    lanes = loadLanes<T>(b + o);
    low = f64x2.add(low, f64x2.mul(v, lowDoubles<T>(lanes)));
    high = f64x2.add(high, f64x2.mul(v, highDoubles<T>(lanes)));
    lanes = loadLanes<T>(c + o);
    low = f64x2.add(low, f64x2.mul(w, lowDoubles<T>(lanes)));
    high = f64x2.add(high, f64x2.mul(w, highDoubles<T>(lanes)));
    lanes = loadLanes<T>(d + o);
    v128.store(sum, f64x2.add(low, f64x2.mul(x, lowDoubles<T>(lanes))));
    v128.store(sum, f64x2.add(high, f64x2.mul(x, highDoubles<T>(lanes))), 16);
  }
}

// One pattern with its weight.
function addOne<T>(term: usize, from: i32, to: i32, out: usize): void {
  const a = pattern(term, 0), w = v128.load64_splat(term, 8);
  for (let i = from; i < to; i += 4) {
    const lanes = loadLanes<T>(a + <usize>i * sizeof<T>()), sum = out + (<usize>i << 3);
    v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(w, lowDoubles<T>(lanes))));
    v128.store(sum, f64x2.add(v128.load(sum, 16), f64x2.mul(w, highDoubles<T>(lanes))), 16);
  }
}

// Address of the pattern of a term.
// @ts-ignore: decorator
@inline
function pattern(terms: usize, index: usize): usize {
  return <usize>load<u32>(terms + index * TERM);
}

// Sum of eight counts of two patterns: of 8-bit ones all, in 16 bits; of 16-bit ones the first four, in 32 bits.
// @ts-ignore: decorator
@inline
function nearPair<T>(x: v128, y: v128): v128 {
  return sizeof<T>() == 1 ? i16x8.add(x, y) : i32x4.add(v128.extend_low<u16>(x), v128.extend_low<u16>(y));
}

// The rest: nothing, or the last four.
// @ts-ignore: decorator
@inline
function farPair<T>(x: v128, y: v128): v128 {
  return sizeof<T>() == 1 ? i32x4.splat(0) : i32x4.add(v128.extend_high<u16>(x), v128.extend_high<u16>(y));
}

// @ts-ignore: decorator
@inline
function addLanes<T>(x: v128, y: v128): v128 {
  return sizeof<T>() == 1 ? i16x8.add(x, y) : i32x4.add(x, y);
}

// Four float64 sums plus four lanes.
// @ts-ignore: decorator
@inline
function addDoubles<T>(sum: usize, lanes: v128): void {
  v128.store(sum, f64x2.add(v128.load(sum), lowDoubles<T>(lanes)));
  v128.store(sum, f64x2.add(v128.load(sum, 16), highDoubles<T>(lanes)), 16);
}

// Four samples: float32, or integers as 32-bit lanes.
// @ts-ignore: decorator
@inline
function loadLanes<T>(pointer: usize): v128 {
  if (isFloat<T>()) return v128.load(pointer);
  if (sizeof<T>() == 2) return v128.load_ext<u16>(pointer);
  return v128.extend_low<u16>(v128.extend_low<u8>(v128.load32_zero(pointer)));
}

// The lower two of four float32 or int32 lanes as float64.
// @ts-ignore: decorator
@inline
function lowDoubles<T>(lanes: v128): v128 {
  return isFloat<T>() ? f64x2.promote_low_f32x4(lanes) : f64x2.convert_low_i32x4_s(lanes);
}

// The upper two.
// @ts-ignore: decorator
@inline
function highDoubles<T>(lanes: v128): v128 {
  return lowDoubles<T>(v128.shuffle<i32>(lanes, lanes, 2, 3, 2, 3));
}

/** Weighted sums of patterns of 8-bit counts into slots; see above. */
export function accumulateU8(terms: usize, count: i32, pixels: i32, from: i32, to: i32, sums: usize): void {
  accumulate<u8>(terms, count, pixels, from, to, sums);
}

/** Weighted sums of patterns of 16-bit counts into slots. */
export function accumulateU16(terms: usize, count: i32, pixels: i32, from: i32, to: i32, sums: usize): void {
  accumulate<u16>(terms, count, pixels, from, to, sums);
}

/** Weighted sums of float32 patterns into slots. */
export function accumulateF32(terms: usize, count: i32, pixels: i32, from: i32, to: i32, sums: usize): void {
  accumulate<f32>(terms, count, pixels, from, to, sums);
}

// Sums of one thread alone, at offset `sums` of its staging memory; the terms' patterns are at offsets there as well.
function accumulateStaged<T>(staging: usize, terms: usize, count: i32, pixels: i32, sums: i32): void {
  const end = terms + <usize>count * TERM;
  for (let term = terms; term < end; term += TERM) store<u32>(term, load<u32>(term) + <u32>staging);
  accumulate<T>(terms, count, pixels, 0, pixels, staging + <usize>sums);
}

/** Weighted sums of 8-bit counts that one thread has loaded; see above. The terms can be used once. */
export function accumulateStagedU8(staging: usize, terms: usize, count: i32, pixels: i32, sums: i32): void {
  accumulateStaged<u8>(staging, terms, count, pixels, sums);
}

/** Weighted sums of 16-bit counts that one thread has loaded. */
export function accumulateStagedU16(staging: usize, terms: usize, count: i32, pixels: i32, sums: i32): void {
  accumulateStaged<u16>(staging, terms, count, pixels, sums);
}
