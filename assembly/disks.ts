// Places of disks by fits to the patterns themselves. A correlogram weighs every pixel alike, and parabolas follow it to a few
// hundredths of a pixel; with weights 1 / expected counts a fit comes near to what counting noise leaves to be known.

import { loadFloats, sumFloats } from "./lanes";
import { isWhole } from "./peaks";
import { fallOfDisk, insideEdge, partOfDisk } from "./softdisk";

/** The fit reaches so many pixels beyond the disk, whose edge is so many times as wide as from 88 to 12 percent. */
const MARGIN: f32 = 2, EDGE_WIDTHS: f32 = 1.5;
/** Rounds; the first one, which knows no counts to expect, weighs all pixels alike. */
const ROUNDS = 3;
/** Variance that the model of a disk adds to that of the counts, in squares of its height: no disk is just like it. */
const UNLIKE: f64 = 0.003;
/** Disks this much fainter than another do not push it. */
const FAINT: f32 = 0.05;

// What a fit has found, float64 one after another: the middle of the disk, its height, the background there and its slopes.
const ROW = 0, COLUMN = 8, HEIGHT = 16, GROUND = 24, DOWN = 32, ACROSS = 40;
// What `solve` found, behind it.
const FIRST = 48, SECOND = 56;

// Places the disks that assembly/peaks.ts found in `count` patterns anew: least squares of
//   ground + slopes . (place - middle) + height . disk(|place - middle|)
// with weights 1 / (ground + height . disk). Disks stay where they are when the fit leads away from there, another disk
// touches them, or masked pixels do. radius and edge in pixels; cover: see assembly/peaks.ts, with rows of `wide`.
// fit: 64 bytes for what is being fitted.
function place<T>(
  patterns: usize, count: i32, rows: i32, columns: i32, most: i32, radius: f32, edge: f32, cover: usize, wide: i32,
  peaks: usize, counts: usize, fit: usize,
): void {
  const bytes = <usize>(rows * columns) * sizeof<T>(), plane = <usize>(rows * wide) << 2;
  const width = EDGE_WIDTHS * edge, apart = radius + radius + MARGIN, farthest = max<f32>(1, radius / 4);
  for (let index = 0; index < count; index++) {
    const pattern = patterns + <usize>index * bytes, list = peaks + <usize>(index * most) * 12;
    const found = load<i32>(counts + (<usize>index << 2));
    // All are judged by the places before any moves.
    for (let peak = 0; peak < found; peak++) {
      const at = list + <usize>peak * 12;
      if (touched(list, found, peak, apart)) store<f32>(at, -load<f32>(at, 8), 8);
    }
    for (let peak = 0; peak < found; peak++) {
      const at = list + <usize>peak * 12, tall = load<f32>(at, 8);
      if (tall < 0) {
        store<f32>(at, -tall, 8);
        continue;
      }
      if (cover && !isWhole(at, cover, wide, plane)) continue;
      const row = load<f32>(at), column = load<f32>(at, 4);
      if (!fitDisk<T>(pattern, rows, columns, radius, width, row, column, fit)) continue;
      const toRow = <f32>load<f64>(fit, ROW), toColumn = <f32>load<f64>(fit, COLUMN);
      const movedDown = toRow - row, movedAcross = toColumn - column;
      if (!(movedDown * movedDown + movedAcross * movedAcross <= farthest * farthest)) continue;
      store<f32>(at, toRow);
      store<f32>(at, toColumn, 4);
    }
  }
}

/** Disks of 8-bit patterns. */
export function placeDisksU8(
  patterns: usize, count: i32, rows: i32, columns: i32, most: i32, radius: f32, edge: f32, cover: usize, wide: i32,
  peaks: usize, counts: usize, fit: usize,
): void {
  place<u8>(patterns, count, rows, columns, most, radius, edge, cover, wide, peaks, counts, fit);
}

/** Disks of 16-bit patterns. */
export function placeDisksU16(
  patterns: usize, count: i32, rows: i32, columns: i32, most: i32, radius: f32, edge: f32, cover: usize, wide: i32,
  peaks: usize, counts: usize, fit: usize,
): void {
  place<u16>(patterns, count, rows, columns, most, radius, edge, cover, wide, peaks, counts, fit);
}

