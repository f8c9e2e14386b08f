// Normal equations of one disk in a pattern: what its pixels say of its height, background, slopes and place, all at once, so
// that edges of the detector and masked pixels may cut it.

import { loadFloats, sumFloats } from "./lanes";
import { fallOfDisk, insideEdge, partOfDisk } from "./softdisk";

/** Unknowns: height, background, its slopes down and across, then moves down and across times the height. */
export const N: i32 = 6;
/** Where the right sides begin, behind the matrix, in bytes. */
export const RIGHT: usize = 288;
/** The fit reaches so many pixels beyond the disk. */
const MARGIN: f32 = 2;
/** Variance that the model of a disk adds to that of the counts, in squares of its height. */
const UNLIKE: f64 = 0.0002;

// Sums of a soft disk about (middleRow, middleColumn), with weights 1 / variance: the lower triangle of a matrix of N x N
// float64, then N right sides, at `sums`. seen: uint8 (rows, columns), 0 where a pixel shows nothing.
export function gatherDisk<T>(
  pattern: usize, rows: i32, columns: i32, middleRow: f32, middleColumn: f32, height: f32, ground: f32, slopeDown: f32,
  slopeAcross: f32, radius: f32, width: f32, seen: usize, perCount: f32, sums: usize,
): void {
  const reach = radius + max<f32>(MARGIN, width / 2), zero = f32x4.splat(0), one = f32x4.splat(1);
  const outside = f32x4.splat(radius + width / 2), perWidth = f32x4.splat(1 / width), far = f32x4.splat(reach);
  const steepest = f32x4.splat(6 / width);
  const even = f32x4.splat(ground), lit = f32x4.splat(height), perElectron = f32x4.splat(1 / perCount);
  const least = f32x4.splat(<f32>0.1 * ground + <f32>0.02 * height), unlike = f32x4.splat(<f32>UNLIKE * height * height);
  const downSlope = f32x4.splat(slopeDown), acrossSlope = f32x4.splat(slopeAcross);
  let tt = zero, t1 = zero, tg = zero, th = zero, ty = zero, tx = zero, tr = zero;
  let ww = zero, wg = zero, wh = zero, wy = zero, wx = zero, wr = zero;
  let gg = zero, gh = zero, gy = zero, gx = zero, gr = zero, hh = zero, hy = zero, hx = zero, hr = zero;
  let yy = zero, yx = zero, yr = zero, xx = zero, xr = zero;
  const top = max(0, <i32>Mathf.ceil(middleRow - reach)), bottom = min(rows - 1, <i32>Mathf.floor(middleRow + reach));
  for (let r = top; r <= bottom; r++) {
    const down = <f32>r - middleRow, chord = Mathf.sqrt(max<f32>(0, reach * reach - down * down));
    const left = max(0, <i32>Mathf.ceil(middleColumn - chord));
    const right = min(columns - 1, <i32>Mathf.floor(middleColumn + chord));
    const dy = f32x4.splat(down), line = pattern + <usize>(r * columns) * sizeof<T>(), known = seen + <usize>(r * columns);
    for (let c = left; c <= right; c += 4) {
      // The last lanes of a row are read with some before them, which then count nothing.
      const from = min(c, columns - 4);
      const place = f32x4.add(f32x4.splat(<f32>from), f32x4(0, 1, 2, 3));
      const dx = f32x4.sub(place, f32x4.splat(middleColumn));
      const distance = f32x4.sqrt(f32x4.add(f32x4.mul(dy, dy), f32x4.mul(dx, dx)));
      let counted = v128.and(f32x4.le(distance, far), f32x4.ge(place, f32x4.splat(<f32>c)));
      counted = v128.and(counted, f32x4.gt(loadFloats<u8>(known + <usize>from), zero));
      const inside = insideEdge(distance, outside, perWidth), t = partOfDisk(inside);
      const fall = fallOfDisk(inside, distance, steepest);
      const y = f32x4.mul(fall, dy), x = f32x4.mul(fall, dx);
      const expected = f32x4.add(even, f32x4.mul(lit, t));
      const variance = f32x4.add(unlike, f32x4.mul(perElectron, f32x4.pmax(expected, least)));
      const w = v128.and(counted, f32x4.div(one, variance));
      const value = loadFloats<T>(line + <usize>from * sizeof<T>());
      const sloped = f32x4.add(f32x4.mul(downSlope, dy), f32x4.mul(acrossSlope, dx));
      const rest = f32x4.mul(w, f32x4.sub(f32x4.sub(value, expected), sloped));
      const tw = f32x4.mul(t, w), yw = f32x4.mul(y, w), xw = f32x4.mul(x, w);
      const gw = f32x4.mul(dy, w), hw = f32x4.mul(dx, w);
      tt = f32x4.add(tt, f32x4.mul(t, tw));
      t1 = f32x4.add(t1, tw);
      tg = f32x4.add(tg, f32x4.mul(t, gw));
      th = f32x4.add(th, f32x4.mul(t, hw));
      ty = f32x4.add(ty, f32x4.mul(t, yw));
      tx = f32x4.add(tx, f32x4.mul(t, xw));
      tr = f32x4.add(tr, f32x4.mul(t, rest));
      ww = f32x4.add(ww, w);
      wg = f32x4.add(wg, gw);
      wh = f32x4.add(wh, hw);
      wy = f32x4.add(wy, yw);
      wx = f32x4.add(wx, xw);
      wr = f32x4.add(wr, rest);
      gg = f32x4.add(gg, f32x4.mul(dy, gw));
      gh = f32x4.add(gh, f32x4.mul(dy, hw));
      gy = f32x4.add(gy, f32x4.mul(dy, yw));
      gx = f32x4.add(gx, f32x4.mul(dy, xw));
      gr = f32x4.add(gr, f32x4.mul(dy, rest));
      hh = f32x4.add(hh, f32x4.mul(dx, hw));
      hy = f32x4.add(hy, f32x4.mul(dx, yw));
      hx = f32x4.add(hx, f32x4.mul(dx, xw));
      hr = f32x4.add(hr, f32x4.mul(dx, rest));
      yy = f32x4.add(yy, f32x4.mul(y, yw));
      yx = f32x4.add(yx, f32x4.mul(y, xw));
      yr = f32x4.add(yr, f32x4.mul(y, rest));
      xx = f32x4.add(xx, f32x4.mul(x, xw));
      xr = f32x4.add(xr, f32x4.mul(x, rest));
    }
  }
  // Rows of the lower triangle: height, background, slopes down and across, moves down and across.
  put(sums, 0, 0, tt);
  put(sums, 1, 0, t1);
  put(sums, 1, 1, ww);
  put(sums, 2, 0, tg);
  put(sums, 2, 1, wg);
  put(sums, 2, 2, gg);
  put(sums, 3, 0, th);
  put(sums, 3, 1, wh);
  put(sums, 3, 2, gh);
  put(sums, 3, 3, hh);
  put(sums, 4, 0, ty);
  put(sums, 4, 1, wy);
  put(sums, 4, 2, gy);
  put(sums, 4, 3, hy);
  put(sums, 4, 4, yy);
  put(sums, 5, 0, tx);
  put(sums, 5, 1, wx);
  put(sums, 5, 2, gx);
  put(sums, 5, 3, hx);
  put(sums, 5, 4, yx);
  put(sums, 5, 5, xx);
  store<f64>(sums, sumFloats(tr), RIGHT);
  store<f64>(sums, sumFloats(wr), RIGHT + 8);
  store<f64>(sums, sumFloats(gr), RIGHT + 16);
  store<f64>(sums, sumFloats(hr), RIGHT + 24);
  store<f64>(sums, sumFloats(yr), RIGHT + 32);
  store<f64>(sums, sumFloats(xr), RIGHT + 40);
}

