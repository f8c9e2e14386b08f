// What a match explains of a pattern.

import { gatherNear } from "./agreement";
import { exponential } from "./gaussian";
import { array, Constant, constant, Room } from "./layout";

/**
 * The reflections that an orientation shows, in `Near`, with their weights in place of their strengths, and their places in
 * `Spots`; faint ones as well. Tells how many.
 */
export function shownReflections(table: usize, scratch: usize, m: usize): i32 {
  const near = gatherNear(table, scratch, m, 0), list = array(scratch, table, Room.Near);
  const wavelength = constant(table, Constant.Wavelength), fading = constant(table, Constant.Fading);
  const spots = array(scratch, table, Room.Spots);
  for (let index = 0; index < near; index++) {
    const at = list + <usize>(40 * index), spot = spots + <usize>(24 * index), length = load<f64>(at, 24);
    const x = load<f64>(at), y = load<f64>(at, 8), z = load<f64>(at, 16);
    const along = load<f64>(m, 16) * x + load<f64>(m, 40) * y + load<f64>(m, 64) * z;
    const error = (2 * along - wavelength * length * length) / (2 - 2 * wavelength * along);
    store<f64>(at, load<f64>(at, 32) * exponential(-fading * error * error), 32);
    store<f64>(spot, load<f64>(m) * x + load<f64>(m, 24) * y + load<f64>(m, 48) * z);
    store<f64>(spot, load<f64>(m, 8) * x + load<f64>(m, 32) * y + load<f64>(m, 56) * z, 8);
  }
  return near;
}

/** Which peaks lie within half a kernel of a spot: into fields 14 and 15 of what is found. */
export function explain(table: usize, scratch: usize, peaks: i32, spots: i32, best: usize, out: usize): void {
  const list = array(scratch, table, Room.Peaks), places = array(scratch, table, Room.Spots);
  const reach = constant(table, Constant.Kernel) / 2;
  let on: f64 = 0, all: f64 = 0, matched = 0;
  for (let peak = list; peak < list + (<usize>peaks << 5); peak += 32) {
    let least = Infinity;
    for (let spot = places; spot < places + <usize>(24 * spots); spot += 24) {
      const down = load<f64>(peak) - load<f64>(spot), across = load<f64>(peak, 8) - load<f64>(spot, 8);
      least = min(least, down * down + across * across);
    }
    const weight = load<f64>(peak, 16);
    all += weight;
    if (sqrt(least) >= reach) continue;
    on += weight;
    matched++;
  }
  store<f64>(out, all > 0 ? on / all : 0, 112);
  store<f64>(out, <f64>matched, 120);
}
