// The other orientation that a pattern of one zone may be of.

import { array, Room } from "./layout";
import { multiply } from "./turns";

/** Spots of which every two are tried as the plane of the zone. */
const TRIED = 8;
/** Reflections whose distance from the plane is less, in Å^-1, lie in it. */
const FLAT: f64 = 1e-4;

/**
 * Turns an orientation by half a turn about the axis of the zone that holds most of the pattern's weight: these spots stay
 * as they are. Tells whether any two spots span a plane. Reflections of the pattern are in `Near` with their weights in
 * place of their strengths; `room` takes two matrices.
 */
export function halfTurn(table: usize, scratch: usize, count: i32, from: usize, to: usize, room: usize): bool {
  const spots = array(scratch, table, Room.Near), strongest = room;
  let tried = 0;
  for (let spot = 0; spot < count; spot++) {
    const weight = load<f64>(spots + <usize>(40 * spot), 32);
    let at = min(tried, TRIED);
    while (at > 0 && load<f64>(spots + <usize>(40 * load<i32>(strongest + (<usize>(at - 1) << 2))), 32) < weight) {
      if (at < TRIED) store<i32>(strongest + (<usize>at << 2), load<i32>(strongest + (<usize>(at - 1) << 2)));
      at--;
    }
    if (at < TRIED) store<i32>(strongest + (<usize>at << 2), spot);
    tried = min(TRIED, tried + 1);
  }
  const axis = room + 40;
  let most: f64 = 0;
  for (let one = 0; one < tried; one++) {
    const g = spots + <usize>(40 * load<i32>(strongest + (<usize>one << 2)));
    for (let other = one + 1; other < tried; other++) {
      const h = spots + <usize>(40 * load<i32>(strongest + (<usize>other << 2)));
      let x = load<f64>(g, 8) * load<f64>(h, 16) - load<f64>(g, 16) * load<f64>(h, 8);
      let y = load<f64>(g, 16) * load<f64>(h) - load<f64>(g) * load<f64>(h, 16);
      let z = load<f64>(g) * load<f64>(h, 8) - load<f64>(g, 8) * load<f64>(h);
      const length = sqrt(x * x + y * y + z * z);
      if (length < FLAT) continue;
      x /= length;
      y /= length;
      z /= length;
      let held: f64 = 0;
      for (let spot = spots; spot < spots + <usize>(40 * count); spot += 40) {
        const off = load<f64>(spot) * x + load<f64>(spot, 8) * y + load<f64>(spot, 16) * z;
        if (abs(off) < FLAT) held += load<f64>(spot, 32);
      }
      if (held <= most + 1e-9) continue;
      most = held;
      store<f64>(axis, x);
      store<f64>(axis, y, 8);
      store<f64>(axis, z, 16);
    }
  }
  if (most == 0) return false;
  // 2 a a^T - 1.
  const turn = room + 72;
  for (let row: usize = 0; row < 24; row += 8) {
    for (let column: usize = 0; column < 24; column += 8) {
      const value = 2 * load<f64>(axis + row) * load<f64>(axis + column);
      store<f64>(turn + 3 * row + column, row == column ? value - 1 : value);
    }
  }
  multiply(turn, from, to);
  return true;
}
