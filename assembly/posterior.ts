// The mean of the posterior over the six unknowns of a lattice and its spread, by importance sampling of the likelihoods that
// lattices.ts makes maps of, at points that are the same for all patterns.

import { sumFloats } from "./lanes";

/** Displacements are looked at in quarters of a pixel, HALF of them to each side of the expected place; rows of maps are padded. */
export const HALF = 10, SIDE = 21, ROW = 24;
/** Float32 of a disk in the tables: place from the beam (2), information, counts per pixel, and the number of its stamp. */
export const DISK: usize = 20;
/** Unknowns: row of the map and its offset, for moves down and across. */
export const N: usize = 6;
/** Elements of the map, and offsets in pixels, are within this. */
const MOST: f64 = 0.04, FARTHEST: f64 = 2;
/** Rounds of sampling; the first go by part of the logarithm, so that a start that is off does not matter. */
const ROUNDS = 4;
/** There are more, up to so many, where fewer samples count than this, or the mean moved further, in squared deviations. */
const MOST_ROUNDS = 12, FEW: f64 = 25, MOVED: f64 = 0.5;
/** Points are drawn from so many standard deviations of the round before. */
const WIDER: f64 = 1.4, FIRST_WIDER: f64 = 2.1;
/** With as many samples that count the spread of the samples is taken, with fewer part of it. */
const ENOUGH: f64 = 40;

// Room, float64 one after another: mean, next mean (6 each), spread, covariance, its root (lower triangles of 6 x 6), and what a
// distance needs (6); then for each sample its point and the logarithm or weight, then what is known of each disk.
export const MEAN: usize = 0, COVARIANCE: usize = 384, DRAWN: usize = 1008;
const NEXT: usize = 48, SPREAD: usize = 96, FACTOR: usize = 672, POINT: usize = 960, LOG: usize = 48;

// Mean 0, and the covariance that the information of the disks promises; false where they leave something open.
export function started(list: usize, number: i32, room: usize): bool {
  let aa: f64 = 0, ab: f64 = 0, bb: f64 = 0, a: f64 = 0, b: f64 = 0, all: f64 = 0;
  for (let disk = 0; disk < number; disk++) {
    const at = list + <usize>disk * DISK, x = <f64>load<f32>(at), y = <f64>load<f32>(at, 4), weight = <f64>load<f32>(at, 8);
    aa += weight * x * x;
    ab += weight * x * y;
    bb += weight * y * y;
    a += weight * x;
    b += weight * y;
    all += weight;
  }
  const determinant = aa * (bb * all - b * b) - ab * (ab * all - b * a) + a * (ab * b - bb * a);
  if (!(determinant > 1e-6 * aa * bb * all)) return false;
  memory.fill(room, 0, DRAWN);
  for (let block: usize = 0; block < 2; block++) {
    const at = room + COVARIANCE + block * (21 << 3);
    store<f64>(at, (bb * all - b * b) / determinant);
    store<f64>(at, (a * b - ab * all) / determinant, 1 << 3);
    store<f64>(at, (ab * b - a * bb) / determinant, 2 << 3);
    store<f64>(at, (a * b - ab * all) / determinant, 6 << 3);
    store<f64>(at, (aa * all - a * a) / determinant, 7 << 3);
    store<f64>(at, (ab * a - aa * b) / determinant, 8 << 3);
    store<f64>(at, (ab * b - a * bb) / determinant, 12 << 3);
    store<f64>(at, (ab * a - aa * b) / determinant, 13 << 3);
    store<f64>(at, (aa * bb - ab * ab) / determinant, 14 << 3);
  }
  return true;
}

