// Refinement of orientations by Newton's method: the agreement of assembly/agreement.ts with its slope and bend.

import { exponential } from "./gaussian";
import { array, Constant, constant, Room } from "./layout";
import { gatherWithin, light, LIT } from "./light";
import { multiply } from "./turns";

/** Gaussians are cut off at so many times their width. */
const REACH: f64 = 3;
/** Reflections are looked for again after turns of so many radians; a step is no longer than that. */
const DRIFT: f64 = 0.03;
/** Steps shorter than this, in radians, end the refinement. */
const SHORT: f64 = 1e-4;
/** What single precision may add to a square of a distance, by the distance. */
const SLACK: f64 = 1e-3;
/** Times that a step which does not rise is halved. */
const HALVINGS = 3;
/** Times that a bend is raised for a step to go uphill. */
const MOST_TRIED = 12;

/** Bytes of slope and bend. */
export const BENDS: usize = 72;

/** Fields of the room that a climb takes, after two matrices: slope [3], bend [6], step [3]. */
export const enum Field {
  Next = 80,
  Slope = 168,
  Bend = 192,
  Step = 240,
}

/**
 * Turns an orientation to where the agreement at a width is largest, by `most` steps at most, and gives that agreement;
 * `norm` is the root of the peaks' own overlap. `known` is the agreement at the start, whose slope and bend are at `bends`,
 * or is below 0 if it was not found yet.
 */
export function climb(
  table: usize, scratch: usize, peaks: i32, m: usize, width: f64, norm: f64, most: i32, room: usize, known: f64, bends: usize,
): f64 {
  let near = gatherWithin(table, scratch, m, DRIFT), drift: f64 = 0, value = known;
  if (known < 0) value = evaluate(table, scratch, near, peaks, m, width, norm, room);
  else memory.copy(room + Field.Slope, bends, BENDS);
  for (let count = 0; count < most && value > 0; count++) {
    let length = newtonStep(room), risen = false;
    if (length < SHORT) break;
    for (let halving = 0; halving <= HALVINGS && !risen; halving++, length /= 2) {
      turn(m, room, room + Field.Next);
      if (drift + length > DRIFT) {
        near = gatherWithin(table, scratch, m, DRIFT);
        drift = 0;
      }
      const next = evaluate(table, scratch, near, peaks, room + Field.Next, width, norm, room);
      risen = next > value;
      if (risen) {
        value = next;
        drift += length;
        memory.copy(m, room + Field.Next, 72);
      } else {
        for (let o: usize = 0; o < 24; o += 8) store<f64>(room + o, load<f64>(room + o, Field.Step) / 2, Field.Step);
      }
    }
    if (!risen) break;
  }
  return value;
}

/**
 * The agreement of an orientation at a width by the `near` reflections that were gathered; the slope and the bend of its
 * logarithm for turns about the laboratory's axes are left in the room.
 */
export function evaluate(
  table: usize, scratch: usize, near: i32, peaks: i32, m: usize, width: f64, norm: f64, room: usize,
): f64 {
  const reach = REACH * width * Math.SQRT2, limit = reach * reach, narrow = 1 / (4 * width * width);
  const lit = array(scratch, table, Room.Lit), list = array(scratch, table, Room.Peaks);
  const spots = light(table, scratch, near, m, reach), end = lit + <usize>spots * LIT;
  const places = array(scratch, table, Room.LitPlaces), nearby = f32x4.splat(<f32>(limit + SLACK * reach));
  const overlapping = reach > constant(table, Constant.Spacing), peaksEnd = list + (<usize>peaks << 5);
  let both: f64 = 0, b1: f64 = 0, b2: f64 = 0, b3: f64 = 0;
  let b11: f64 = 0, b12: f64 = 0, b22: f64 = 0, b13: f64 = 0, b23: f64 = 0, b33: f64 = 0;
  let own: f64 = 0, o1: f64 = 0, o2: f64 = 0, o11: f64 = 0, o12: f64 = 0, o22: f64 = 0;
  for (let spot = lit; spot < end; spot += LIT) {
    const x = load<f64>(spot), y = load<f64>(spot, 8), z = load<f64>(spot, 16), weight = load<f64>(spot, 24);
    const slope = load<f64>(spot, 32), bend = load<f64>(spot, 40), last = x + reach;
    for (let peak = list + (<usize>load<i32>(spot, 48) << 5); peak < peaksEnd; peak += 32) {
      const there = load<f64>(peak);
      if (there > last) break;
      const down = there - x, across = load<f64>(peak, 8) - y, square = down * down + across * across;
      if (square >= limit) continue;
      const part = load<f64>(peak, 16) * weight * exponential(-narrow * square);
      // A turn moves a spot by (turn) x (x, y, z).
      const g1 = slope * y - 2 * narrow * across * z, g2 = 2 * narrow * down * z - slope * x;
      const g3 = 2 * narrow * (across * x - down * y);
      both += part;
      b1 += part * g1;
      b2 += part * g2;
      b3 += part * g3;
      b11 += part * (g1 * g1 - bend * y * y);
      b12 += part * (g1 * g2 + bend * x * y);
      b22 += part * (g2 * g2 - bend * x * x);
      b13 += part * (g1 * g3 + 2 * narrow * z * x);
      b23 += part * (g2 * g3 + 2 * narrow * z * y);
      b33 += part * (g3 * g3 - 2 * narrow * (x * x + y * y));
    }
    let sum = weight * weight;
    own += sum;
    o1 += 2 * sum * slope * y;
    o2 -= 2 * sum * slope * x;
    o11 += sum * (4 * slope * slope - 2 * bend) * y * y;
    o12 -= sum * (4 * slope * slope - 2 * bend) * x * y;
    o22 += sum * (4 * slope * slope - 2 * bend) * x * x;
    if (!overlapping) continue;
    // Of four at a time those that may be near, and of these those that are.
    const next = <i32>((spot - lit) / LIT) + 1, row = f32x4.splat(<f32>x), column = f32x4.splat(<f32>y);
    let skip = -1 << (next & 3);
    for (let block = next >> 2; block << 2 < spots; block++, skip = -1) {
      const four = places + (<usize>block << 5);
      const off = f32x4.sub(v128.load(four), row), aside = f32x4.sub(v128.load(four, 16), column);
      let lanes = skip & i32x4.bitmask(f32x4.lt(f32x4.add(f32x4.mul(off, off), f32x4.mul(aside, aside)), nearby));
      for (; lanes != 0; lanes &= lanes - 1) {
      const other = lit + <usize>((block << 2) + ctz(lanes)) * LIT;
      const there = load<f64>(other), down = there - x, across = load<f64>(other, 8) - y;
      const square = down * down + across * across;
      if (square >= limit) continue;
      sum = 2 * weight * load<f64>(other, 24) * exponential(-narrow * square);
      const rise = load<f64>(other, 32), curve = load<f64>(other, 40), beside = load<f64>(other, 8);
      const g1 = slope * y + rise * beside, g2 = -slope * x - rise * there;
      own += sum;
      o1 += sum * g1;
      o2 += sum * g2;
      o11 += sum * (g1 * g1 - bend * y * y - curve * beside * beside);
      o12 += sum * (g1 * g2 + bend * x * y + curve * there * beside);
      o22 += sum * (g2 * g2 - bend * x * x - curve * there * there);
      }
    }
  }
  if (!(both > 0)) return 0;
  b1 /= both;
  b2 /= both;
  b3 /= both;
  o1 /= own;
  o2 /= own;
  store<f64>(room, b1 - o1 / 2, Field.Slope);
  store<f64>(room, b2 - o2 / 2, Field.Slope + 8);
  store<f64>(room, b3, Field.Slope + 16);
  // Minus the second derivatives: 11, 12, 22, 13, 23, 33.
  store<f64>(room, b1 * b1 - b11 / both + (o11 / own - o1 * o1) / 2, Field.Bend);
  store<f64>(room, b1 * b2 - b12 / both + (o12 / own - o1 * o2) / 2, Field.Bend + 8);
  store<f64>(room, b2 * b2 - b22 / both + (o22 / own - o2 * o2) / 2, Field.Bend + 16);
  store<f64>(room, b1 * b3 - b13 / both, Field.Bend + 24);
  store<f64>(room, b2 * b3 - b23 / both, Field.Bend + 32);
  store<f64>(room, b3 * b3 - b33 / both, Field.Bend + 40);
  return both / (norm * sqrt(own));
}

