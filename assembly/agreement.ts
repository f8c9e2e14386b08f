// How well a pattern and a crystal in one orientation agree: the normalised overlap of peaks and spots, each a Gaussian.
// Peaks and reflections lie in order of their row, so that only those near each other meet.

import { exponential } from "./gaussian";
import { array, Constant, constant, FAINTEST, Room } from "./layout";
import { sieve } from "./sieve";
import { element } from "./turns";

/** Gaussians are cut off at so many times their width. */
const REACH: f64 = 3;
/** Bytes of a reflection and of a spot. */
const REFLECTION: usize = 40;
const SPOT: usize = 24;
/** Bytes of a row and the place of its reflection. */
const KEY: usize = 16;

/** Overlap of the peaks with themselves: sum of both weights times exp(-distance^2 / (4 width^2)) over pairs. */
export function peakNorm(peaks: usize, count: i32, width: f64): f64 {
  const reach = REACH * width * Math.SQRT2, limit = reach * reach, narrow = 1 / (4 * width * width);
  let sum: f64 = 0;
  for (let one = 0; one < count; one++) {
    const some = peaks + (<usize>one << 5), row = load<f64>(some), column = load<f64>(some, 8), weight = load<f64>(some, 16);
    let half = weight / 2;
    for (let next = one + 1; next < count; next++) {
      const other = peaks + (<usize>next << 5), down = load<f64>(other) - row;
      if (down > reach) break;
      const across = load<f64>(other, 8) - column, square = down * down + across * across;
      if (square < limit) half += load<f64>(other, 16) * exponential(-narrow * square);
    }
    sum += 2 * weight * half;
  }
  return sum;
}

/**
 * Copies the reflections that can be within the range of excitation errors after turns of up to `angle` radians, in order
 * of the row on the detector. Tells how many.
 */
export function gatherNear(table: usize, scratch: usize, m: usize, angle: f64): i32 {
  const near = array(scratch, table, Room.Near);
  const wavelength = constant(table, Constant.Wavelength), range = constant(table, Constant.Range);
  const a = element(m, 2), b = element(m, 5), c = element(m, 8);
  const d = element(m, 0), e = element(m, 3), f = element(m, 6);
  // Rows, and where their reflections are, in order; they are kept where spots will be.
  const keys = array(scratch, table, Room.Spots);
  let place = array(scratch, table, Room.Sieved), last = keys - KEY;
  for (const end = place + (<usize>sieve(table, scratch, m, angle) << 2); place < end; place += 4) {
    const from = <usize>load<u32>(place);
    const x = load<f64>(from), y = load<f64>(from, 8), z = load<f64>(from, 16), length = load<f64>(from, 24);
    const along = a * x + b * y + c * z, curve = wavelength * length * length, reach = length * angle;
    // The excitation error rises with the component along the beam.
    if (2 * (along + reach) - curve <= -range * (2 - 2 * wavelength * (along + reach))) continue;
    if (2 * (along - reach) - curve >= range * (2 - 2 * wavelength * (along - reach))) continue;
    const row = d * x + e * y + f * z;
    last += KEY;
    let at = last;
    for (; at > keys && load<f64>(at - KEY) > row; at -= KEY) v128.store(at, v128.load(at - KEY));
    store<f64>(at, row);
    store<usize>(at, from, 8);
  }
  let to = near;
  for (let at = keys; at <= last; at += KEY, to += REFLECTION) {
    const from = load<usize>(at, 8);
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    store<f64>(to, load<f64>(from, 32), 32);
  }
  return <i32>((to - near) / REFLECTION);
}

/** Computes the spots of the near reflections, but for those too faint to decide anything; tells how many. */
export function turnSpots(table: usize, scratch: usize, near: i32, m: usize): i32 {
  const wavelength = constant(table, Constant.Wavelength), range = constant(table, Constant.Range);
  const fading = constant(table, Constant.Fading), spots = array(scratch, table, Room.Spots);
  const a = element(m, 2), b = element(m, 5), c = element(m, 8);
  const d = element(m, 0), e = element(m, 3), f = element(m, 6);
  const g = element(m, 1), h = element(m, 4), i = element(m, 7);
  let from = array(scratch, table, Room.Near), to = spots, strongest: f64 = 0;
  for (const end = from + <usize>near * REFLECTION; from < end; from += REFLECTION) {
    const x = load<f64>(from), y = load<f64>(from, 8), z = load<f64>(from, 16), length = load<f64>(from, 24);
    const along = a * x + b * y + c * z;
    const above = 2 * along - wavelength * length * length, below = 2 - 2 * wavelength * along;
    if (abs(above) >= range * below) continue;
    const error = above / below, weight = load<f64>(from, 32) * exponential(-fading * error * error);
    strongest = max(strongest, weight);
    store<f64>(to, d * x + e * y + f * z);
    store<f64>(to, g * x + h * y + i * z, 8);
    store<f64>(to, weight, 16);
    to += SPOT;
  }
  const least = FAINTEST * strongest;
  let kept = spots;
  for (let spot = spots; spot < to; spot += SPOT) {
    const weight = load<f64>(spot, 16);
    if (weight < least) continue;
    if (kept != spot) {
      v128.store(kept, v128.load(spot));
      store<f64>(kept, weight, 16);
    }
    kept += SPOT;
  }
  return <i32>((kept - spots) / SPOT);
}

/**
 * Agreement of peaks and spots at a width in Å^-1: 0 where no two meet, 1 where they are equal. Spots are in order of their
 * row but for `disorder`; `norm` is the root of the peaks' own overlap.
 */
export function agreement(
  table: usize, scratch: usize, peakCount: i32, spotCount: i32, width: f64, norm: f64, disorder: f64,
): f64 {
  const reach = REACH * width * Math.SQRT2, limit = reach * reach, narrow = 1 / (4 * width * width);
  const peaks = array(scratch, table, Room.Peaks), spots = array(scratch, table, Room.Spots);
  const peaksEnd = peaks + (<usize>peakCount << 5), spotsEnd = spots + <usize>spotCount * SPOT;
  let both: f64 = 0, own: f64 = 0, first = peaks;
  for (let spot = spots; spot < spotsEnd; spot += SPOT) {
    const row = load<f64>(spot), column = load<f64>(spot, 8), weight = load<f64>(spot, 16);
    let sum: f64 = 0, half = weight / 2;
    const least = row - reach, most = row + reach;
    while (first < peaksEnd && load<f64>(first) < least - disorder) first += 32;
    for (let peak = first; peak < peaksEnd; peak += 32) {
      const there = load<f64>(peak);
      if (there > most) break;
      const down = there - row, across = load<f64>(peak, 8) - column, square = down * down + across * across;
      if (square < limit) sum += load<f64>(peak, 16) * exponential(-narrow * square);
    }
    for (let other = spot + SPOT; other < spotsEnd; other += SPOT) {
      const down = load<f64>(other) - row;
      if (down > reach + disorder) break;
      const across = load<f64>(other, 8) - column, square = down * down + across * across;
      if (square < limit) half += load<f64>(other, 16) * exponential(-narrow * square);
    }
    both += weight * sum;
    own += 2 * weight * half;
  }
  return both > 0 ? both / (norm * sqrt(own)) : 0;
}