// Mean and covariance by rounds of sampling; gives how many samples count, 0 where that leads nowhere.
export function sample(
  number: i32, maps: usize, places: usize, normals: usize, samples: i32, room: usize,
): f64 {
  const drawn = room + DRAWN, end = drawn + <usize>samples * 56;
  let effective: f64 = 0, moved: f64 = 0;
  for (let round = 0; round < ROUNDS || (round < MOST_ROUNDS && (effective < FEW || moved > MOVED)); round++) {
    if (!rooted(room)) return 0;
    const part: f64 = round == 0 ? 0.25 : round == 1 ? 0.6 : 1, wide = round == 0 ? FIRST_WIDER : WIDER;
    let most = -Infinity;
    for (let point = drawn, numbers = normals; point < end; point += 56, numbers += 64) {
      draw(numbers, wide, room, point);
      const value = part * likelihood(number, maps, places, point) + load<f64>(numbers, 48);
      store<f64>(point, value, LOG);
      most = max(most, value);
    }
    if (!(most > -Infinity)) return 0;
    memory.fill(room + NEXT, 0, COVARIANCE - NEXT);
    let total: f64 = 0, squares: f64 = 0;
    for (let point = drawn; point < end; point += 56) {
      const weight = exponential(load<f64>(point, LOG) - most);
      store<f64>(point, weight, LOG);
      total += weight;
      squares += weight * weight;
      for (let i: usize = 0; i < N << 3; i += 8) {
        store<f64>(room + NEXT + i, load<f64>(room + NEXT + i) + weight * load<f64>(point + i));
      }
    }
    for (let i: usize = 0; i < N << 3; i += 8) store<f64>(room + NEXT + i, load<f64>(room + NEXT + i) / total);
    for (let point = drawn; point < end; point += 56) {
      const weight = load<f64>(point, LOG) / total;
      // So little changes no digit that is kept.
      if (weight < 1e-12) continue;
      for (let i: usize = 0; i < N; i++) {
        const one = weight * (load<f64>(point + (i << 3)) - load<f64>(room + NEXT + (i << 3)));
        for (let j: usize = 0; j <= i; j++) {
          const at = room + SPREAD + (N * i + j << 3);
          store<f64>(at, load<f64>(at) + one * (load<f64>(point + (j << 3)) - load<f64>(room + NEXT + (j << 3))));
        }
      }
    }
    effective = total * total / squares;
    moved = distance(room);
    const share = min<f64>(1, effective / ENOUGH);
    for (let i: usize = 0; i < N * N << 3; i += 8) {
      const covariance = load<f64>(room + COVARIANCE + i);
      store<f64>(room + COVARIANCE + i, covariance + share * (part * load<f64>(room + SPREAD + i) - covariance));
    }
    memory.copy(room + MEAN, room + NEXT, N << 3);
  }
  return effective;
}

// How far the next mean is from the mean, squared, in terms of the covariance that its root was taken of.
function distance(room: usize): f64 {
  let square: f64 = 0;
  for (let i: usize = 0; i < N; i++) {
    let sum = load<f64>(room + NEXT + (i << 3)) - load<f64>(room + MEAN + (i << 3));
    for (let j: usize = 0; j < i; j++) sum -= load<f64>(room + FACTOR + (N * i + j << 3)) * load<f64>(room + POINT + (j << 3));
    sum /= load<f64>(room + FACTOR + (N * i + i << 3));
    store<f64>(room + POINT + (i << 3), sum);
    square += sum * sum;
  }
  return square;
}

// The point of a sample: mean + wide x root of the covariance x normal numbers.
// @ts-ignore: decorator
@inline
function draw(numbers: usize, wide: f64, room: usize, point: usize): void {
  for (let i: usize = 0; i < N; i++) {
    let sum: f64 = 0;
    for (let j: usize = 0; j <= i; j++) sum += load<f64>(room + FACTOR + (N * i + j << 3)) * load<f64>(numbers + (j << 3));
    store<f64>(point + (i << 3), load<f64>(room + MEAN + (i << 3)) + wide * sum);
  }
}

