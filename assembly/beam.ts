// Where the direct beam falls: centre of mass of the brightest disk above what surrounds it (spec of Bragg disks, 5.1a).

import { loadFloats } from "./lanes";

/** Rounds of the centre of mass; each is taken about the one before. */
const ROUNDS = 4;
/** The disk and the ring around it that its background is taken from reach to so many radii. */
const DISK: f32 = 1.2;
const RING: f32 = 1.6;

// For `count` patterns of rows x columns pixels: out, float32 [count][3], row and column of the centre in pixels and the
// height of the disk above its surroundings in counts a pixel; NaN, NaN and 0 where nothing stands out.
//
// The disk is looked for in rows top..bottom-1 and columns left..right-1: the maximum of the pattern blurred with the
// weights (float32, the middle one first, `taps` more to one side). seen: float32 (rows, columns), 0 where a pixel is masked,
// else 1; masked pixels count neither for the blur nor for the centre. room: float32, (bottom - top) rows of right - left +
// 2 x taps numbers, rounded up to fours and four more, twice; then as many numbers as a ring has pixels.
function beams<T>(
  patterns: usize, count: i32, rows: i32, columns: i32, top: i32, bottom: i32, left: i32, right: i32, radius: f32,
  weights: usize, taps: i32, seen: usize, out: usize, room: usize,
): void {
  const bytes = <usize>(rows * columns) * sizeof<T>();
  for (let index = 0; index < count; index++) {
    const to = out + <usize>index * 12, pattern = patterns + <usize>index * bytes;
    const place = brightest<T>(pattern, rows, columns, top, bottom, left, right, weights, taps, seen, room);
    if (place < 0) {
      store<f32>(to, NaN);
      store<f32>(to, NaN, 4);
      store<f32>(to, 0, 8);
      continue;
    }
    centreOf<T>(pattern, rows, columns, place / columns, place % columns, radius, seen, to, room);
  }
}

// The pixel at which the blurred pattern is highest; -1 where it is nowhere above 0. Sums are divided by the weights of the
// pixels that are there.
function brightest<T>(
  pattern: usize, rows: i32, columns: i32, top: i32, bottom: i32, left: i32, right: i32, weights: usize, taps: i32,
  seen: usize, room: usize,
): i32 {
  const start = max(0, left - taps), end = min(columns, right + taps), width = end - start;
  const stride = <usize>((width + 3) & ~3) << 2, sums = room, covers = room + <usize>(bottom - top) * stride + 16;
  for (let row = top; row < bottom; row++) {
    const sum = sums + <usize>(row - top) * stride, cover = covers + <usize>(row - top) * stride;
    for (let c = 0; c < width; c += 4) {
      let v = f32x4.splat(0), m = f32x4.splat(0);
      for (let other = max(0, row - taps); other <= min(rows - 1, row + taps); other++) {
        const w = v128.load32_splat(weights + (<usize>abs(other - row) << 2));
        const pixel = other * columns + start + c;
        if (c + 4 <= width) {
          const s = v128.load(seen + (<usize>pixel << 2));
          v = f32x4.add(v, f32x4.mul(f32x4.mul(w, s), loadFloats<T>(pattern + <usize>pixel * sizeof<T>())));
          m = f32x4.add(m, f32x4.mul(w, s));
        } else {
          const weight = f32x4.extract_lane(w, 0);
          v = f32x4.add(v, lastLanes<T>(pattern, pixel, width - c, weight, seen));
          m = f32x4.add(m, lastLanes<f32>(seen, pixel, width - c, weight, seen));
        }
      }
      v128.store(sum + (<usize>c << 2), v);
      v128.store(cover + (<usize>c << 2), m);
    }
  }
  let highest: f32 = 0, found = -1;
  for (let row = top; row < bottom; row++) {
    const sum = sums + <usize>(row - top) * stride, cover = covers + <usize>(row - top) * stride;
    for (let column = left; column < right; column++) {
      let v: f32 = 0, m: f32 = 0;
      for (let other = max(start, column - taps); other <= min(end - 1, column + taps); other++) {
        const w = load<f32>(weights + (<usize>abs(other - column) << 2)), o = <usize>(other - start) << 2;
        v += w * load<f32>(sum + o);
        m += w * load<f32>(cover + o);
      }
      if (!(m > 0)) continue;
      const mean = v / m;
      if (mean <= highest) continue;
      highest = mean;
      found = row * columns + column;
    }
  }
  return found;
}

// Fewer than four pixels, weighted by what is seen of them.
function lastLanes<T>(pattern: usize, pixel: i32, left: i32, weight: f32, seen: usize): v128 {
  let lanes = f32x4.splat(0);
  for (let lane = 0; lane < left; lane++) {
    const s = load<f32>(seen + (<usize>(pixel + lane) << 2));
    const value = weight * s * <f32>load<T>(pattern + <usize>(pixel + lane) * sizeof<T>());
    if (lane == 0) lanes = f32x4.replace_lane(lanes, 0, value);
    else if (lane == 1) lanes = f32x4.replace_lane(lanes, 1, value);
    else lanes = f32x4.replace_lane(lanes, 2, value);
  }
  return lanes;
}