/** Disks of float32 patterns. */
export function placeDisksF32(
  patterns: usize, count: i32, rows: i32, columns: i32, most: i32, radius: f32, edge: f32, cover: usize, wide: i32,
  peaks: usize, counts: usize, fit: usize,
): void {
  place<f32>(patterns, count, rows, columns, most, radius, edge, cover, wide, peaks, counts, fit);
}

// Whether another disk is nearer than `apart`.
function touched(list: usize, count: i32, peak: i32, apart: f32): bool {
  const at = list + <usize>peak * 12, row = load<f32>(at), column = load<f32>(at, 4);
  for (let other = 0; other < count; other++) {
    const place = list + <usize>other * 12;
    const down = load<f32>(place) - row, across = load<f32>(place, 4) - column;
    if (other == peak || Mathf.abs(load<f32>(place, 8)) < FAINT * load<f32>(at, 8)) continue;
    if (down * down + across * across < apart * apart) return true;
  }
  return false;
}

// Fits one disk from a place on; false where there is none. Even and odd parts of a round disk do not mix, so that each
// round solves three times two equations.
function fitDisk<T>(
  pattern: usize, rows: i32, columns: i32, radius: f32, width: f32, row: f32, column: f32, fit: usize,
): bool {
  store<f64>(fit, row, ROW);
  store<f64>(fit, column, COLUMN);
  for (let o = HEIGHT; o <= ACROSS; o += 8) store<f64>(fit + o, 0);
  const longest = max<f32>(0.5, radius / 8);
  for (let round = 0; round < ROUNDS; round++) {
    if (!improve<T>(pattern, rows, columns, radius, width, longest, round > 0, fit)) return false;
  }
  return true;
}

