// Where a pattern is most like its own point inversion: the direct beam, also behind a beam stop (spec of Bragg disks, 5.1c,
// after D. Padfield, IEEE Trans. Image Process. 21, 2706, 2012).

import { blurred } from "./blur";
import { correlateTemplate } from "./template";
import { vertex } from "./upsampled";

// For `count` patterns of rows x columns pixels, 0 where they are masked: out, float32 [count][3], row and column of the centre
// of inversion in pixels, and the correlation coefficient there; NaN, NaN and 0 where there is none, or only at the border.
//
// Patterns are blurred first, with the weights of assembly/blur.ts. share: float32 (rows, columns), one over the part of the
// blur that is seen, 0 where a pixel is masked. tall, wide, half, tallPlan, widePlan: as in assembly/template.ts, at least twice
// the detector. seen: spectrum of the image that is 1 where a pixel counts, not conjugated, divided by tall x wide. overlap:
// float32 (tall, wide), at twice a centre the number of pixels that are seen together with their partner, 0 where that is too
// few or nobody looks.
// room: float32 (tall, wide) three times, float32 (rows, columns) twice, then the room of the template or of the blur.
function friedel<T>(
  patterns: usize, count: i32, rows: i32, columns: i32, weights: usize, taps: i32, share: usize, tall: i32, wide: i32,
  half: i32, seen: usize, overlap: usize, tallPlan: usize, widePlan: usize, out: usize, room: usize,
): void {
  const plane = <usize>(tall * wide) << 2, pixels = rows * columns, bytes = <usize>pixels * sizeof<T>();
  const sums = room, squares = sums + plane, products = squares + plane, image = products + plane;
  const squared = image + (<usize>pixels << 2), rest = (squared + (<usize>pixels << 2) + 63) & ~63;
  const scale: f32 = 1 / <f32>(tall * wide);
  for (let index = 0; index < count; index++) {
    blurred<T>(patterns + <usize>index * bytes, image, rows, columns, weights, taps, rest);
    for (let i = 0; i < pixels; i++) {
      const o = <usize>i << 2, value = load<f32>(image + o) * load<f32>(share + o);
      store<f32>(image + o, value);
      store<f32>(squared + o, value * value);
    }
    correlateTemplate<f32>(image, rows, columns, tall, wide, half, seen, tallPlan, widePlan, tall, sums, 0, rest);
    correlateTemplate<f32>(image, rows, columns, tall, wide, half, 0, tallPlan, widePlan, tall, products, 0, rest);
    correlateTemplate<f32>(squared, rows, columns, tall, wide, half, seen, tallPlan, widePlan, tall, squares, 0, rest);
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
    if (place < 0 || isBorder(products, place, tall, wide)) {
      store<f32>(to, NaN);
      store<f32>(to, NaN, 4);
      store<f32>(to, 0, 8);
      continue;
    }
    const row = place / wide, column = place % wide;
    store<f32>(to, 0.5 * (<f32>row + along(products, wide, place)));
    store<f32>(to, 0.5 * (<f32>column + along(products, 1, place)), 4);
    store<f32>(to, min<f32>(1, best), 8);
  }
}

// Whether a place lies at the border of where anybody looks: what is highest there goes on rising outside.
function isBorder(scores: usize, place: i32, tall: i32, wide: i32): bool {
  const row = place / wide, column = place % wide;
  if (row == 0 || column == 0 || row == tall - 1 || column == wide - 1) return true;
  const at = scores + (<usize>place << 2), stride = <usize>wide << 2;
  return load<f32>(at - 4) == -1 || load<f32>(at + 4) == -1 || load<f32>(at - stride) == -1 ||
    load<f32>(at + stride) == -1;
}

// The vertex along one axis.
function along(scores: usize, step: i32, place: i32): f32 {
  const at = scores + (<usize>place << 2), apart = <usize>step << 2;
  return vertex(load<f32>(at - apart), load<f32>(at), load<f32>(at + apart));
}

/** Centres of inversion of patterns of 8-bit counts; see above. */
export function friedelU8(
  patterns: usize, count: i32, rows: i32, columns: i32, weights: usize, taps: i32, share: usize, tall: i32, wide: i32,
  half: i32, seen: usize, overlap: usize, tallPlan: usize, widePlan: usize, out: usize, room: usize,
): void {
  friedel<u8>(
    patterns, count, rows, columns, weights, taps, share, tall, wide, half, seen, overlap, tallPlan, widePlan, out, room,
  );
}

/** Centres of inversion of patterns of 16-bit counts. */
export function friedelU16(
  patterns: usize, count: i32, rows: i32, columns: i32, weights: usize, taps: i32, share: usize, tall: i32, wide: i32,
  half: i32, seen: usize, overlap: usize, tallPlan: usize, widePlan: usize, out: usize, room: usize,
): void {
  friedel<u16>(
    patterns, count, rows, columns, weights, taps, share, tall, wide, half, seen, overlap, tallPlan, widePlan, out, room,
  );
}

/** Centres of inversion of float32 patterns. */
export function friedelF32(
  patterns: usize, count: i32, rows: i32, columns: i32, weights: usize, taps: i32, share: usize, tall: i32, wide: i32,
  half: i32, seen: usize, overlap: usize, tallPlan: usize, widePlan: usize, out: usize, room: usize,
): void {
  friedel<f32>(
    patterns, count, rows, columns, weights, taps, share, tall, wide, half, seen, overlap, tallPlan, widePlan, out, room,
  );
}
