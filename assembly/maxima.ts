// Local maxima of a plane, and which of them are taken: settings as assembly/peaks.ts has them.

// Local maxima at least `border` pixels from the edge, as (float32 height, int32 place) pairs; returns their number. Of
// equal neighbours the last one counts.
export function maxima(
  plane: usize, rows: i32, columns: i32, wide: i32, border: i32, settings: usize, list: usize,
): i32 {
  const stride = <usize>wide << 2, left = border, right = columns - border;
  let least = max<f32>(load<f32>(settings, 20), 0);
  if (load<i32>(settings, 12) == 0) {
    let highest: f32 = 0;
    for (let row = border; row < rows - border; row++) {
      const here = plane + <usize>row * stride;
      let lanes = f32x4.splat(0);
      let column = left;
      for (; column + 4 <= right; column += 4) lanes = f32x4.pmax(lanes, v128.load(here + (<usize>column << 2)));
      for (; column < right; column++) highest = max(highest, load<f32>(here + (<usize>column << 2)));
      highest = max(highest, max(
        max(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)),
        max(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)),
      ));
    }
    least = max(least, highest * load<f32>(settings, 16));
  }
  const floor = f32x4.splat(least);
  let found = 0;
  for (let row = border; row < rows - border; row++) {
    const here = plane + <usize>row * stride;
    for (let column = left; column < right; column += 4) {
      const at = here + (<usize>column << 2);
      const v = v128.load(at);
      let peak = f32x4.gt(v, floor);
      if (!v128.any_true(peak)) continue;
      peak = v128.and(peak, f32x4.ge(v, v128.load(at - stride - 4)));
      peak = v128.and(peak, f32x4.ge(v, v128.load(at - stride)));
      peak = v128.and(peak, f32x4.ge(v, v128.load(at - stride + 4)));
      peak = v128.and(peak, f32x4.ge(v, v128.load(at - 4)));
      peak = v128.and(peak, f32x4.gt(v, v128.load(at + 4)));
      peak = v128.and(peak, f32x4.gt(v, v128.load(at + stride - 4)));
      peak = v128.and(peak, f32x4.gt(v, v128.load(at + stride)));
      peak = v128.and(peak, f32x4.gt(v, v128.load(at + stride + 4)));
      let lanes = i32x4.bitmask(peak);
      while (lanes != 0) {
        const lane = ctz(lanes);
        lanes &= lanes - 1;
        if (column + lane >= right) break;
        const entry = list + (<usize>found << 3);
        store<f32>(entry, load<f32>(at + (<usize>lane << 2)));
        store<i32>(entry, row * wide + column + lane, 4);
        found++;
      }
    }
  }
  return found;
}

// Highest first, of equal ones the first in the plane: an order without ties.
export function sortFalling(list: usize, count: i32): void {
  let gap = 1;
  while (gap < count / 3) gap = 3 * gap + 1;
  for (; gap > 0; gap /= 3) {
    for (let i = gap; i < count; i++) {
      const height = load<f32>(list + (<usize>i << 3)), place = load<i32>(list + (<usize>i << 3), 4);
      let j = i;
      for (; j >= gap; j -= gap) {
        const other = list + (<usize>(j - gap) << 3);
        const above = load<f32>(other);
        if (above > height || (above == height && load<i32>(other, 4) < place)) break;
        store<i64>(list + (<usize>j << 3), load<i64>(other));
      }
      store<f32>(list + (<usize>j << 3), height);
      store<i32>(list + (<usize>j << 3), place, 4);
    }
  }
}

// Takes maxima from the highest down, none near a higher one: pixels and heights; returns their number.
export function choose(list: usize, count: i32, wide: i32, settings: usize, out: usize): i32 {
  const most = load<i32>(settings, 8), rank = load<i32>(settings, 12);
  const spacing = load<f32>(settings, 24), nearest = spacing * spacing;
  const reference = list + (<usize>max(0, min(rank, count - 1)) << 3);
  const least = count > 0 ? load<f32>(reference) * load<f32>(settings, 16) : 0;
  let kept = 0;
  for (let index = 0; index < count && kept < most; index++) {
    const entry = list + (<usize>index << 3);
    const height = load<f32>(entry), place = load<i32>(entry, 4);
    if (height < least) break;
    const row = <f32>(place / wide), column = <f32>(place % wide);
    let apart = true;
    for (let other = 0; other < kept && apart; other++) {
      const before = out + <usize>other * 12;
      const down = row - load<f32>(before), across = column - load<f32>(before, 4);
      apart = down * down + across * across >= nearest;
    }
    if (!apart) continue;
    const to = out + <usize>kept * 12;
    store<f32>(to, row);
    store<f32>(to, column, 4);
    store<f32>(to, height, 8);
    kept++;
  }
  return kept;
}