// @ts-ignore: decorator
@inline
function put(sums: usize, row: i32, column: i32, lanes: v128): void {
  store<f64>(sums + (<usize>(N * row + column) << 3), sumFloats(lanes));
}

// Solves the equations by L D L^T (A. Cholesky): the unknowns take the place of the right sides, and the diagonal of D that of
// the matrix's; D of the last two unknowns is what is known of them when the others are not. False where they leave something
// open.
export function solveDisk(sums: usize): bool {
  for (let i = 0; i < N; i++) {
    const own = load<f64>(at(sums, i, i));
    for (let j = 0; j < i; j++) {
      let value = load<f64>(at(sums, i, j));
      for (let k = 0; k < j; k++) value -= load<f64>(at(sums, i, k)) * load<f64>(at(sums, j, k)) * load<f64>(at(sums, k, k));
      store<f64>(at(sums, i, j), value / load<f64>(at(sums, j, j)));
    }
    let pivot = own;
    for (let k = 0; k < i; k++) {
      const part = load<f64>(at(sums, i, k));
      pivot -= part * part * load<f64>(at(sums, k, k));
    }
    if (!(pivot > 1e-4 * own)) return false;
    store<f64>(at(sums, i, i), pivot);
    let right = load<f64>(sums + (<usize>i << 3), RIGHT);
    for (let k = 0; k < i; k++) right -= load<f64>(at(sums, i, k)) * load<f64>(sums + (<usize>k << 3), RIGHT);
    store<f64>(sums + (<usize>i << 3), right, RIGHT);
  }
  for (let i = N - 1; i >= 0; i--) {
    let value = load<f64>(sums + (<usize>i << 3), RIGHT) / load<f64>(at(sums, i, i));
    for (let k = i + 1; k < N; k++) value -= load<f64>(at(sums, k, i)) * load<f64>(sums + (<usize>k << 3), RIGHT);
    store<f64>(sums + (<usize>i << 3), value, RIGHT);
  }
  return true;
}

// @ts-ignore: decorator
@inline
function at(sums: usize, row: i32, column: i32): usize {
  return sums + (<usize>(N * row + column) << 3);
}
