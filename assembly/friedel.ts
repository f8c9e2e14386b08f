// Where a pattern is most like its own point inversion: the direct beam, also behind a beam stop (spec of Bragg disks, 5.1c,
// after D. Padfield, IEEE Trans. Image Process. 21, 2706, 2012).

import { loadFloats } from "./lanes";
import { correlateTemplate } from "./template";
import { vertex } from "./upsampled";

// For `count` patterns of rows x columns pixels, 0 where they are masked: out, float32 [count][3], row and column of the centre
// of inversion in pixels, and the correlation coefficient there; NaN, NaN and 0 where there is none.
//
// tall, wide, half, tallPlan, widePlan: as in assembly/template.ts, at least twice the detector. seen: spectrum of the image that
// is 1 where a pixel counts, not conjugated, divided by tall x wide. overlap: float32 (tall, wide), at twice a centre the number
// of pixels that are seen together with their partner, 0 where that is too few or nobody looks.
// room: float32 (tall, wide) three times, float32 (rows, columns), then the room of the template.
function friedel<T>(
  patterns: usize, count: i32, rows: i32, columns: i32, tall: i32, wide: i32, half: i32, seen: usize, overlap: usize,
  tallPlan: usize, widePlan: usize, out: usize, room: usize,
): void {
  const plane = <usize>(tall * wide) << 2, pixels = rows * columns, bytes = <usize>pixels * sizeof<T>();
  const sums = room, squares = sums + plane, products = squares + plane, squared = products + plane;
  const rest = (squared + (<usize>pixels << 2) + 63) & ~63;
  const scale: f32 = 1 / <f32>(tall * wide);
  for (let index = 0; index < count; index++) {
    const pattern = patterns + <usize>index * bytes;
    correlateTemplate<T>(pattern, rows, columns, tall, wide, half, seen, tallPlan, widePlan, tall, sums, rest);
    correlateTemplate<T>(pattern, rows, columns, tall, wide, half, 0, tallPlan, widePlan, tall, products, rest);
    square<T>(pattern, pixels, squared);
    correlateTemplate<f32>(squared, rows, columns, tall, wide, half, seen, tallPlan, widePlan, tall, squares, rest);
    // The coefficients take the place of the products.
    let best: f32 = 0, place = -1;
    for (let i = 0; i < tall * wide; i++) {
      const o = <usize>i << 2, n = load<f32>(overlap + o);
      if (n == 0) {
        store<f32>(products + o, -1);
        continue;
      }
      const sum = load<f32>(sums + o), mean = sum * sum / n;
      const variance = load<f32>(squares + o) - mean;
      const score = variance > 1e-6 * mean ? (load<f32>(products + o) * scale - mean) / variance : -1;
      store<f32>(products + o, score);
      if (score <= best) continue;
      best = score;
      place = i;
    }
    const to = out + <usize>index * 12;
    if (place < 0) {
      store<f32>(to, NaN);
      store<f32>(to, NaN, 4);
      store<f32>(to, 0, 8);
      continue;
    }
    const row = place / wide, column = place % wide;
    store<f32>(to, 0.5 * (<f32>row + along(products, wide, place, row, tall)));
    store<f32>(to, 0.5 * (<f32>column + along(products, 1, place, column, wide)), 4);
    store<f32>(to, min<f32>(1, best), 8);
  }
}

// The vertex along one axis, where both neighbours are there.
function along(scores: usize, step: i32, place: i32, position: i32, length: i32): f32 {
  if (position == 0 || position == length - 1) return 0;
  const at = scores + (<usize>place << 2), apart = <usize>step << 2;
  const before = load<f32>(at - apart), after = load<f32>(at + apart);
  return before < 0 || after < 0 ? 0 : vertex(before, load<f32>(at), after);
}

// Squares of pixels, as float32.
function square<T>(pattern: usize, pixels: i32, out: usize): void {
  let i = 0;
  for (; i + 4 <= pixels; i += 4) {
    const lanes = loadFloats<T>(pattern + <usize>i * sizeof<T>());
    v128.store(out + (<usize>i << 2), f32x4.mul(lanes, lanes));
  }
  for (; i < pixels; i++) {
    const value = <f32>load<T>(pattern + <usize>i * sizeof<T>());
    store<f32>(out + (<usize>i << 2), value * value);
  }
}

/** Centres of inversion of patterns of 8-bit counts; see above. */
export function friedelU8(
  patterns: usize, count: i32, rows: i32, columns: i32, tall: i32, wide: i32, half: i32, seen: usize, overlap: usize,
  tallPlan: usize, widePlan: usize, out: usize, room: usize,
): void {
  friedel<u8>(patterns, count, rows, columns, tall, wide, half, seen, overlap, tallPlan, widePlan, out, room);
}

/** Centres of inversion of patterns of 16-bit counts. */
export function friedelU16(
  patterns: usize, count: i32, rows: i32, columns: i32, tall: i32, wide: i32, half: i32, seen: usize, overlap: usize,
  tallPlan: usize, widePlan: usize, out: usize, room: usize,
): void {
  friedel<u16>(patterns, count, rows, columns, tall, wide, half, seen, overlap, tallPlan, widePlan, out, room);
}

/** Centres of inversion of float32 patterns. */
export function friedelF32(
  patterns: usize, count: i32, rows: i32, columns: i32, tall: i32, wide: i32, half: i32, seen: usize, overlap: usize,
  tallPlan: usize, widePlan: usize, out: usize, room: usize,
): void {
  friedel<f32>(patterns, count, rows, columns, tall, wide, half, seen, overlap, tallPlan, widePlan, out, room);
}
