// Which zones a pattern may be of, by a plan in short (library/crystal/matching/screening.ts): whole numbers of a byte.

import { array, LEADING, Leading, Room, Short, Size, size, Tables } from "./layout";

/** The largest number in the image: the sum of four is a byte. */
const TOP: f64 = 63;

/**
 * The image of `Sums` as bytes [level][shell][phase][angle], the rows going on after a turn, and an empty row. Level 0 is
 * strength x sum as a part of the largest, levels 1, 2 and 3 are three, two and one quarters of it.
 */
export function screenImage(table: usize, scratch: usize): void {
  const steps = size(table, Size.Steps), shells = size(table, Size.Shells), stride = size(table, Short.Stride);
  const angles = size(table, Short.Angles), row = size(table, Short.RowBytes);
  const sums = array(scratch, table, Room.Sums), image = array(scratch, table, Room.Image);
  const strengths = array(table, table, Tables.Strengths);
  let largest: f64 = 0;
  for (let shell = 0; shell < shells; shell++) {
    const from = sums + (<usize>(shell * steps) << 3);
    let most = f64x2.splat(0);
    for (let o: usize = 0; o < <usize>steps << 3; o += 16) most = f64x2.pmax(most, v128.load(from + o));
    const value = max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
    largest = max(largest, value * load<f64>(strengths + (<usize>shell << 3)));
  }
  const scale = TOP / largest, level = <usize>(shells * stride * row), bytes = array(scratch, table, Room.Correlogram);
  let to = image;
  for (let shell = 0; shell < shells; shell++) {
    const factor = scale * load<f64>(strengths + (<usize>shell << 3));
    roundSums(sums + (<usize>(shell * steps) << 3), steps, factor, bytes);
    for (let phase = 0; phase < stride; phase++, to += <usize>row) {
      everyOther(bytes + <usize>phase, stride, angles, to);
      for (let done = angles; done < row; done += angles) {
        memory.copy(to + <usize>done, to, <usize>min(angles, row - done));
      }
    }
  }
  const none = i8x16.splat(0);
  for (let o: usize = 0; o < level; o += 16) {
    const whole = v128.load(image + o), half = i8x16.avgr_u(whole, none), place = image + level + o;
    v128.store(place, i8x16.avgr_u(whole, half));
    v128.store(place + level, half);
    v128.store(place + 2 * level, i8x16.avgr_u(half, none));
  }
  memory.fill(image + 4 * level, 0, <usize>row);
}