// The centre of mass of what is above the median of the ring, about a pixel first and then about itself. A pixel counts as
// far as its middle lies inside.
function centreOf<T>(
  pattern: usize, rows: i32, columns: i32, startRow: i32, startColumn: i32, radius: f32, seen: usize, out: usize,
  room: usize,
): void {
  let row = <f32>startRow, column = <f32>startColumn, height: f32 = 0;
  const inner = DISK * radius, outer = max(RING * radius, inner + 1);
  for (let round = 0; round < ROUNDS; round++) {
    const ground = ringMedian<T>(pattern, rows, columns, row, column, inner, outer, seen, room);
    const reach = <i32>Mathf.ceil(inner + 1), r = <i32>Mathf.round(row), c = <i32>Mathf.round(column);
    let mass: f32 = 0, down: f32 = 0, across: f32 = 0, area: f32 = 0;
    for (let y = max(0, r - reach); y <= min(rows - 1, r + reach); y++) {
      for (let x = max(0, c - reach); x <= min(columns - 1, c + reach); x++) {
        const dy = <f32>y - row, dx = <f32>x - column;
        const part = max<f32>(0, min<f32>(1, inner - Mathf.sqrt(dy * dy + dx * dx) + 0.5));
        const pixel = <usize>(y * columns + x);
        const weight = part * load<f32>(seen + (pixel << 2));
        if (weight == 0) continue;
        const value = weight * (<f32>load<T>(pattern + pixel * sizeof<T>()) - ground);
        mass += value;
        down += value * dy;
        across += value * dx;
        area += weight;
      }
    }
    if (!(mass > 0)) {
      height = 0;
      break;
    }
    row += max(-radius, min(radius, down / mass));
    column += max(-radius, min(radius, across / mass));
    height = mass / area;
  }
  const inside = row >= 0 && column >= 0 && row <= <f32>(rows - 1) && column <= <f32>(columns - 1);
  store<f32>(out, height > 0 && inside ? row : NaN);
  store<f32>(out, height > 0 && inside ? column : NaN, 4);
  store<f32>(out, inside ? height : 0, 8);
}

// The median of the pixels between two distances that are not masked; of an even number the lower one; 0 of none.
function ringMedian<T>(
  pattern: usize, rows: i32, columns: i32, row: f32, column: f32, inner: f32, outer: f32, seen: usize, room: usize,
): f32 {
  const reach = <i32>Mathf.ceil(outer), r = <i32>Mathf.round(row), c = <i32>Mathf.round(column);
  let count = 0;
  for (let y = max(0, r - reach); y <= min(rows - 1, r + reach); y++) {
    for (let x = max(0, c - reach); x <= min(columns - 1, c + reach); x++) {
      const dy = <f32>y - row, dx = <f32>x - column, square = dy * dy + dx * dx;
      const pixel = <usize>(y * columns + x);
      if (square < inner * inner || square > outer * outer || load<f32>(seen + (pixel << 2)) == 0) continue;
      store<f32>(room + (<usize>count << 2), <f32>load<T>(pattern + pixel * sizeof<T>()));
      count++;
    }
  }
  if (count == 0) return 0;
  return select(room, count, (count - 1) / 2);
}

// The number of rank `rank` among `count` (Hoare).
function select(values: usize, count: i32, rank: i32): f32 {
  let low = 0, high = count - 1;
  while (low < high) {
    const pivot = load<f32>(values + (<usize>((low + high) >> 1) << 2));
    let i = low, j = high;
    while (i <= j) {
      while (load<f32>(values + (<usize>i << 2)) < pivot) i++;
      while (load<f32>(values + (<usize>j << 2)) > pivot) j--;
      if (i > j) break;
      const kept = load<f32>(values + (<usize>i << 2));
      store<f32>(values + (<usize>i << 2), load<f32>(values + (<usize>j << 2)));
      store<f32>(values + (<usize>j << 2), kept);
      i++;
      j--;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return load<f32>(values + (<usize>rank << 2));
}

/** The direct beam of patterns of 8-bit counts; see above. */
export function beamsU8(
  patterns: usize, count: i32, rows: i32, columns: i32, top: i32, bottom: i32, left: i32, right: i32, radius: f32,
  weights: usize, taps: i32, seen: usize, out: usize, room: usize,
): void {
  beams<u8>(patterns, count, rows, columns, top, bottom, left, right, radius, weights, taps, seen, out, room);
}

/** The direct beam of patterns of 16-bit counts. */
export function beamsU16(
  patterns: usize, count: i32, rows: i32, columns: i32, top: i32, bottom: i32, left: i32, right: i32, radius: f32,
  weights: usize, taps: i32, seen: usize, out: usize, room: usize,
): void {
  beams<u16>(patterns, count, rows, columns, top, bottom, left, right, radius, weights, taps, seen, out, room);
}

/** The direct beam of float32 patterns. */
export function beamsF32(
  patterns: usize, count: i32, rows: i32, columns: i32, top: i32, bottom: i32, left: i32, right: i32, radius: f32,
  weights: usize, taps: i32, seen: usize, out: usize, room: usize,
): void {
  beams<f32>(patterns, count, rows, columns, top, bottom, left, right, radius, weights, taps, seen, out, room);
}