function improve<T>(
  pattern: usize, rows: i32, columns: i32, radius: f32, width: f32, longest: f32, weighted: bool, fit: usize,
): bool {
  const middleRow = <f32>load<f64>(fit, ROW), middleColumn = <f32>load<f64>(fit, COLUMN);
  const height = load<f64>(fit, HEIGHT), ground = load<f64>(fit, GROUND);
  const slopeDown = load<f64>(fit, DOWN), slopeAcross = load<f64>(fit, ACROSS);
  const reach = radius + MARGIN, zero = f32x4.splat(0), one = f32x4.splat(1);
  const outside = f32x4.splat(radius + width / 2), perWidth = f32x4.splat(1 / width), far = f32x4.splat(reach);
  const steepest = f32x4.splat(6 / width);
  const even = f32x4.splat(<f32>ground), lit = f32x4.splat(<f32>height);
  const floor = f32x4.splat(<f32>(0.1 * ground + 0.02 * height));
  const unlike = f32x4.splat(<f32>(UNLIKE * height * height));
  const downSlope = f32x4.splat(<f32>slopeDown), acrossSlope = f32x4.splat(<f32>slopeAcross);
  let tt = zero, t1 = zero, ww = zero, tr = zero, rr = zero;
  let yy = zero, yg = zero, gg = zero, yr = zero, gr = zero;
  let xx = zero, xh = zero, hh = zero, xr = zero, hr = zero;
  const top = max(0, <i32>Mathf.ceil(middleRow - reach)), bottom = min(rows - 1, <i32>Mathf.floor(middleRow + reach));
  for (let r = top; r <= bottom; r++) {
    const down = <f32>r - middleRow, chord = Mathf.sqrt(max<f32>(0, reach * reach - down * down));
    const left = max(0, <i32>Mathf.ceil(middleColumn - chord));
    const right = min(columns - 1, <i32>Mathf.floor(middleColumn + chord));
    const dy = f32x4.splat(down), line = pattern + <usize>(r * columns) * sizeof<T>();
    for (let c = left; c <= right; c += 4) {
      // The last lanes of a row are read with some before them, which then count nothing.
      const from = min(c, columns - 4);
      const place = f32x4.add(f32x4.splat(<f32>from), f32x4(0, 1, 2, 3));
      const dx = f32x4.sub(place, f32x4.splat(middleColumn));
      const distance = f32x4.sqrt(f32x4.add(f32x4.mul(dy, dy), f32x4.mul(dx, dx)));
      const counted = v128.and(f32x4.le(distance, far), f32x4.ge(place, f32x4.splat(<f32>c)));
      const inside = insideEdge(distance, outside, perWidth), t = partOfDisk(inside);
      const fall = fallOfDisk(inside, distance, steepest);
      const y = f32x4.mul(fall, dy), x = f32x4.mul(fall, dx);
      const expected = f32x4.add(even, f32x4.mul(lit, t));
      const w = v128.and(counted, weighted ? f32x4.div(one, f32x4.add(unlike, f32x4.pmax(expected, floor))) : one);
      const value = loadFloats<T>(line + <usize>from * sizeof<T>());
      const sloped = f32x4.add(f32x4.mul(downSlope, dy), f32x4.mul(acrossSlope, dx));
      const rest = f32x4.mul(w, f32x4.sub(f32x4.sub(value, expected), sloped));
      const tw = f32x4.mul(t, w), yw = f32x4.mul(y, w), xw = f32x4.mul(x, w);
      const gw = f32x4.mul(dy, w), hw = f32x4.mul(dx, w);
      tt = f32x4.add(tt, f32x4.mul(t, tw));
      t1 = f32x4.add(t1, tw);
      ww = f32x4.add(ww, w);
      tr = f32x4.add(tr, f32x4.mul(t, rest));
      rr = f32x4.add(rr, rest);
      yy = f32x4.add(yy, f32x4.mul(y, yw));
      yg = f32x4.add(yg, f32x4.mul(y, gw));
      gg = f32x4.add(gg, f32x4.mul(dy, gw));
      yr = f32x4.add(yr, f32x4.mul(y, rest));
      gr = f32x4.add(gr, f32x4.mul(dy, rest));
      xx = f32x4.add(xx, f32x4.mul(x, xw));
      xh = f32x4.add(xh, f32x4.mul(x, hw));
      hh = f32x4.add(hh, f32x4.mul(dx, hw));
      xr = f32x4.add(xr, f32x4.mul(x, rest));
      hr = f32x4.add(hr, f32x4.mul(dx, rest));
    }
  }
  if (!solve(tt, t1, ww, tr, rr, fit)) return false;
  const tall = max(height + load<f64>(fit, FIRST), 0.3 * height), raised = ground + load<f64>(fit, SECOND);
  if (!solve(yy, yg, gg, yr, gr, fit)) return false;
  let moveDown = load<f64>(fit, FIRST) / tall;
  const down = slopeDown + load<f64>(fit, SECOND);
  if (!solve(xx, xh, hh, xr, hr, fit)) return false;
  let moveAcross = load<f64>(fit, FIRST) / tall;
  const across = slopeAcross + load<f64>(fit, SECOND);
  if (!(tall > 0)) return false;
  const step = Math.sqrt(moveDown * moveDown + moveAcross * moveAcross);
  if (step > longest) {
    moveDown *= <f64>longest / step;
    moveAcross *= <f64>longest / step;
  }
  store<f64>(fit, <f64>middleRow + moveDown, ROW);
  store<f64>(fit, <f64>middleColumn + moveAcross, COLUMN);
  store<f64>(fit, tall, HEIGHT);
  // The background slopes about the new middle.
  store<f64>(fit, max<f64>(0, raised + down * moveDown + across * moveAcross), GROUND);
  store<f64>(fit, down, DOWN);
  store<f64>(fit, across, ACROSS);
  return true;
}

// Solves (a b; b d) (first, second) = (u, v), each the sum of its lanes; false where that does not say both.
function solve(a: v128, b: v128, d: v128, u: v128, v: v128, fit: usize): bool {
  const aa = sumFloats(a), ab = sumFloats(b), bb = sumFloats(d), au = sumFloats(u), bv = sumFloats(v);
  const determinant = aa * bb - ab * ab;
  if (!(determinant > 1e-6 * aa * bb)) return false;
  store<f64>(fit, (bb * au - ab * bv) / determinant, FIRST);
  store<f64>(fit, (aa * bv - ab * au) / determinant, SECOND);
  return true;
}