// The turn to where a parabola through slope and bend is highest, bounded; its length. Where the bend is not that of a
// maximum it is made one, so that the turn goes uphill.
function newtonStep(room: usize): f64 {
  const g1 = load<f64>(room, Field.Slope), g2 = load<f64>(room, Field.Slope + 8), g3 = load<f64>(room, Field.Slope + 16);
  let a11 = load<f64>(room, Field.Bend), a12 = load<f64>(room, Field.Bend + 8), a22 = load<f64>(room, Field.Bend + 16);
  const a13 = load<f64>(room, Field.Bend + 24), a23 = load<f64>(room, Field.Bend + 32);
  let a33 = load<f64>(room, Field.Bend + 40);
  let more = 0.01 * (abs(a11) + abs(a22) + abs(a33)) + 1;
  for (let tried = 0; tried < MOST_TRIED; tried++) {
    // L D L^T of a matrix that is to be positive definite.
    const l21 = a12 / a11, d2 = a22 - l21 * a12, l31 = a13 / a11, rest = a23 - l31 * a12, l32 = rest / d2;
    const d3 = a33 - l31 * a13 - l32 * rest;
    const least = more * 1e-3;
    if (a11 > least && d2 > least && d3 > least) {
      const y2 = g2 - l21 * g1, y3 = g3 - l31 * g1 - l32 * y2;
      const s3 = y3 / d3, s2 = y2 / d2 - l32 * s3, s1 = g1 / a11 - l21 * s2 - l31 * s3;
      const length = sqrt(s1 * s1 + s2 * s2 + s3 * s3), scale = length > DRIFT ? DRIFT / length : 1;
      store<f64>(room, s1 * scale, Field.Step);
      store<f64>(room, s2 * scale, Field.Step + 8);
      store<f64>(room, s3 * scale, Field.Step + 16);
      return length * scale;
    }
    a11 += more;
    a22 += more;
    a33 += more;
    more *= 2;
  }
  return 0;
}

// `to` is an orientation after the turn of `Step`, a vector along its axis of twice the tangent of half its angle.
function turn(m: usize, room: usize, to: usize): void {
  const x = load<f64>(room, Field.Step) / 2, y = load<f64>(room, Field.Step + 8) / 2;
  const z = load<f64>(room, Field.Step + 16) / 2, scale = 2 / (1 + x * x + y * y + z * z);
  // The transpose of the turn: columns of an orientation are the laboratory's axes.
  store<f64>(room, 1 - scale * (y * y + z * z));
  store<f64>(room, scale * (x * y + z), 8);
  store<f64>(room, scale * (x * z - y), 16);
  store<f64>(room, scale * (x * y - z), 24);
  store<f64>(room, 1 - scale * (x * x + z * z), 32);
  store<f64>(room, scale * (y * z + x), 40);
  store<f64>(room, scale * (x * z + y), 48);
  store<f64>(room, scale * (y * z - x), 56);
  store<f64>(room, 1 - scale * (x * x + y * y), 64);
  multiply(m, room, to);
}
