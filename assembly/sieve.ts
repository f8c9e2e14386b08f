// Which reflections an orientation may show: a test of four at a time in single precision that loses none.

import { array, Room, Size, size, Tables } from "./layout";

/** Bytes of a reflection, and of what is tested of four. */
const REFLECTION: usize = 40;
const FOUR: usize = 96;

/**
 * Addresses of the reflections that can be within the range of excitation errors after turns of up to `angle` radians, in
 * `Sieved`, in their order, and a few more; tells how many. The table holds, of four reflections each, x, y, z, the limits
 * of their component along the beam without a turn (somewhat wider than they are), and |g|.
 */
export function sieve(table: usize, scratch: usize, m: usize, angle: f64): i32 {
  const a = f32x4.splat(<f32>load<f64>(m, 16)), b = f32x4.splat(<f32>load<f64>(m, 40));
  const c = f32x4.splat(<f32>load<f64>(m, 64)), turn = f32x4.splat(<f32>angle);
  const list = array(scratch, table, Room.Sieved);
  let from = array(table, table, Tables.Sieve), at = array(table, table, Tables.Reflections), to = list;
  for (const end = at + <usize>size(table, Size.Reflections) * REFLECTION; at < end; at += 4 * REFLECTION, from += FOUR) {
    const along = f32x4.add(
      f32x4.add(f32x4.mul(a, v128.load(from)), f32x4.mul(b, v128.load(from, 16))), f32x4.mul(c, v128.load(from, 32)),
    );
    const reach = f32x4.mul(turn, v128.load(from, 80));
    const above = f32x4.ge(f32x4.add(along, reach), v128.load(from, 48));
    let lanes = i32x4.bitmask(v128.and(above, f32x4.le(f32x4.sub(along, reach), v128.load(from, 64))));
    for (; lanes != 0; lanes &= lanes - 1, to += 4) store<u32>(to, <u32>(at + <usize>ctz(lanes) * REFLECTION));
  }
  return <i32>((to - list) >> 2);
}