// Logarithm of the likelihood at a point, -Infinity outside of what is looked at.
function likelihood(number: i32, maps: usize, places: usize, point: usize): f64 {
  const a = load<f64>(point), b = load<f64>(point, 8), down = load<f64>(point, 16);
  const c = load<f64>(point, 24), d = load<f64>(point, 32), across = load<f64>(point, 40);
  const within = Math.abs(a) <= MOST && Math.abs(b) <= MOST && Math.abs(c) <= MOST && Math.abs(d) <= MOST;
  if (!within || !(Math.abs(down) <= FARTHEST && Math.abs(across) <= FARTHEST)) return -Infinity;
  const a4 = <f32>a, b4 = <f32>b, c4 = <f32>c, d4 = <f32>d, down4 = <f32>(4 * down), across4 = <f32>(4 * across);
  let sum = f32x4.splat(0);
  for (const end = places + (<usize>number << 4); places < end; places += 16, maps += 4 * SIDE * ROW) {
    const row = load<f32>(places), column = load<f32>(places, 4);
    const y = inside(a4 * row + b4 * column + down4 + load<f32>(places, 8));
    const x = inside(c4 * row + d4 * column + across4 + load<f32>(places, 12));
    const i = <i32>y, j = <i32>x;
    // Cubic interpolation, without kinks in which points would gather.
    const near = maps + <usize>((i - 1) * ROW + j - 1 << 2), rows = cubic(y - <f32>i);
    const first = f32x4.mul(v128.load(near), v128.shuffle<f32>(rows, rows, 0, 0, 0, 0));
    const second = f32x4.mul(v128.load(near, 4 * ROW), v128.shuffle<f32>(rows, rows, 1, 1, 1, 1));
    const third = f32x4.mul(v128.load(near, 8 * ROW), v128.shuffle<f32>(rows, rows, 2, 2, 2, 2));
    const fourth = f32x4.mul(v128.load(near, 12 * ROW), v128.shuffle<f32>(rows, rows, 3, 3, 3, 3));
    const line = f32x4.add(f32x4.add(first, second), f32x4.add(third, fourth));
    sum = f32x4.add(sum, f32x4.mul(line, cubic(x - <f32>j)));
  }
  return sumFloats(sum);
}

// A place in a map that has two neighbours on either side.
// @ts-ignore: decorator
@inline
function inside(place: f32): f32 {
  return min<f32>(<f32>SIDE - <f32>2.001, max<f32>(1, place));
}

// Weights of four neighbours for a part of the way from the second to the third (E. Catmull, R. Rom, 1974).
// @ts-ignore: decorator
@inline
function cubic(t: f32): v128 {
  const u = f32x4.splat(t);
  let lanes = f32x4.mul(u, f32x4(-0.5, 1.5, -1.5, 0.5));
  lanes = f32x4.mul(u, f32x4.add(lanes, f32x4(1, -2.5, 2, -0.5)));
  lanes = f32x4.mul(u, f32x4.add(lanes, f32x4(-0.5, 0, 0.5, 0)));
  return f32x4.add(lanes, f32x4(0, 1, 0, 0));
}

// The lower triangle whose product with its transpose is the covariance; false where there is none.
function rooted(room: usize): bool {
  for (let i: usize = 0; i < N; i++) {
    for (let j: usize = 0; j <= i; j++) {
      let sum = load<f64>(room + COVARIANCE + (N * i + j << 3));
      for (let k: usize = 0; k < j; k++) {
        sum -= load<f64>(room + FACTOR + (N * i + k << 3)) * load<f64>(room + FACTOR + (N * j + k << 3));
      }
      if (i == j && !(sum > 0)) return false;
      const value = i == j ? Math.sqrt(sum) : sum / load<f64>(room + FACTOR + (N * j + j << 3));
      store<f64>(room + FACTOR + (N * i + j << 3), value);
    }
  }
  return true;
}

// e to a power of at most 0, from its series about the nearest power of two, which is the same everywhere.
function exponential(x: f64): f64 {
  if (!(x > -700)) return 0;
  const power = Math.floor(x * 1.4426950408889634 + 0.5);
  const rest = x - power * 0.6931471803691238 - power * 1.9082149292705877e-10;
  let sum: f64 = 1;
  for (let n = 13; n > 0; n--) sum = 1 + sum * rest / <f64>n;
  return sum * reinterpret<f64>(<u64>(<i64>power + 1023) << 52);
}
