// The reflections that an orientation shows, with what refinement by Newton's method takes of them (assembly/climb.ts).

import { exponential } from "./gaussian";
import { array, Constant, constant, Room } from "./layout";
import { sieve } from "./sieve";

/** Bytes of a reflection of `Near` and of `Lit`: place x, y, z, weight, slope and bend of its logarithm along z, peaks. */
const REFLECTION: usize = 40;
export const LIT: usize = 64;
/** Parts of the detector, by rows, that peaks are sorted into. */
const BUCKETS: i32 = 64;
/** A place that is near nothing. */
const FAR: f32 = 1e18;

/**
 * Copies the reflections that can be within the range of excitation errors after turns of up to `angle` radians, in any
 * order. Tells how many.
 */
export function gatherWithin(table: usize, scratch: usize, m: usize, angle: f64): i32 {
  const wavelength = constant(table, Constant.Wavelength), range = constant(table, Constant.Range);
  const bent = wavelength / 2, below = 1 - range * wavelength, above = 1 + range * wavelength;
  const a = load<f64>(m, 16), b = load<f64>(m, 40), c = load<f64>(m, 64), near = array(scratch, table, Room.Near);
  let place = array(scratch, table, Room.Sieved), to = near;
  for (const end = place + (<usize>sieve(table, scratch, m, angle) << 2); place < end; place += 4) {
    const from = <usize>load<u32>(place);
    const along = a * load<f64>(from) + b * load<f64>(from, 8) + c * load<f64>(from, 16), length = load<f64>(from, 24);
    const reach = length * angle, curve = bent * length * length;
    // The excitation error rises with the component along the beam.
    if ((along + reach) * below <= curve - range || (along - reach) * above >= curve + range) continue;
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    store<f64>(to, load<f64>(from, 32), 32);
    to += REFLECTION;
  }
  return <i32>((to - near) / REFLECTION);
}

/**
 * The spots of the near reflections in `Lit` and `LitPlaces`, and a peak before which none is at rows within reach; tells how
 * many.
 */
export function light(table: usize, scratch: usize, near: i32, m: usize, reach: f64): i32 {
  const wavelength = constant(table, Constant.Wavelength), range = constant(table, Constant.Range);
  const fading = constant(table, Constant.Fading), lit = array(scratch, table, Room.Lit);
  const buckets = array(scratch, table, Room.Buckets), longest = constant(table, Constant.Longest);
  let from = array(scratch, table, Room.Near), to = lit, place = array(scratch, table, Room.LitPlaces), lane: usize = 0;
  for (const end = from + <usize>near * REFLECTION; from < end; from += REFLECTION) {
    const x = load<f64>(from), y = load<f64>(from, 8), z = load<f64>(from, 16), length = load<f64>(from, 24);
    const along = load<f64>(m, 16) * x + load<f64>(m, 40) * y + load<f64>(m, 64) * z;
    const above = 2 * along - wavelength * length * length, below = 2 - 2 * wavelength * along;
    if (abs(above) >= range * below) continue;
    const error = above / below, slope = (2 + 2 * wavelength * error) / below;
    const row = load<f64>(m) * x + load<f64>(m, 24) * y + load<f64>(m, 48) * z;
    const column = load<f64>(m, 8) * x + load<f64>(m, 32) * y + load<f64>(m, 56) * z;
    store<f64>(to, row);
    store<f64>(to, column, 8);
    store<f64>(to, along, 16);
    store<f64>(to, load<f64>(from, 32) * exponential(-fading * error * error), 24);
    store<f64>(to, -2 * fading * error * slope, 32);
    store<f64>(to, 2 * fading * slope * slope, 40);
    store<i32>(to, load<i32>(buckets + (<usize>bucketOf(row - reach, longest) << 2)), 48);
    to += LIT;
    store<f32>(place + lane, <f32>row);
    store<f32>(place + lane, <f32>column, 16);
    lane += 4;
    if (lane == 16) place += 32, lane = 0;
  }
  for (; lane > 0 && lane < 16; lane += 4) store<f32>(place + lane, FAR);
  return <i32>((to - lit) / LIT);
}

// The bucket that a row lies in; rows further down lie in no bucket before.
// @ts-ignore: decorator
@inline
function bucketOf(row: f64, longest: f64): i32 {
  return <i32>max(0, min(<f64>(BUCKETS - 1), (row + longest) * (<f64>BUCKETS / 2) / longest));
}

/** Sorts the peaks, which are in order of their rows, into buckets: the first peak of each or of those after it, in `Buckets`. */
export function bucketPeaks(table: usize, scratch: usize, count: i32): void {
  const buckets = array(scratch, table, Room.Buckets), list = array(scratch, table, Room.Peaks);
  const longest = constant(table, Constant.Longest);
  let peak = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    while (peak < count && bucketOf(load<f64>(list + (<usize>peak << 5)), longest) < bucket) peak++;
    store<i32>(buckets + (<usize>bucket << 2), peak);
  }
}
