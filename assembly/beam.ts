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
// else 1; masked pixels count neither for the blur nor for the centre. room: float32, with W = right - left in sixteens and
// S = W + 2 x taps in sixteens: (bottom - top) x W for what is seen; then (bottom - top + 2 x taps + 2) x S, or as many as a
// ring has pixels.
function beams<T>(
  patterns: usize, count: i32, rows: i32, columns: i32, top: i32, bottom: i32, left: i32, right: i32, radius: f32,
  weights: usize, taps: i32, seen: usize, out: usize, room: usize,
): void {
  const bytes = <usize>(rows * columns) * sizeof<T>(), wide = sixteens(right - left);
  const covers = room, rest = covers + (<usize>((bottom - top) * wide) << 2);
  // What is seen of the blur's weights is the same for all patterns.
  cut<f32>(seen, rows, columns, top, bottom, left, right, taps, seen, rest);
  for (let row = top; row < bottom; row++) {
    const cover = covers + (<usize>((row - top) * wide) << 2), line = blurRow(rest, rows, top, bottom, row, wide, weights, taps);
    blurAlong(line, wide, weights, taps, cover);
  }
  for (let index = 0; index < count; index++) {
    const to = out + <usize>index * 12, pattern = patterns + <usize>index * bytes;
    cut<T>(pattern, rows, columns, top, bottom, left, right, taps, seen, rest);
    const place = brightest(rows, columns, top, bottom, left, right, weights, taps, covers, rest);
    if (place < 0) {
      store<f32>(to, NaN);
      store<f32>(to, NaN, 4);
      store<f32>(to, 0, 8);
      continue;
    }
    centreOf<T>(pattern, rows, columns, place / columns, place % columns, radius, seen, to, rest);
  }
}

// @ts-ignore: decorator
@inline
function sixteens(length: i32): i32 {
  return (length + 15) & ~15;
}

// The window that the blur looks at, as far as it is seen: rows top - taps .. bottom + taps - 1 that there are, and columns from
// left - taps on; 0 beyond the pattern.
function cut<T>(
  pattern: usize, rows: i32, columns: i32, top: i32, bottom: i32, left: i32, right: i32, taps: i32, seen: usize, window: usize,
): void {
  const start = left - taps, end = min(columns, right + taps), stride = sixteens(sixteens(right - left) + 2 * taps);
  const first = max(0, top - taps), last = min(rows, bottom + taps);
  memory.fill(window, 0, <usize>((last - first) * stride) << 2);
  for (let row = first; row < last; row++) {
    const to = window + (<usize>((row - first) * stride) << 2);
    let c = max(0, start);
    for (; c + 4 <= end; c += 4) {
      const pixel = <usize>(row * columns + c);
      const values = f32x4.mul(v128.load(seen + (pixel << 2)), loadFloats<T>(pattern + pixel * sizeof<T>()));
      v128.store(to + (<usize>(c - start) << 2), values);
    }
    for (; c < end; c++) {
      const pixel = <usize>(row * columns + c);
      store<f32>(to + (<usize>(c - start) << 2), load<f32>(seen + (pixel << 2)) * <f32>load<T>(pattern + pixel * sizeof<T>()));
    }
  }
}

// A row of the window blurred across rows; it lies behind the window.
function blurRow(window: usize, rows: i32, top: i32, bottom: i32, row: i32, wide: i32, weights: usize, taps: i32): usize {
  const stride = <usize>sixteens(wide + 2 * taps) << 2, first = max(0, top - taps);
  const line = window + <usize>(min(rows, bottom + taps) - first) * stride;
  const from = max(0, row - taps), to = min(rows - 1, row + taps);
  for (let o: usize = 0; o < stride; o += 64) {
    weighed(window + <usize>(from - first) * stride + o, stride, from - row, to - row, weights, line + o);
  }
  return line;
}

// The row blurred along itself: `wide` numbers from column `left` on.
function blurAlong(line: usize, wide: i32, weights: usize, taps: i32, out: usize): void {
  for (let o: usize = 0; o < <usize>wide << 2; o += 64) {
    weighed(line + o, 4, -taps, taps, weights, out + o);
  }
}

// Sixteen numbers, each the sum of those at `at` and so many steps further as there are taps from `first` to `last`, weighed.
// Four vectors at a time, so that weights and addresses serve all.
// @ts-ignore: decorator
@inline
function weighed(at: usize, step: usize, first: i32, last: i32, weights: usize, out: usize): void {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (let tap = first; tap <= last; tap++, at += step) {
    const w = v128.load32_splat(weights + (<usize>abs(tap) << 2));
    a = f32x4.add(a, f32x4.mul(w, v128.load(at)));
    b = f32x4.add(b, f32x4.mul(w, v128.load(at, 16)));
    c = f32x4.add(c, f32x4.mul(w, v128.load(at, 32)));
    d = f32x4.add(d, f32x4.mul(w, v128.load(at, 48)));
  }
  v128.store(out, a);
  v128.store(out, b, 16);
  v128.store(out, c, 32);
  v128.store(out, d, 48);
}

// The pixel at which the blurred window is highest; -1 where it is nowhere above 0. Sums are divided by the weights of the
// pixels that are there.
function brightest(
  rows: i32, columns: i32, top: i32, bottom: i32, left: i32, right: i32, weights: usize, taps: i32, covers: usize, window: usize,
): i32 {
  const wide = sixteens(right - left);
  let highest: f32 = 0, found = -1;
  for (let row = top; row < bottom; row++) {
    const line = blurRow(window, rows, top, bottom, row, wide, weights, taps), sums = line + (<usize>sixteens(wide + 2 * taps) << 2);
    const cover = covers + (<usize>((row - top) * wide) << 2);
    blurAlong(line, wide, weights, taps, sums);
    for (let c = 0; c < right - left; c++) {
      const seen = load<f32>(cover + (<usize>c << 2));
      if (!(seen > 0)) continue;
      const mean = load<f32>(sums + (<usize>c << 2)) / seen;
      if (mean <= highest) continue;
      highest = mean;
      found = row * columns + left + c;
    }
  }
  return found;
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
