// Sums, means and products of the features of probes (library/cluster/regions): float32 (probe, `length`), probes by flat index.

import { innerProduct } from "./inner";
import { promoteHigh } from "./lanes";

/**
 * Adds features to the sums of groups, in the order of the list.
 *
 * @param groups i32 for each entry of the list: which sum, -1 = none
 * @param probes i32 for each entry: whose features
 * @param sums float64 (group, `length`)
 */
export function sumFeatures(
  features: usize, length: i32, groups: usize, probes: usize, count: i32, sums: usize,
): void {
  const whole = <usize>(length & ~3) << 2, bytes = <usize>length << 2;
  for (let i: usize = 0; i < <usize>count << 2; i += 4) {
    const group = load<i32>(groups + i);
    if (group < 0) continue;
    const from = features + <usize>load<i32>(probes + i) * bytes, to = sums + <usize>group * (bytes << 1);
    let o: usize = 0;
    for (; o < whole; o += 16) {
      const values = v128.load(from + o), out = to + (o << 1);
      v128.store(out, f64x2.add(v128.load(out), f64x2.promote_low_f32x4(values)));
      v128.store(out, f64x2.add(v128.load(out, 16), promoteHigh(values)), 16);
    }
    for (; o < bytes; o += 4) {
      const out = to + (o << 1);
      store<f64>(out, load<f64>(out) + f64(load<f32>(from + o)));
    }
  }
}

/**
 * Inner products of the features of neighbours in four directions, right, below left, below, below right.
 *
 * @param inside u8 (row, column): 1 where a probe takes part
 * @param products float64 (row, column, 4); left as they are where one of the two takes no part
 */
export function neighbourProducts(
  features: usize, length: i32, inside: usize, rows: i32, columns: i32, products: usize,
): void {
  const bytes = <usize>length << 2;
  let probe: usize = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, probe++, products += 32) {
      if (load<u8>(inside + probe) == 0) continue;
      const at = features + probe * bytes, last = column + 1 == columns;
      if (!last && load<u8>(inside + probe, 1)) store<f64>(products, innerProduct(at, at + bytes, length));
      if (row + 1 == rows) continue;
      const below = probe + <usize>columns, under = features + below * bytes;
      if (column > 0 && load<u8>(inside + below - 1)) store<f64>(products, innerProduct(at, under - bytes, length), 8);
      if (load<u8>(inside + below)) store<f64>(products, innerProduct(at, under, length), 16);
      if (!last && load<u8>(inside + below, 1)) store<f64>(products, innerProduct(at, under + bytes, length), 24);
    }
  }
}

// Numbers that nearbyMeans gives of a probe and a region.
const NUMBERS: usize = 40;

/**
 * Means of the probes of a region near a probe, without itself: of inner ones where there are at least `leastInner`.
 *
 * @param noise float32 for each probe, as beam, which may be 0: there is none
 * @param labels i32 for each probe: its region
 * @param inner u8 for each probe
 * @param reach rows and columns that are near
 * @param tasks i32 (task, 2): probe and region
 * @param numbers float64 (task, 5): how many probes there are; and where there are any, expected squared noise of the mean, mean
 * of the beam, squared length of the mean, its inner product with the probe's features
 * @param means float32 (task, `length`), not of the region `background`, of which only the first three numbers are told
 * @param scratch room for an address of 4 bytes for each probe that is near
 */
export function nearbyMeans(
  features: usize, length: i32, noise: usize, beam: usize, labels: usize, inner: usize, rows: i32, columns: i32, reach: i32,
  leastInner: i32, background: i32, tasks: usize, count: i32, numbers: usize, means: usize, scratch: usize,
): void {
  const bytes = <usize>length << 2;
  for (let task = 0; task < count; task++, tasks += 8, numbers += NUMBERS, means += bytes) {
    const probe = load<i32>(tasks), region = load<i32>(tasks, 4);
    const near = collect(probe, region, labels, inner, rows, columns, reach, leastInner, scratch);
    store<f64>(numbers, f64(near));
    if (near == 0) continue;
    const end = scratch + (<usize>near << 2);
    let sum = 0.0, electrons = 0.0;
    for (let at = scratch; at < end; at += 4) {
      const other = <usize>load<u32>(at) << 2;
      sum += f64(load<f32>(noise + other));
      if (beam) electrons += f64(load<f32>(beam + other));
      store<u32>(at, <u32>(features + (other >> 2) * bytes));
    }
    store<f64>(numbers, sum / f64(near * near), 8);
    store<f64>(numbers, electrons / f64(near), 16);
    if (region == background) continue;
    average(scratch, end, bytes, f32(near), means);
    store<f64>(numbers, innerProduct(means, means, length), 24);
    store<f64>(numbers, innerProduct(means, features + <usize>probe * bytes, length), 32);
  }
}

/** Writes the probes of a region near a probe into `found`, i32 each; how many there are. */
function collect(
  probe: i32, region: i32, labels: usize, inner: usize, rows: i32, columns: i32, reach: i32, leastInner: i32, found: usize,
): i32 {
  const row = probe / columns, column = probe - row * columns;
  const bottom = min(rows - 1, row + reach), left = max(0, column - reach), right = min(columns - 1, column + reach);
  let count = 0, within = 0;
  for (let y = max(0, row - reach); y <= bottom; y++) {
    for (let other = y * columns + left, last = y * columns + right; other <= last; other++) {
      if (load<i32>(labels + (<usize>other << 2)) != region || other == probe) continue;
      store<i32>(found + (<usize>count << 2), other);
      count++;
      within += <i32>load<u8>(inner + <usize>other);
    }
  }
  if (within < leastInner) return count;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const other = load<i32>(found + (<usize>i << 2));
    if (load<u8>(inner + <usize>other) == 0) continue;
    store<i32>(found + (<usize>kept << 2), other);
    kept++;
  }
  return kept;
}

/** Means of float32 numbers in float32, added in the order of the list of their addresses. */
function average(list: usize, end: usize, bytes: usize, count: f32, means: usize): void {
  const times = f32x4.splat(count);
  let o: usize = 0;
  for (; o + 64 <= bytes; o += 64) {
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (let at = list; at < end; at += 4) {
      const from = <usize>load<u32>(at) + o;
      a = f32x4.add(a, v128.load(from));
      b = f32x4.add(b, v128.load(from, 16));
      c = f32x4.add(c, v128.load(from, 32));
      d = f32x4.add(d, v128.load(from, 48));
    }
    v128.store(means + o, f32x4.div(a, times));
    v128.store(means + o, f32x4.div(b, times), 16);
    v128.store(means + o, f32x4.div(c, times), 32);
    v128.store(means + o, f32x4.div(d, times), 48);
  }
  for (; o + 16 <= bytes; o += 16) {
    let a = f32x4.splat(0);
    for (let at = list; at < end; at += 4) a = f32x4.add(a, v128.load(<usize>load<u32>(at) + o));
    v128.store(means + o, f32x4.div(a, times));
  }
  for (; o < bytes; o += 4) {
    let a: f32 = 0;
    for (let at = list; at < end; at += 4) a += load<f32>(<usize>load<u32>(at) + o);
    store<f32>(means + o, a / count);
  }
}