// The sums of one shell times a factor, rounded to bytes.
function roundSums(from: usize, steps: i32, factor: f64, to: usize): void {
  const scale = f64x2.splat(factor), half = f64x2.splat(0.5);
  for (const end = to + <usize>steps; to < end; to += 4, from += 32) {
    const low = i32x4.trunc_sat_f64x2_s_zero(f64x2.add(f64x2.mul(v128.load(from), scale), half));
    const high = i32x4.trunc_sat_f64x2_s_zero(f64x2.add(f64x2.mul(v128.load(from, 16), scale), half));
    const four = i64x2.shuffle(low, high, 0, 2), words = i16x8.narrow_i32x4_s(four, four);
    store<i32>(to, i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
  }
}

// Every byte, every second or every so many; up to 15 more are written where the row goes on.
function everyOther(from: usize, stride: i32, count: i32, to: usize): void {
  if (stride == 2) {
    for (const end = to + <usize>count; to < end; to += 16, from += 32) {
      const some = v128.load(from), more = v128.load(from, 16);
      v128.store(to, v128.shuffle<u8>(some, more, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30));
    }
  } else {
    for (const end = to + <usize>count; to < end; to++, from += <usize>stride) store<u8>(to, load<u8>(from));
  }
}

/**
 * The leaders that the image agrees with best, by falling score, in `Leading`: leader x 2 + mirrored, and the first best
 * angle in steps of the plan. Tells how many.
 */
export function leadingZones(table: usize, scratch: usize): i32 {
  const count = 2 * size(table, Short.Leaders), steps = size(table, Size.Steps), stride = size(table, Short.Stride);
  const angles = size(table, Short.Angles), image = array(scratch, table, Room.Image);
  const starts = array(table, table, Tables.LeaderStarts), spots = array(table, table, Tables.LeaderSpots);
  const norms = array(table, table, Tables.LeaderNorms), list = array(scratch, table, Room.Leading);
  const sums = array(scratch, table, Room.Correlogram), computed = <usize>size(table, Short.Computed);
  let found = 0;
  for (let index = 0; index < count; index++) {
    const at = starts + (<usize>index << 2);
    const from = spots + (<usize>load<i32>(at) << 2), to = spots + (<usize>load<i32>(at, 4) << 2);
    const largest = addSpots(from, to, image, computed, sums);
    const score = <f32>largest * load<f32>(norms + (<usize>index << 2));
    const last = list + <usize>(LEADING - 1) * Leading.Bytes;
    if (!(score > 0) || (found == LEADING && score <= load<f32>(last))) continue;
    let place = list + <usize>min(found, LEADING - 1) * Leading.Bytes;
    for (; place > list && load<f32>(place - Leading.Bytes) < score; place -= Leading.Bytes) {
      v128.store(place, v128.load(place - Leading.Bytes));
    }
    const angle = indexOf(sums, largest) % angles * stride;
    store<f32>(place, score);
    store<i32>(place, index, Leading.Index);
    store<i32>(place, (index & 1) == 0 || angle == 0 ? angle : steps - angle, Leading.Shift);
    if (found < LEADING) found++;
  }
  return found;
}

// The sums over spots for all angles, uint16, and the largest of them.
function addSpots(from: usize, to: usize, image: usize, computed: usize, sums: usize): i32 {
  let largest = i16x8.splat(0);
  for (let o: usize = 0; o < computed; o += 48) {
    const row = image + o;
    let a = i16x8.splat(0), b = a, c = a, d = a, e = a, f = a;
    for (let spot = from; spot < to; spot += 16) {
      const one = row + <usize>load<i32>(spot), two = row + <usize>load<i32>(spot, 4);
      const three = row + <usize>load<i32>(spot, 8), four = row + <usize>load<i32>(spot, 12);
      let bytes = i8x16.add(i8x16.add(v128.load(one), v128.load(two)), i8x16.add(v128.load(three), v128.load(four)));
      a = i16x8.add_sat_u(a, i16x8.extend_low_i8x16_u(bytes));
      b = i16x8.add_sat_u(b, i16x8.extend_high_i8x16_u(bytes));
      bytes = i8x16.add(
        i8x16.add(v128.load(one, 16), v128.load(two, 16)), i8x16.add(v128.load(three, 16), v128.load(four, 16)),
      );
      c = i16x8.add_sat_u(c, i16x8.extend_low_i8x16_u(bytes));
      d = i16x8.add_sat_u(d, i16x8.extend_high_i8x16_u(bytes));
      bytes = i8x16.add(
        i8x16.add(v128.load(one, 32), v128.load(two, 32)), i8x16.add(v128.load(three, 32), v128.load(four, 32)),
      );
      e = i16x8.add_sat_u(e, i16x8.extend_low_i8x16_u(bytes));
      f = i16x8.add_sat_u(f, i16x8.extend_high_i8x16_u(bytes));
    }
    const out = sums + 2 * o;
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
    v128.store(out, d, 48);
    v128.store(out, e, 64);
    v128.store(out, f, 80);
    largest = i16x8.max_u(largest, i16x8.max_u(i16x8.max_u(i16x8.max_u(a, b), i16x8.max_u(c, d)), i16x8.max_u(e, f)));
  }
  largest = i16x8.max_u(largest, i64x2.shuffle(largest, largest, 1, 0));
  largest = i16x8.max_u(largest, i32x4.shuffle(largest, largest, 1, 0, 3, 2));
  return max(i16x8.extract_lane_u(largest, 0), i16x8.extract_lane_u(largest, 1));
}

// The first of the sums that is so large.
function indexOf(sums: usize, value: i32): i32 {
  const wanted = i16x8.splat(<i16>value);
  let o: usize = 0, lanes = i16x8.bitmask(i16x8.eq(v128.load(sums), wanted));
  while (lanes == 0) {
    o += 16;
    lanes = i16x8.bitmask(i16x8.eq(v128.load(sums + o), wanted));
  }
  return <i32>(o >> 1) + ctz(lanes);
}
